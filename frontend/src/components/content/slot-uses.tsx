import { IconEye, IconFile, IconMessage, IconPencil, IconVariable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { slotUsesQuery, type SlotUses as Uses } from "@/api/slots";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { AnchorLink } from "@/components/links";
import { START_CARD } from "@/flow-core/graph";
import { humanise } from "@/lib/humanise";
import classes from "./slot-uses.module.css";
import { UsePart } from "./use-part";
import { useResponseName } from "./use-response-name";

const ICONS = { asks: IconMessage, sets: IconPencil, reads: IconEye, shows: IconEye } as const;

interface SlotUsesProps {
  assistantId: string;
  slot: string;
}

/** Every place of a slot, by flow; each is a link to where it stands. */
export function SlotUses({ assistantId, slot }: SlotUsesProps) {
  const { t } = useTranslation("slots");
  const nameOf = useResponseName();
  const uses = useQuery(slotUsesQuery(assistantId, slot));
  if (uses.error) return <ErrorState error={uses.error} onRetry={() => void uses.refetch()} />;
  if (!uses.data) return <ListSkeleton />;
  const { flows, responses, slots, texts } = uses.data;
  const count = flows.length + responses.length + slots.length + texts.length;
  const byFlow = [...Map.groupBy(flows, ({ flow }) => flow)];
  return (
    <div className={classes["uses"]}>
      <div className={classes["usesHead"]}>
        <h2 className="small-heading">{t("usedIn")}</h2>
        <small>{t("places", { count })}</small>
      </div>
      {count === 0 ? <p className={classes["quiet"]}>{t("usedNowhere")}</p> : null}
      {byFlow.map(([flow, places]) => (
        <section key={flow}>
          <h3>{places[0]?.flow_name}</h3>
          <ul>
            {places.map((place) => (
              <Step key={`${place.step} ${place.how}`} assistantId={assistantId} place={place} />
            ))}
          </ul>
        </section>
      ))}
      <UsePart title={t("responses")} rows={responses}>
        {({ response, how }) => (
          <>
            <AnchorLink
              to="/assistants/$assistantId/responses"
              params={{ assistantId }}
              search={{ response }}
            >
              {nameOf(response)}
            </AnchorLink>
            <How how={how} />
          </>
        )}
      </UsePart>
      <UsePart title={t("otherSlots")} rows={slots}>
        {(other) => (
          <>
            <IconVariable size={16} stroke={1.75} aria-hidden="true" />
            <AnchorLink
              to="/assistants/$assistantId/slots"
              params={{ assistantId }}
              search={{ name: other }}
            >
              {other}
            </AnchorLink>
            <How how="reads" />
          </>
        )}
      </UsePart>
      <UsePart title={t("files")} rows={texts}>
        {(path) => (
          <>
            <IconFile size={16} stroke={1.75} aria-hidden="true" />
            <AnchorLink
              to="/assistants/$assistantId/files"
              params={{ assistantId }}
              search={{ file: path }}
            >
              {path}
            </AnchorLink>
          </>
        )}
      </UsePart>
    </div>
  );
}

function Step({ assistantId, place }: { assistantId: string; place: Uses["flows"][number] }) {
  const { t } = useTranslation("slots");
  const { flow, step, how } = place;
  return (
    <li>
      <AnchorLink
        to="/assistants/$assistantId/flows/$flowId"
        params={{ assistantId, flowId: flow }}
        search={{
          step: step ?? START_CARD,
          ...(flow.startsWith("pattern_") ? { system: 1 as const } : {}),
        }}
      >
        {step === null ? t("guard") : humanise(stepName(step, flow))}
      </AnchorLink>
      <How how={how} />
    </li>
  );
}

/** A step without an id of its own has one made of the flow's, its number and what it does. */
function stepName(step: string, flow: string): string {
  return step.startsWith(`${flow}_`) ? step.slice(flow.length + 1).replace(/^\d+_/, "") : step;
}

function How({ how }: { how: keyof typeof ICONS }) {
  const { t } = useTranslation("slots");
  const Icon = ICONS[how];
  return (
    <span className={classes["how"]}>
      <Icon size={14} stroke={1.75} aria-hidden="true" />
      {t(`how.${how}`)}
    </span>
  );
}
