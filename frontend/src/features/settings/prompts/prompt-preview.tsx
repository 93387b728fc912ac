import { Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { conversationsQuery } from "@/api/conversations";
import { usePermission } from "@/api/me";
import {
  type PromptMade,
  type PromptName,
  promptPreviewQuery,
  rawEventsQuery,
} from "@/api/prompts";
import type { JsonObject } from "@/api/types";
import { AnchorLink } from "@/components/links";
import { useSearchChange } from "@/components/table/filter-bar";
import { formatMoment } from "@/lib/relative-time";
import type { PromptsSearch } from "../address";
import classes from "./prompts.module.css";

const route = getRouteApi("/assistants/$assistantId/settings/prompts");
const PAUSE_MS = 400;
const SENTENCE = "sentence";

interface PromptPreviewProps {
  assistantId: string;
  name: PromptName;
  /** As it is saved. */
  text: string;
}

/** What the template becomes in a real conversation, made by the runtime; nothing is sent to a model. */
export function PromptPreview({ assistantId, name, text }: PromptPreviewProps) {
  const { t, i18n } = useTranslation("prompts");
  const mayTry = usePermission("assistant.try");
  const mayRead = usePermission("conversation.view");
  const { talk } = route.useSearch();
  const set = useSearchChange<PromptsSearch>();
  const [typed, setTyped] = useState(t("preview.example"));
  const [said] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const talks = useInfiniteQuery({ ...conversationsQuery(assistantId), enabled: mayRead });
  const newest = talks.data?.pages[0]?.results ?? [];
  const real = useQuery({ ...rawEventsQuery(talk ?? ""), enabled: talk !== undefined && mayRead });
  const sentence = useMemo(() => (said === "" ? [] : exchange(said)), [said]);
  const events = talk === undefined ? sentence : (real.data ?? []);
  const made = useQuery({
    ...promptPreviewQuery(assistantId, name, text, events),
    enabled: mayTry && events.length > 0 && text !== "",
    placeholderData: keepPreviousData,
  });
  const error = real.error ?? made.error;
  return (
    <section className={classes["preview"]} aria-labelledby="prompt-preview">
      <h2 id="prompt-preview" className={classes["label"]}>
        {t("preview.title")}
      </h2>
      <Select
        aria-label={t("preview.of")}
        value={talk ?? SENTENCE}
        allowDeselect={false}
        searchable
        disabled={!mayTry}
        data={[
          { value: SENTENCE, label: t("preview.sentence") },
          ...newest.map(({ id, title, last_event_at: at }) => ({
            value: id,
            label: `${title || t("preview.untitled")}, ${formatMoment(new Date(at), new Date(), i18n.language)}`,
          })),
          ...(talk && !newest.some(({ id }) => id === talk)
            ? [{ value: talk, label: t("preview.older") }]
            : []),
        ]}
        onChange={(value) => set({ talk: value === SENTENCE ? undefined : (value ?? undefined) })}
      />
      {talk === undefined ? (
        <TextInput
          aria-label={t("preview.words")}
          value={typed}
          maxLength={2000}
          disabled={!mayTry}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      ) : null}
      <div aria-live="polite" aria-busy={made.isFetching}>
        {!mayTry ? (
          <p className={classes["note"]}>{t("preview.notAllowed")}</p>
        ) : error ? (
          <p className={classes["note"]}>{error.message}</p>
        ) : made.data ? (
          <Outcome assistantId={assistantId} made={made.data} />
        ) : null}
      </div>
    </section>
  );
}

function Outcome({ assistantId, made }: { assistantId: string; made: PromptMade }) {
  const { t } = useTranslation("prompts");
  const number = made.version ?? "";
  if (made.state === "untrained")
    return (
      <p className={classes["note"]}>
        {t("preview.untrained")}{" "}
        <AnchorLink
          to="/assistants/$assistantId/versions"
          params={{ assistantId }}
          search={{ train: 1 }}
          underline="always"
        >
          {t("preview.train")}
        </AnchorLink>
      </p>
    );
  if (made.state === "waking")
    return <p className={classes["note"]}>{t("preview.waking", { number })}</p>;
  if (made.problem)
    return (
      <p className={classes["note"]} data-failed={true}>
        {made.problem}
      </p>
    );
  return (
    <Textarea
      aria-label={t("preview.result")}
      description={t("preview.made", { number })}
      inputWrapperOrder={["input", "description"]}
      readOnly
      autosize
      maxRows={18}
      value={made.prompt}
      classNames={{ input: classes["made"] ?? "" }}
    />
  );
}

/** A conversation of one sentence, and an answer that a rephraser could word anew. */
function exchange(text: string): JsonObject[] {
  return [
    { event: "user", text, timestamp: 1 },
    { event: "bot", text, timestamp: 2, data: {}, metadata: {} },
  ];
}
