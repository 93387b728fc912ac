import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Language } from "@/api/languages";
import classes from "./add-language.module.css";
import { LanguageField, useTypedLanguage } from "./language-field";

interface AddLanguageProps {
  taken: readonly Language[];
  add: (code: string) => Promise<void>;
}

export function AddLanguage({ taken, add }: AddLanguageProps) {
  const { t } = useTranslation("settings");
  const language = useTypedLanguage(taken.map(({ code }) => code));
  const submit = async () => {
    const code = language.read();
    if (code === null) return;
    try {
      await add(code);
      language.type("");
    } catch (error) {
      language.refuse(error instanceof Error ? error.message : String(error));
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
      <LanguageField language={language} />
      <Button
        type="submit"
        disabled={language.typed.trim() === ""}
        leftSection={<IconPlus size={18} stroke={1.75} />}
      >
        {t("languages.addIt")}
      </Button>
    </form>
  );
}
