import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { StepTile } from "@/components/steps/step-tile";
import type { JsonObject } from "@/flow-core/json";
import { humanise } from "@/lib/humanise";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import classes from "./side.module.css";
import { StubEditor } from "./stub-editor";

/** The custom actions of this version; in this conversation one can answer in their place. */
export function ActionsTab() {
  const { t } = useTranslation("inspector");
  const { content, state } = useInspection();
  const [editing, setEditing] = useState<string | null>(null);
  const names = [...new Set([...Object.keys(state.stubs), ...(content?.actions ?? [])])].sort();
  return (
    <>
      <p className={classes["hint"]}>{t(names.length > 0 ? "actions.hint" : "actions.none")}</p>
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
  const answerFor = useStubAction();
  const remove = () =>
    void answerFor(name, null, stub ?? null).catch((error: Error) => toast.failed(error.message));
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

/** Answers for an action, or no longer, and offers to take that back. */
function useStubAction() {
  const { t } = useTranslation("inspector");
  const { conversation } = useInspection();
  return async (name: string, answer: JsonObject | null, before: JsonObject | null) => {
    await conversation.stubAction(name, answer);
    const action = humanise(name);
    toast.done(t(answer ? "actions.saved" : "actions.removed", { action }), {
      undo: () =>
        void conversation
          .stubAction(name, before)
          .catch((error: Error) => toast.failed(error.message)),
    });
  };
}
