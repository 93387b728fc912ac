import { Checkbox } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Account, type Directory, people } from "@/api/people";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import { RoleMay } from "./role-list";
import classes from "./settings.module.css";
import { nameOf } from "./use-people-commands";

interface RolesDialogProps {
  account: Account;
  directory: Directory;
  onClose: () => void;
}

export function RolesDialog({ account, directory, onClose }: RolesDialogProps) {
  const { t } = useTranslation("settings");
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
    <FormDialog
      title={t("roles.title", { name })}
      submit={t("roles.save")}
      busy={save.isPending}
      error={save.error?.message}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <RoleChoice roles={directory.roles} chosen={roles} onChange={setRoles} />
      {directory.provider === "keycloak" ? (
        <p className={classes["quiet"]}>{t("roles.keycloak")}</p>
      ) : null}
    </FormDialog>
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
      <div className={classes["choice"]}>
        {roles.map((role) => (
          <Checkbox key={role} value={role} label={role} description={<RoleMay role={role} />} />
        ))}
      </div>
    </Checkbox.Group>
  );
}
