import { IconAlertCircle, IconArrowLeft, IconFileCode } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { StateView } from "@/components/feedback/state-views";
import { IconButton } from "@/components/icon-button";
import { ButtonLink } from "@/components/links";
import type { Row } from "./outcomes";
import classes from "./tests.module.css";

/** A test, or a file of tests, that cannot be read: why, and the way to its line. */
export function BrokenTest({
  assistantId,
  row,
  onBack,
}: {
  assistantId: string;
  row: Row;
  onBack: () => void;
}) {
  const { t } = useTranslation("tests");
  const line = row.test?.line ?? Number(/^line (\d+)/.exec(row.problem ?? "")?.[1] ?? 1);
  return (
    <>
      <div className={classes["backOnly"]}>
        <IconButton label={t("title")} onClick={onBack}>
          <IconArrowLeft size={18} stroke={1.75} />
        </IconButton>
      </div>
      <StateView
        alert
        drawing={<IconAlertCircle size={28} stroke={1.75} />}
        title={t("unreadable", { name: row.name })}
        sentence={row.problem}
        actions={
          <ButtonLink
            to="/assistants/$assistantId/files"
            params={{ assistantId }}
            search={{ file: row.path, line }}
            leftSection={<IconFileCode size={18} stroke={1.75} />}
          >
            {t("openFile")}
          </ButtonLink>
        }
      />
    </>
  );
}
