import { IconAlertCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import type { Version } from "@/api/types";
import { isBusy } from "@/api/versions";
import { LogModal } from "@/components/log-modal";
import { RuntimeWords } from "./runtime-words";
import classes from "./versions.module.css";

interface LogDialogProps {
  assistantId: string;
  version: Version;
  onClose: () => void;
}

const REFRESH_MS = 1000;

/** The log of a training; it grows while the training goes on. The line of the first error is marked. */
export function LogDialog({ assistantId, version, onClose }: LogDialogProps) {
  const { t } = useTranslation("versions");
  const busy = isBusy(version);
  const known = useRef({ text: "", next: 0 });
  const log = useQuery({
    queryKey: ["versions", assistantId, "log", version.id, busy],
    queryFn: async () => {
      const path = `assistants/${assistantId}/versions/${version.id}/log/`;
      const { text, next } = known.current;
      const part = await api.growing(path, busy ? next : 0);
      const continues = part.from > 0 && part.from === next;
      known.current = { text: continues ? text + part.text : part.text, next: part.next };
      return known.current.text;
    },
    refetchInterval: busy ? REFRESH_MS : false,
  });
  const marked = useRef<HTMLSpanElement>(null);
  const lines = (log.data ?? "").split("\n");
  useEffect(() => {
    if (log.data) marked.current?.scrollIntoView({ block: "center" });
  }, [log.data]);
  return (
    <LogModal
      title={t("logOf", { number: version.number })}
      label={t("log")}
      above={
        <>
          {version.error ? (
            <p className={classes["failure"]} role="alert">
              <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
              {version.error.message}
            </p>
          ) : null}
          {version.finished_at && version.status !== "failed" ? (
            <p className={classes["note"]}>
              <RuntimeWords runtime={version.runtime} />
            </p>
          ) : null}
        </>
      }
      text={log.data}
      fileName={`version-${version.number}.log`}
      onClose={onClose}
    >
      {log.error ? log.error.message : null}
      {lines.map((line, index) => {
        const wrong = version.error?.log_line === index + 1;
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a log have no other identity
            key={index}
            className={classes["logLine"]}
            data-wrong={wrong}
            ref={wrong ? marked : null}
          >
            {line}
          </span>
        );
      })}
    </LogModal>
  );
}
