import { Button, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey, contentQuery } from "@/api/content";
import { useContent } from "@/components/content/content-context";
import { MessageField } from "@/components/content/message-field";
import { useSearchChange } from "@/components/table/filter-bar";
import { nameFrom } from "@/flow-core/response";
import classes from "./parts.module.css";
import { problemOf } from "./response-names";

const route = getRouteApi("/assistants/$assistantId/responses");

/** The words first; a name is proposed from them. */
export function NewResponse({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation(["responses", "common"]);
  const client = useQueryClient();
  const { sources, readOnly } = useContent();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const [text, setText] = useState("");
  const [named, setNamed] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const taken = (name: string) => sources.responses.has(name);
  const name = named ?? (text.trim() === "" ? "" : nameFrom(text, taken));
  const problem = name === "" ? null : problemOf(name, "", taken);
  const ready = text.trim() !== "" && problem === null && !readOnly;
  const create = async () => {
    if (!ready || busy) return;
    setBusy(true);
    try {
      const made = await content.create(assistantId, "responses", name, [{ text: text.trim() }]);
      client.setQueryData(contentQuery(assistantId, "responses", name).queryKey, made);
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "responses") });
      set({ response: name, new: undefined });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <form
      className={classes["new"]}
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <h2>{t("new")}</h2>
      <MessageField
        label={t("newText")}
        placeholder={t("writeMessage")}
        value={text}
        autoFocus
        onChange={setText}
        onKeyDown={(event) => {
          if (event.key === "Escape") set({ new: undefined });
          if (event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          void create();
        }}
      />
      <TextInput
        label={t("newName")}
        description={t("newNameHint")}
        value={name}
        readOnly={readOnly}
        error={refused || (problem ? t(`rename.${problem}`) : null)}
        onChange={(event) => {
          setRefused("");
          setNamed(event.currentTarget.value.replace(/\s+/g, "_") || null);
        }}
      />
      <div className={classes["answer"]}>
        <Button variant="default" onClick={() => set({ new: undefined })}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={busy} disabled={!ready}>
          {t("create")}
        </Button>
      </div>
    </form>
  );
}
