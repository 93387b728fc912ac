import { Button } from "@mantine/core";
import { IconCode, IconCopy } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { BarSelect } from "@/components/table/bar-select";
import { SearchField } from "@/components/table/search-field";
import { LINE_KINDS, type LineKind } from "./event-lines";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";
import { TurnCard } from "./turn-card";

export interface EventFilter {
  kind: LineKind | null;
  words: string;
  all: boolean;
}

const SHOWN_TURNS = 30;

/** The turns of the conversation, the chosen one open; ↑ ↓ move between them, ← → close and open. */
export function TurnList() {
  const { t } = useTranslation("inspector");
  const { turns, turn, chooseTurn, state } = useInspection();
  const [filter, setFilter] = useState<EventFilter>({ kind: null, words: "", all: false });
  const [closed, setClosed] = useState(false);
  const [earlier, setEarlier] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const chosen = turn?.number;
  useEffect(() => {
    const card = list.current?.querySelector(`[data-turn="${chosen}"]`);
    card?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  const place = turn ? turns.indexOf(turn) : 0;
  const first = Math.max(0, Math.min(turns.length - SHOWN_TURNS - earlier, place));
  const choose = (index: number) => {
    const next = turns[index];
    if (!next) return;
    setClosed(next === turn && !closed);
    chooseTurn(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || !event.target.dataset["head"]) return;
    const change = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const next = change ? turns[place + change] : undefined;
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      setClosed(event.key === "ArrowLeft");
    } else if (next) {
      event.preventDefault();
      setClosed(false);
      chooseTurn(next);
      list.current?.querySelector<HTMLElement>(`[data-head="${next.number}"]`)?.focus();
    }
  };
  return (
    <>
      <Head filter={filter} onFilter={setFilter} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the heads inside are handled in one place */}
      <div className={classes["turns"]} ref={list} onKeyDown={onKeyDown}>
        {first === 0 && state.tracker?.turns_before ? (
          <p className={classes["hint"]}>{t("leftOut", { count: state.tracker.turns_before })}</p>
        ) : null}
        {first > 0 ? (
          <Button
            variant="subtle"
            size="xs"
            className={classes["earlier"]}
            onClick={() => setEarlier(turns.length - SHOWN_TURNS - first + SHOWN_TURNS)}
          >
            {t("earlier")}
          </Button>
        ) : null}
        {turns.slice(first).map((each, index) => (
          <TurnCard
            key={each.number}
            turn={each}
            chosen={each === turn}
            open={each === turn && !closed}
            filter={filter}
            onChoose={() => choose(first + index)}
          />
        ))}
        <p className={classes["next"]}>{t("next")}</p>
      </div>
    </>
  );
}

interface HeadProps {
  filter: EventFilter;
  onFilter: (filter: EventFilter) => void;
}

function Head({ filter, onFilter }: HeadProps) {
  const { t } = useTranslation("inspector");
  const { turn } = useInspection();
  const copy = () =>
    void navigator.clipboard
      .writeText(JSON.stringify(turn?.events ?? [], null, 2))
      .then(() => toast.done(t("copied")));
  return (
    <header className={classes["head"]}>
      <h2 className={`small-heading ${classes["headTitle"]}`}>{t("title")}</h2>
      <SearchField
        label={t("search")}
        group={t("group")}
        width={150}
        value={filter.words}
        onChange={(words = "") => onFilter({ ...filter, words })}
      />
      <BarSelect
        w={110}
        aria-label={t("kind")}
        data={[
          { value: "all", label: t("kinds.all") },
          ...LINE_KINDS.map((kind) => ({ value: kind as string, label: t(`kinds.${kind}`) })),
        ]}
        value={filter.kind ?? "all"}
        allowDeselect={false}
        onChange={(kind) =>
          onFilter({ ...filter, kind: LINE_KINDS.find((each) => each === kind) ?? null })
        }
      />
      <IconButton
        size={28}
        label={t("raw")}
        aria-pressed={filter.all}
        onClick={() => onFilter({ ...filter, all: !filter.all })}
      >
        <IconCode size={18} stroke={1.75} />
      </IconButton>
      <IconButton size={28} label={t("copy")} onClick={copy}>
        <IconCopy size={18} stroke={1.75} />
      </IconButton>
    </header>
  );
}
