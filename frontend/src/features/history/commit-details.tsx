import { Button, Menu, Modal } from "@mantine/core";
import { IconArrowBackUp, IconArrowLeft, IconDots, IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { commitQuery, type ItemDifference } from "@/api/history";
import { usePermission } from "@/api/me";
import { ChangeView } from "@/components/content/change-view";
import { useHeadline } from "@/components/content/use-headline";
import { useItemName } from "@/components/content/use-item-name";
import { useKindName } from "@/components/content/use-kind";
import { type Place, useRestore } from "@/components/content/use-restore";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { Moment } from "@/components/moment";
import { capitalised } from "@/lib/capitalised";
import classes from "./history-page.module.css";

interface CommitDetailsProps {
  assistantId: string;
  number: number;
  /** The one item that the list is about. */
  only: Place | null;
  /** On a phone: to the list. */
  onBack: () => void;
}

/** An import may bring thousands. */
const FIRST = 200;

/** One change: who, when, how it came in, and item by item what it did. */
export function CommitDetails({ assistantId, number, only, onBack }: CommitDetailsProps) {
  const { t } = useTranslation(["history", "content"]);
  const commit = useQuery(commitQuery(assistantId, number));
  const headline = useHeadline(assistantId);
  const [all, setAll] = useState(false);
  if (commit.error)
    return <ErrorState error={commit.error} onRetry={() => void commit.refetch()} />;
  if (!commit.data)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  const made = commit.data;
  const shown = only
    ? made.diff.filter(({ kind, key }) => kind === only.kind && key === only.key)
    : made.diff;
  const name = made.author?.name ?? t("content:history.system");
  return (
    <>
      <header className={classes["head"]}>
        <span className={classes["back"]}>
          <IconButton label={t("title")} onClick={onBack}>
            <IconArrowLeft size={18} stroke={1.75} />
          </IconButton>
        </span>
        <div className={classes["grow"]}>
          <h2>{headline(made)}</h2>
          <p className={classes["quiet"]}>
            {t("by", { name, door: t(`content:history.door.${made.door}`) })}
            <Moment at={made.at} />
            {made.merged ? `. ${t("merged", { place: made.merged })}` : null}
          </p>
        </div>
        <More assistantId={assistantId} number={number} />
      </header>
      <div className={classes["body"]}>
        {shown.length > 1 ? (
          <p className={classes["quiet"]}>{t("items", { count: shown.length })}</p>
        ) : null}
        {shown.slice(0, all ? undefined : FIRST).map((change) => (
          <Change
            key={`${change.kind} ${change.key}`}
            assistantId={assistantId}
            number={number}
            change={change}
            alone={shown.length === 1}
          />
        ))}
        {shown.length > FIRST && !all ? (
          <Button variant="default" onClick={() => setAll(true)}>
            {t("showAll", { count: shown.length })}
          </Button>
        ) : null}
      </div>
    </>
  );
}

interface ChangeProps {
  assistantId: string;
  number: number;
  change: ItemDifference;
  alone: boolean;
}

function Change({ assistantId, number, change, alone }: ChangeProps) {
  const { t } = useTranslation("content");
  const mayEdit = usePermission("content.edit");
  const nameOf = useItemName(assistantId);
  const kindOf = useKindName();
  const restore = useRestore(assistantId);
  const { kind, key, action } = change;
  const words = { kind: kindOf(kind), name: nameOf(kind, key) };
  const title = {
    added: () => t("history.made", words),
    changed: () => t("history.changed", words),
    removed: () => t("history.gone", words),
    renamed: () =>
      t("history.renamed", { ...words, before: nameOf(kind, change.before_key ?? "") }),
  }[action]();
  // A name that changed is two items: the one that went and the one that came.
  const places = [{ kind, key }, ...(change.before_key ? [{ kind, key: change.before_key }] : [])];
  return (
    <details className={classes["change"]} data-action={action} open={alone}>
      <summary>
        <span className={classes["sign"]} aria-hidden="true">
          {SIGNS[action]}
        </span>
        {capitalised(title)}
      </summary>
      <div className={classes["what"]}>
        <ChangeView change={change} />
        <div className={classes["ways"]}>
          <Button
            size="xs"
            variant="default"
            disabled={!mayEdit}
            leftSection={<IconArrowBackUp size={14} stroke={1.75} />}
            onClick={() => void restore(number - 1, places)}
          >
            {t("history.restoreItemBefore")}
          </Button>
          <Button
            size="xs"
            variant="default"
            disabled={!mayEdit}
            onClick={() => void restore(number, places)}
          >
            {t("history.restoreItem")}
          </Button>
        </div>
      </div>
    </details>
  );
}

const SIGNS = { added: "+", removed: "−", changed: "✎", renamed: "✎" } as const;

function More({ assistantId, number }: { assistantId: string; number: number }) {
  const { t } = useTranslation(["history", "common"]);
  const mayEdit = usePermission("content.edit");
  const restore = useRestore(assistantId);
  const [asking, setAsking] = useState(false);
  const copy = () =>
    void navigator.clipboard
      .writeText(new URL(`?commit=${number}`, window.location.href).href)
      .then(() => toast.done(t("linkCopied")));
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <IconButton label={t("more")}>
            <IconDots size={18} stroke={1.75} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArrowBackUp size={16} stroke={1.75} />}
            disabled={!mayEdit}
            onClick={() => setAsking(true)}
          >
            {t("restoreAll")}
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={16} stroke={1.75} />} onClick={copy}>
            {t("copyLink")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asking} onClose={() => setAsking(false)} title={t("restoreAllTitle")}>
        <p>{t("restoreAllText")}</p>
        <div className={classes["answer"]}>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t("common:cancel")}
          </Button>
          <Button
            data-autofocus
            onClick={() => {
              setAsking(false);
              void restore(number);
            }}
          >
            {t("restoreAllButton")}
          </Button>
        </div>
      </Modal>
    </>
  );
}
