import { useTranslation } from "react-i18next";

const KNOWN = ["calm", "rasa-open-source", "rasa-pro"] as const;

/** Which program trains and runs a version, and why that one. */
export function RuntimeWords({ runtime }: { runtime: string }) {
  const { t } = useTranslation("versions");
  const known = KNOWN.find((each) => each === runtime);
  if (!known) return <small>{runtime}</small>;
  return (
    <small>{t("by", { runtime: t(`runtime.${known}`), why: t(`runtimeWhy.${known}`) })}</small>
  );
}
