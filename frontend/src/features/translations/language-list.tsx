import {
  type Icon,
  IconLink,
  IconMessage,
  IconPlus,
  IconRefresh,
  IconRoute,
  IconSquareRoundedPlus,
  IconStack2,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Language, Languages } from "@/api/languages";
import { usePermission } from "@/api/me";
import { IconButton } from "@/components/icon-button";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { languageName } from "@/lib/language-name";
import { AddDialog } from "./add-dialog";
import { FIELDS } from "./address";
import { Exchange } from "./exchange";
import classes from "./language-list.module.css";

interface LanguageListProps {
  assistantId: string;
  known: Languages;
  language: Language | undefined;
}

/** The languages with how far they are, what is to do in the chosen one, and the way to a translator and back. */
export function LanguageList({ assistantId, known, language }: LanguageListProps) {
  const { t, i18n } = useTranslation("translations");
  const mayAdd = usePermission("settings.edit");
  const [adding, setAdding] = useState(false);
  const own = known.languages[0]?.code ?? "";
  const others = known.languages.filter(({ place }) => place === "additional");
  return (
    <div className={classes["left"]}>
      <div className={classes["head"]}>
        <h2>{t("title")}</h2>
        <IconButton label={t("addLanguage")} disabled={!mayAdd} onClick={() => setAdding(true)}>
          <IconPlus size={18} stroke={1.75} />
        </IconButton>
      </div>
      <div className={classes["own"]}>
        <b>{languageName(own, i18n.language)}</b>
        <code>{own}</code>
        <StateBadge tone="neutral">{t("default")}</StateBadge>
      </div>
      <ul className={classes["languages"]} aria-label={t("languages")}>
        {others.map((each) => (
          <LanguageCard
            key={each.code}
            assistantId={assistantId}
            language={each}
            texts={known.texts}
            chosen={each.code === language?.code}
          />
        ))}
      </ul>
      {language ? (
        <>
          <ToDo assistantId={assistantId} language={language} />
          <Exchange assistantId={assistantId} language={language} />
        </>
      ) : null}
      {adding ? (
        <AddDialog assistantId={assistantId} known={known} onClose={() => setAdding(false)} />
      ) : null}
    </div>
  );
}

interface LanguageCardProps {
  assistantId: string;
  language: Language;
  texts: number;
  chosen: boolean;
}

function LanguageCard({ assistantId, language, texts, chosen }: LanguageCardProps) {
  const { t, i18n } = useTranslation("translations");
  const { code, missing, outdated } = language;
  const name = languageName(code, i18n.language);
  const done = percentDone(texts, missing);
  return (
    <li>
      <Link
        to="/assistants/$assistantId/translations"
        params={{ assistantId }}
        search={{ language: code }}
        className={classes["language"]}
        aria-current={chosen ? "true" : undefined}
      >
        <span className={classes["line"]}>
          <b>{name}</b>
          {name === code ? null : <code>{code}</code>}
          <span className={classes["percent"]}>{t("percent", { done })}</span>
        </span>
        <ProgressBar value={done} />
        <span className={classes["line"]}>
          {missing > 0 ? t("missing", { count: missing }) : t("nothingMissing")}
          {outdated > 0 ? (
            <span className={classes["outdated"]}>
              <IconRefresh size={14} stroke={1.75} aria-hidden="true" />
              {t("outdated", { count: outdated })}
            </span>
          ) : null}
        </span>
      </Link>
    </li>
  );
}

/** All is 100 % only when nothing is missing. */
function percentDone(texts: number, missing: number): number {
  if (texts === 0 || missing === 0) return 100;
  return Math.min(99, Math.floor((100 * (texts - missing)) / texts));
}

const ICONS: Record<(typeof FIELDS)[number], Icon> = {
  message: IconMessage,
  button: IconSquareRoundedPlus,
  link: IconLink,
  flow_name: IconRoute,
};

interface ToDoProps {
  assistantId: string;
  language: Language;
}

function ToDo({ assistantId, language }: ToDoProps) {
  const { t, i18n } = useTranslation("translations");
  const name = languageName(language.code, i18n.language);
  const { to_do: due } = language;
  const count = (each: (typeof FIELDS)[number]) =>
    (due[each] ?? 0) + (each === "link" ? (due["url"] ?? 0) : 0);
  const all = FIELDS.reduce((sum, each) => sum + count(each), 0);
  return (
    <nav className={classes["toDo"]} aria-label={t("toDo", { name })}>
      <h3>{t("toDo", { name })}</h3>
      {[undefined, ...FIELDS].map((each) => {
        const Sign = each ? ICONS[each] : IconStack2;
        return (
          <Link
            key={each ?? "everything"}
            to="/assistants/$assistantId/translations"
            params={{ assistantId }}
            search={{ language: language.code, field: each }}
            // Without a sort everything is meant, and not any of them.
            activeOptions={{ explicitUndefined: true }}
            className={classes["sort"]}
          >
            <Sign size={18} stroke={1.75} aria-hidden="true" />
            {t(each ? `fields.${each}` : "everything")}
            <span>{(each ? count(each) : all).toLocaleString(i18n.language)}</span>
          </Link>
        );
      })}
    </nav>
  );
}
