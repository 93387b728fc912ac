import { Select, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { understanding, understandingKey, type WordList } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import type { UnderstandingKind } from "./address";
import classes from "./understanding.module.css";

interface NewNameProps {
  kind: UnderstandingKind;
  taken: readonly string[];
  /** Called with its id, or with nothing where it was given up. */
  onDone: (id: string | null) => void;
}

const LISTS = ["synonym", "lookup", "regex"] as const;

/** A name such as nlu.yml takes: without blanks and signs that end it. */
export function asName(words: string): string {
  return words
    .trim()
    .replace(/\s+/g, "_")
    .replace(/[/@:{}()[\]"]/g, "");
}

/** A row at the top: the name makes the intent, the entity or the list. */
export function NewName({ kind, taken, onDone }: NewNameProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const [words, setWords] = useState("");
  const [list, setList] = useState<WordList["kind"]>("synonym");
  const [refused, setRefused] = useState("");
  const name = kind === "lists" ? words.trim() : asName(words);
  const id = kind === "lists" ? `${list}:${name}` : name;
  const twin = taken.find((other) => other.toLowerCase() === id.toLowerCase());
  const create = async () => {
    if (name === "" || twin) return;
    try {
      if (kind === "lists") await understanding.createList(assistantId, list, name);
      else await understanding.create(assistantId, kind, name);
      await client.invalidateQueries({ queryKey: understandingKey(assistantId) });
      onDone(id);
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") void create();
    else if (event.key === "Escape") onDone(null);
    else return;
    event.preventDefault();
  };
  return (
    <div className={classes["new"]}>
      {kind === "lists" ? (
        <Select
          aria-label={t("listKind")}
          value={list}
          allowDeselect={false}
          data={LISTS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChange={(value) => value && setList(value)}
        />
      ) : null}
      <TextInput
        aria-label={t(`new.${kind}`)}
        placeholder={t(kind === "lists" ? `listName.${list}` : "newName")}
        description={t("newHint")}
        inputWrapperOrder={["input", "description", "error"]}
        value={words}
        autoFocus
        error={twin ? t("taken", { name: twin }) : refused}
        onChange={(event) => {
          setRefused("");
          setWords(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}
