import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { StepTile } from "@/components/steps/step-tile";
import type { JsonObject } from "@/flow-core/json";
import { humanise } from "@/lib/humanise";
import { RunningLog } from "../running-log";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import classes from "./side.module.css";
import { StubEditor } from "./stub-editor";
import { useStubAction } from "./use-stub-action";

/** The custom actions of this version; in this conversation one can answer in their place. */
export function ActionsTab() {
  const { t } = useTranslation(["inspector", "try-it"]);
  const { assistantId, version, content, state } = useInspection();
  const [editing, setEditing] = useState<string | null>(null);
  const [logShown, setLogShown] = useState(false);
  const names = [...new Set([...Object.keys(state.stubs), ...(content?.actions ?? [])])].sort();
  return (
    <>
      <p className={classes["hint"]}>{t(names.length > 0 ? "actions.hint" : "actions.none")}</p>
      {names.length > 0 ? (
        <div className={classes["buttons"]}>
          <Button size="xs" variant="subtle" onClick={() => setLogShown(true)}>
            {t("try-it:log.show")}
          </Button>
        </div>
      ) : null}
      {logShown ? (
        <RunningLog {...{ assistantId, version }} onClose={() => setLogShown(false)} />
      ) : null}
      <ul className={classes["actions"]}>
        {names.map((name) => (
          <li key={name}>
            <ActionLine
              name={name}
              stub={state.stubs[name]}
              editing={editing === name}
              onEdit={(open) => setEditing(open ? name : null)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

interface ActionLineProps {
  name: string;
  stub: JsonObject | undefined;
  editing: boolean;
  onEdit: (open: boolean) => void;
}

function ActionLine({ name, stub, editing, onEdit }: ActionLineProps) {
  const { t } = useTranslation("inspector");
  const { content, conversation } = useInspection();
  const answerFor = useStubAction(conversation);
  const remove = () => void answerFor(name, null, stub ?? null).catch(toast.refused);
  return (
    <>
      <div className={classes["action"]}>
        <StepTile kind="action" size={24} />
        <span className={shared["grow"]}>
          <b>{humanise(name)}</b>
          <code>{name}</code>
        </span>
        <StateBadge tone={stub ? "warn" : "neutral"}>
          {t(stub ? "actions.stubbed" : "actions.server")}
        </StateBadge>
      </div>
      {editing ? (
        <StubEditor
          action={name}
          stub={stub}
          content={content}
          onSave={async (answer) => {
            await answerFor(name, answer, stub ?? null);
            onEdit(false);
          }}
          onCancel={() => onEdit(false)}
        />
      ) : (
        <div className={classes["buttons"]}>
          <Button size="xs" variant="default" onClick={() => onEdit(true)}>
            {t(stub ? "actions.change" : "actions.write")}
          </Button>
          {stub ? (
            <Button size="xs" variant="subtle" color="gray" onClick={remove}>
              {t("actions.remove")}
            </Button>
          ) : null}
        </div>
      )}
    </>
  );
}
