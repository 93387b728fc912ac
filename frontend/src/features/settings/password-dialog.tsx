import { Checkbox, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Account, people } from "@/api/people";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import { nameOf } from "./use-people-commands";

export function PasswordDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const [password, setPassword] = useState("");
  const [temporary, setTemporary] = useState(true);
  const name = nameOf(account);
  const save = useMutation({
    mutationFn: () => people.change(account.id, { password, temporary_password: temporary }),
    onSuccess: () => {
      toast.done(t("password.saved", { name }));
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("password.title", { name })}
      submit={t("password.save")}
      busy={save.isPending}
      disabled={!password}
      onSubmit={() => save.mutate()}
      onClose={onClose}
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
      <Checkbox
        label={t("account.temporary")}
        checked={temporary}
        onChange={(event) => setTemporary(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
