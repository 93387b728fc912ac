import { Button, Group, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Version } from "@/api/types";
import { runningLogQuery } from "@/api/versions";
import { saveFile } from "@/lib/save-file";
import classes from "./chat-panel.module.css";

interface RunningLogProps {
  assistantId: string;
  version: Version;
  onClose: () => void;
}

const SHOWN_LINES = 200;

/** What the running assistant and its actions have written: the last lines, and all of it to keep. */
export function RunningLog({ assistantId, version, onClose }: RunningLogProps) {
  const { t } = useTranslation(["try-it", "common"]);
  const log = useQuery(runningLogQuery(assistantId, version.id));
  const end = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (log.data) end.current?.scrollIntoView({ block: "end" });
  }, [log.data]);
  const lines = (log.data ?? "").trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
  return (
    <Modal
      opened
      onClose={onClose}
      size={860}
      title={t("log.title", { number: version.number })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p className={classes["logHint"]}>{t("log.hint", { number: SHOWN_LINES })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section className={classes["log"]} aria-label={t("log.lines")} tabIndex={0}>
        <code>{log.error ? log.error.message : log.data === "" ? t("log.empty") : lines}</code>
        <span ref={end} />
      </section>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="subtle" loading={log.isFetching} onClick={() => void log.refetch()}>
          {t("log.refresh")}
        </Button>
        <Button
          variant="default"
          disabled={!log.data}
          onClick={() =>
            saveFile({
              blob: new Blob([log.data ?? ""], { type: "text/plain" }),
              name: `version-${version.number}-running.log`,
            })
          }
        >
          {t("log.download")}
        </Button>
        <Button onClick={onClose}>{t("common:close")}</Button>
      </Group>
    </Modal>
  );
}
