import { Button, Checkbox, FileButton, SegmentedControl } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import type { Language } from "@/api/languages";
import { usePermission } from "@/api/me";
import { type ExchangeFormat, type TranslationsImported, translations } from "@/api/translations";
import { toast } from "@/components/feedback/toast";
import { saveFile } from "@/lib/save-file";
import classes from "./exchange.module.css";
import { ImportDialog } from "./import-dialog";

interface ExchangeProps {
  assistantId: string;
  language: Language;
}

/** Out to the tool of a translator, and back. */
export function Exchange({ assistantId, language }: ExchangeProps) {
  const { t } = useTranslation("translations");
  const mayEdit = usePermission("content.edit");
  const [format, setFormat] = useState<ExchangeFormat>("xliff");
  const [onlyToDo, setOnlyToDo] = useState(true);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const [seen, setSeen] = useState<{ file: File; preview: TranslationsImported } | null>(null);
  const reset = useRef<() => void>(null);
  const toDo = language.missing + language.outdated;
  const show = onlyToDo && toDo > 0 ? "todo" : "all";
  const save = () =>
    translations
      .export(assistantId, language.code, format, show)
      .then(saveFile, (error: Error) => toast.failed(error.message));
  const read = async (file: File | null) => {
    if (!file) return;
    setRefused(null);
    setBusy(true);
    try {
      setSeen({ file, preview: await translations.preview(assistantId, file) });
    } catch (error) {
      const line = isApiError(error) ? error.errors[0]?.line : undefined;
      const reason = error instanceof Error ? error.message : String(error);
      setRefused(line === undefined ? reason : t("exchange.atLine", { line, reason }));
    } finally {
      setBusy(false);
      reset.current?.();
    }
  };
  return (
    <section className={classes["box"]} aria-labelledby="other-tool">
      <h3 id="other-tool">{t("exchange.title")}</h3>
      <SegmentedControl
        fullWidth
        size="sm"
        aria-label={t("exchange.format")}
        data={FORMATS}
        value={format}
        onChange={(value) => setFormat(value as ExchangeFormat)}
      />
      {toDo > 0 ? (
        <Checkbox
          size="xs"
          label={t("exchange.onlyToDo", { count: toDo })}
          checked={onlyToDo}
          onChange={(event) => setOnlyToDo(event.currentTarget.checked)}
        />
      ) : null}
      <div className={classes["acts"]}>
        <Button
          variant="default"
          leftSection={<IconDownload size={18} stroke={1.75} />}
          onClick={() => void save()}
        >
          {t("exchange.export")}
        </Button>
        <FileButton
          resetRef={reset}
          accept=".xlf,.xliff,.xml,.csv,.tsv,.txt"
          onChange={(file) => void read(file)}
          inputProps={{ "aria-label": t("exchange.file") }}
        >
          {(button) => (
            <Button
              {...button}
              variant="default"
              loading={busy}
              disabled={!mayEdit}
              leftSection={<IconUpload size={18} stroke={1.75} />}
            >
              {t("exchange.import")}
            </Button>
          )}
        </FileButton>
      </div>
      {refused ? (
        <p role="alert" className={classes["refused"]}>
          {refused}
        </p>
      ) : null}
      {seen ? (
        <ImportDialog
          assistantId={assistantId}
          file={seen.file}
          preview={seen.preview}
          onClose={() => setSeen(null)}
        />
      ) : null}
    </section>
  );
}

const FORMATS = [
  { value: "xliff", label: "XLIFF" },
  { value: "csv", label: "CSV" },
];
