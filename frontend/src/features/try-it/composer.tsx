import { Textarea } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import classes from "./chat-panel.module.css";
import type { QuickReply } from "./tracker";

interface ComposerProps {
  field: RefObject<HTMLTextAreaElement | null>;
  sent: readonly string[];
  disabled: boolean;
  replies: readonly QuickReply[];
  onSend: (text: string) => void;
  onReply: (reply: QuickReply) => void;
}

/** Enter sends, Shift Enter breaks the line, ↑ ↓ bring back what was said, Alt 1 to 9 press a button. */
export function Composer(props: ComposerProps) {
  const { field, sent, disabled, replies, onSend, onReply } = props;
  const { t } = useTranslation("try-it");
  const [text, setText] = useState("");
  const [back, setBack] = useState(0);
  useEffect(() => {
    if (!disabled) field.current?.focus();
  }, [disabled, field]);
  const send = (keep: boolean) => {
    if (!text.trim() || disabled) return;
    onSend(text.trim());
    setBack(0);
    if (!keep) setText("");
  };
  const recall = (by: 1 | -1): boolean => {
    const place = back + by;
    if (place < 0 || place > sent.length || (text !== "" && back === 0)) return false;
    setBack(place);
    setText(place === 0 ? "" : (sent[sent.length - place] ?? ""));
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const reply = event.altKey ? replies[Number(event.key) - 1] : undefined;
    if (reply) onReply(reply);
    else if (event.key === "Enter" && !event.shiftKey && !event.altKey)
      send(event.ctrlKey || event.metaKey);
    else if (!(event.key in RECALL) || !recall(RECALL[event.key] ?? 1)) return;
    event.preventDefault();
  };
  return (
    <div className={classes["composer"]}>
      <Textarea
        ref={field}
        classNames={{ input: classes["fieldInput"] }}
        aria-label={t("write")}
        placeholder={t("write")}
        minRows={1}
        maxRows={6}
        value={text}
        disabled={disabled}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setBack(0);
        }}
        onKeyDown={onKeyDown}
        rightSection={
          <IconButton
            label={t("send")}
            keyHint="Enter"
            variant="filled"
            color="teal"
            radius="xl"
            size={28}
            disabled={disabled || !text.trim()}
            onClick={() => send(false)}
          >
            <IconArrowUp size={16} stroke={2} />
          </IconButton>
        }
      />
    </div>
  );
}

const RECALL: Readonly<Record<string, 1 | -1>> = { ArrowUp: 1, ArrowDown: -1 };
