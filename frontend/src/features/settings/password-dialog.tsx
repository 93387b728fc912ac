import { Button, Group, Modal, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Account, people } from "@/api/people";
import { toast } from "@/components/feedback/toast";
import classes from "./settings.module.css";
import { nameOf } from "./use-people-commands";

export function PasswordDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation(["settings", "common"]);
  const [password, setPassword] = useState("");
  const name = nameOf(account);
  const save = useMutation({
    mutationFn: () => people.change(account.id, { password }),
    onSuccess: () => {
      toast.done(t("password.saved", { name }));
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("password.title", { name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (password) save.mutate();
        }}
      >
        <PasswordInput
          label={t("password.label")}
          description={t("password.hint")}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={save.error?.message}
          data-autofocus
        />
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} disabled={!password}>
            {t("password.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
