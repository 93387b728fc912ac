import { Radio } from "@mantine/core";
import { IconCheck, IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import type { MergeConflict } from "@/api/branches";
import type { Json, Schemas } from "@/api/types";
import { useKindName } from "@/components/content/use-kind";
import { Moment } from "@/components/moment";
import { addedWords } from "@/flow-core/words";
import { type Decision, onSide, SIDES, type Side } from "./decisions";
import classes from "./merge.module.css";
import { ResultField } from "./result-field";

interface ConflictRowProps {
  number: number;
  conflict: MergeConflict;
  /** Names of the two branches. */
  names: Record<"mine" | "theirs", string>;
  decision: Decision | undefined;
  isCurrent: boolean;
  onToggle: () => void;
  onDecide: (decision: Decision) => void;
  /** Enter on a side: this one is done. */
  onNext: () => void;
}

/** One field that both changed: what it was, and the two that it may become. */
export function ConflictRow(props: ConflictRowProps) {
  const { number, conflict, names, decision, isCurrent, onToggle, onDecide, onNext } = props;
  const { t } = useTranslation("merge");
  const titles = useSideTitles(names);
  const kind = useKindName()(conflict.kind);
  const body = useId();
  const values = { kind, key: conflict.key, step: conflict.step ?? "" };
  const place = conflict.step ? t("place.step", values) : t("place.item", values);
  const field = conflict.field || t("whole");
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const given = event.target instanceof HTMLElement ? event.target.dataset["side"] : undefined;
    const side = SIDES.find((each) => each === given);
    if (event.key !== "Enter" || !side) return;
    event.preventDefault();
    if (side !== decision?.side) onDecide({ side });
    onNext();
  };
  return (
    <li
      className={classes["conflict"]}
      data-current={isCurrent || undefined}
      {...(decision ? {} : { "data-open": true })}
    >
      <h3>
        <button type="button" aria-expanded={isCurrent} aria-controls={body} onClick={onToggle}>
          <span className={classes["number"]} data-decided={Boolean(decision)}>
            {decision ? <IconCheck size={12} stroke={2.5} aria-hidden="true" /> : number}
          </span>
          <span className={classes["place"]}>
            {place}: <span>{field}</span>
          </span>
          <span className={classes["chosen"]} data-decided={Boolean(decision)}>
            {decision ? <Chosen decision={decision} title={titles[decision.side]} /> : t("choose")}
          </span>
          {isCurrent ? (
            <IconChevronDown size={16} stroke={1.75} aria-hidden="true" />
          ) : (
            <IconChevronRight size={16} stroke={1.75} aria-hidden="true" />
          )}
        </button>
      </h3>
      {isCurrent ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: Enter on a side inside is handled in one place
        <div id={body} className={classes["choice"]} onKeyDown={onKeyDown}>
          <Radio.Group
            value={decision?.side ?? null}
            onChange={(value) => onDecide({ side: value as Side })}
            aria-label={t("which", { place: `${place}, ${field}` })}
          >
            <div className={classes["sides"]}>
              {SIDES.map((side, index) => (
                <Radio.Card
                  key={side}
                  value={side}
                  data-side={side}
                  className={classes["side"] ?? ""}
                >
                  <span className={classes["who"]}>
                    <Radio.Indicator />
                    <Author
                      title={titles[side]}
                      by={side === "before" ? null : conflict[`${side}_by`]}
                    />
                    <kbd>{index + 1}</kbd>
                  </span>
                  <Value conflict={conflict} side={side} />
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
          <ResultField conflict={conflict} decision={decision} onDecide={onDecide} />
        </div>
      ) : null}
    </li>
  );
}

export function useSideTitles(names: Record<"mine" | "theirs", string>): Record<Side, string> {
  const { t } = useTranslation("merge");
  return {
    before: t("before"),
    mine: t("sideOf", { branch: names.mine }),
    theirs: t("sideOf", { branch: names.theirs }),
  };
}

function Chosen({ decision, title }: { decision: Decision; title: string }) {
  const { t } = useTranslation("merge");
  return decision.edited === undefined ? title : t("edited", { side: title });
}

function Author({ title, by }: { title: string; by: Schemas["ChangedBy"] | null }) {
  const { t } = useTranslation("merge");
  return (
    <span className={classes["author"]}>
      <b>{title}</b>
      {by ? (
        <span className={classes["by"]}>
          {t("changedBy", { name: by.author?.name ?? t("someone") })}
          <Moment at={by.at} />
        </span>
      ) : null}
    </span>
  );
}

function Value({ conflict, side }: { conflict: MergeConflict; side: Side }) {
  const { t } = useTranslation("merge");
  const value = onSide(conflict, side);
  if (value === undefined)
    return (
      <span className={classes["absent"]}>{side === "before" ? t("notThere") : t("removed")}</span>
    );
  return <span className={classes["value"]}>{said(value, conflict.base, side)}</span>;
}

function said(value: Json, base: Json | undefined, side: Side): ReactNode {
  if (typeof value !== "string") return JSON.stringify(value, null, 1);
  if (side === "before" || typeof base !== "string") return value;
  return addedWords(base, value).map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
    piece.added ? <ins key={index}>{piece.text}</ins> : piece.text,
  );
}
