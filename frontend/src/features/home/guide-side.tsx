import { Button } from "@mantine/core";
import { IconMessageChatbot, IconSchool, IconSunrise } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Sample } from "@/api/samples";
import type { Assistant } from "@/api/types";
import { versions } from "@/api/versions";
import { AssistantIcon } from "@/components/assistant-icon";
import { ASSISTANT_TONES, assistantState } from "@/components/assistant-state";
import { toast } from "@/components/feedback/toast";
import { ButtonLink } from "@/components/links";
import { StateDot } from "@/components/state-badge";
import classes from "./guide.module.css";

/** Beside the guide: the assistant to begin with, and the one thing to do with it now. */
export function GuideSide({
  assistant,
  sample,
}: {
  assistant: Assistant | undefined;
  sample: Sample | undefined;
}) {
  const { t } = useTranslation("home");
  const shown = assistant ?? sample;
  return (
    <div className={classes["side"]}>
      <SideState assistant={assistant} />
      {shown ? (
        <div className={classes["sample"]}>
          <span className={classes["sampleIcon"]}>
            <AssistantIcon name={shown.icon} size={28} />
          </span>
          <b>{shown.name}</b>
          <p>{shown.description || t("side.noDescription")}</p>
          {assistant ? <SideAction assistant={assistant} /> : null}
        </div>
      ) : null}
      <p className={classes["tip"]}>{t("side.tip")}</p>
    </div>
  );
}

function SideState({ assistant }: { assistant: Assistant | undefined }) {
  const { t } = useTranslation("home");
  const state = assistant && assistantState(assistant);
  return (
    <span className={classes["sideState"]}>
      <StateDot tone={state ? ASSISTANT_TONES[state] : "neutral"} />
      {t(`side.${state ?? "sample"}`)}
    </span>
  );
}

function SideAction({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const state = assistantState(assistant);
  const rests = state === "asleep" || state === "ended";
  const start = useMutation({
    mutationFn: () =>
      rests && assistant.latest_version
        ? versions.wake(assistant.id, assistant.latest_version.id)
        : versions.train(assistant.id, { flows: null }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["assistants"] }),
    onError: toast.refused,
  });
  if (state === "ready") {
    return (
      <ButtonLink
        variant="default"
        to="/assistants/$assistantId/try"
        params={{ assistantId: assistant.id }}
        leftSection={<IconMessageChatbot size={18} stroke={1.75} />}
      >
        {t("side.talk")}
      </ButtonLink>
    );
  }
  return (
    <Button
      variant="default"
      loading={state === "busy" || start.isPending}
      leftSection={
        rests ? <IconSunrise size={18} stroke={1.75} /> : <IconSchool size={18} stroke={1.75} />
      }
      onClick={() => start.mutate()}
    >
      {t(state === "ended" ? "side.startAgain" : rests ? "side.wake" : "side.train")}
    </Button>
  );
}
