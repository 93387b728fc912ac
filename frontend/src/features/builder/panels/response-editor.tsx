import { Button, Skeleton, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AfterPause } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { useBuilder } from "../builder-context";
import { ConflictCard } from "../conflict-card";
import { useDraftProblems } from "../use-content-problems";
import { AddRow } from "./add-row";
import { FieldProblems } from "./fields";
import classes from "./fields.module.css";
import { useResponse } from "./use-response";
import { useResponseName } from "./use-response-name";
import { VariationEditor } from "./variation-editor";

interface ResponseEditorProps {
  /** Name of the response; it may not exist yet. */
  id: string;
  /** Asking has buttons; telling seldom needs them. */
  autoFocus?: boolean;
}

/** All texts, variations and buttons of a response, where the step shows it. */
export function ResponseEditor({ id, autoFocus }: ResponseEditorProps) {
  const { t } = useTranslation("builder");
  const { assistantId, sources } = useBuilder();
  const response = useResponse(assistantId, id);
  const nameOf = useResponseName();
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
    return <FirstText key={id} create={response.create} {...(autoFocus ? { autoFocus } : {})} />;
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
      {save.status === "failed" ? <p role="alert">{save.error?.message}</p> : null}
      {body.map((variation, index) => (
        <VariationEditor
          // biome-ignore lint/suspicious/noArrayIndexKey: variations have no identity but their place
          key={index}
          number={index + 1}
          variation={isObject(variation) ? variation : {}}
          problems={problems.filter(({ pointer }) => isBelow(pointer, `/${index}`))}
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
  change: (body: Json[]) => void,
  message: string,
): void {
  change(body.toSpliced(index, 1));
  toast.done(message, { undo: () => change(body) });
}

/** The response is only a name so far: its first words make it. */
function FirstText({
  create,
  autoFocus,
}: {
  create: (text: string) => Promise<void>;
  autoFocus?: boolean;
}) {
  const { t } = useTranslation("builder");
  const { readOnly } = useBuilder();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const onCreate = async () => {
    setBusy(true);
    try {
      await create(text.trim());
    } catch (error) {
      toast.failed(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={classes["card"]}>
      <Textarea
        aria-label={t("messageText")}
        placeholder={t("writeMessage")}
        value={text}
        readOnly={readOnly}
        autoFocus={autoFocus ?? false}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => (text.trim() ? void onCreate() : undefined)}
      />
      <Button
        size="xs"
        disabled={!text.trim() || readOnly}
        loading={busy}
        onClick={() => void onCreate()}
      >
        {t("createMessage")}
      </Button>
    </div>
  );
}
