import { Button, Checkbox, Group, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Account, type Directory, people } from "@/api/people";
import { toast } from "@/components/feedback/toast";
import classes from "./settings.module.css";
import { nameOf } from "./use-people-commands";

interface RolesDialogProps {
  account: Account;
  directory: Directory;
  onClose: () => void;
}

export function RolesDialog({ account, directory, onClose }: RolesDialogProps) {
  const { t } = useTranslation(["settings", "common"]);
  const client = useQueryClient();
  const [roles, setRoles] = useState<string[]>(account.roles);
  const name = nameOf(account);
  const save = useMutation({
    mutationFn: () => people.change(account.id, { roles }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["users", "list"] });
      toast.done(t("roles.saved", { name }));
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("roles.title", { name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        className={classes["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <RoleChoice roles={directory.roles} chosen={roles} onChange={setRoles} />
        {directory.provider === "keycloak" ? (
          <p className={classes["quiet"]}>{t("roles.keycloak")}</p>
        ) : null}
        {save.error ? (
          <p role="alert" className={classes["error"]}>
            {save.error.message}
          </p>
        ) : null}
        <Group justify="flex-end" gap={8}>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t("roles.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}

interface RoleChoiceProps {
  roles: readonly string[];
  chosen: string[];
  onChange: (roles: string[]) => void;
}

export function RoleChoice({ roles, chosen, onChange }: RoleChoiceProps) {
  const { t } = useTranslation("settings");
  return (
    <Checkbox.Group label={t("account.roles")} value={chosen} onChange={onChange}>
      <Group gap={10} mt={8}>
        {roles.map((role) => (
          <Checkbox key={role} value={role} label={role} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
