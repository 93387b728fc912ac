import { Switch, TextInput } from "@mantine/core";
import { IconPencil, IconSearch } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { StateBadge } from "@/components/state-badge";
import type { Json } from "@/flow-core/json";
import type { Tracker } from "../tracker";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import classes from "./side.module.css";
import { SlotEditor } from "./slot-editor";
import { type SlotRow, slotRows } from "./slot-history";
import type { Turn } from "./turns";
import { useSetterWords } from "./use-setter-words";

/** Slots nobody sets; the runtime keeps its own books in them. */
const BOOKS = /^(flow_hashes|session_started_metadata|mocked_datetime|requested_slot)$/;
const SHOWN_TURNS = 2;
const SHOWN_ROWS = 200;

/** The slots turn by turn; the value of now can be set, and the conversation goes on with it. */
export function SlotsTab() {
  const { t } = useTranslation("inspector");
  const { turns, turn } = useInspection();
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  const [editing, setEditing] = useState<string | null>(null);
  const rows = useRows(words.trim().toLowerCase(), all);
  const shown = shownTurns(turns, turn, rows);
  return (
    <>
      <div className={classes["tools"]}>
        <TextInput
          className={shared["grow"] ?? ""}
          aria-label={t("slots.search")}
          placeholder={t("slots.search")}
          leftSection={<IconSearch size={16} stroke={1.75} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Switch
          size="sm"
          label={t("slots.all")}
          labelPosition="left"
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      </div>
      {rows.length === 0 ? (
        <p className={classes["hint"]}>{t(words ? "slots.noMatch" : "slots.none")}</p>
      ) : (
        <div className={classes["tableBox"]}>
          <table className={classes["slots"]}>
            <thead>
              <tr>
                <th>{t("slots.name")}</th>
                {shown.map((each) => (
                  <TurnHead key={each.number} turn={each} />
                ))}
                <th>{t("slots.now")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, SHOWN_ROWS).map((row) => (
                <SlotLine
                  key={row.name}
                  row={row}
                  shown={shown}
                  editing={editing === row.name}
                  onEdit={(open) => setEditing(open ? row.name : null)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > SHOWN_ROWS ? (
        <p className={classes["hint"]}>{t("slots.more", { count: rows.length - SHOWN_ROWS })}</p>
      ) : null}
    </>
  );
}

/** The slots to show: found by their name, or all, or those that hold or held something. */
function useRows(words: string, all: boolean): SlotRow[] {
  const { turns, changes, initial, content, state } = useInspection();
  const { tracker } = state;
  return useMemo(() => {
    const current = tracker?.slots ?? {};
    const own = content?.slots ?? {};
    const asked = askedSlot(tracker);
    const touched = new Set([...changes.values()].map(({ name }) => name));
    const wanted = (name: string) => {
      if (BOOKS.test(name) || !name.toLowerCase().includes(words)) return false;
      if (all || words !== "" || name === asked) return true;
      return Object.hasOwn(own, name) && (touched.has(name) || current[name] !== null);
    };
    const names = Object.keys(current).filter(wanted);
    // What no event of this session changed has been as it is now all along.
    const before = Object.fromEntries(
      names.map((name) => [name, (touched.has(name) ? initial : current)[name] ?? null]),
    );
    return slotRows(turns, changes, before, names);
  }, [turns, changes, initial, content, tracker, words, all]);
}

function askedSlot(tracker: Tracker | null): string | undefined {
  return tracker?.stack.at(-1)?.collect;
}

/** A few turns up to the one after the chosen; the start only if something was set in it. */
function shownTurns(
  turns: readonly Turn[],
  chosen: Turn | null,
  rows: readonly SlotRow[],
): readonly Turn[] {
  const quiet = turns[0]?.kind === "start" && !rows.some(({ changes }) => changes[0]);
  const end = Math.min(turns.length, (chosen ? turns.indexOf(chosen) : -1) + 2);
  return turns.slice(Math.max(quiet ? 1 : 0, end - SHOWN_TURNS), end);
}

function TurnHead({ turn }: { turn: Turn }) {
  const { t } = useTranslation("inspector");
  const { turn: chosen, chooseTurn } = useInspection();
  return (
    <th data-chosen={turn === chosen}>
      <button
        type="button"
        className={classes["plain"]}
        aria-pressed={turn === chosen}
        onClick={() => chooseTurn(turn)}
      >
        {turn.kind === "start" ? t("slots.start") : t("slots.turn", { number: turn.number })}
      </button>
    </th>
  );
}

interface SlotLineProps {
  row: SlotRow;
  shown: readonly Turn[];
  editing: boolean;
  onEdit: (open: boolean) => void;
}

function SlotLine({ row, shown, editing, onEdit }: SlotLineProps) {
  const { t } = useTranslation("inspector");
  const { turns, state, say } = useInspection();
  const setter = useSetterWords();
  const button = useRef<HTMLButtonElement>(null);
  const now = state.tracker?.slots[row.name] ?? null;
  const asked = now === null && askedSlot(state.tracker) === row.name;
  const words = (value: Json) => (value === null ? "–" : say(value));
  return (
    <>
      <tr>
        <th scope="row">
          <code className={shared["slot"]} title={row.name}>
            {row.name}
          </code>
        </th>
        {shown.map((turn) => {
          const place = turns.indexOf(turn);
          const change = row.changes[place];
          return (
            <td
              key={turn.number}
              data-changed={change !== undefined}
              {...(change
                ? { title: `${say(change.before)} → ${say(change.after)}, ${setter(change.by)}` }
                : {})}
            >
              {words(row.values[place] ?? null)}
            </td>
          );
        })}
        <td className={classes["now"]}>
          <button
            ref={button}
            type="button"
            className={classes["plain"]}
            aria-expanded={editing}
            aria-label={t("slots.set", {
              slot: row.name,
              value: asked ? t("slots.asked") : say(now),
            })}
            onClick={() => onEdit(!editing)}
          >
            {asked ? (
              <StateBadge tone="warn">{t("slots.asked")}</StateBadge>
            ) : (
              <span>{words(now)}</span>
            )}
            {asked ? null : <IconPencil size={14} stroke={1.75} aria-hidden="true" />}
          </button>
        </td>
      </tr>
      {editing ? (
        <tr>
          <td colSpan={shown.length + 2} className={classes["editorCell"]}>
            <SlotEditor
              name={row.name}
              now={now}
              onDone={() => {
                onEdit(false);
                button.current?.focus();
              }}
            />
          </td>
        </tr>
      ) : null}
    </>
  );
}
