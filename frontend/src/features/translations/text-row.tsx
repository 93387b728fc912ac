import {
  type Icon,
  IconCheck,
  IconLanguage,
  IconPencil,
  IconPlus,
  IconRefresh,
} from "@tabler/icons-react";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type TranslationRow, textId, translations } from "@/api/translations";
import { ConflictCard } from "@/components/content/conflict-card";
import { useContent } from "@/components/content/content-context";
import { MessageField } from "@/components/content/message-field";
import { toast } from "@/components/feedback/toast";
import { Moment } from "@/components/moment";
import { withSlot } from "@/flow-core/placeholders";
import { useTextCommands } from "./commands";
import { SlotWords } from "./slot-words";
import { slotsOf } from "./slots-of";
import classes from "./text-row.module.css";
import { useTextEditing } from "./use-text-editing";
import { usePutTexts } from "./use-texts";

interface TextRowProps {
  assistantId: string;
  language: { code: string; name: string };
  own: { code: string; name: string };
  row: TranslationRow;
  chosen: boolean;
  onChoose: (id: string) => void;
  onNext: () => void;
}

/** A text, and the field for its words in the other language. */
export const TextRow = memo(function TextRow(props: TextRowProps) {
  const { assistantId, language, own, row, chosen, onChoose, onNext } = props;
  const { t } = useTranslation("translations");
  const { readOnly } = useContent();
  const field = useRef<HTMLTextAreaElement>(null);
  const [inside, setInside] = useState(false);
  const { text, change, flush, save, decide } = useTextEditing(assistantId, language.code, row);
  const put = usePutTexts(assistantId, language.code);
  useEffect(() => {
    if (chosen && document.activeElement !== field.current) field.current?.focus();
  }, [chosen]);
  const insert = (slot: string) => {
    const caret = field.current?.selectionStart ?? text.length;
    const next = withSlot(text, caret, slot);
    change(next.text);
    field.current?.focus();
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };
  const judge = (outdated: boolean): Promise<void> =>
    translations.judge(assistantId, language.code, [row], outdated).then(
      (answer) => {
        put(answer.texts);
        if (!outdated) toast.done(t("nowRight"), { undo: () => void judge(true) });
      },
      (error: Error) => void toast.failed(error.message),
    );
  const outdated = row.state === "outdated" && text === row.text;
  useTextCommands(chosen && !readOnly, {
    copy: () => change(row.reference),
    slot: (number) => {
      const slot = row.slots[number - 1];
      if (slot !== undefined) insert(slot);
    },
    done: () => {
      if (outdated) void judge(false);
      else void flush();
      onNext();
    },
  });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the focus of what is inside
    <div
      className={classes["row"]}
      data-chosen={chosen}
      onFocus={() => {
        setInside(true);
        if (!chosen) onChoose(textId(row));
      }}
      onBlur={({ currentTarget, relatedTarget }) =>
        setInside(currentTarget.contains(relatedTarget))
      }
    >
      <div className={classes["reference"]} lang={own.code} dir="auto">
        <SlotWords text={row.reference} jinja={row.jinja} />
        {row.outdated ? <Before outdated={row.outdated} /> : null}
      </div>
      <div className={classes["field"]} data-outdated={outdated}>
        <MessageField
          ref={field}
          label={t("fieldLabel", { language: language.name, reference: row.reference })}
          language={language.code}
          jinja={row.jinja}
          value={text}
          missing={text.trim() === "" && !inside}
          placeholder={inside ? "" : t("notYet")}
          onChange={change}
          onBlur={() => void flush()}
        />
        {outdated && !readOnly ? (
          <button type="button" className={classes["right"]} onClick={() => void judge(false)}>
            {t("stillRight")}
          </button>
        ) : null}
        <SlotNotes
          row={row}
          text={text}
          own={own.name}
          writing={inside}
          onPut={insert}
          onTakeOut={(slot) => change(text.replaceAll(`{${slot}}`, ""))}
        />
        {save?.conflict ? <ConflictCard conflict={save.conflict} onDecide={decide} /> : null}
        {save?.error ? (
          <p role="alert" className={classes["failed"]}>
            {t("notSaved", { reason: save.error.message })}
          </p>
        ) : null}
      </div>
      <State state={stateOf(row, text, inside)} />
    </div>
  );
});

function Before({ outdated }: { outdated: NonNullable<TranslationRow["outdated"]> }) {
  const { t } = useTranslation("translations");
  return (
    <p className={classes["before"]}>
      {outdated.by?.name ?? t("somebody")}, <Moment at={outdated.at} />
      {outdated.before ? <del>{outdated.before}</del> : null}
    </p>
  );
}

interface SlotNotesProps {
  row: TranslationRow;
  text: string;
  own: string;
  writing: boolean;
  onPut: (slot: string) => void;
  onTakeOut: (slot: string) => void;
}

/** Slots that are offered while one writes, and afterwards what is lost or does not belong there. */
function SlotNotes({ row, text, own, writing, onPut, onTakeOut }: SlotNotesProps) {
  const { t } = useTranslation("translations");
  const { readOnly } = useContent();
  const { missing, foreign } = slotsOf(row, text);
  const offers = writing && !readOnly && row.slots.length > 0;
  return (
    <>
      {offers ? <SlotLine slots={row.slots} missing={missing} onPut={onPut} /> : null}
      {text.trim() !== "" && !offers && missing.length > 0 ? (
        <p className={classes["warning"]}>{t("lacks", { slots: missing.join(", ") })}</p>
      ) : null}
      {foreign.map((slot) => (
        <p key={slot} className={classes["warning"]}>
          {t("foreign", { slot, own })}{" "}
          {readOnly ? null : (
            <button type="button" onClick={() => onTakeOut(slot)}>
              {t("takeOut")}
            </button>
          )}
        </p>
      ))}
    </>
  );
}

interface SlotLineProps {
  slots: readonly string[];
  missing: readonly string[];
  onPut: (slot: string) => void;
}

/** The slots of the reference: those that are in the translation, and those that are offered. */
function SlotLine({ slots, missing, onPut }: SlotLineProps) {
  const { t } = useTranslation("translations");
  return (
    <p className={classes["slots"]}>
      {t("slots")}
      {slots.map((slot, index) =>
        missing.includes(slot) ? (
          <button
            key={slot}
            type="button"
            tabIndex={-1}
            // The caret stays where it is.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPut(slot)}
          >
            <IconPlus size={12} stroke={2} aria-hidden="true" />
            <span className="visually-hidden">{t("putIn")} </span>
            <code>{slot}</code>
            {index < 9 ? <kbd>Alt {index + 1}</kbd> : null}
          </button>
        ) : (
          <span key={slot}>
            <IconCheck size={12} stroke={2} aria-hidden="true" />
            <code>{slot}</code>
          </span>
        ),
      )}
    </p>
  );
}

type StateName = TranslationRow["state"] | "writing";

const SIGNS: Record<StateName, Icon> = {
  done: IconCheck,
  missing: IconLanguage,
  outdated: IconRefresh,
  writing: IconPencil,
};

/** What the field shows, also before it is saved. */
function stateOf(row: TranslationRow, text: string, writing: boolean): StateName {
  if (writing && text !== row.text) return "writing";
  if (text.trim() === "") return "missing";
  return row.state === "missing" || text !== row.text ? "done" : row.state;
}

function State({ state }: { state: StateName }) {
  const { t } = useTranslation("translations");
  const Sign = SIGNS[state];
  return (
    <span className={classes["state"]} data-state={state}>
      <Sign size={14} stroke={1.75} aria-hidden="true" />
      {t(`state.${state}`)}
    </span>
  );
}
