import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type KeyboardEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import type { SlotItem } from "@/api/types";
import { useContent } from "@/components/content/content-context";
import { asIdentifier, useTypeName } from "@/components/content/slot-field";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { ItemList } from "@/components/layout/item-list";
import { StateDot } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { useCommands } from "@/lib/commands/use-commands";
import { focusForm } from "./focus";
import { guessedType } from "./guessed-type";
import classes from "./slots.module.css";
import { UsedFilter, useUnused } from "./use-unused";

const route = getRouteApi("/assistants/$assistantId/slots");

interface SlotListProps {
  query: UseQueryResult<SlotItem[]>;
  chosen: string | undefined;
  onChoose: (slot: string) => void;
}

export function SlotList({ query, chosen, onChoose }: SlotListProps) {
  const { t } = useTranslation("slots");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const { readOnly } = useContent();
  const typeName = useTypeName();
  const [making, setMaking] = useState(false);
  const words = search.search ?? "";
  const left = useUnused("slots", query.data);
  const rows = useMemo(() => found(left.rows ?? [], words), [left.rows, words]);
  const failed = query.error ? query : left;
  useCommands(
    readOnly
      ? []
      : [
          {
            id: "slots:new",
            label: t("new"),
            group: t("title"),
            keys: ["n"],
            run: () => setMaking(true),
          },
        ],
  );
  return (
    <>
      <div className={classes["bar"]}>
        <SearchField
          label={t("search")}
          group={t("title")}
          value={search.search}
          onChange={(value) => set({ search: value })}
        />
        <Button
          disabled={readOnly}
          leftSection={<IconPlus size={16} stroke={1.75} />}
          onClick={() => setMaking(true)}
        >
          {t("new")}
        </Button>
      </div>
      {making ? (
        <NewSlot
          taken={query.data ?? []}
          onDone={(name) => {
            setMaking(false);
            if (name) onChoose(name);
          }}
        />
      ) : null}
      <UsedFilter />
      <div className={classes["columns"]} aria-hidden="true">
        <span>{t("columns.slot")}</span>
        <span>{t("columns.asked")}</span>
        <span>{t("columns.set")}</span>
        <span>{t("columns.read")}</span>
      </div>
      {failed.error ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !left.rows ? (
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      ) : rows.length === 0 && (words || left.wanted) ? (
        <NothingMatches title={t(words ? "noMatch" : "allUsed")} />
      ) : (
        <ItemList
          label={t("slots")}
          rows={rows}
          rowId={(slot) => slot.id}
          chosen={chosen}
          onChoose={(slot) => onChoose(slot.id)}
          onEnter={focusForm}
        >
          {(slot) => (
            <div className={classes["slot"]}>
              <div className={classes["lines"]}>
                <span>
                  <code className={classes["chip"]}>{slot.id}</code>
                  <Dot slot={slot} />
                </span>
                <small>
                  {typeName(slot.type)}
                  {slot.values ? `, ${t("values", { count: slot.values.length })}` : ""}
                </small>
              </div>
              <Count name={t("columns.asked")} count={slot.asks_count} />
              <Count name={t("columns.set")} count={slot.sets_count} />
              <Count name={t("columns.read")} count={slot.reads_count} />
            </div>
          )}
        </ItemList>
      )}
    </>
  );
}

function found(slots: readonly SlotItem[], words: string): readonly SlotItem[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return slots.filter((slot) => {
    const text = [slot.id, slot.type, ...(slot.values ?? [])].join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

function Count({ name, count }: { name: string; count: number }) {
  const { t } = useTranslation("slots");
  return (
    <span className={classes["count"]}>
      <span className="visually-hidden">
        {name}: {count === 0 ? t("none") : count}
      </span>
      <span aria-hidden="true">{count === 0 ? "–" : count}</span>
    </span>
  );
}

function Dot({ slot }: { slot: SlotItem }) {
  const { t } = useTranslation("slots");
  if (slot.error_count > 0)
    return (
      <span title={t("errors", { count: slot.error_count })}>
        <StateDot tone="err" />
      </span>
    );
  return slot.warning_count > 0 ? (
    <span title={t("warnings", { count: slot.warning_count })}>
      <StateDot tone="warn" />
    </span>
  ) : null;
}

interface NewSlotProps {
  taken: readonly SlotItem[];
  onDone: (name: string | null) => void;
}

/** A row at the top: the name makes the slot, its type is guessed and can be changed. */
function NewSlot({ taken, onDone }: NewSlotProps) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [refused, setRefused] = useState("");
  const id = asIdentifier(name);
  const twin = taken.find((slot) => slot.id.toLowerCase() === id.toLowerCase());
  const create = async () => {
    if (id === "" || twin) return;
    try {
      await content.create(assistantId, "slots", id, { type: guessedType(id) });
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "slots") });
      onDone(id);
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") void create();
    else if (event.key === "Escape") onDone(null);
    else return;
    event.preventDefault();
  };
  return (
    <TextInput
      className={classes["new"] ?? ""}
      aria-label={t("newName")}
      placeholder={t("newName")}
      description={t("newHint")}
      inputWrapperOrder={["input", "description", "error"]}
      value={name}
      autoFocus
      error={twin ? t("taken", { name: twin.id }) : refused}
      onChange={(event) => {
        setRefused("");
        setName(event.currentTarget.value);
      }}
      onKeyDown={onKeyDown}
    />
  );
}
