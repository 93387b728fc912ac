import { Autocomplete, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  entitiesQuery,
  type IntentExamples,
  understanding,
  understandingKey,
} from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { type Example, type Mark, markAt, readExample } from "@/flow-core/nlu";
import grid from "./examples.module.css";
import { asName } from "./new-name";
import classes from "./understanding.module.css";

const MARK_FORM = "mark-form";

export { MARK_FORM };

interface MarkFormProps {
  example: Example;
  chosen: readonly [number, number];
  onMark: (mark: Mark) => void;
  onUnmark: (mark: Mark) => void;
  /** Escape: the focus goes back to the words. */
  onBack: () => void;
}

/** What the chosen words are: an entity, its role and group, and what they mean. */
export function MarkForm({ example, chosen, onMark, onUnmark, onBack }: MarkFormProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const entities = useQuery(entitiesQuery(assistantId)).data ?? [];
  const [start, end] = chosen;
  const words = example.text.slice(start, end);
  const mark = markAt(example.marks, start, end);
  const likely =
    mark ?? likelyMark(client.getQueriesData({ queryKey: understandingKey(assistantId) }), words);
  const [entity, setEntity] = useState(likely?.entity ?? entities[0]?.id ?? "");
  const [role, setRole] = useState(likely?.role ?? "");
  const [group, setGroup] = useState(likely?.group ?? "");
  const [means, setMeans] = useState(likely?.value ?? "");
  const known = entities.find(({ id }) => id === entity);
  const submit = () => {
    const name = asName(entity);
    if (name === "") return;
    // The domain lists what is marked.
    if (!entities.some(({ id, revision }) => id === name && revision > 0))
      void understanding
        .create(assistantId, "entities", name)
        .then(() => client.invalidateQueries({ queryKey: understandingKey(assistantId) }));
    const place = mark ? { start: mark.start, end: mark.end } : { start, end };
    onMark({
      ...place,
      entity: name,
      ...(role.trim() ? { role: role.trim() } : {}),
      ...(group.trim() ? { group: group.trim() } : {}),
      ...(means.trim() && means.trim() !== words ? { value: means.trim() } : {}),
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    onBack();
  };
  return (
    <form
      id={MARK_FORM}
      className={grid["markForm"]}
      aria-label={t("markAs", { words })}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={grid["three"]}>
        <Autocomplete
          label={t("isA")}
          value={entity}
          data={entities.map(({ id }) => id)}
          onChange={setEntity}
          selectFirstOptionOnChange
          comboboxProps={{ withinPortal: false }}
        />
        <Autocomplete
          label={t("role")}
          placeholder={t("noneOf")}
          value={role}
          data={known?.roles ?? []}
          onChange={setRole}
          comboboxProps={{ withinPortal: false }}
        />
        <Autocomplete
          label={t("group")}
          placeholder={t("noneOf")}
          value={group}
          data={known?.groups ?? []}
          onChange={setGroup}
          comboboxProps={{ withinPortal: false }}
        />
      </div>
      <div className={grid["means"]}>
        <TextInput
          label={t("means")}
          placeholder={words}
          value={means}
          onChange={(event) => setMeans(event.currentTarget.value)}
        />
        <small>{t("meansHint", { words })}</small>
      </div>
      <footer>
        <kbd>Enter</kbd> {t("mark")} <kbd>Tab</kbd> {t("nextField")}
        <span className={classes["grow"]} />
        {mark ? (
          <button type="button" className={classes["link"]} onClick={() => onUnmark(mark)}>
            {t("notEntity")}
          </button>
        ) : null}
        <button type="submit" className="visually-hidden" tabIndex={-1}>
          {t("mark")}
        </button>
      </footer>
    </form>
  );
}

/** How the same words are marked elsewhere, of the intents that were read so far. */
function likelyMark(
  known: readonly (readonly [readonly unknown[], unknown])[],
  words: string,
): Mark | undefined {
  const wanted = words.toLowerCase();
  for (const [key, data] of known) {
    if (key[3] !== "intent" || !data) continue;
    for (const written of (data as IntentExamples).examples) {
      const { text, marks } = readExample(written);
      const found = marks.find(({ start, end }) => text.slice(start, end).toLowerCase() === wanted);
      if (found) return found;
    }
  }
  return undefined;
}
