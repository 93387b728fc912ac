import {
  IconAlertCircle,
  IconArrowBackUp,
  IconBook,
  IconCircleX,
  IconHelp,
  IconMessage2,
  IconPlayerPlay,
  IconPlayerSkipForward,
  IconRefresh,
  IconRepeat,
  IconTerminal2,
  IconVariable,
} from "@tabler/icons-react";
import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { AnchorLink } from "@/components/links";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";

/** The commands in words, the flows among them as links. */
export function CommandList({ commands }: { commands: readonly Json[] }) {
  const { t } = useTranslation("inspector");
  if (commands.length === 0) return <p>{t("understood.nothing")}</p>;
  return (
    <ul className={classes["commands"]}>
      {commands.map((command, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same command may come twice; its place tells it
        <li key={index}>
          {isObject(command) ? <CommandWords command={command} /> : String(command)}
        </li>
      ))}
    </ul>
  );
}

/** Commands that say all by their name. */
const PLAIN = {
  "cannot handle": ["cannotHandle", IconHelp],
  "cancel flow": ["cancel", IconCircleX],
  chitchat: ["chitchat", IconMessage2],
  knowledge: ["knowledge", IconBook],
  "skip question": ["skip", IconPlayerSkipForward],
  repeat: ["repeat", IconRepeat],
  restart: ["restart", IconRefresh],
  "session start": ["sessionStart", IconPlayerPlay],
  "session end": ["sessionEnd", IconCircleX],
  "user silence": ["silence", IconMessage2],
  "handle code change": ["codeChange", IconRefresh],
  "human handoff": ["handover", IconArrowBackUp],
  noop: ["noop", IconTerminal2],
} as const;

function CommandWords({ command }: { command: JsonObject }) {
  const { t } = useTranslation("inspector");
  const name = String(command["command"]);
  switch (name) {
    case "start flow":
      return (
        <Line icon={<IconPlayerPlay size={16} stroke={1.75} />}>
          {t("commands.start")} <FlowCode flow={String(command["flow"])} />
        </Line>
      );
    case "set slot":
      return (
        <Line icon={<IconVariable size={16} stroke={1.75} />}>
          {t("commands.set")} <Assigned slot={command} />
        </Line>
      );
    case "correct slot":
      return (
        <Line icon={<IconArrowBackUp size={16} stroke={1.75} />}>
          {t("commands.correct")}{" "}
          {objects(command["corrected_slots"]).map((slot, index) => (
            <Fragment key={String(slot["name"])}>
              {index > 0 ? ", " : null}
              <Assigned slot={slot} />
            </Fragment>
          ))}
        </Line>
      );
    case "clarify":
      return (
        <Line icon={<IconHelp size={16} stroke={1.75} />}>
          {t("commands.clarify")} <Options options={command["options"]} />
        </Line>
      );
    case "error":
      return (
        <Line icon={<IconAlertCircle size={16} stroke={1.75} />}>
          {t("commands.error")} <code>{String(command["error_type"])}</code>
        </Line>
      );
    default:
      return <OtherCommand name={name} command={command} />;
  }
}

function OtherCommand({ name, command }: { name: string; command: JsonObject }) {
  const { t } = useTranslation("inspector");
  const known = Object.hasOwn(PLAIN, name) ? PLAIN[name as keyof typeof PLAIN] : null;
  if (!known) {
    return (
      <Line icon={<IconTerminal2 size={16} stroke={1.75} />}>
        <code>{JSON.stringify(command)}</code>
      </Line>
    );
  }
  const [key, Icon] = known;
  return <Line icon={<Icon size={16} stroke={1.75} />}>{t(`commands.${key}`)}</Line>;
}

export function Line({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <>
      <span className={classes["commandIcon"]} aria-hidden="true">
        {icon}
      </span>
      <span>{children}</span>
    </>
  );
}

function Assigned({ slot }: { slot: JsonObject }) {
  const { t } = useTranslation("inspector");
  const { say } = useInspection();
  return (
    <>
      <code className={classes["slot"]}>{String(slot["name"])}</code> {t("commands.to")}{" "}
      <b>{say(slot["value"] ?? null)}</b>
    </>
  );
}

function Options({ options }: { options: Json | undefined }) {
  const flows = Array.isArray(options) ? options.map(String) : [];
  return flows.map((flow, index) => (
    <Fragment key={flow}>
      {index > 0 ? ", " : null}
      <FlowCode flow={flow} />
    </Fragment>
  ));
}

function FlowCode({ flow }: { flow: string }) {
  return (
    <FlowLink flow={flow}>
      <code>{flow}</code>
    </FlowLink>
  );
}

/** Leads to a flow in the builder; system flows are found among their own kind. */
export function FlowLink({ flow, children }: { flow: string; children: ReactNode }) {
  const { assistantId } = useInspection();
  return (
    <AnchorLink
      to="/assistants/$assistantId/flows/$flowId"
      params={{ assistantId, flowId: flow }}
      search={flow.startsWith("pattern_") ? { system: 1 } : {}}
    >
      {children}
    </AnchorLink>
  );
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
