import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { restoreCommit } from "@/api/history";
import { responses, type WordMatch } from "@/api/responses";
import { useResponseName } from "@/components/content/use-response-name";
import { toast } from "@/components/feedback/toast";
import { addedWords } from "@/flow-core/words";
import { languageName } from "@/lib/language-name";
import classes from "./parts.module.css";

interface ReplaceDialogProps {
  assistantId: string;
  onClose: () => void;
}

const PAUSE_MS = 250;
/** More are changed, too, but nobody reads them one by one. */
const SHOWN = 300;

/** Other words everywhere at once: every place is shown before, and may be left out. */
export function ReplaceDialog({ assistantId, onClose }: ReplaceDialogProps) {
  const { t } = useTranslation(["responses", "common"]);
  const client = useQueryClient();
  const [wanted, setWanted] = useState({
    find: "",
    replacement: "",
    whole_words: true,
    match_case: false,
  });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const [asked] = useDebouncedValue(wanted, PAUSE_MS);
  const preview = useQuery({
    queryKey: ["content", assistantId, "replace", asked],
    queryFn: () => responses.find(assistantId, asked),
    enabled: asked.find.trim() !== "",
    placeholderData: (before) => before,
  });
  const matches = asked.find.trim() === "" ? [] : (preview.data?.matches ?? []);
  const chosen = matches.filter((match) => !left.has(keyOf(match)));
  const change = (part: Partial<typeof wanted>) => {
    setWanted({ ...wanted, ...part });
    setLeft(new Set());
    setRefused("");
  };
  const undo = async (number: number, items: { kind: string; key: string }[]) => {
    await restoreCommit(assistantId, number, items);
    await client.invalidateQueries({ queryKey: contentKey(assistantId) });
  };
  const replace = async () => {
    setBusy(true);
    try {
      const { commit } = await responses.replace(assistantId, {
        ...asked,
        revisions: Object.fromEntries(chosen.map(({ response, revision }) => [response, revision])),
        exceptions: matches
          .filter((match) => left.has(keyOf(match)))
          .map(({ response, pointer }) => ({ response, pointer })),
      });
      const keys = [...new Set(chosen.map(({ response }) => response))];
      const items = keys.map((key) => ({ kind: "response", key }));
      onClose();
      if (commit)
        toast.done(t("replace.done", { count: chosen.length }), {
          undo: () => void undo(commit.number - 1, items),
        });
      await client.invalidateQueries({ queryKey: contentKey(assistantId) });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
      await preview.refetch();
    }
  };
  const ready = chosen.length > 0 && asked === wanted && !preview.isPlaceholderData;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("replace.title")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        className={classes["replace"]}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void replace();
        }}
      >
        <div className={classes["two"]}>
          <TextInput
            label={t("replace.find")}
            value={wanted.find}
            data-autofocus
            onChange={(event) => change({ find: event.currentTarget.value })}
          />
          <TextInput
            label={t("replace.by")}
            value={wanted.replacement}
            onChange={(event) => change({ replacement: event.currentTarget.value })}
          />
        </div>
        <div className={classes["ways"]}>
          <Checkbox
            label={t("replace.wholeWords")}
            checked={wanted.whole_words}
            onChange={(event) => change({ whole_words: event.currentTarget.checked })}
          />
          <Checkbox
            label={t("replace.matchCase")}
            checked={wanted.match_case}
            onChange={(event) => change({ match_case: event.currentTarget.checked })}
          />
        </div>
        <p role="status" className={classes["quiet"]}>
          {asked.find.trim() === ""
            ? t("replace.hint")
            : t("replace.found", { count: matches.length })}
        </p>
        <ul className={classes["matches"]}>
          {matches.slice(0, SHOWN).map((match) => (
            <Match
              key={keyOf(match)}
              match={match}
              checked={!left.has(keyOf(match))}
              onCheck={(checked) => {
                const next = new Set(left);
                if (checked) next.delete(keyOf(match));
                else next.add(keyOf(match));
                setLeft(next);
              }}
            />
          ))}
        </ul>
        {matches.length > SHOWN ? (
          <p className={classes["quiet"]}>{t("replace.more", { count: matches.length - SHOWN })}</p>
        ) : null}
        {refused ? (
          <p role="alert" className={classes["refused"]}>
            {refused}
          </p>
        ) : null}
        <div className={classes["answer"]}>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            {t("replace.submit", { count: chosen.length })}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function keyOf({ response, pointer }: WordMatch): string {
  return `${response} ${pointer}`;
}

interface MatchProps {
  match: WordMatch;
  checked: boolean;
  onCheck: (checked: boolean) => void;
}

function Match({ match, checked, onCheck }: MatchProps) {
  const { t, i18n } = useTranslation("responses");
  const nameOf = useResponseName();
  const { response, variation, field, language, before, after } = match;
  const where = [
    nameOf(response),
    t(`replace.field.${field}`, { number: variation + 1 }),
    ...(language ? [languageName(language, i18n.language)] : []),
  ].join(" · ");
  return (
    <li>
      <Checkbox
        checked={checked}
        onChange={(event) => onCheck(event.currentTarget.checked)}
        label={where}
      />
      <p dir="auto">
        <Words text={before} other={after} mark="del" />
      </p>
      <p dir="auto">
        <Words text={after} other={before} mark="ins" />
      </p>
    </li>
  );
}

function Words({ text, other, mark: Mark }: { text: string; other: string; mark: "ins" | "del" }) {
  return addedWords(other, text).map((piece, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
    piece.added ? <Mark key={index}>{piece.text}</Mark> : piece.text,
  );
}
