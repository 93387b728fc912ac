import { Button, Highlight } from "@mantine/core";
import { IconCopy, IconDownload, IconPencil, IconRestore, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FlowItem } from "@/api/types";
import { IconButton } from "@/components/icon-button";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import { StateBadge } from "@/components/state-badge";
import type { Column } from "@/components/table/data-table";
import { TwoLines } from "@/components/table/two-lines";
import { FlowState } from "./flow-state";
import classes from "./flows-page.module.css";
import type { FlowCommands } from "./use-flow-commands";
import { UsedBy } from "./used-by";

interface FlowColumnOptions {
  assistantId: string;
  search: string;
  tab: "system" | "deleted" | undefined;
  mayEdit: boolean;
  commands: FlowCommands;
  onRemove: (flows: readonly FlowItem[]) => void;
  onExport: (flows: readonly FlowItem[]) => void;
}

type Row = FlowItem & { customised?: boolean };

export function useFlowColumns(options: FlowColumnOptions): Column<Row>[] {
  const { t } = useTranslation("flows");
  const { assistantId, search } = options;
  const mark = (text: string) => (
    <span className={classes["capital"]}>
      <Highlight
        component="span"
        inherit
        highlight={search}
        highlightStyles={{ background: "var(--warn-soft)", color: "inherit", borderRadius: 3 }}
      >
        {text}
      </Highlight>
    </span>
  );
  return [
    {
      id: "flow",
      title: t("columns.flow"),
      width: "minmax(0, 1fr)",
      cell: (flow) => (
        <TwoLines
          name={mark(flow.name)}
          second={mark(flow.description)}
          after={
            flow.customised ? (
              <StateBadge tone="accent" icon={<IconPencil size={14} />}>
                {t("customised")}
              </StateBadge>
            ) : null
          }
        />
      ),
    },
    {
      id: "steps",
      title: t("columns.steps"),
      width: "72px",
      hide: "slim",
      align: "right",
      cell: (flow) => flow.step_count,
    },
    {
      id: "used",
      title: t("columns.usedBy"),
      width: "200px",
      narrow: "168px",
      hide: "slim",
      cell: (flow) => <UsedBy assistantId={assistantId} flow={flow} />,
    },
    {
      id: "state",
      title: t("columns.state"),
      width: "140px",
      narrow: "124px",
      cell: (flow) => <FlowState assistantId={assistantId} flow={flow} />,
    },
    {
      id: "edited",
      title: t("columns.edited"),
      width: "180px",
      narrow: "164px",
      align: "right",
      cell: (flow) => <LastEdit flow={flow} />,
      actions: (flow) => <RowActions flow={flow} {...options} />,
    },
  ];
}

function LastEdit({ flow }: { flow: Row }) {
  if (!flow.updated_at) return null;
  return (
    <span className={classes["edited"]}>
      <Moment at={flow.updated_at} />
      {flow.updated_by ? <PersonAvatar person={flow.updated_by} size={22} /> : null}
    </span>
  );
}

function RowActions({
  flow,
  tab,
  mayEdit,
  commands,
  onRemove,
  onExport,
}: FlowColumnOptions & { flow: Row }) {
  const { t } = useTranslation("flows");
  if (tab === "deleted") {
    return (
      <Button
        size="xs"
        variant="default"
        disabled={!mayEdit}
        onClick={() => commands.restore([flow])}
      >
        {t("restore")}
      </Button>
    );
  }
  if (tab === "system") {
    return flow.customised ? (
      <IconButton
        label={t("reset")}
        size={28}
        disabled={!mayEdit}
        onClick={() => commands.reset(flow)}
      >
        <IconRestore size={18} stroke={1.75} />
      </IconButton>
    ) : null;
  }
  return (
    <>
      {mayEdit ? (
        <IconButton label={t("duplicate")} size={28} onClick={() => commands.duplicate([flow])}>
          <IconCopy size={18} stroke={1.75} />
        </IconButton>
      ) : null}
      <IconButton label={t("export.short")} size={28} onClick={() => onExport([flow])}>
        <IconDownload size={18} stroke={1.75} />
      </IconButton>
      {mayEdit ? (
        <IconButton label={t("delete")} size={28} onClick={() => onRemove([flow])}>
          <IconTrash size={18} stroke={1.75} />
        </IconButton>
      ) : null}
    </>
  );
}
