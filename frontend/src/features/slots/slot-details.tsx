import { Tabs } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ConflictCard } from "@/components/content/conflict-card";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { ItemHistory } from "@/components/content/item-history";
import { SlotUses } from "@/components/content/slot-uses";
import { useDraftProblems } from "@/components/content/use-draft-problems";
import { useItem } from "@/components/content/use-item";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { useNarrow } from "@/lib/text-scale";
import { SLOT_FORM } from "./focus";
import { MappingList } from "./mapping-list";
import { RejectionList } from "./rejection-list";
import { SlotHead } from "./slot-head";
import classes from "./slots.module.css";
import { TypeFields } from "./type-fields";
import { ValueList } from "./value-list";

const TABS = ["definition", "uses", "history"] as const;
type Tab = (typeof TABS)[number];

interface SlotDetailsProps {
  id: string;
  tab: string | undefined;
  onTab: (tab: Exclude<Tab, "definition"> | undefined) => void;
  onChoose: (slot: string | undefined) => void;
}

/** One slot: what it holds, how it is filled, what is not accepted; everything is saved by itself. */
export function SlotDetails({ id, tab, onTab, onChoose }: SlotDetailsProps) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const narrow = useNarrow();
  const slot = useItem(assistantId, "slots", id);
  const problems = useDraftProblems(
    assistantId,
    "slot",
    id,
    slot.kind === "open" ? slot.body : null,
  );
  if (slot.kind === "failed") return <ErrorState error={slot.error} onRetry={slot.retry} />;
  if (slot.kind === "missing") return <NothingMatches title={t("gone", { name: id })} />;
  if (slot.kind === "loading")
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  const { body, change, save, flush, decide } = slot;
  const below = (pointer: string) =>
    problems.filter((problem) => problem.pointer?.startsWith(pointer));
  const fields = { body, onChange: change, problems: below };
  const shown = TABS.filter((each) => each !== "uses" || narrow);
  const open = shown.find((each) => each === tab) ?? "definition";
  return (
    <>
      <SlotHead id={id} save={save} onFlush={flush} onChoose={onChoose} />
      <Tabs
        value={open}
        className={classes["tabs"]}
        onChange={(value) => onTab(value === "uses" || value === "history" ? value : undefined)}
      >
        <Tabs.List aria-label={id}>
          {shown.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tabs.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <div className={classes["body"]}>
        {open === "history" ? (
          <ItemHistory assistantId={assistantId} kind="slot" id={id} />
        ) : open === "uses" ? (
          <div className={classes["form"]}>
            <SlotUses assistantId={assistantId} slot={id} />
          </div>
        ) : (
          <div className={classes["form"]} id={SLOT_FORM}>
            {save.conflict ? <ConflictCard conflict={save.conflict} onDecide={decide} /> : null}
            <FieldProblems problems={problems.filter(({ pointer }) => !pointer)} />
            <TypeFields {...fields} />
            {body["type"] === "categorical" || body["type"] === "strict_categorical" ? (
              <ValueList slot={id} {...fields} onFlush={flush} />
            ) : null}
            <MappingList {...fields} />
            <RejectionList slot={id} {...fields} />
          </div>
        )}
      </div>
    </>
  );
}
