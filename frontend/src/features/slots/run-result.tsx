import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ActionRun, SaidMessage } from "@/api/actions";
import { useContent } from "@/components/content/content-context";
import { AnchorLink } from "@/components/links";
import { StateBadge } from "@/components/state-badge";
import { isObject, type Json } from "@/flow-core/json";
import classes from "./slots.module.css";

interface RunResultProps {
  run: ActionRun;
  /** The file that is open here. */
  path: string | null;
  onLine: (line: number) => void;
}

/** What an action said, set and printed, or why it did not come to its end. */
export function RunResult({ run, path, onLine }: RunResultProps) {
  const { t, i18n } = useTranslation("slots");
  const { assistantId } = useContent();
  const failed = run.problem !== null;
  const seconds = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 2 });
  const quiet = run.messages.length + run.slots.length + run.events.length === 0;
  return (
    <div className={classes["result"]}>
      <p className={classes["resultHead"]}>
        <StateBadge tone={failed ? "err" : "ok"}>
          {t(run.rejected ? "runRefused" : failed ? "runFailed" : "runWorked")}
        </StateBadge>
        {run.seconds === null ? null : (
          <span>{t("runTook", { seconds: seconds.format(run.seconds) })}</span>
        )}
      </p>
      {failed ? <p className={classes["problem"]}>{run.problem}</p> : null}
      {run.path !== null && run.line !== null ? (
        run.path === path ? (
          <Anchor component="button" onClick={() => onLine(run.line ?? 1)}>
            {t("runAtLine", { path: run.path, line: run.line })}
          </Anchor>
        ) : (
          <AnchorLink
            to="/assistants/$assistantId/files"
            params={{ assistantId }}
            search={{ file: run.path, line: run.line }}
          >
            {t("runAtLine", { path: run.path, line: run.line })}
          </AnchorLink>
        )
      ) : null}
      {run.messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no identity but their place
        <Said key={index} message={message} />
      ))}
      {run.unsaid.map((why) => (
        <p key={why} className={classes["problem"]}>
          {why}
        </p>
      ))}
      {run.slots.map(({ slot, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a slot may be set twice
        <p key={index} className={classes["resultHead"]}>
          <code className={classes["chip"]}>{slot}</code> {t("becomes")}{" "}
          <b>{value === null ? t("nothing") : written(value)}</b>
        </p>
      ))}
      {run.events.length > 0 ? (
        <p className={classes["quiet"]}>{t("otherEvents", { events: run.events.join(", ") })}</p>
      ) : null}
      {!failed && quiet ? <p className={classes["quiet"]}>{t("runDidNothing")}</p> : null}
      {run.output === "" ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
        <section className={classes["stub"]} tabIndex={0} aria-label={t("printed")}>
          <pre>{run.output}</pre>
        </section>
      )}
    </div>
  );
}

function Said({ message: { text, more } }: { message: SaidMessage }) {
  const { buttons, ...rest } = more;
  const others = Object.keys(rest).length > 0 ? JSON.stringify(rest, null, 2) : null;
  return (
    <div className={classes["said"]}>
      {text}
      {Array.isArray(buttons) ? (
        <span className={classes["saidButtons"]}>
          {buttons.map((button) => {
            const title = isObject(button) ? String(button["title"] ?? "") : "";
            return <kbd key={title}>{title}</kbd>;
          })}
        </span>
      ) : null}
      {others === null ? null : <pre>{others}</pre>}
    </div>
  );
}

function written(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
