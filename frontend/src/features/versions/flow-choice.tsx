import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { FlowChange } from "@/api/versions";
import { AnchorLink } from "@/components/links";
import { StateBadge } from "@/components/state-badge";
import { textScale } from "@/lib/text-scale";
import type { TrainingOrder } from "./train-panel";
import classes from "./train-panel.module.css";

const ROW_HEIGHT = 40;

interface FlowChoiceProps {
  assistantId: string;
  changes: readonly FlowChange[];
  order: Pick<TrainingOrder, "chosen" | "toggle">;
}

/** Which flows go in. One with errors cannot be ticked; its badge leads to it. */
export function FlowChoice({ assistantId, changes, order }: FlowChoiceProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: changes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT * textScale(),
    overscan: 6,
  });
  return (
    <div className={classes["choice"]} ref={scroller}>
      <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
        {virtual.getVirtualItems().map((item) => {
          const change = changes[item.index];
          if (!change) return null;
          return (
            <div
              key={change.flow}
              className={classes["flow"]}
              data-last={item.index === changes.length - 1}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Checkbox
                label={<span className={classes["flowName"]}>{change.name}</span>}
                disabled={change.error_count > 0}
                checked={order.chosen.has(change.flow)}
                onChange={() => order.toggle(change.flow)}
              />
              <ChangeBadge assistantId={assistantId} change={change} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function ChangeBadge({ assistantId, change }: { assistantId: string; change: FlowChange }) {
  const { t } = useTranslation("versions");
  if (change.error_count > 0) {
    return (
      <AnchorLink
        to="/assistants/$assistantId/flows/$flowId"
        params={{ assistantId, flowId: change.flow }}
      >
        <StateBadge tone="err">{t("change.problems", { count: change.error_count })}</StateBadge>
      </AnchorLink>
    );
  }
  if (change.change === "new") return <StateBadge tone="info">{t("change.new")}</StateBadge>;
  if (change.change === "none") return <StateBadge tone="neutral">{t("change.none")}</StateBadge>;
  return <StateBadge tone="info">{t("change.changed", { count: change.change_count })}</StateBadge>;
}
