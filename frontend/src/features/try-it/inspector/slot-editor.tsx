import { Button, FocusTrap } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { SlotValueField, useProblemWords } from "@/components/content/slot-value-field";
import { draftOf, readDraft, slotDefinition } from "@/components/content/slot-values";
import { toast } from "@/components/feedback/toast";
import type { Json } from "@/flow-core/json";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import classes from "./side.module.css";

interface SlotEditorProps {
  name: string;
  now: Json;
  onDone: () => void;
}

/** Sets a slot by hand. The conversation goes on with it; taking it back sets the slot back. */
export function SlotEditor({ name, now, onDone }: SlotEditorProps) {
  const { t } = useTranslation(["inspector", "common"]);
  const { content } = useInspection();
  const definition = slotDefinition(content?.slots[name], now);
  const [draft, setDraft] = useState(() => draftOf(definition, now));
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const problemOf = useProblemWords();
  const setSlot = useSetSlot();
  const send = async (value: Json) => {
    setBusy(true);
    try {
      await setSlot(name, value, now);
      onDone();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const read = readDraft(definition, draft);
    setProblem(problemOf(read));
    if ("value" in read) void send(read.value);
  };
  return (
    <FocusTrap active>
      <form
        className={classes["editor"]}
        onSubmit={onSubmit}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          onDone();
        }}
      >
        <SlotValueField
          label={t("slots.value", { slot: name })}
          slot={definition}
          draft={draft}
          onChange={(next) => {
            setDraft(next);
            setProblem(null);
          }}
          error={problem}
        />
        {problem && definition.type === "bool" ? (
          <p className={shared["problem"]} role="alert">
            {problem}
          </p>
        ) : null}
        <div className={classes["buttons"]}>
          <Button
            size="xs"
            type="submit"
            loading={busy}
            disabled={draft === "" && definition.type !== "text"}
          >
            {t("slots.apply")}
          </Button>
          {now === null ? null : (
            <Button size="xs" variant="default" disabled={busy} onClick={() => void send(null)}>
              {t("slots.empty")}
            </Button>
          )}
          <Button size="xs" variant="subtle" color="gray" onClick={onDone}>
            {t("common:cancel")}
          </Button>
        </div>
      </form>
    </FocusTrap>
  );
}

/** Sets a slot and offers to set it back. */
function useSetSlot() {
  const { t } = useTranslation("inspector");
  const { conversation, say, chooseTurn } = useInspection();
  return async (slot: string, value: Json, before: Json) => {
    await conversation.setSlot(slot, value);
    chooseTurn(null);
    const words =
      value === null ? t("slots.emptied", { slot }) : t("slots.done", { slot, value: say(value) });
    toast.done(words, {
      about: `slot of the conversation ${slot}`,
      undo: () => void conversation.setSlot(slot, before).catch(toast.refused),
    });
  };
}
