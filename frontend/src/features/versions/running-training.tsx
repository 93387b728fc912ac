import { Button } from "@mantine/core";
import {
  IconAlertCircle,
  IconCheck,
  IconCircleCheck,
  IconCircleDashed,
  IconPlayerStop,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import type { Version } from "@/api/types";
import { isBusy } from "@/api/versions";
import { AnchorLink, ButtonLink } from "@/components/links";
import { ProgressBar } from "@/components/progress-bar";
import { StateDot } from "@/components/state-badge";
import { LogDialog } from "./log-dialog";
import { RuntimeWords } from "./runtime-words";
import classes from "./train-panel.module.css";
import { useVersionCommands } from "./use-version-commands";

const PHASES = ["check", "package", "train", "start"] as const;

/** The newest version while it is made, and how it ended. */
export function RunningTraining({
  assistantId,
  version,
}: {
  assistantId: string;
  version: Version;
}) {
  const [logOpen, setLogOpen] = useState(false);
  return (
    <>
      {isBusy(version) ? (
        <Busy assistantId={assistantId} version={version} onLog={() => setLogOpen(true)} />
      ) : (
        <Ended assistantId={assistantId} version={version} onLog={() => setLogOpen(true)} />
      )}
      {logOpen ? (
        <LogDialog assistantId={assistantId} version={version} onClose={() => setLogOpen(false)} />
      ) : null}
    </>
  );
}

interface PartProps {
  assistantId: string;
  version: Version;
  onLog: () => void;
}

function Busy({ assistantId, version, onLog }: PartProps) {
  const { t } = useTranslation("versions");
  const me = useMe();
  const commands = useVersionCommands(assistantId, version);
  const mayStop = version.created_by?.id === me.id || me.roles.includes("SuperUser");
  const place = version.queue_position;
  return (
    <section className={classes["running"]} aria-live="polite">
      <div className={classes["line"]}>
        <StateDot tone="warn" />
        <b>{t(place === null ? "isTraining" : "isWaiting", { number: version.number })}</b>
        <small>{place === null ? `${version.progress} %` : t("place", { place })}</small>
      </div>
      <ProgressBar
        tone="warn"
        value={version.progress}
        label={t("isTraining", { number: version.number })}
      />
      <div className={classes["phases"]}>
        {place === null ? <Phases now={PHASES.indexOf(version.phase ?? "check")} /> : null}
        {place === null ? null : <span>{t("placeHint")}</span>}
        <span className={classes["grow"]} />
        <Button variant="transparent" size="xs" onClick={onLog}>
          {t("log")}
        </Button>
        <Button variant="transparent" size="xs" disabled={!mayStop} onClick={commands.stop}>
          {t("stop")}
        </Button>
      </div>
    </section>
  );
}

function Phases({ now }: { now: number }) {
  const { t } = useTranslation("versions");
  return PHASES.map((phase, index) => (
    <span key={phase} data-state={index < now ? "done" : index === now ? "now" : "later"}>
      {index < now ? <IconCheck size={14} stroke={1.75} aria-hidden="true" /> : null}
      {index === now ? <IconCircleDashed size={14} stroke={1.75} aria-hidden="true" /> : null}
      {t(`phase.${phase}`)}
    </span>
  ));
}

function Ended({ assistantId, version, onLog }: PartProps) {
  const { t } = useTranslation("versions");
  const navigate = useNavigate();
  if (version.status === "failed") {
    const flow = version.error?.flow;
    return (
      <section className={classes["notYet"]} role="alert">
        <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
        <span>
          <b>{t("hasFailed", { number: version.number })}</b>
          <small>{version.error?.message}</small>
          <Button variant="transparent" size="xs" onClick={onLog}>
            {t("seeLog")}
          </Button>
          {flow ? (
            <Button
              variant="transparent"
              size="xs"
              onClick={() =>
                void navigate({
                  to: "/assistants/$assistantId/flows/$flowId",
                  params: { assistantId, flowId: flow },
                })
              }
            >
              {t("openFlow")}
            </Button>
          ) : null}
        </span>
      </section>
    );
  }
  if (version.status === "inactive" && version.error) {
    return (
      <section className={classes["notYet"]} role="alert">
        <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
        <span>
          <b>{t("notRunning", { number: version.number })}</b>
          <small>{version.error.message}</small>
        </span>
      </section>
    );
  }
  if (version.status === "stopped") {
    return (
      <section className={classes["running"]} aria-live="polite">
        <div className={classes["line"]}>
          <IconPlayerStop size={16} stroke={1.75} aria-hidden="true" />
          <b>{t("wasStopped", { number: version.number })}</b>
        </div>
      </section>
    );
  }
  if (version.status !== "ready") return null;
  return (
    <section className={classes["ready"]}>
      <IconCircleCheck size={18} stroke={1.75} aria-hidden="true" />
      <span>
        <b>{t("isReady", { number: version.number })}</b>
        {version.duration_seconds === null ? null : (
          <small>{t("took", { seconds: version.duration_seconds.toFixed(1) })}</small>
        )}
        <RuntimeWords runtime={version.runtime} />
        {version.warnings.length > 0 ? (
          <details>
            <summary>{t("warnings", { count: version.warnings.length })}</summary>
            <ul>
              {version.warnings.map((warning) => (
                <li key={warning.message}>
                  {warning.message}{" "}
                  {warning.flow ? (
                    <AnchorLink
                      inherit
                      to="/assistants/$assistantId/flows/$flowId"
                      params={{ assistantId, flowId: warning.flow }}
                    >
                      {t("openFlow")}
                    </AnchorLink>
                  ) : null}
                </li>
              ))}
            </ul>
          </details>
        ) : null}
      </span>
      <ButtonLink
        size="xs"
        variant="default"
        to="/assistants/$assistantId/try"
        params={{ assistantId }}
        search={{ version: version.id }}
      >
        {t("chat")}
      </ButtonLink>
    </section>
  );
}
