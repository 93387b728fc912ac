import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type Entity, entitiesQuery, understanding, understandingKey } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { NothingMatches } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { AnchorLink } from "@/components/links";
import { DetailsHead } from "./details-head";
import classes from "./understanding.module.css";
import type { DetailsProps } from "./understanding-page";

/** One entity: what it fills, where its values come from, its roles and groups. */
export function EntityDetails({ id, onBack, onChoose, list }: DetailsProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const entities = useQuery(entitiesQuery(assistantId)).data;
  const entity = entities?.find((each) => each.id === id);
  if (!entities) return null;
  if (!entity) return <NothingMatches title={t("entityGone", { name: id })} />;
  const refresh = () => client.invalidateQueries({ queryKey: understandingKey(assistantId) });
  const remove = async () => {
    try {
      await understanding.delete(assistantId, "entities", id);
      const back = () =>
        understanding
          .restore(assistantId, "entities", id)
          .then(refresh)
          .then(() => onChoose(id))
          .catch(toast.refused);
      toast.done(t("deleted", { name: id }), { undo: () => void back() });
      onChoose(undefined);
      await refresh();
    } catch (error) {
      toast.refused(error);
    }
  };
  const used = entity.slots.length > 0 || entity.mark_count > 0;
  return (
    <>
      <DetailsHead
        title={id}
        about={<p className={classes["quiet"]}>{t("marked", { count: entity.mark_count })}</p>}
        list={list}
        onBack={onBack}
        rename={{ kind: "entities", onDone: onChoose }}
        remove={
          used || entity.revision === 0
            ? { label: t("deleteMarked"), run: null }
            : { label: t("delete"), run: () => void remove() }
        }
      />
      <div className={classes["body"]}>
        <div className={classes["form"]}>
          <Fills entity={entity} />
          <Marked entity={entity} />
          <Named title={t("roles")} names={entity.roles} none={t("noRoles")} />
          <Named title={t("groups")} names={entity.groups} none={t("noGroups")} />
          <Values entity={entity} />
        </div>
      </div>
    </>
  );
}

function Fills({ entity }: { entity: Entity }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  return (
    <section className={classes["section"]}>
      <h3>{t("fillsThem")}</h3>
      {entity.slots.length === 0 ? <p className={classes["quiet"]}>{t("fillsNone")}</p> : null}
      <ul className={classes["chips"]}>
        {entity.slots.map((slot) => (
          <li key={slot}>
            <AnchorLink
              to="/assistants/$assistantId/slots"
              params={{ assistantId }}
              search={{ name: slot }}
            >
              {slot}
            </AnchorLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Named(props: { title: string; names: readonly string[]; none: string }) {
  return (
    <section className={classes["section"]}>
      <h3>{props.title}</h3>
      {props.names.length === 0 ? <p className={classes["quiet"]}>{props.none}</p> : null}
      <ul className={classes["chips"]}>
        {props.names.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

const route = getRouteApi("/assistants/$assistantId/understanding");

function Values({ entity }: { entity: Entity }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = route.useParams();
  return (
    <section className={classes["section"]}>
      <h3>{t("values")}</h3>
      <p className={classes["quiet"]}>{t("valuesHint")}</p>
      <ul className={classes["chips"]}>
        {entity.lists.map((kind) => (
          <li key={kind}>
            <AnchorLink
              to="/assistants/$assistantId/understanding"
              params={{ assistantId }}
              search={{ kind: "lists", name: `${kind}:${entity.id}` }}
            >
              {t(`kinds.${kind}`)}
            </AnchorLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The intents whose examples mark it. */
function Marked({ entity }: { entity: Entity }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  return (
    <section className={classes["section"]}>
      <h3>{t("markedIn")}</h3>
      {entity.intents.length === 0 ? <p className={classes["quiet"]}>{t("markHow")}</p> : null}
      <ul className={classes["chips"]}>
        {entity.intents.map((intent) => (
          <li key={intent}>
            <AnchorLink
              to="/assistants/$assistantId/understanding"
              params={{ assistantId }}
              search={{ name: intent }}
            >
              {intent}
            </AnchorLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
