import { Button } from "@mantine/core";
import { IconAlertCircle, IconGitFork, IconLock } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ImportedItem } from "@/api/imports";
import { Sentence } from "@/components/content/change-view";
import { useItemName } from "@/components/content/use-item-name";
import { useKindName } from "@/components/content/use-kind";
import { NothingMatches } from "@/components/feedback/state-views";
import { Moment } from "@/components/moment";
import { type Column, DataTable } from "@/components/table/data-table";
import { capitalised } from "@/lib/capitalised";
import { idOf } from "./choices";
import classes from "./import.module.css";

interface ItemTableProps {
  assistantId: string;
  rows: readonly ImportedItem[];
  all: readonly ImportedItem[];
  chosen: ReadonlySet<string>;
  needed: ReadonlyMap<string, readonly string[]>;
  onChoose: (ids: ReadonlySet<string>) => void;
  onOpen: (item: ImportedItem) => void;
}

const SIGNS: Record<ImportedItem["action"], string> = {
  added: "+",
  removed: "−",
  changed: "✎",
  renamed: "✎",
};

/** One row an item: what becomes of it, and what has to be known before it is ticked. */
export function ItemTable(props: ItemTableProps) {
  const { assistantId, rows, chosen, onChoose, onOpen } = props;
  const { t } = useTranslation("import");
  const nameOf = useItemName(assistantId);
  const kindName = useKindName();
  const columns: Column<ImportedItem>[] = [
    {
      id: "item",
      title: t("columns.item"),
      width: "minmax(0, 2fr)",
      cell: (item) => (
        <span className={classes["item"]}>
          <span className={classes["sign"]} data-action={item.action} aria-hidden="true">
            {SIGNS[item.action]}
          </span>
          <span>
            <b>{nameOf(item.kind, item.key)}</b>
            <small>{capitalised(kindName(item.kind))}</small>
          </span>
        </span>
      ),
    },
    {
      id: "change",
      title: t("columns.change"),
      width: "minmax(0, 3fr)",
      hide: "slim",
      cell: (item) => <What item={item} />,
    },
    {
      id: "notes",
      title: t("columns.notes"),
      width: "minmax(0, 2fr)",
      narrow: "minmax(0, 1.4fr)",
      cell: (item) => <Note {...props} item={item} />,
    },
  ];
  if (rows.length === 0)
    return <NothingMatches title={t("noneSuch")} sentence={t("noneSuchText")} actions={null} />;
  return (
    <DataTable
      label={t("list")}
      rows={rows}
      rowId={idOf}
      rowLabel={(item) => `${nameOf(item.kind, item.key)}, ${t(`action.${item.action}`)}`}
      columns={columns}
      selection={{ chosen, onChange: onChoose }}
      onOpen={onOpen}
    />
  );
}

function What({ item }: { item: ImportedItem }) {
  const { t } = useTranslation("import");
  const [first, ...more] = item.changes;
  if (item.action !== "changed") return <span>{t(`what.${item.action}`)}</span>;
  if (!first) return <span>{t("what.bytes")}</span>;
  const { before, after } = first;
  const words =
    first.action === "changed" && typeof before === "string" && typeof after === "string";
  return (
    <span className={classes["what"]}>
      {words ? (
        <span className={classes["sides"]} dir="auto">
          <del>{before}</del> <ins>{after}</ins>
        </span>
      ) : (
        <span>
          <Sentence text={first.sentence} />
        </span>
      )}
      {more.length > 0 ? <small>{t("more", { count: more.length })}</small> : null}
    </span>
  );
}

function Note({
  item,
  assistantId,
  all,
  chosen,
  needed,
  onChoose,
}: ItemTableProps & { item: ImportedItem }) {
  const { t } = useTranslation("import");
  const nameOf = useItemName(assistantId);
  const id = idOf(item);
  const users = needed.get(id);
  if (users) {
    const names = users.map((user) => nameOf(...split(user)));
    const tickBoth = () => {
      const next = new Set(chosen);
      if (item.action === "removed") next.delete(id);
      else next.add(id);
      onChoose(next);
    };
    return (
      <span className={classes["needed"]}>
        <IconAlertCircle size={16} stroke={1.75} aria-hidden="true" />
        <span title={names.join(", ")}>
          {t("needed", { name: names[0] ?? "", count: names.length })}
        </span>
        <Button
          size="compact-xs"
          variant="subtle"
          tabIndex={-1}
          onClick={(event) => {
            event.stopPropagation();
            tickBoth();
          }}
        >
          {t(item.action === "removed" ? "keep" : "tick")}
        </Button>
      </span>
    );
  }
  if (!item.allowed)
    return (
      <span className={classes["quiet"]}>
        <IconLock size={16} stroke={1.75} aria-hidden="true" /> {t("notAllowed")}
      </span>
    );
  if (!item.changed_by || item.action === "added" || all.length === 0) return null;
  const { author, at } = item.changed_by;
  return (
    <span className={classes["by"]} data-undoes={item.undoes}>
      {item.undoes ? <IconGitFork size={16} stroke={1.75} aria-hidden="true" /> : null}
      <span>
        {t(item.undoes ? "undoes" : "changedBy", { name: author?.name ?? "Studio" })}{" "}
        <Moment at={at} />
      </span>
    </span>
  );
}

function split(user: string): [string, string] {
  const at = user.indexOf(" ");
  return [user.slice(0, at), user.slice(at + 1)];
}
