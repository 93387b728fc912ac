import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { languageName } from "@/lib/language-name";
import classes from "./further-languages.module.css";
import { LanguageField, useTypedLanguage } from "./language-field";

/** Languages beside those that are there already (`own`, the default first), before anything is saved. */
export function useFurtherLanguages(own: readonly string[]) {
  const { t } = useTranslation("settings");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const spoken = [...own, ...chosen.filter((code) => !own.includes(code))];
  const language = useTypedLanguage(spoken);
  /** Takes what is typed into the list, which it answers; null: that is no language, or there already. */
  const take = (): readonly string[] | null => {
    const further = spoken.slice(own.length);
    if (language.typed.trim() === "") return further;
    const code = language.read();
    if (code === null) return null;
    if (spoken.some((each) => each.toLowerCase() === code.toLowerCase())) {
      language.refuse(t("languages.taken"));
      return null;
    }
    language.type("");
    setChosen([...further, code]);
    return [...further, code];
  };
  const remove = (code: string) => setChosen(chosen.filter((each) => each !== code));
  return { own, spoken, language, take, remove };
}

interface FurtherLanguagesProps {
  further: ReturnType<typeof useFurtherLanguages>;
}

/** All languages as chips, and a field for another one. Enter in it takes the language, not the form around it. */
export function FurtherLanguages({ further }: FurtherLanguagesProps) {
  const { own, spoken, language, take, remove } = further;
  const { t, i18n } = useTranslation("settings");
  const field = useRef<HTMLInputElement>(null);
  const takeOnEnter = (event: KeyboardEvent) => {
    const plain = event.key === "Enter" && !event.ctrlKey && !event.metaKey;
    // Where an offer is chosen by it, the field has seen to the key.
    if (!plain || event.isDefaultPrevented() || event.target !== field.current) return;
    if (language.typed.trim() === "") return;
    event.preventDefault();
    take();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it is the field in it that has the focus
    <div className={classes["further"]} onKeyDown={takeOnEnter}>
      <ul className={classes["chips"]} aria-label={t("languages.title")}>
        {spoken.map((code, index) => {
          const name = languageName(code, i18n.language);
          return (
            <li key={code} className={classes["chip"]}>
              {name}
              {index === 0 ? <small>{t("languages.default")}</small> : null}
              {index < own.length ? null : (
                <button
                  type="button"
                  aria-label={t("languages.removeIt", { name })}
                  onClick={() => {
                    remove(code);
                    field.current?.focus();
                  }}
                >
                  <IconX size={14} stroke={1.75} />
                </button>
              )}
            </li>
          );
        })}
      </ul>
      <div className={classes["add"]}>
        <LanguageField ref={field} language={language} />
        <Button variant="default" disabled={language.typed.trim() === ""} onClick={() => take()}>
          {t("languages.addIt")}
        </Button>
      </div>
    </div>
  );
}
