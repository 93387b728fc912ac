import { Menu } from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Account, Directory } from "@/api/people";
import { IconButton } from "@/components/icon-button";
import { PersonAvatar } from "@/components/person-avatar";
import { StateBadge } from "@/components/state-badge";
import { DataTable } from "@/components/table/data-table";
import { DeletePersonDialog } from "./delete-person-dialog";
import { PasswordDialog } from "./password-dialog";
import { RolesDialog } from "./roles-dialog";
import classes from "./settings.module.css";
import { nameOf, usePeopleCommands } from "./use-people-commands";

interface PeopleTableProps {
  people: readonly Account[];
  directory: Directory;
}

type What = "roles" | "password" | "delete";
type Open = { what: What; account: Account } | null;

export function PeopleTable({ people, directory }: PeopleTableProps) {
  const { t } = useTranslation("settings");
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <>
      <DataTable
        label={t("people.title")}
        rows={people}
        rowId={(account) => account.id}
        rowLabel={nameOf}
        onOpen={(account) => setOpen({ what: "roles", account })}
        columns={[
          {
            id: "person",
            title: t("people.columns.person"),
            width: "minmax(0, 1fr)",
            cell: (account) => <Person account={account} />,
          },
          {
            id: "roles",
            title: t("people.columns.roles"),
            width: "minmax(0, 1fr)",
            cell: (account) => <Roles roles={account.roles} />,
          },
          {
            id: "state",
            title: t("people.columns.state"),
            width: "130px",
            hide: "slim",
            cell: (account) => (
              <StateBadge tone={account.is_active ? "ok" : "neutral"}>
                {t(account.is_active ? "people.active" : "people.off")}
              </StateBadge>
            ),
          },
          {
            id: "actions",
            title: <span className="visually-hidden">{t("people.columns.actions")}</span>,
            width: "56px",
            align: "right",
            cell: (account) => (
              <Actions
                account={account}
                inKeycloak={directory.provider === "keycloak"}
                onOpen={(what) => setOpen({ what, account })}
              />
            ),
          },
        ]}
      />
      {open?.what === "roles" ? (
        <RolesDialog account={open.account} directory={directory} onClose={close} />
      ) : null}
      {open?.what === "delete" ? (
        <DeletePersonDialog account={open.account} onClose={close} />
      ) : null}
      {open?.what === "password" ? <PasswordDialog account={open.account} onClose={close} /> : null}
    </>
  );
}

function Person({ account }: { account: Account }) {
  const { t } = useTranslation("settings");
  const me = useMe();
  return (
    <span className={classes["person"]}>
      <PersonAvatar person={{ id: account.id, name: nameOf(account) }} size={32} />
      <span>
        <span>
          <b>{nameOf(account)}</b>{" "}
          {account.id === me.id ? (
            <span className={classes["quiet"]}>{t("people.you")}</span>
          ) : null}
        </span>
        <small>{[account.username, account.email].filter(Boolean).join(" · ")}</small>
      </span>
    </span>
  );
}

function Roles({ roles }: { roles: readonly string[] }) {
  const { t } = useTranslation("settings");
  if (roles.length === 0) return <span className={classes["quiet"]}>{t("people.noRole")}</span>;
  return (
    <span className={classes["roles"]}>
      {roles.map((role) => (
        <StateBadge key={role} tone={role === "SuperUser" ? "accent" : "neutral"}>
          {role}
        </StateBadge>
      ))}
    </span>
  );
}

interface ActionsProps {
  account: Account;
  inKeycloak: boolean;
  onOpen: (what: What) => void;
}

function Actions({ account, inKeycloak, onOpen }: ActionsProps) {
  const { t } = useTranslation(["settings", "common"]);
  const { signOut, setActive, invite } = usePeopleCommands(account);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={`${t("common:more")}: ${nameOf(account)}`} size={28}>
          <IconDotsVertical size={18} stroke={1.75} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen("roles")}>{t("menu.roles")}</Menu.Item>
        {inKeycloak ? (
          <>
            <Menu.Item onClick={invite}>{t("menu.invite")}</Menu.Item>
            <Menu.Item component="a" href={account.console_url} target="_blank" rel="noreferrer">
              {t("menu.console")}
            </Menu.Item>
          </>
        ) : (
          <Menu.Item onClick={() => onOpen("password")}>{t("menu.password")}</Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item onClick={signOut}>{t("menu.signOut")}</Menu.Item>
        {inKeycloak ? null : (
          <>
            <Menu.Item onClick={setActive}>
              {t(account.is_active ? "menu.off" : "menu.on")}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => onOpen("delete")}>
              {t("menu.delete")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
