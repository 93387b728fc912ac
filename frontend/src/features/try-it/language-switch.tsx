import { IconWorld } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Assistant } from "@/api/types";
import { toast } from "@/components/feedback/toast";
import { BarSelect } from "@/components/table/bar-select";
import type { Conversation } from "./conversation";

const SLOT = "language";

interface LanguageSwitchProps {
  conversation: Conversation;
  assistant: Assistant;
}

/** In which language the assistant answers from now on; nothing where it has only one. */
export function LanguageSwitch({ conversation, assistant }: LanguageSwitchProps) {
  const { t, i18n } = useTranslation("try-it");
  const { tracker, status } = useStore(conversation.store);
  const languages = [assistant.language, ...assistant.additional_languages];
  if (languages.length < 2 || !tracker || !Object.hasOwn(tracker.slots, SLOT)) return null;
  const names = new Intl.DisplayNames(i18n.language, { type: "language" });
  return (
    <BarSelect
      w={136}
      aria-label={t("language")}
      leftSection={<IconWorld size={16} stroke={1.75} />}
      data={languages.map((code) => ({ value: code, label: nameOf(code, names) }))}
      value={String(tracker.slots[SLOT] ?? assistant.language)}
      allowDeselect={false}
      disabled={status !== "open"}
      onChange={(code) => {
        if (!code) return;
        conversation.setSlot(SLOT, code).catch(toast.refused);
      }}
    />
  );
}

function nameOf(code: string, names: Intl.DisplayNames): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code; // a project may name a language as it likes
  }
}
