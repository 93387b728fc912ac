import { Button, Select, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { entitiesQuery, intentsQuery } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { IconButton } from "@/components/icon-button";
import type { JsonObject } from "@/flow-core/json";
import { withKey } from "@/flow-core/response";
import { moved, objectsOf, type SlotFields, textOf } from "./slot-fields";
import classes from "./slots.module.css";

const WAYS = [
  "from_llm",
  "from_entity",
  "from_text",
  "from_intent",
  "from_trigger_intent",
  "controlled",
] as const;
type Way = (typeof WAYS)[number];

type Key = "entity" | "role" | "group" | "value" | "intent" | "not_intent" | "action";

/** What a way of filling takes; what else stands in the file stays there. */
const KEYS: Record<Way, readonly Key[]> = {
  from_llm: [],
  from_entity: ["entity", "role", "intent"],
  from_text: ["intent", "not_intent"],
  from_intent: ["value", "intent"],
  from_trigger_intent: ["value", "intent"],
  controlled: [],
};
const LISTS: Partial<Record<Key, "entities" | "intents">> = {
  entity: "entities",
  intent: "intents",
  not_intent: "intents",
};

/** The ways that fill the slot, in their order: the first that fits wins. */
export function MappingList({ body, onChange, problems }: SlotFields) {
  const { t } = useTranslation("slots");
  const { readOnly } = useContent();
  const mappings = objectsOf(body["mappings"]);
  const set = (next: JsonObject[]) =>
    onChange(withKey(body, "mappings", next.length > 0 ? next : undefined));
  return (
    <section className={classes["section"]} aria-label={t("filledBy")}>
      <div className={classes["sectionHead"]}>
        <h3>{t("filledBy")}</h3>
        <small>{mappings.length > 1 ? t("firstThatFits") : ""}</small>
        {readOnly ? null : (
          <Button
            variant="subtle"
            size="xs"
            onClick={() =>
              set([...mappings, { type: mappings.length > 0 ? "from_entity" : "from_llm" }])
            }
          >
            {t("addWay")}
          </Button>
        )}
      </div>
      {mappings.length === 0 ? <p className={classes["quiet"]}>{t("filledByDefault")}</p> : null}
      <ol className={classes["list"]}>
        {mappings.map((mapping, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: ways have no identity but their place
          <li key={index} className={classes["card"]}>
            <MappingFields
              number={index + 1}
              mapping={mapping}
              onChange={(next) => set(mappings.with(index, next))}
              {...(index > 0 ? { onUp: () => set(moved(mappings, index, -1)) } : {})}
              {...(index < mappings.length - 1
                ? { onDown: () => set(moved(mappings, index, 1)) }
                : {})}
              onRemove={() => set(mappings.toSpliced(index, 1))}
            />
            <FieldProblems problems={problems(`/mappings/${index}`)} />
          </li>
        ))}
      </ol>
    </section>
  );
}

interface MappingFieldsProps {
  number: number;
  mapping: JsonObject;
  onChange: (mapping: JsonObject) => void;
  onUp?: () => void;
  onDown?: () => void;
  onRemove: () => void;
}

function MappingFields({ number, mapping, onChange, onUp, onDown, onRemove }: MappingFieldsProps) {
  const { t } = useTranslation("slots");
  const { readOnly } = useContent();
  const type = textOf(mapping["type"]);
  const way = WAYS.find((each) => each === type);
  const ways = WAYS.map((value) => ({ value: value as string, label: t(`ways.${value}`) }));
  return (
    <>
      <div className={classes["cardHead"]}>
        <Select
          className={classes["grow"] ?? ""}
          aria-label={t("way", { number })}
          value={type}
          allowDeselect={false}
          disabled={readOnly}
          data={way ? ways : [{ value: type, label: type }, ...ways]}
          onChange={(value) => value && onChange({ ...mapping, type: value })}
        />
        {readOnly ? null : (
          <>
            {onUp ? (
              <IconButton size={28} label={t("wayUp", { number })} onClick={onUp}>
                <IconArrowUp size={16} stroke={1.75} />
              </IconButton>
            ) : null}
            {onDown ? (
              <IconButton size={28} label={t("wayDown", { number })} onClick={onDown}>
                <IconArrowDown size={16} stroke={1.75} />
              </IconButton>
            ) : null}
            <IconButton size={28} label={t("removeWay", { number })} onClick={onRemove}>
              <IconX size={16} stroke={1.75} />
            </IconButton>
          </>
        )}
      </div>
      {way && KEYS[way].length > 0 ? (
        <div className={classes["two"]}>
          {KEYS[way].map((key) => (
            <KeyField
              key={key}
              name={key}
              value={textOf(mapping[key])}
              onChange={(value) => onChange(withKey(mapping, key, value || undefined))}
            />
          ))}
        </div>
      ) : null}
    </>
  );
}

function KeyField(props: { name: Key; value: string; onChange: (value: string) => void }) {
  const { name, value, onChange } = props;
  const { t } = useTranslation("slots");
  const { assistantId, readOnly } = useContent();
  const list = LISTS[name];
  const intents = useQuery({ ...intentsQuery(assistantId), enabled: list === "intents" });
  const entities = useQuery({ ...entitiesQuery(assistantId), enabled: list === "entities" });
  if (!list)
    return (
      <TextInput
        label={t(`keys.${name}`)}
        value={value}
        readOnly={readOnly}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  const known = ((list === "intents" ? intents.data : entities.data) ?? []).map(({ id }) => id);
  return (
    <Select
      label={t(`keys.${name}`)}
      placeholder={t(name === "entity" ? "choose" : "any")}
      searchable
      clearable={name !== "entity" && !readOnly}
      disabled={readOnly}
      value={value || null}
      data={value && !known.includes(value) ? [value, ...known] : known}
      onChange={(next) => onChange(next ?? "")}
    />
  );
}
