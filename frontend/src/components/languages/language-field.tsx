import { Autocomplete } from "@mantine/core";
import { type Ref, useState } from "react";
import { useTranslation } from "react-i18next";
import { languageName } from "@/lib/language-name";
import { codeOf, LANGUAGE_CODES } from "./language-codes";

/** A language that is being typed: by its name, which completes, or by any code. */
export function useTypedLanguage(taken: readonly string[]) {
  const { t, i18n } = useTranslation("settings");
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [offers, setOffers] = useState(false);
  const choices = LANGUAGE_CODES.filter((code) => !taken.includes(code))
    .map((code) => ({ code, name: languageName(code, i18n.language) }))
    .map(({ code, name }) => ({ code, name, label: t("languages.choice", { name, code }) }));
  return {
    typed,
    refused,
    offers,
    setOffers,
    labels: choices.map(({ label }) => label),
    type: (value: string) => {
      setRefused(null);
      setTyped(value);
    },
    refuse: setRefused,
    /** The code that is meant; null: none, and the field says so. */
    read: (): string | null => {
      setOffers(false);
      const code = codeOf(typed, choices);
      if (code === null) setRefused(t("languages.unknown"));
      return code;
    },
  };
}

export type TypedLanguage = ReturnType<typeof useTypedLanguage>;

interface LanguageFieldProps {
  language: TypedLanguage;
  ref?: Ref<HTMLInputElement>;
}

export function LanguageField({ language, ref }: LanguageFieldProps) {
  const { t } = useTranslation("settings");
  return (
    <Autocomplete
      ref={ref}
      label={t("languages.add")}
      placeholder={t("languages.placeholder")}
      data={language.labels}
      limit={50}
      selectFirstOptionOnChange
      dropdownOpened={language.offers}
      onDropdownOpen={() => language.setOffers(true)}
      onDropdownClose={() => language.setOffers(false)}
      value={language.typed}
      error={language.refused}
      onChange={language.type}
    />
  );
}
