import { Menu } from "@mantine/core";
import { IconDotsVertical, IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Member } from "@/api/members";
import { IconButton } from "@/components/icon-button";
import { PersonAvatar } from "@/components/person-avatar";
import { StateBadge } from "@/components/state-badge";
import { type Column, DataTable } from "@/components/table/data-table";
import classes from "./settings.module.css";
import { useMemberName } from "./use-member-commands";

interface MemberTableProps {
  members: readonly Member[];
  mayEdit: boolean;
  onRole: (member: Member) => void;
  onRemove: (member: Member) => void;
}

export function MemberTable({ members, mayEdit, onRole, onRemove }: MemberTableProps) {
  const { t } = useTranslation("settings");
  const nameOf = useMemberName();
  const columns: Column<Member>[] = [
    {
      id: "member",
      title: t("members.columns.member"),
      width: "minmax(0, 1fr)",
      cell: (member) => <Who member={member} />,
    },
    {
      id: "role",
      title: t("members.columns.role"),
      width: "minmax(0, 1fr)",
      cell: ({ role }) => (
        <StateBadge tone={role === "SuperUser" ? "accent" : "neutral"}>{role}</StateBadge>
      ),
    },
  ];
  const actions: Column<Member> = {
    id: "actions",
    title: <span className="visually-hidden">{t("members.columns.actions")}</span>,
    width: "56px",
    align: "right",
    cell: (member) => <Actions member={member} onRole={onRole} onRemove={onRemove} />,
  };
  return (
    <DataTable
      label={t("members.title")}
      rows={members}
      rowId={(member) => String(member.id)}
      rowLabel={nameOf}
      columns={mayEdit ? [...columns, actions] : columns}
      {...(mayEdit ? { onOpen: onRole } : {})}
    />
  );
}

function Who({ member }: { member: Member }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  const name = useMemberName()(member);
  return (
    <span className={classes["person"]}>
      {member.user ? (
        <PersonAvatar person={member.user} size={32} />
      ) : (
        <span className={classes["groupIcon"]}>
          <IconUsersGroup size={18} stroke={1.75} aria-hidden="true" />
        </span>
      )}
      <span>
        <span>
          <b>{name}</b>{" "}
          {member.user?.id === me.id ? (
            <span className={classes["quiet"]}>{t("people.you")}</span>
          ) : null}
        </span>
        <small>{member.username ?? t("members.groupSentence")}</small>
      </span>
    </span>
  );
}

type ActionsProps = Pick<MemberTableProps, "onRole" | "onRemove"> & { member: Member };

function Actions({ member, onRole, onRemove }: ActionsProps) {
  const { t } = useTranslation(["settings", "common"]);
  const name = useMemberName()(member);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={`${t("common:more")}: ${name}`} size={28}>
          <IconDotsVertical size={18} stroke={1.75} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onRole(member)}>{t("members.changeRole")}</Menu.Item>
        <Menu.Item color="red" onClick={() => onRemove(member)}>
          {t("members.remove")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
