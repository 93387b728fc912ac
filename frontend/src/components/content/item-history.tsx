import { Button } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Commit, commitQuery, commitsQuery } from "@/api/history";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import { ChangeView } from "./change-view";
import { useContent } from "./content-context";
import classes from "./item-history.module.css";
import { useRestore } from "./use-restore";

interface ItemHistoryProps {
  assistantId: string;
  kind: string;
  id: string;
}

/** Every change of one item, the newest first and open. */
export function ItemHistory({ assistantId, kind, id }: ItemHistoryProps) {
  const { t } = useTranslation("content");
  const list = useInfiniteQuery(commitsQuery(assistantId, { kind, key: id }));
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <ListSkeleton />;
  const commits = list.data.pages.flatMap((page) => page.results);
  if (commits.length === 0) return <p className={classes["none"]}>{t("history.none")}</p>;
  return (
    <div className={classes["history"]}>
      {commits.map((commit, index) => (
        <Change key={commit.number} {...{ assistantId, kind, id, commit }} open={index === 0} />
      ))}
      {list.hasNextPage ? (
        <Button variant="default" onClick={() => void list.fetchNextPage()}>
          {t("history.older")}
        </Button>
      ) : null}
    </div>
  );
}

interface ChangeProps extends ItemHistoryProps {
  commit: Commit;
  open: boolean;
}

function Change({ assistantId, kind, id, commit, open }: ChangeProps) {
  const { t } = useTranslation("content");
  const name = commit.author?.name ?? t("history.system");
  return (
    <details open={open}>
      <summary>
        <PersonAvatar person={commit.author ?? { id: "", name }} />
        <span className={classes["grow"]}>
          <b>{name}</b> {t(`history.door.${commit.door}`)}
        </span>
        <Moment at={commit.at} />
      </summary>
      <Difference assistantId={assistantId} kind={kind} id={id} number={commit.number} />
    </details>
  );
}

function Difference({ assistantId, kind, id, number }: ItemHistoryProps & { number: number }) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const commit = useQuery(commitQuery(assistantId, number)).data;
  const restore = useRestore(assistantId);
  const change = commit?.diff.find((each) => each.kind === kind && each.key === id);
  if (!change) return null;
  return (
    <div className={classes["change"]}>
      <ChangeView change={change} />
      <Button
        size="xs"
        variant="default"
        disabled={readOnly}
        leftSection={<IconArrowBackUp size={14} stroke={1.75} />}
        onClick={() => void restore(number, [{ kind, key: id }])}
      >
        {t("history.restoreItem")}
      </Button>
    </div>
  );
}
