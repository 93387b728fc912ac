import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Language, Languages } from "@/api/languages";
import { FormDialog } from "@/components/form-dialog";
import { languageName } from "@/lib/language-name";

export interface Asked {
  act: "default" | "remove";
  language: Language;
}

interface LanguageDialogProps {
  asked: Asked;
  known: Languages;
  onDo: () => Promise<void>;
  onClose: () => void;
}

/** What follows from removing a language that has texts, or from another default. */
export function LanguageDialog({ asked, known, onDo, onClose }: LanguageDialogProps) {
  const { t, i18n } = useTranslation("settings");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | undefined>();
  const { act, language } = asked;
  const name = languageName(language.code, i18n.language);
  const old = languageName(known.languages[0]?.code ?? "", i18n.language);
  const missing = known.texts - language.texts;
  const submit = async () => {
    setBusy(true);
    try {
      await onDo();
      onClose();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={t(`languages.ask.${act}`, { name })}
      submit={t(`languages.ask.${act}Submit`)}
      busy={busy}
      error={refused}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {act === "remove" ? (
        <p>{t("languages.ask.stay", { name, count: language.texts })}</p>
      ) : language.texts === 0 ? (
        <p>{t("languages.ask.relabel", { name, old })}</p>
      ) : (
        <>
          <p>{t("languages.ask.swap", { name, old, count: language.texts })}</p>
          {missing > 0 ? <p>{t("languages.ask.none", { name, old, count: missing })}</p> : null}
        </>
      )}
    </FormDialog>
  );
}
