import { Select } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Member, ROLES, type Role } from "@/api/members";
import { FormDialog } from "@/components/form-dialog";
import { useMemberName } from "./use-member-commands";

interface MemberRoleDialogProps {
  member: Member;
  onClose: () => void;
  onSave: (role: Role) => void;
}

export function MemberRoleDialog({ member, onClose, onSave }: MemberRoleDialogProps) {
  const { t } = useTranslation("settings");
  const name = useMemberName()(member);
  const [role, setRole] = useState(member.role);
  return (
    <FormDialog
      title={t("members.roleOf", { name })}
      submit={t("roles.save")}
      disabled={role === member.role}
      onSubmit={() => {
        onClose();
        onSave(role);
      }}
      onClose={onClose}
    >
      <RoleThere value={role} onChange={setRole} />
    </FormDialog>
  );
}

interface RoleThereProps {
  value: Role;
  onChange: (role: Role) => void;
}

/** One role, with what it lets a person do. */
export function RoleThere({ value, onChange }: RoleThereProps) {
  const { t } = useTranslation("settings");
  return (
    <Select
      label={t("members.role")}
      description={t(`members.may.${value}`)}
      data={ROLES}
      value={value}
      onChange={(role) => role && onChange(role as Role)}
      allowDeselect={false}
    />
  );
}
