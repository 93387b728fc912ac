import { Autocomplete, Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Language } from "@/api/languages";
import { languageName } from "@/lib/language-name";
import classes from "./add-language.module.css";
import { codeOf, LANGUAGE_CODES } from "./language-codes";

interface AddLanguageProps {
  taken: readonly Language[];
  add: (code: string) => Promise<void>;
}

/** By its name, which completes, or by any code. */
export function AddLanguage({ taken, add }: AddLanguageProps) {
  const { t, i18n } = useTranslation("settings");
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [offers, setOffers] = useState(false);
  const choices = LANGUAGE_CODES.filter((code) => !taken.some((each) => each.code === code))
    .map((code) => ({ code, name: languageName(code, i18n.language) }))
    .map(({ code, name }) => ({ code, name, label: t("languages.choice", { name, code }) }));
  const submit = async () => {
    setOffers(false);
    const code = codeOf(typed, choices);
    if (code === null) return setRefused(t("languages.unknown"));
    try {
      await add(code);
      setTyped("");
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <form
      className={classes["add"]}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Autocomplete
        label={t("languages.add")}
        placeholder={t("languages.placeholder")}
        data={choices.map(({ label }) => label)}
        limit={50}
        selectFirstOptionOnChange
        dropdownOpened={offers}
        onDropdownOpen={() => setOffers(true)}
        onDropdownClose={() => setOffers(false)}
        value={typed}
        error={refused}
        onChange={(value) => {
          setRefused(null);
          setTyped(value);
        }}
      />
      <Button
        type="submit"
        disabled={typed.trim() === ""}
        leftSection={<IconPlus size={18} stroke={1.75} />}
      >
        {t("languages.addIt")}
      </Button>
    </form>
  );
}
