import { Button, Skeleton } from "@mantine/core";
import { type FocusEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AfterPause } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { AddRow } from "./add-row";
import { ConflictCard } from "./conflict-card";
import { useContent } from "./content-context";
import { FieldProblems } from "./fields";
import classes from "./fields.module.css";
import { MessageField } from "./message-field";
import { useDraftProblems } from "./use-draft-problems";
import { useItem } from "./use-item";
import { askedSlot, useResponseName } from "./use-response-name";
import { VariationEditor } from "./variation-editor";

/** What the name of a response begins with; nothing but this is no name. */
const PREFIX = "utter_";

interface ResponseEditorProps {
  /** Name of the response; it may not exist yet. */
  id: string;
  /** Each new one asks for the first words: as long as there are none, their field gets the focus. */
  asked?: object | null;
}

/** All texts, variations and buttons of a response, where the step shows it. */
export function ResponseEditor({ id, asked = null }: ResponseEditorProps) {
  const { t } = useTranslation("content");
  const { assistantId, sources } = useContent();
  const response = useItem(assistantId, "responses", id === PREFIX ? "" : id);
  const nameOf = useResponseName();
  // Made right here by its first words, it goes on from where they were written.
  const [goesOn, setGoesOn] = useState(false);
  const problems = useDraftProblems(
    assistantId,
    "response",
    id,
    response.kind === "open" ? response.body : null,
  );
  if (response.kind === "loading") {
    return (
      <AfterPause>
        <Skeleton height={88} radius="lg" animate={false} />
      </AfterPause>
    );
  }
  if (response.kind === "failed")
    return <ErrorState error={response.error} onRetry={response.retry} />;
  if (response.kind === "missing")
    return <FirstText key={id} create={response.create} asked={asked} onCreate={setGoesOn} />;
  const { body, change, save, decide } = response;
  const places = sources.responses.get(id)?.used_in.length ?? 0;
  return (
    <div className={classes["card"]}>
      <div className={classes["row"]}>
        <b className={classes["grow"]}>{nameOf(id)}</b>
        {body.length > 1 ? (
          <StateBadge tone="neutral">{t("variations", { count: body.length })}</StateBadge>
        ) : null}
      </div>
      {save.conflict ? <ConflictCard conflict={save.conflict} onDecide={decide} /> : null}
      {save.error ? <p role="alert">{save.error.message}</p> : null}
      {body.map((variation, index) => (
        <VariationEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: variations have no identity but their place
          key={index}
          number={index + 1}
          variation={isObject(variation) ? variation : {}}
          slot={askedSlot(id)}
          problems={problems.filter(({ pointer }) => isBelow(pointer, `/${index}`))}
          goesOn={goesOn && index === 0}
          onChange={(next) => change(body.map((each, place) => (place === index ? next : each)))}
          {...(body.length > 1
            ? { onRemove: () => removeVariation(body, index, change, t("variationDeleted")) }
            : {})}
        />
      ))}
      <FieldProblems problems={problems.filter(({ pointer }) => !pointer)} />
      <AddRow label={t("addVariation")} onClick={() => change([...body, newVariation(body)])} />
      {places > 1 ? (
        <p className={classes["quiet"]}>{t("usedElsewhere", { count: places })}</p>
      ) : null}
    </div>
  );
}

function isBelow(pointer: string | null, place: string): boolean {
  return pointer === place || (pointer?.startsWith(`${place}/`) ?? false);
}

/** A further way to say the same usually keeps the buttons. */
function newVariation(body: readonly Json[]): JsonObject {
  const [first] = body;
  const buttons = isObject(first) ? first["buttons"] : undefined;
  return { text: "", ...(buttons === undefined ? {} : { buttons: structuredClone(buttons) }) };
}

function removeVariation(
  body: Json[],
  index: number,
  change: (body: Json[]) => number,
  message: string,
): void {
  toast.done(message, { undo: change(body.toSpliced(index, 1)) });
}

interface FirstTextProps {
  create: (body: Json[]) => Promise<void>;
  asked: object | null;
  /** It is about to be made; says whether the focus is still here. */
  onCreate: (focused: boolean) => void;
}

/** The response is only a name so far: its first words make it. */
function FirstText({ create, asked, onCreate }: FirstTextProps) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const card = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (asked) field.current?.focus();
  }, [asked]);
  const make = async (focused: boolean) => {
    setBusy(true);
    onCreate(focused);
    try {
      await create([{ text: text.trim() }]);
    } catch (error) {
      toast.refused(error);
    } finally {
      setBusy(false);
    }
  };
  const onBlur = ({ relatedTarget }: FocusEvent) => {
    if (text.trim() && !busy) void make(card.current?.contains(relatedTarget) ?? false);
  };
  return (
    <div className={classes["card"]} ref={card}>
      <MessageField
        ref={field}
        label={t("messageText")}
        placeholder={t("writeMessage")}
        value={text}
        onChange={setText}
        onBlur={onBlur}
      />
      <Button
        size="xs"
        disabled={!text.trim() || readOnly}
        loading={busy}
        onClick={() => void make(true)}
      >
        {t("createMessage")}
      </Button>
    </div>
  );
}
