import { Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { type Language, type Languages, languagesQuery } from "@/api/languages";
import { usePermission } from "@/api/me";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, ReadOnlyBanner } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { AddLanguage } from "@/components/languages/add-language";
import { useLanguageCommands } from "@/components/languages/use-language-commands";
import { Page } from "@/components/layout/page-frame";
import { AnchorLink } from "@/components/links";
import { ProgressBar } from "@/components/progress-bar";
import { StateBadge } from "@/components/state-badge";
import { languageName } from "@/lib/language-name";
import { type Asked, LanguageDialog } from "./language-dialog";
import classes from "./sections.module.css";
import { SettingsPage } from "./settings-page";

const route = getRouteApi("/assistants/$assistantId/settings/languages");

/** The languages that an assistant speaks: the one its words are written in, and those they are translated to. */
export function LanguagesPage() {
  const { t } = useTranslation("settings");
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const known = useQuery(languagesQuery(assistantId));
  const mayEdit = usePermission("settings.edit");
  return (
    <SettingsPage name="languages" assistant={assistant}>
      <Page title={t("languages.title")} sentence={t("languages.sentence")}>
        {mayEdit ? null : <ReadOnlyBanner>{t("readOnly")}</ReadOnlyBanner>}
        {known.error ? (
          <ErrorState error={known.error} onRetry={() => void known.refetch()} />
        ) : known.data ? (
          <LanguageList assistantId={assistantId} known={known.data} mayEdit={mayEdit} />
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
    </SettingsPage>
  );
}

interface LanguageListProps {
  assistantId: string;
  known: Languages;
  mayEdit: boolean;
}

function LanguageList({ assistantId, known, mayEdit }: LanguageListProps) {
  const { t } = useTranslation("settings");
  const commands = useLanguageCommands(assistantId);
  const [asked, setAsked] = useState<Asked | null>(null);
  const spoken = known.languages.filter(({ place }) => place !== "unlisted");
  const left = known.languages.filter(({ place }) => place === "unlisted");
  const attempt = (work: Promise<void>) => void work.catch(toast.refused);
  const remove = (language: Language) =>
    language.texts > 0
      ? setAsked({ act: "remove", language })
      : attempt(commands.remove(language.code));
  return (
    <>
      {mayEdit ? <AddLanguage taken={spoken} add={commands.add} /> : null}
      <ul className={classes["rows"]} aria-label={t("languages.title")}>
        {spoken.map((language) => (
          <LanguageRow
            key={language.code}
            assistantId={assistantId}
            language={language}
            texts={known.texts}
            mayEdit={mayEdit}
            onDefault={() => setAsked({ act: "default", language })}
            onRemove={() => remove(language)}
          />
        ))}
      </ul>
      {left.length > 0 ? (
        <section aria-labelledby="left-languages">
          <h2 id="left-languages" className={classes["heading"]}>
            {t("languages.left")}
          </h2>
          <ul className={classes["rows"]}>
            {left.map((language) => (
              <li key={language.code} className={classes["act"]}>
                <div>
                  <LanguageTitle code={language.code} />
                  <p>{t("languages.leftTexts", { count: language.texts })}</p>
                </div>
                <Button
                  variant="default"
                  disabled={!mayEdit}
                  onClick={() => attempt(commands.add(language.code))}
                >
                  {t("languages.addAgain")}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {asked ? (
        <LanguageDialog
          asked={asked}
          known={known}
          onClose={() => setAsked(null)}
          onDo={() =>
            asked.act === "remove"
              ? commands.remove(asked.language.code)
              : commands.makeDefault(asked.language.code)
          }
        />
      ) : null}
    </>
  );
}

function LanguageTitle({ code }: { code: string }) {
  const { i18n } = useTranslation();
  const name = languageName(code, i18n.language);
  return (
    <span className={classes["title"]}>
      <b>{name}</b>
      {name === code ? null : <code>{code}</code>}
    </span>
  );
}

interface LanguageRowProps {
  assistantId: string;
  language: Language;
  texts: number;
  mayEdit: boolean;
  onDefault: () => void;
  onRemove: () => void;
}

function LanguageRow(props: LanguageRowProps) {
  const { assistantId, language, texts, mayEdit, onDefault, onRemove } = props;
  const { t, i18n } = useTranslation("settings");
  const name = languageName(language.code, i18n.language);
  const { missing, outdated } = language;
  const isDefault = language.place === "default";
  return (
    <li className={classes["act"]}>
      <div className={classes["grow"]}>
        <LanguageTitle code={language.code} />
        {isDefault ? (
          <p>{t("languages.ownTexts", { count: texts })}</p>
        ) : (
          <p>
            {t("languages.texts", { count: texts, done: language.texts })}{" "}
            {missing > 0 ? (
              <AnchorLink
                to="/assistants/$assistantId/translations"
                params={{ assistantId }}
                search={{ language: language.code, show: "missing" }}
                underline="always"
              >
                {t("languages.missing", { count: missing })}
              </AnchorLink>
            ) : null}{" "}
            {outdated > 0 ? (
              <AnchorLink
                to="/assistants/$assistantId/translations"
                params={{ assistantId }}
                search={{ language: language.code, show: "outdated" }}
                underline="always"
              >
                {t("languages.outdated", { count: outdated })}
              </AnchorLink>
            ) : null}
          </p>
        )}
      </div>
      {isDefault ? (
        <StateBadge tone="accent">{t("languages.default")}</StateBadge>
      ) : (
        <>
          <div className={classes["bar"]}>
            <ProgressBar
              value={texts === 0 ? 100 : (100 * language.texts) / texts}
              label={t("languages.progress", { name })}
            />
          </div>
          <Menu position="bottom-end">
            <Menu.Target>
              <IconButton label={t("languages.more", { name })} disabled={!mayEdit}>
                <IconDots size={18} stroke={1.75} />
              </IconButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={onDefault}>{t("languages.makeDefault")}</Menu.Item>
              <Menu.Item color="red" onClick={onRemove}>
                {t("languages.remove")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
    </li>
  );
}
