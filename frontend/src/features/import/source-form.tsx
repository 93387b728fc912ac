import { Button, FileButton } from "@mantine/core";
import { IconBrandGit, IconFileZip } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportSource } from "@/api/imports";
import { GitFields, NO_PLACE, useGitAllowed } from "@/components/git-fields";
import classes from "./import.module.css";

interface SourceFormProps {
  reading: boolean;
  mayEdit: boolean;
  onSource: (source: ImportSource) => void;
}

/** Where the project comes from. */
export function SourceForm({ reading, mayEdit, onSource }: SourceFormProps) {
  const { t } = useTranslation("import");
  const [git, setGit] = useState(NO_PLACE);
  const gitAllowed = useGitAllowed();
  const fetchGit = (event: FormEvent) => {
    event.preventDefault();
    if (git.address.trim() && !reading) onSource({ git });
  };
  return (
    <>
      <section className={classes["source"]} aria-labelledby="from-zip">
        <IconFileZip size={28} stroke={1.5} aria-hidden="true" />
        <div className={classes["grow"]}>
          <h2 id="from-zip">{t("zip.title")}</h2>
          <p className={classes["quiet"]}>{t("zip.sentence")}</p>
        </div>
        <FileButton
          accept=".zip,application/zip"
          onChange={(file) => file && onSource({ file })}
          inputProps={{ "aria-label": t("zip.file") }}
        >
          {(button) => (
            <Button {...button} loading={reading} disabled={!mayEdit} data-autofocus>
              {t("zip.choose")}
            </Button>
          )}
        </FileButton>
      </section>
      <form className={classes["source"]} aria-labelledby="from-git" onSubmit={fetchGit}>
        <IconBrandGit size={28} stroke={1.5} aria-hidden="true" />
        <div className={classes["grow"]}>
          <h2 id="from-git">{t("git.title")}</h2>
          <p className={classes["quiet"]}>{t("git.sentence")}</p>
        </div>
        <div className={classes["wide"]}>
          <GitFields value={git} onChange={setGit} />
          {gitAllowed ? (
            <div className={classes["answer"]}>
              <Button
                type="submit"
                variant="default"
                loading={reading}
                disabled={!mayEdit || !git.address.trim()}
              >
                {t("git.fetch")}
              </Button>
            </div>
          ) : null}
        </div>
      </form>
    </>
  );
}
