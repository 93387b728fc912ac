import { Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSearchChange } from "@/components/table/filter-bar";
import { ActionsTab } from "./actions-tab";
import { useInspection } from "./inspection";
import classes from "./side.module.css";
import { SlotsTab } from "./slots-tab";
import { TimeTab } from "./time-tab";
import { WhereTab } from "./where-tab";

const route = getRouteApi("/assistants/$assistantId/try");
const TABS = ["slots", "where", "time", "actions"] as const;
type Tab = (typeof TABS)[number];
const PANELS: Record<Tab, () => React.ReactNode> = {
  slots: SlotsTab,
  where: WhereTab,
  time: TimeTab,
  actions: ActionsTab,
};

/** Beside the turns: what the assistant remembers, where it is, where the time went, and its actions. */
export function InspectorSide() {
  const { t } = useTranslation("inspector");
  const { tab = "slots" } = route.useSearch();
  const { state } = useInspection();
  const set = useSearchChange<{ tab?: Exclude<Tab, "slots"> | undefined }>();
  const stubs = Object.keys(state.stubs).length;
  return (
    <aside className={classes["side"]} aria-label={t("side")}>
      <Tabs
        className={classes["tabs"]}
        value={tab}
        keepMounted={false}
        onChange={(chosen) => {
          const next = TABS.find((each) => each === chosen) ?? "slots";
          set({ tab: next === "slots" ? undefined : next });
        }}
      >
        <Tabs.List className={classes["tabList"]}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`tabs.${each}`)}
              {each === "actions" && stubs > 0 ? (
                <span className={classes["count"]}>{stubs}</span>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((each) => {
          const Panel = PANELS[each];
          return (
            <Tabs.Panel key={each} value={each} className={classes["panel"]}>
              <Panel />
            </Tabs.Panel>
          );
        })}
      </Tabs>
    </aside>
  );
}
