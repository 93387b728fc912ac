import { IconListSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { StateView } from "@/components/feedback/state-views";
import { useCommands } from "@/lib/commands/use-commands";
import { type Inspection, InspectionContext, useInspectionOf } from "./inspection";
import classes from "./inspector.module.css";
import { InspectorSide } from "./inspector-side";
import { TurnList } from "./turn-list";

type InspectorProps = Parameters<typeof useInspectionOf>[0];

/** What lies behind the chat: each turn as it was understood and played out, and the details beside it. */
export function Inspector(props: InspectorProps) {
  const { t } = useTranslation("inspector");
  const inspection = useInspectionOf(props);
  useTurnKeys(inspection);
  const { state, turns } = inspection;
  const waiting = state.status === "connecting" || (state.status === "open" && !state.tracker);
  return (
    <InspectionContext value={inspection}>
      <main className={classes["middle"]} id="main" tabIndex={-1}>
        {turns.length > 0 ? (
          <TurnList />
        ) : waiting ? (
          <div className={classes["blank"]}>
            <ListSkeleton />
          </div>
        ) : (
          <div className={classes["blank"]}>
            <StateView
              drawing={<IconListSearch size={28} stroke={1.75} />}
              title={t("empty.title")}
              sentence={t("empty.sentence")}
            />
          </div>
        )}
      </main>
      <InspectorSide />
    </InspectionContext>
  );
}

function useTurnKeys({ turns, turn, chooseTurn }: Inspection): void {
  const { t } = useTranslation("inspector");
  const place = turn ? turns.indexOf(turn) : -1;
  const step = (by: number) => {
    const next = turns[place + by];
    if (next) chooseTurn(next);
  };
  const group = t("group");
  useCommands([
    { id: "turn:next", label: t("nextTurn"), group, keys: ["j"], hidden: true, run: () => step(1) },
    {
      id: "turn:previous",
      label: t("previousTurn"),
      group,
      keys: ["k"],
      hidden: true,
      run: () => step(-1),
    },
  ]);
}
