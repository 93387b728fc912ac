import { Button } from "@mantine/core";
import { IconArrowUpRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { FileDetail } from "@/api/files";
import { useKindName } from "@/components/content/use-kind";
import classes from "./files-page.module.css";

/** Says of a file that pages write what stands in it, and where that is edited. */
export function WrittenFrom({
  assistantId,
  file,
  onEdit,
}: {
  assistantId: string;
  file: FileDetail;
  /** Edits its text all the same. */
  onEdit: (() => void) | undefined;
}) {
  const { t } = useTranslation("files");
  const kindOf = useKindName();
  const what = file.items.map(({ kind, count }) => `${kindOf(kind)} (${count})`).join(", ");
  const hasFlows = file.items.some(({ kind }) => kind === "flow" || kind === "system_flow");
  return (
    <p className={classes["note"]}>
      <IconArrowUpRight size={16} stroke={1.75} aria-hidden="true" />
      <span>{t("writtenFrom", { what })}</span>
      {hasFlows ? (
        <Link to="/assistants/$assistantId/flows" params={{ assistantId }}>
          {t("toFlows")}
        </Link>
      ) : null}
      {onEdit ? (
        <Button size="compact-xs" variant="default" onClick={onEdit}>
          {t("editAsText")}
        </Button>
      ) : null}
    </p>
  );
}
