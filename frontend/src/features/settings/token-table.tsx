import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PersonalToken } from "@/api/tokens";
import { Moment } from "@/components/moment";
import { StateBadge } from "@/components/state-badge";
import { DataTable } from "@/components/table/data-table";
import classes from "./settings.module.css";

/** So many scopes have room in a row; the others are counted. */
const SHOWN = 2;

interface TokenTableProps {
  tokens: readonly PersonalToken[];
  onRevoke: (token: PersonalToken) => void;
}

export function TokenTable({ tokens, onRevoke }: TokenTableProps) {
  const { t } = useTranslation("settings");
  return (
    <DataTable
      label={t("tokens.title")}
      rows={tokens}
      rowId={(token) => token.id}
      rowLabel={(token) => token.name}
      columns={[
        {
          id: "name",
          title: t("tokens.columns.name"),
          width: "minmax(0, 1fr)",
          cell: (token) => <b>{token.name}</b>,
        },
        {
          id: "scopes",
          title: t("tokens.columns.scopes"),
          width: "minmax(0, 1.4fr)",
          cell: (token) => <Scopes token={token} />,
        },
        {
          id: "used",
          title: t("tokens.columns.used"),
          width: "150px",
          hide: "narrow",
          cell: (token) =>
            token.last_used_at ? (
              <Moment at={token.last_used_at} />
            ) : (
              <span className={classes["quiet"]}>{t("tokens.unused")}</span>
            ),
        },
        {
          id: "expires",
          title: t("tokens.columns.expires"),
          width: "170px",
          hide: "slim",
          cell: (token) => <End at={token.expires_at} />,
        },
        {
          id: "actions",
          title: <span className="visually-hidden">{t("tokens.columns.actions")}</span>,
          width: "96px",
          align: "right",
          cell: (token) => (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={t("tokens.revokeNamed", { name: token.name })}
              onClick={() => onRevoke(token)}
            >
              {t("tokens.revoke")}
            </Button>
          ),
        },
      ]}
    />
  );
}

function Scopes({ token }: { token: PersonalToken }) {
  const { t } = useTranslation("settings");
  const names = token.scopes.map((scope) => t(`tokens.scopes.${scope}.name`));
  const further = names.slice(SHOWN);
  return (
    <span className={classes["roles"]} title={names.join(", ")}>
      {names.slice(0, SHOWN).map((name) => (
        <StateBadge key={name} tone="neutral">
          {name}
        </StateBadge>
      ))}
      {further.length > 0 ? (
        <span className={classes["quiet"]}>
          {t("tokens.further", { count: further.length })}
          <span className="visually-hidden">: {further.join(", ")}</span>
        </span>
      ) : null}
    </span>
  );
}

function End({ at }: { at: string | null }) {
  const { t } = useTranslation("settings");
  if (at === null) return <span className={classes["quiet"]}>{t("tokens.never")}</span>;
  return Date.parse(at) <= Date.now() ? (
    <StateBadge tone="err">{t("tokens.expired")}</StateBadge>
  ) : (
    <Moment at={at} />
  );
}
