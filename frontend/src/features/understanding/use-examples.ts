import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type ExampleChange, intentQuery } from "@/api/understanding";
import { useAuthor } from "@/components/content/saving";
import { toast } from "@/components/feedback/toast";
import { readExample, sameWords } from "@/flow-core/nlu";
import { rememberEdit } from "@/lib/undo";
import { applied, reversed } from "./example-changes";
import { sendExamples, useExamplesSaved, useWaitingExamples } from "./example-store";

/** The examples of one intent, with what waits to be sent. */
export function useExamples(assistantId: string, intent: string) {
  const query = useQuery(intentQuery(assistantId, intent));
  const key = `${useAuthor()} ${assistantId}`;
  const acts = useWaitingExamples(key);
  const save = useExamplesSaved(key);
  useEffect(() => sendExamples(key, assistantId), [key, assistantId]);
  const examples = useMemo(
    () =>
      acts
        .flat()
        .reduce((texts, change) => applied(intent, texts, change), query.data?.examples ?? []),
    [acts, intent, query.data],
  );
  return { query, examples, save };
}

/** Changes examples of any intent, by one act that can be taken back. */
export function useChangeExamples(assistantId: string) {
  const { t } = useTranslation("understanding");
  const client = useQueryClient();
  const key = `${useAuthor()} ${assistantId}`;
  const textsOf = (intent: string) =>
    client.getQueryData(intentQuery(assistantId, intent).queryKey)?.examples ?? [];
  /** `told` is said with Undo; without it the change speaks for itself. */
  const change = (changes: readonly ExampleChange[], told?: string) => {
    const back = reversed(changes, (intent, text) => textsOf(intent).indexOf(text));
    const bring = (_from: unknown, to: readonly ExampleChange[]) =>
      sendExamples(key, assistantId, to);
    bring(back, changes);
    const undo = rememberEdit({ from: back, to: changes, bring });
    if (told) toast.done(told, { undo });
  };
  const add = (intent: string, known: readonly string[], lines: readonly string[]) => {
    const taken = new Set(known.map(sameWords));
    const added: string[] = [];
    const left: string[] = [];
    for (const line of lines) {
      const text = line.trim().replace(/^- /, "").trim();
      if (text === "") continue;
      if (taken.has(sameWords(text))) left.push(text);
      else added.push(text);
      taken.add(sameWords(text));
    }
    const changes = added.map((text) => ({ was: null, becomes: { intent, text } }));
    const first = readExample(left[0] ?? "").text;
    if (added.length === 0) {
      if (left.length > 0) toast.done(t("known", { count: left.length, first }));
    } else if (left.length > 0)
      change(changes, t("addedBut", { count: added.length, left: left.length, first }));
    else change(changes, added.length > 1 ? t("added", { count: added.length }) : undefined);
    return added.length;
  };
  return { change, add };
}
