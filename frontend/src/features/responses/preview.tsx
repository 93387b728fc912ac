import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SlotItem } from "@/api/types";
import { choicesOf } from "@/components/content/button-form";
import { useContent } from "@/components/content/content-context";
import { IconButton } from "@/components/icon-button";
import type { Json } from "@/flow-core/json";
import {
  buttonsOf,
  buttonTranslation,
  filled,
  translationOf,
  variationAt,
} from "@/flow-core/response";
import { humanise } from "@/lib/humanise";
import classes from "./preview.module.css";
import type { Language } from "./use-responses";

interface PreviewProps {
  body: Json[];
  second: Language | undefined;
}

/** How it looks in a chat, with a sample for each slot: one variation after the other, in each language. */
export function Preview({ body, second }: PreviewProps) {
  const { t } = useTranslation(["responses", "canvas"]);
  const { sources } = useContent();
  const [at, setAt] = useState(0);
  // Each variation in the assistant's language, then in the other one.
  const views = body.flatMap((_, index) =>
    (second ? [null, second.code] : [null]).map((language) => ({ index, language })),
  );
  const view = views[at % Math.max(1, views.length)];
  if (!view) return <span className={classes["grow"]} />;
  const variation = variationAt(body, view.index);
  const words = { yes: t("canvas:yes"), no: t("canvas:no") };
  const samples = new Map(
    [...sources.slots.values()].map((slot) => [slot.id, sampleOf(slot, words)]),
  );
  const own = String(variation["text"] ?? "");
  const text = (view.language && translationOf(variation, view.language)) || own;
  const { image, custom } = variation;
  const step = (by: number) => setAt((at + by + views.length) % views.length);
  return (
    <div className={classes["preview"]} role="group" aria-label={t("preview")}>
      <span className={classes["name"]}>{t("preview")}</span>
      {views.length > 1 ? (
        <IconButton size={24} label={t("previewPrevious")} onClick={() => step(-1)}>
          <IconChevronLeft size={14} stroke={1.75} />
        </IconButton>
      ) : null}
      <div className={classes["said"]} aria-live="polite">
        {text ? (
          <span className={classes["bubble"]} dir="auto" lang={view.language ?? undefined}>
            {filled(text, samples)}
          </span>
        ) : null}
        {image ? <span className={classes["bubble"]}>{t("previewImage")}</span> : null}
        {custom ? <code className={classes["bubble"]}>{JSON.stringify(custom)}</code> : null}
        {buttonsOf(variation).map((button) => {
          const title = String(button["title"] ?? "");
          const shown = (view.language && buttonTranslation(button, view.language)) || title;
          return (
            <span key={JSON.stringify(button)} className={classes["chip"]} dir="auto">
              {filled(shown, samples)}
            </span>
          );
        })}
      </div>
      {views.length > 1 ? (
        <IconButton size={24} label={t("previewNext")} onClick={() => step(1)}>
          <IconChevronRight size={14} stroke={1.75} />
        </IconButton>
      ) : null}
    </div>
  );
}

const SAMPLE_NUMBER = "50";

/** A value that the slot might have. */
function sampleOf(slot: SlotItem, words: { yes: string; no: string }): string {
  const { initial_value: initial } = slot;
  if (typeof initial === "string" || typeof initial === "number") return String(initial);
  const [choice] = choicesOf(slot, words) ?? [];
  if (choice) return choice.label;
  return slot.type === "float" ? SAMPLE_NUMBER : humanise(slot.id).toLowerCase();
}
