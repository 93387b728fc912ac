import { Button } from "@mantine/core";
import { IconMessageChatbot, IconSchool } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Sample } from "@/api/samples";
import type { Assistant } from "@/api/types";
import { versions } from "@/api/versions";
import { toast } from "@/components/feedback/toast";
import { ButtonLink } from "@/components/links";
import { StateDot } from "@/components/state-badge";
import { AssistantIcon } from "./assistant-icon";
import classes from "./guide.module.css";

const BUSY = ["queued", "training", "deploying"];

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
  const busy = BUSY.includes(assistant?.latest_version?.status ?? "");
  const ready = assistant?.ready_version != null;
  return (
    <span className={classes["sideState"]}>
      <StateDot tone={busy ? "warn" : ready ? "ok" : "neutral"} />
      {t(
        busy
          ? "side.training"
          : ready
            ? "side.running"
            : assistant
              ? "side.untrained"
              : "side.sample",
      )}
    </span>
  );
}

function SideAction({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const train = useMutation({
    mutationFn: () => versions.train(assistant.id, { flows: null }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["assistants"] }),
    onError: (error) => toast.failed(error.message),
  });
  const busy = BUSY.includes(assistant.latest_version?.status ?? "");
  if (assistant.ready_version && !busy) {
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
      loading={busy || train.isPending}
      leftSection={<IconSchool size={18} stroke={1.75} />}
      onClick={() => train.mutate()}
    >
      {t("side.train")}
    </Button>
  );
}
