import { Button, Checkbox, Modal } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { commitQuery, restoreCommit } from "@/api/history";
import { type ImportedText, type TranslationsImported, translations } from "@/api/translations";
import { useResponseName } from "@/components/content/use-response-name";
import { toast } from "@/components/feedback/toast";
import { languageName } from "@/lib/language-name";
import classes from "./import-dialog.module.css";
import { SlotWords } from "./slot-words";

interface ImportDialogProps {
  assistantId: string;
  file: File;
  preview: TranslationsImported;
  onClose: () => void;
}

/** So many at once; the others are imported unseen, if they are chosen. */
const SHOWN = 500;

/** What a file of a translator changes, item by item; what is ticked is written in one go. */
export function ImportDialog({ assistantId, file, preview, onClose }: ImportDialogProps) {
  const { t, i18n } = useTranslation(["translations", "common"]);
  const client = useQueryClient();
  const { changes, same, gone, language, digest } = preview;
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const chosen = changes.length - left.size;
  const name = languageName(language, i18n.language);
  const tick = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
  const write = async () => {
    setBusy(true);
    try {
      const done = await translations.import(assistantId, file, digest, [...left]);
      onClose();
      const { commit } = done;
      const takeBack = async (number: number) => {
        const { diff } = await client.fetchQuery(commitQuery(assistantId, number));
        const items = diff.map(({ kind, key }) => ({ kind, key }));
        await restoreCommit(assistantId, number - 1, items);
        await refresh();
      };
      const undo = () =>
        void takeBack(commit?.number ?? 0).catch((error: Error) => toast.failed(error.message));
      toast.done(t("import.done", { count: chosen, name }), commit ? { undo } : {});
      await refresh();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={t("import.title", { name, file: file.name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p className={classes["sum"]}>
        {t("import.changes", { count: changes.length })}{" "}
        {same > 0 ? t("import.same", { count: same }) : null}{" "}
        {gone.length > 0 ? t("import.gone", { count: gone.length }) : null}
      </p>
      <ul className={classes["changes"]} aria-label={t("import.list")}>
        {changes.slice(0, SHOWN).map((change) => (
          <Change
            key={change.id}
            change={change}
            language={language}
            chosen={!left.has(change.id)}
            onTick={() => tick(change.id)}
          />
        ))}
      </ul>
      {changes.length > SHOWN ? (
        <p className={classes["sum"]}>{t("import.more", { count: changes.length - SHOWN })}</p>
      ) : null}
      {refused ? (
        <p role="alert" className={classes["refused"]}>
          {refused}
        </p>
      ) : null}
      <div className={classes["foot"]}>
        <Button variant="default" onClick={onClose}>
          {t(changes.length > 0 ? "common:cancel" : "common:close")}
        </Button>
        {changes.length > 0 ? (
          <Button
            data-autofocus
            loading={busy}
            disabled={chosen === 0}
            onClick={() => void write()}
          >
            {t("import.submit", { count: chosen })}
          </Button>
        ) : null}
      </div>
    </Modal>
  );
}

interface ChangeProps {
  change: ImportedText;
  language: string;
  chosen: boolean;
  onTick: () => void;
}

function Change({ change, language, chosen, onTick }: ChangeProps) {
  const { t } = useTranslation("translations");
  const nameOf = useResponseName();
  const { kind, item, field, reference, exported, before, after } = change;
  const notes = [
    ...(change.changed_here
      ? [
          exported === reference
            ? t("import.translatedHere")
            : t("import.changedHere", { before: exported }),
        ]
      : []),
    ...change.lost_slots.map((slot) => t("import.lost", { slot })),
    ...change.unknown_slots.map((slot) => t("import.unknown", { slot })),
  ];
  return (
    <li className={classes["change"]}>
      <Checkbox
        checked={chosen}
        onChange={onTick}
        label={
          <span className={classes["item"]}>
            <b>{kind === "response" ? nameOf(item) : item}</b>
            <small>{t(`field.${field}`)}</small>
          </span>
        }
      />
      <p className={classes["reference"]} dir="auto">
        <SlotWords text={reference} />
      </p>
      {change.confirmed ? (
        <p className={classes["confirmed"]}>{t("import.confirmed")}</p>
      ) : (
        <>
          {before ? (
            <del dir="auto" lang={language}>
              {before}
            </del>
          ) : null}
          <ins dir="auto" lang={language}>
            <SlotWords text={after} />
          </ins>
        </>
      )}
      {notes.map((note) => (
        <p key={note} className={classes["note"]}>
          <IconAlertTriangle size={14} stroke={1.75} aria-hidden="true" />
          {note}
        </p>
      ))}
    </li>
  );
}
