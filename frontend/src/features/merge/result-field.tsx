import { Button, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MergeConflict } from "@/api/branches";
import { type Decision, decided, joined, withEdit } from "./decisions";
import classes from "./merge.module.css";

interface ResultFieldProps {
  conflict: MergeConflict;
  decision: Decision | undefined;
  onDecide: (decision: Decision) => void;
}

/** What the field becomes: the words of the chosen side, which may be edited, or both joined. */
export function ResultField({ conflict, decision, onDecide }: ResultFieldProps) {
  const { t } = useTranslation("merge");
  const value = decision && decided(conflict, decision);
  const both = joined(conflict);
  const isText = typeof value === "string";
  if (both === undefined && !isText) return null;
  return (
    <div className={classes["result"]}>
      {isText && decision ? (
        <Textarea
          label={t("result")}
          autosize
          minRows={1}
          maxRows={12}
          value={value}
          data-result
          onChange={(event) => onDecide(withEdit(conflict, decision, event.currentTarget.value))}
        />
      ) : null}
      {both === undefined ? null : (
        <Button
          variant="subtle"
          size="compact-sm"
          className={classes["join"] ?? ""}
          onClick={() => onDecide(withEdit(conflict, decision ?? { side: "mine" }, both))}
        >
          {t("joinBoth")}
        </Button>
      )}
    </div>
  );
}
