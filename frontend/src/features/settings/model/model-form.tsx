import { Select } from "@mantine/core";
import { IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  type LanguageModel,
  type ModelFields,
  type ModelSettings,
  variablesQuery,
} from "@/api/language-model";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { SavedNumber, SavedText } from "../saved-field";
import classes from "./model.module.css";
import { useModelChange } from "./use-model-change";

const PROVIDERS = ["openai", "azure", "self-hosted"] as const;
const OFF = "off";
/** Offered while one types; any other name will do. */
const MODELS_OF_OPENAI = ["gpt-4o-mini", "gpt-4o-2024-11-20", "gpt-4.1-mini", "gpt-4.1"];
/** What a provider's own libraries read. */
const USUAL_KEYS: Record<string, string> = { openai: "OPENAI_API_KEY", azure: "AZURE_API_KEY" };
const FIRST: ModelFields = { provider: "openai", model: "gpt-4o-mini", key: "OPENAI_API_KEY" };

interface ModelFormProps {
  assistantId: string;
  model: LanguageModel;
  mayEdit: boolean;
}

/** The settings of one model; each field saves by itself. */
export function ModelForm({ assistantId, model, mayEdit }: ModelFormProps) {
  const { t } = useTranslation("model");
  const change = useModelChange(assistantId);
  const { settings } = model;
  const known = PROVIDERS.some((each) => each === settings?.provider);
  const providers = [
    ...PROVIDERS.map((each) => ({ value: each as string, label: t(`providers.${each}`) })),
    ...(settings && !known ? [{ value: settings.provider, label: settings.provider }] : []),
    { value: OFF, label: t("providers.off") },
  ];
  const choose = (provider: string | null) => {
    if (provider === null || provider === (settings?.provider ?? OFF)) return;
    const fields = settings ? { provider } : { ...FIRST, ...startOf(provider) };
    void change(provider === OFF ? null : fields, settings).catch(toast.refused);
  };
  return (
    <>
      <div className={classes["pair"]}>
        <Select
          label={t("provider")}
          data={providers}
          value={settings?.provider ?? OFF}
          readOnly={!mayEdit}
          allowDeselect={false}
          onChange={choose}
        />
        {settings ? (
          <ModelName settings={settings} mayEdit={mayEdit} change={change} />
        ) : (
          <p className={classes["quiet"]}>{t("offline")}</p>
        )}
      </div>
      {settings ? (
        <Fields assistantId={assistantId} settings={settings} mayEdit={mayEdit} change={change} />
      ) : null}
    </>
  );
}

/** What a form begins with that was switched off before. */
function startOf(provider: string): ModelFields {
  if (provider === "openai") return {};
  return { provider, model: "", key: USUAL_KEYS[provider] ?? "" };
}

interface PartProps {
  settings: ModelSettings;
  mayEdit: boolean;
  change: ReturnType<typeof useModelChange>;
}

function ModelName({ settings, mayEdit, change }: PartProps) {
  const { t } = useTranslation("model");
  const field = settings.provider === "azure" ? "deployment" : "model";
  return (
    <SavedText
      key={field}
      label={t(field)}
      stored={settings[field]}
      readOnly={!mayEdit}
      offers={settings.provider === "openai" ? MODELS_OF_OPENAI : []}
      save={(value) => change({ [field]: value }, settings)}
    />
  );
}

function Fields({ assistantId, ...part }: PartProps & { assistantId: string }) {
  const { t } = useTranslation("model");
  const { settings, mayEdit, change } = part;
  const own = settings.provider === "openai";
  const text = (name: "api_base" | "api_version", placeholder: string) => (
    <SavedText
      label={t(name)}
      stored={settings[name]}
      placeholder={placeholder}
      readOnly={!mayEdit}
      save={(value) => change({ [name]: value }, settings)}
    />
  );
  const number = (name: "timeout" | "temperature" | "max_tokens", limits: NumberLimits) => (
    <SavedNumber
      label={t(name)}
      stored={settings[name]}
      placeholder={t(`own.${name}`)}
      readOnly={!mayEdit}
      save={(value) => change({ [name]: value }, settings)}
      {...limits}
    />
  );
  return (
    <>
      <KeyField assistantId={assistantId} {...part} />
      <div className={settings.provider === "azure" ? classes["pair"] : undefined}>
        {text("api_base", own ? "https://api.openai.com/v1" : "https://models.example/v1")}
        {settings.provider === "azure" ? text("api_version", "2024-10-21") : null}
      </div>
      <div className={classes["three"]}>
        {number("timeout", { min: 0.1, max: 120, step: 1, suffix: " s" })}
        {number("temperature", { min: 0, max: 2, step: 0.1 })}
        {number("max_tokens", { min: 1, max: 100_000, step: 64, suffix: t("tokensSuffix") })}
      </div>
    </>
  );
}

interface NumberLimits {
  min: number;
  max: number;
  step: number;
  suffix?: string;
}

/** The name of a variable, and whether the model service knows it; its value is never here. */
function KeyField({ assistantId, settings, mayEdit, change }: PartProps & { assistantId: string }) {
  const { t } = useTranslation("model");
  const variables = useQuery({ ...variablesQuery(assistantId), enabled: mayEdit });
  const names = variables.data ?? [];
  const { key } = settings;
  const state = !key || !variables.data ? null : names.includes(key) ? "set" : "unset";
  return (
    <div className={classes["keyField"]}>
      {state ? (
        <StateBadge
          className={classes["keyState"] ?? ""}
          tone={state === "set" ? "ok" : "warn"}
          icon={
            state === "set" ? (
              <IconCircleCheck size={14} stroke={1.75} />
            ) : (
              <IconCircleX size={14} stroke={1.75} />
            )
          }
        >
          {t(`keyState.${state}`)}
        </StateBadge>
      ) : null}
      <SavedText
        label={t("key")}
        description={t("keyHint")}
        placeholder={USUAL_KEYS[settings.provider] ?? t("noKey")}
        stored={key}
        readOnly={!mayEdit}
        mono={classes["mono"]}
        offers={names}
        save={(value) => change({ key: value }, settings)}
      />
      {state === "unset" ? (
        <p className={classes["operator"]}>
          {t("keyUnset")}
          <code>
            {key === "OPENAI_API_KEY"
              ? `${key}=…`
              : `MODEL_SERVICE_CHILD_VARIABLES=${[...names, key].filter((name) => name !== "OPENAI_API_KEY").join(",")} ${key}=…`}
          </code>
        </p>
      ) : null}
    </div>
  );
}
