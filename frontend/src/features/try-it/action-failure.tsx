import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Version, VersionContent } from "@/api/types";
import classes from "./chat-panel.module.css";
import type { Conversation } from "./conversation";
import { useStubAction } from "./inspector/use-stub-action";
import { RunningLog } from "./running-log";
import type { ChatMessage } from "./tracker";

const StubEditor = lazy(async () => ({
  default: (await import("./inspector/stub-editor")).StubEditor,
}));

interface ActionFailureProps {
  message: ChatMessage;
  assistantId: string;
  version: Version;
  content: VersionContent | undefined;
  conversation: Conversation;
}

/** An action that failed: why, its output, and the way to answer in its place. */
export function ActionFailure(props: ActionFailureProps) {
  const { message, assistantId, version, content, conversation } = props;
  const { t } = useTranslation(["try-it", "inspector"]);
  const stubs = useStore(conversation.store, (state) => state.stubs);
  const answerFor = useStubAction(conversation);
  const [opened, setOpened] = useState<"answer" | "log" | null>(null);
  const action = message.action ?? "";
  const stub = stubs[action];
  return (
    <div className={classes["failure"]}>
      <p>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
        <span>{message.text}</span>
      </p>
      {opened === "answer" ? (
        <Suspense>
          <StubEditor
            {...{ action, stub, content }}
            onSave={async (answer) => {
              await answerFor(action, answer, stub ?? null);
              setOpened(null);
            }}
            onCancel={() => setOpened(null)}
          />
        </Suspense>
      ) : (
        <div className={classes["failureWays"]}>
          <Button size="xs" variant="default" onClick={() => setOpened("answer")}>
            {t(stub ? "inspector:actions.change" : "inspector:actions.write")}
          </Button>
          <Button size="xs" variant="subtle" onClick={() => setOpened("log")}>
            {t("log.show")}
          </Button>
        </div>
      )}
      {opened === "log" ? (
        <RunningLog {...{ assistantId, version }} onClose={() => setOpened(null)} />
      ) : null}
    </div>
  );
}
