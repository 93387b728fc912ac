import { Button } from "@mantine/core";
import { IconArrowRight, IconCheck, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants as commands } from "@/api/assistants";
import { savePreferences, useMe } from "@/api/me";
import type { Sample } from "@/api/samples";
import type { Assistant } from "@/api/types";
import { versions } from "@/api/versions";
import { assistantState } from "@/components/assistant-state";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { ButtonLink } from "@/components/links";
import { ProgressBar } from "@/components/progress-bar";
import classes from "./guide.module.css";
import { GuideSide } from "./guide-side";
import { type GuideStep, useGuideSteps } from "./use-guide-steps";

const HIDDEN = "guide_hidden";

/** The way to the first conversation. It ticks itself when a thing has really happened. */
export function Guide({ assistants }: { assistants: readonly Assistant[] }) {
  const { t } = useTranslation("home");
  const me = useMe();
  const assistant = assistants[0];
  const { steps, sample } = useGuideSteps(assistant, me.id);
  const [hidden, setHidden] = useState(me.preferences[HIDDEN] === true);
  if (hidden) return null;
  const done = steps.filter((step) => step.done).length;
  const open = steps.find((step) => !step.done)?.name;
  const hide = () => {
    setHidden(true);
    void savePreferences({ [HIDDEN]: true });
  };
  return (
    <section className={classes["guide"]} aria-labelledby="guide-title">
      <div className={classes["left"]}>
        <div className={classes["head"]}>
          <h2 id="guide-title">{t("guide.title")}</h2>
          <span>{t("guide.progress", { done, all: steps.length })}</span>
          <IconButton label={t("guide.hide")} size={28} onClick={hide}>
            <IconX size={18} stroke={1.75} />
          </IconButton>
        </div>
        <div className={classes["bar"]}>
          <ProgressBar value={(done / steps.length) * 100} />
        </div>
        <ol className={classes["steps"]}>
          {steps.map((step, index) => (
            <li
              key={step.name}
              data-state={step.done ? "done" : step.name === open ? "now" : "later"}
            >
              <span className={classes["number"]}>
                {step.done ? (
                  <IconCheck size={14} stroke={1.75} aria-label={t("guide.done")} />
                ) : (
                  index + 1
                )}
              </span>
              <div className={classes["words"]}>
                <b>{t(`guide.${step.name}.title`)}</b>
                <small>{t(`guide.${step.name}.sentence`)}</small>
              </div>
              {step.name === open ? (
                <StepButton step={step} assistant={assistant} sample={sample} />
              ) : null}
            </li>
          ))}
        </ol>
      </div>
      <GuideSide assistant={assistant} sample={sample} />
    </section>
  );
}

interface StepButtonProps {
  step: GuideStep;
  assistant: Assistant | undefined;
  sample: Sample | undefined;
}

function StepButton({ step, assistant, sample }: StepButtonProps): ReactNode {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const arrow = <IconArrowRight size={16} stroke={1.75} />;
  const attempt = async (work: () => Promise<unknown>) => {
    setBusy(true);
    try {
      await work();
      await client.invalidateQueries({ queryKey: ["assistants"] });
    } catch (error) {
      toast.refused(error);
    }
    setBusy(false);
  };
  if (step.name === "sample") {
    return (
      <Button
        loading={busy}
        disabled={!sample}
        rightSection={arrow}
        onClick={() =>
          void attempt(async () => {
            if (!sample) return;
            const made = await commands.create({ name: sample.name, sample: sample.id });
            await versions.train(made.id, { flows: null });
          })
        }
      >
        {t("guide.sample.button")}
      </Button>
    );
  }
  if (!assistant) return null;
  const params = { assistantId: assistant.id };
  if (step.name === "talk" && needsTraining(assistant)) {
    return (
      <ButtonLink
        to="/assistants/$assistantId/versions"
        params={params}
        search={{ train: 1 }}
        rightSection={arrow}
      >
        {t("toTraining")}
      </ButtonLink>
    );
  }
  if (step.name === "talk") {
    return (
      <ButtonLink to="/assistants/$assistantId/try" params={params} rightSection={arrow}>
        {t("guide.talk.button")}
      </ButtonLink>
    );
  }
  const review = step.name === "review";
  return (
    <ButtonLink
      to={review ? "/assistants/$assistantId/conversations" : "/assistants/$assistantId/flows"}
      params={params}
      rightSection={arrow}
    >
      {t(review ? "guide.review.button" : "guide.change.button")}
    </ButtonLink>
  );
}

/** There is nothing to talk to, and nothing on its way. */
function needsTraining(assistant: Assistant): boolean {
  const state = assistantState(assistant);
  return state === "untrained" || (state === "failed" && assistant.ready_version === null);
}
