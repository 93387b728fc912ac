import { Button } from "@mantine/core";
import { IconBulb, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import { StateView } from "@/components/feedback/state-views";
import { AnchorLink } from "@/components/links";
import { NewName } from "./new-name";
import classes from "./understanding.module.css";

/** An assistant without intents: its flows start by their descriptions, and that is enough. */
export function NoIntents({ onMade }: { onMade: (intent: string) => void }) {
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly, sources } = useContent();
  const [making, setMaking] = useState(false);
  return (
    <div className={classes["body"]}>
      <div className={classes["form"]}>
        <StateView
          drawing={<IconBulb size={28} stroke={1.75} />}
          title={t("noIntents.title")}
          sentence={t("noIntents.sentence")}
          actions={
            readOnly || making ? null : (
              <Button
                variant="default"
                leftSection={<IconPlus size={16} stroke={1.75} />}
                onClick={() => setMaking(true)}
              >
                {t("new.intents")}
              </Button>
            )
          }
        />
        {making ? (
          <NewName
            kind="intents"
            taken={[]}
            onDone={(name) => {
              setMaking(false);
              if (name) onMade(name);
            }}
          />
        ) : null}
        {sources.flows.length > 0 ? (
          <section className={classes["section"]}>
            <h2 className="small-heading">{t("startedByDescription")}</h2>
            <ul className={classes["described"]}>
              {sources.flows.map((flow) => (
                <li key={flow.id}>
                  <AnchorLink
                    to="/assistants/$assistantId/flows/$flowId"
                    params={{ assistantId, flowId: flow.id }}
                  >
                    {flow.name}
                  </AnchorLink>
                  <p>{flow.description || t("noDescription")}</p>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </div>
  );
}
