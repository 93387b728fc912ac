import { Popover } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { validationQuery } from "@/api/content";
import type { FlowItem } from "@/api/types";
import { AnchorLink } from "@/components/links";
import { StateBadge } from "@/components/state-badge";
import classes from "./flows-page.module.css";

/** The badge of a flow's health; a click lists its problems as links to the steps. */
export function FlowState({ assistantId, flow }: { assistantId: string; flow: FlowItem }) {
  const { t } = useTranslation("flows");
  const [opened, setOpened] = useState(false);
  if (flow.error_count + flow.warning_count === 0) {
    return (
      <StateBadge tone="ok" icon={<IconCircleCheck size={14} />}>
        {t("states.ready")}
      </StateBadge>
    );
  }
  const failing = flow.error_count > 0;
  return (
    <Popover opened={opened} onChange={setOpened} width={340} position="bottom-start" withinPortal>
      <Popover.Target>
        <button type="button" className={classes["stateButton"]} onClick={() => setOpened(!opened)}>
          <StateBadge
            tone={failing ? "err" : "warn"}
            icon={failing ? <IconAlertCircle size={14} /> : <IconAlertTriangle size={14} />}
          >
            {failing
              ? t("state.errors", { count: flow.error_count })
              : t("state.warnings", { count: flow.warning_count })}
          </StateBadge>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        {opened ? <ProblemLinks assistantId={assistantId} flowId={flow.id} /> : null}
      </Popover.Dropdown>
    </Popover>
  );
}

function ProblemLinks({ assistantId, flowId }: { assistantId: string; flowId: string }) {
  const { t } = useTranslation("common");
  const report = useQuery(validationQuery(assistantId));
  if (!report.data) return <span>{t("loading")}</span>;
  const problems = report.data.problems.filter(
    (problem) => problem.kind === "flow" && problem.id === flowId,
  );
  return (
    <ul className={classes["links"]}>
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.pointer} ${problem.message}`}>
          <AnchorLink
            to="/assistants/$assistantId/flows/$flowId"
            params={{ assistantId, flowId }}
            search={problem.step ? { step: problem.step } : {}}
          >
            {problem.message}
          </AnchorLink>
        </li>
      ))}
    </ul>
  );
}
