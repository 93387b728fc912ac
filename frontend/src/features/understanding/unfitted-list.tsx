import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import { type Unfitted, unfittedQuery } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { AnchorLink } from "@/components/links";
import side from "./right-column.module.css";
import classes from "./understanding.module.css";
import { useChangeExamples } from "./use-examples";

const SHOWN = 5;

/** What users said this week and nothing was understood of; each becomes an example by one press. */
export function UnfittedList({ intent }: { intent: string | undefined }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const mayRead = usePermission("conversation.view");
  const [all, setAll] = useState(false);
  const said = useQuery({ ...unfittedQuery(assistantId), enabled: mayRead }).data;
  if (!mayRead || !said) return null;
  return (
    <section className={side["unfitted"]} aria-label={t("unfitted")}>
      <header>
        <h2 className={side["sideTitle"]}>{t("unfitted")}</h2>
        <small>{t("thisWeek")}</small>
      </header>
      {said.length === 0 ? <p className={classes["quiet"]}>{t("allFitted")}</p> : null}
      <ul>
        {(all ? said : said.slice(0, SHOWN)).map((each) => (
          <Sentence key={each.text} said={each} intent={intent} />
        ))}
      </ul>
      {said.length > SHOWN && !all ? (
        <button type="button" className={classes["link"]} onClick={() => setAll(true)}>
          {t("allUnfitted", { count: said.length })}
        </button>
      ) : null}
    </section>
  );
}

function Sentence({ said, intent }: { said: Unfitted; intent: string | undefined }) {
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly } = useContent();
  const { change } = useChangeExamples(assistantId);
  const into = said.closest?.intent ?? intent;
  const add = () => {
    if (into === undefined) return;
    change(
      [{ was: null, becomes: { intent: into, text: said.text } }],
      t("addedTo", { text: said.text, intent: into }),
    );
  };
  return (
    <li>
      <div className={classes["grow"]}>
        <AnchorLink
          to="/assistants/$assistantId/conversations/$conversationId"
          params={{ assistantId, conversationId: said.conversation }}
          className={side["sentence"] ?? ""}
        >
          {said.text}
        </AnchorLink>
        <small>
          {said.closest
            ? t("nearTo", { intent: said.closest.intent, alike: said.closest.alike.toFixed(2) })
            : t("nearNothing")}
          , {t("saidTimes", { count: said.count })}
        </small>
      </div>
      {readOnly || into === undefined ? null : (
        <Button
          size="xs"
          variant="default"
          aria-label={t("addTo", { text: said.text, intent: into })}
          leftSection={<IconPlus size={14} stroke={1.75} />}
          onClick={add}
        >
          {t("add")}
        </Button>
      )}
    </li>
  );
}
