import { NumberInput, UnstyledButton } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentQuery } from "@/api/content";
import { type Intent, understandingKey } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { toast } from "@/components/feedback/toast";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import classes from "./understanding.module.css";

interface Started {
  flow: string;
  name: string;
  intent: string;
  threshold: number;
}

/** Flows that an intent starts, each with the confidence from which on; a click edits it in place. */
export function StartedFlows(props: {
  intents: readonly Intent[];
  onChoose: (intent: string) => void;
}) {
  const { t } = useTranslation("understanding");
  const [open, setOpen] = useState<string | null>(null);
  const flows = props.intents
    .flatMap(({ id, flows: started }) =>
      started.map(({ flow, flow_name: name, threshold }) => ({
        flow,
        name,
        intent: id,
        threshold,
      })),
    )
    .sort((one, other) => one.name.localeCompare(other.name));
  if (flows.length === 0) return null;
  return (
    <section className={classes["started"]} aria-label={t("startedByIntent")}>
      <h2 className="small-heading">{t("startedByIntent")}</h2>
      <ul>
        {flows.map((each) => {
          const key = `${each.flow} ${each.intent}`;
          return (
            <li key={key}>
              <span className={classes["grow"]}>{each.name}</span>
              {open === key ? (
                <Threshold started={each} onDone={() => setOpen(null)} />
              ) : (
                <ThresholdButton started={each} onOpen={() => setOpen(key)} />
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** "from 0.80", which becomes a field. */
export function EditedThreshold({ started }: { started: Started }) {
  const [open, setOpen] = useState(false);
  return open ? (
    <Threshold started={started} onDone={() => setOpen(false)} />
  ) : (
    <ThresholdButton started={started} onOpen={() => setOpen(true)} />
  );
}

function ThresholdButton({ started, onOpen }: { started: Started; onOpen: () => void }) {
  const { t } = useTranslation("understanding");
  const { readOnly } = useContent();
  const from =
    started.threshold > 0 ? t("from", { threshold: started.threshold.toFixed(2) }) : t("fromAny");
  if (readOnly) return <small>{from}</small>;
  return (
    <UnstyledButton
      className={classes["threshold"]}
      aria-label={t("editThreshold", { flow: started.name, from })}
      onClick={onOpen}
    >
      {from}
    </UnstyledButton>
  );
}

function Threshold({ started, onDone }: { started: Started; onDone: () => void }) {
  const { t } = useTranslation("understanding");
  const save = useThreshold();
  const [value, setValue] = useState<number | string>(started.threshold);
  const leave = (keep: boolean) => {
    onDone();
    if (keep && typeof value === "number" && value !== started.threshold) void save(started, value);
  };
  return (
    <NumberInput
      size="xs"
      w="5.5rem"
      aria-label={t("threshold", { flow: started.name })}
      value={value}
      min={0}
      max={1}
      step={0.05}
      decimalScale={2}
      clampBehavior="strict"
      autoFocus
      onChange={setValue}
      onBlur={() => leave(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") leave(true);
        else if (event.key === "Escape") leave(false);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

/** Another threshold of the flow's trigger, which can be taken back. */
function useThreshold() {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const write = async (started: Started, threshold: number) => {
    const query = contentQuery(assistantId, "flows", started.flow);
    const stored = await client.fetchQuery({ ...query, staleTime: 0 });
    const saved = await content.save(assistantId, "flows", started.flow, {
      revision: stored.revision,
      body: withThreshold(stored.body, started.intent, threshold),
    });
    client.setQueryData(query.queryKey, saved);
    await client.invalidateQueries({ queryKey: understandingKey(assistantId) });
  };
  return async (started: Started, threshold: number) => {
    try {
      await write(started, threshold);
      toast.done(t("thresholdSet", { flow: started.name, threshold: threshold.toFixed(2) }), {
        about: `threshold ${started.flow} ${started.intent}`,
        undo: () => void write(started, started.threshold).catch(toast.refused),
      });
    } catch (error) {
      toast.refused(error);
    }
  };
}

/** The flow whose trigger by this intent has another threshold; however it is written. */
function withThreshold(body: JsonObject, intent: string, threshold: number): JsonObject {
  const triggers = Array.isArray(body["nlu_trigger"]) ? body["nlu_trigger"] : [];
  const changed = triggers.map((entry): Json => {
    const named = isObject(entry) ? entry["intent"] : entry;
    const name = isObject(named) ? named["name"] : named;
    if (name !== intent) return entry;
    const by = { ...(isObject(named) ? named : { name }), confidence_threshold: threshold };
    return { ...(isObject(entry) ? entry : {}), intent: by };
  });
  return { ...body, nlu_trigger: changed };
}
