import { SegmentedControl, Select, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import { members, ROLES, type Role } from "@/api/members";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import { RoleThere } from "./member-role-dialog";
import { useMemberCommands, useMemberName } from "./use-member-commands";

interface AddMemberDialogProps {
  assistantId: string;
  onClose: () => void;
}

/** Adds a person by user name, or everybody who has a role in Studio. */
export function AddMemberDialog({ assistantId, onClose }: AddMemberDialogProps) {
  const { t } = useTranslation("settings");
  const { refresh } = useMemberCommands(assistantId);
  const nameOf = useMemberName();
  const [who, setWho] = useState<"person" | "group">("person");
  const [username, setUsername] = useState("");
  const [group, setGroup] = useState<Role | null>(null);
  const [role, setRole] = useState<Role>("Business User");
  const wanted =
    who === "person"
      ? username.trim()
        ? { username: username.trim() }
        : null
      : group && { group };
  const add = useMutation({
    mutationFn: (named: { username: string } | { group: Role }) =>
      members.add(assistantId, { ...named, role }),
    onSuccess: async (member) => {
      await refresh();
      toast.done(t("members.added", { name: nameOf(member), role }));
      onClose();
    },
  });
  const wrong = isApiError(add.error) ? add.error.errors : [];
  const problemOf = (field: string) => wrong.find((each) => each.field === field)?.message;
  return (
    <FormDialog
      title={t("members.add")}
      submit={t("members.addThem")}
      busy={add.isPending}
      disabled={!wanted}
      error={wrong.length === 0 ? add.error?.message : undefined}
      onSubmit={() => wanted && add.mutate(wanted)}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t("members.who")}
        fullWidth
        value={who}
        onChange={(value) => {
          setWho(value === "group" ? "group" : "person");
          add.reset();
        }}
        data={[
          { value: "person", label: t("members.aPerson") },
          { value: "group", label: t("members.aGroup") },
        ]}
      />
      {who === "person" ? (
        <TextInput
          label={t("account.username")}
          autoComplete="off"
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={problemOf("username")}
          data-autofocus
        />
      ) : (
        <Select
          label={t("members.groupLabel")}
          description={t("members.groupHint")}
          placeholder={t("members.choose")}
          data={ROLES}
          value={group}
          onChange={(value) => setGroup(value as Role | null)}
          error={problemOf("group")}
          allowDeselect={false}
        />
      )}
      <RoleThere value={role} onChange={setRole} />
    </FormDialog>
  );
}
