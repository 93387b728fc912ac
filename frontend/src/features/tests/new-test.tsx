import { Button, Select, TextInput } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NewTest as Wanted } from "@/api/tests";
import { IconButton } from "@/components/icon-button";
import classes from "./tests.module.css";

interface NewTestProps {
  /** Files that hold tests already. */
  paths: readonly string[];
  create: (test: Wanted) => Promise<unknown>;
  onBack: () => void;
}

const DEFAULT_PATH = "e2e_tests/tests.yml";

/** The first words of a talk make a test, which is called by them. */
export function NewTest({ paths, create, onBack }: NewTestProps) {
  const { t } = useTranslation("tests");
  const [said, setSaid] = useState("");
  const [name, setName] = useState<string | null>(null);
  const [path, setPath] = useState(paths[0] ?? DEFAULT_PATH);
  const [refused, setRefused] = useState("");
  const [busy, setBusy] = useState(false);
  const words = said.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!words || busy) return;
    setBusy(true);
    try {
      const called = name?.trim() || words;
      await create({ body: { test_case: called, steps: [{ user: words }] }, path });
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <form className={classes["new"]} onSubmit={(event) => void submit(event)}>
      <div className={classes["newHead"]}>
        <span className={classes["back"]}>
          <IconButton label={t("title")} onClick={onBack}>
            <IconArrowLeft size={18} stroke={1.75} />
          </IconButton>
        </span>
        <h2>{t("new")}</h2>
      </div>
      <TextInput
        label={t("firstWords")}
        description={t("firstWordsHint")}
        value={said}
        autoFocus
        onChange={(event) => setSaid(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onBack();
        }}
      />
      <TextInput
        label={t("name")}
        value={name ?? words}
        error={refused || null}
        onChange={(event) => {
          setRefused("");
          setName(event.currentTarget.value);
        }}
      />
      <Select
        label={t("file")}
        data={[...new Set([...paths, DEFAULT_PATH])]}
        value={path}
        allowDeselect={false}
        onChange={(chosen) => setPath(chosen ?? DEFAULT_PATH)}
      />
      <div className={classes["actions"]}>
        <Button type="submit" loading={busy} disabled={!words}>
          {t("create")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onBack}>
          {t("cancel")}
        </Button>
      </div>
    </form>
  );
}
