import { Radio, Textarea, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { usePermission } from "@/api/me";
import type { Assistant } from "@/api/types";
import { ASSISTANT_ICONS, AssistantIcon, assistantTint } from "@/components/assistant-icon";
import { ReadOnlyBanner } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import classes from "./sections.module.css";
import { SettingsPage } from "./settings-page";
import { useAssistantChange } from "./use-assistant-change";

const route = getRouteApi("/assistants/$assistantId/settings/general");
const NAME_LENGTH = 128;
const DESCRIPTION_LENGTH = 5000;

/** What an assistant is called and looks like at home; each field saves by itself. */
export function GeneralPage() {
  const { t } = useTranslation("settings");
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const mayEdit = usePermission("settings.edit");
  return (
    <SettingsPage name="general" assistant={assistant}>
      <Page title={t("general.title")} sentence={t("general.sentence")}>
        {mayEdit ? null : <ReadOnlyBanner>{t("readOnly")}</ReadOnlyBanner>}
        <div className={classes["card"]}>
          <SavedText assistant={assistant} field="name" readOnly={!mayEdit} />
          <SavedText assistant={assistant} field="description" readOnly={!mayEdit} />
          <IconChoice assistant={assistant} disabled={!mayEdit} />
        </div>
      </Page>
    </SettingsPage>
  );
}

interface SavedTextProps {
  assistant: Assistant;
  field: "name" | "description";
  readOnly: boolean;
}

/** Saved when it is left, and by Enter; Escape takes back what was typed. */
function SavedText({ assistant, field, readOnly }: SavedTextProps) {
  const { t } = useTranslation("settings");
  const change = useAssistantChange(assistant.id);
  const stored = assistant[field];
  const [text, setText] = useState(stored);
  const [refused, setRefused] = useState<string | null>(null);
  useEffect(() => setText(stored), [stored]);
  const save = async () => {
    const wanted = text.trim();
    if (wanted === stored) return setText(stored);
    if (field === "name" && wanted === "") return setRefused(t("general.nameMissing"));
    try {
      await change({ [field]: wanted }, { [field]: stored }, t(`general.saved.${field}`));
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    }
  };
  const leave = useRef(save);
  leave.current = save;
  // Another section may be opened while the field still has the focus.
  useEffect(() => () => void leave.current(), []);
  const common = {
    label: t(`general.${field}`),
    value: text,
    readOnly,
    error: refused,
    onChange: (event: { currentTarget: { value: string } }) => {
      setRefused(null);
      setText(event.currentTarget.value);
    },
    onBlur: () => void save(),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === "Enter" && field === "name") void save();
      if (event.key !== "Escape") return;
      setText(stored);
      setRefused(null);
    },
  };
  return field === "name" ? (
    <TextInput {...common} maxLength={NAME_LENGTH} />
  ) : (
    <Textarea
      {...common}
      autosize
      minRows={3}
      maxRows={12}
      maxLength={DESCRIPTION_LENGTH}
      description={t("general.descriptionHint")}
    />
  );
}

function IconChoice({ assistant, disabled }: { assistant: Assistant; disabled: boolean }) {
  const { t } = useTranslation("settings");
  const change = useAssistantChange(assistant.id);
  const [refused, setRefused] = useState<string | null>(null);
  const choose = (icon: string) =>
    change({ icon }, { icon: assistant.icon }, t("general.saved.icon")).catch((error: Error) =>
      setRefused(error.message),
    );
  return (
    <Radio.Group
      label={t("general.icon")}
      value={assistant.icon}
      error={refused}
      onChange={(icon) => void choose(icon)}
    >
      <div className={classes["icons"]} style={{ "--tint": assistantTint(assistant.id) }}>
        {(["", ...ASSISTANT_ICONS] as const).map((name) => (
          <Radio.Card
            key={name}
            value={name}
            disabled={disabled}
            className={classes["icon"]}
            aria-label={t(`general.icons.${name || "none"}`)}
            title={t(`general.icons.${name || "none"}`)}
          >
            <AssistantIcon name={name} size={22} />
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
