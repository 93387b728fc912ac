import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ActionCode } from "@/api/actions";
import { useContent } from "@/components/content/content-context";
import { useResponseName } from "@/components/content/use-response-name";
import { AnchorLink } from "@/components/links";
import { START_CARD } from "@/flow-core/graph";
import classes from "./slots.module.css";

/** The steps that run an action, and what its code reads, sets and says; each is a link. */
export function ActionNames({ id, code }: { id: string; code: ActionCode | null }) {
  const { t } = useTranslation("slots");
  const { assistantId, sources } = useContent();
  const responseName = useResponseName();
  const places = sources.actions.find((action) => action.id === id)?.used_in ?? [];
  return (
    <dl className={classes["names"]}>
      <Names title={t("usedIn")} none={t("usedNowhere")}>
        {places.map(({ flow, flow_name: name, step }) => (
          <AnchorLink
            key={`${flow} ${step}`}
            to="/assistants/$assistantId/flows/$flowId"
            params={{ assistantId, flowId: flow }}
            search={{ step: step ?? START_CARD }}
          >
            {name}
          </AnchorLink>
        ))}
      </Names>
      {code ? (
        <>
          <Names title={t("reads")} none={t("nothing")}>
            {code.reads.map((slot) => (
              <SlotLink key={slot} slot={slot} />
            ))}
          </Names>
          <Names title={t("sets")} none={t("nothing")}>
            {code.sets.map((slot) => (
              <SlotLink key={slot} slot={slot} />
            ))}
          </Names>
          <Names title={t("says")} none={t("nothing")}>
            {code.says.map((response) => (
              <AnchorLink
                key={response}
                to="/assistants/$assistantId/responses"
                params={{ assistantId }}
                search={{ response }}
              >
                {responseName(response)}
              </AnchorLink>
            ))}
          </Names>
        </>
      ) : null}
    </dl>
  );
}

function Names({ title, none, children }: { title: string; none: string; children: ReactNode[] }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children.length > 0 ? children : <span className={classes["quiet"]}>{none}</span>}</dd>
    </div>
  );
}

/** A slot that the code names and the assistant has not is said to be missing. */
function SlotLink({ slot }: { slot: string }) {
  const { t } = useTranslation("slots");
  const { assistantId, sources } = useContent();
  if (!sources.slots.has(slot))
    return (
      <span className={classes["missing"]}>
        <code>{slot}</code> {t("noSuchSlot")}
      </span>
    );
  return (
    <AnchorLink
      to="/assistants/$assistantId/slots"
      params={{ assistantId }}
      search={{ name: slot }}
    >
      <code>{slot}</code>
    </AnchorLink>
  );
}
