import { useTranslation } from "react-i18next";
import type { Commit } from "@/api/history";
import { useHeadline } from "@/components/content/use-headline";
import { ItemList } from "@/components/layout/item-list";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import classes from "./history-page.module.css";

interface CommitListProps {
  assistantId: string;
  rows: readonly Commit[];
  chosen: number | undefined;
  onChoose: (number: number) => void;
  /** The last row is in view. */
  onEnd: () => void;
}

export function CommitList({ assistantId, rows, chosen, onChoose, onEnd }: CommitListProps) {
  const { t } = useTranslation(["history", "content"]);
  const headline = useHeadline(assistantId);
  return (
    <ItemList
      label={t("list")}
      rows={rows}
      rowId={(commit) => String(commit.number)}
      chosen={chosen === undefined ? undefined : String(chosen)}
      onChoose={(commit) => onChoose(commit.number)}
      onEnd={onEnd}
    >
      {(commit) => (
        <div className={classes["commit"]}>
          <PersonAvatar person={commit.author ?? { id: "", name: t("content:history.system") }} />
          <div className={classes["lines"]}>
            <b>{headline(commit)}</b>
            <span>
              {commit.author?.name ?? t("content:history.system")}, <Moment at={commit.at} />
            </span>
          </div>
        </div>
      )}
    </ItemList>
  );
}
