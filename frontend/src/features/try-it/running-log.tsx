import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Version } from "@/api/types";
import { runningLogQuery } from "@/api/versions";
import { LogModal } from "@/components/log-modal";
import classes from "./chat-panel.module.css";

interface RunningLogProps {
  assistantId: string;
  version: Version;
  onClose: () => void;
}

const SHOWN_LINES = 200;

/** What the running assistant and its actions have written: the last lines, and all of it to keep. */
export function RunningLog({ assistantId, version, onClose }: RunningLogProps) {
  const { t } = useTranslation("try-it");
  const log = useQuery(runningLogQuery(assistantId, version.id));
  const end = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (log.data) end.current?.scrollIntoView({ block: "end" });
  }, [log.data]);
  const lines = (log.data ?? "").trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
  return (
    <LogModal
      title={t("log.title", { number: version.number })}
      label={t("log.lines")}
      above={<p className={classes["logHint"]}>{t("log.hint", { number: SHOWN_LINES })}</p>}
      text={log.data}
      fileName={`version-${version.number}-running.log`}
      actions={
        <Button variant="subtle" loading={log.isFetching} onClick={() => void log.refetch()}>
          {t("log.refresh")}
        </Button>
      }
      onClose={onClose}
    >
      {log.error ? log.error.message : log.data === "" ? t("log.empty") : lines}
      <span ref={end} />
    </LogModal>
  );
}
