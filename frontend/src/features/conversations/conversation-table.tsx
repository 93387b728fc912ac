import { Button, Group, Modal, TextInput } from "@mantine/core";
import { IconCheck, IconFlask, IconTag, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Conversation, ConversationFilters } from "@/api/conversations";
import { usePermission } from "@/api/me";
import { FormDialog } from "@/components/form-dialog";
import { Moment } from "@/components/moment";
import { StateBadge } from "@/components/state-badge";
import { type Column, DataTable } from "@/components/table/data-table";
import { SelectionAction, SelectionBar } from "@/components/table/selection-bar";
import { TwoLines } from "@/components/table/two-lines";
import { humanise } from "@/lib/humanise";
import classes from "./conversations.module.css";
import { OutcomeBadge } from "./outcome";
import { useConversationCommands } from "./use-conversation-commands";

interface ConversationTableProps {
  assistantId: string;
  rows: readonly Conversation[];
  /** Taken along, so that the detail page walks the same list. */
  filters: ConversationFilters;
}

const NONE: ReadonlySet<string> = new Set();

export function ConversationTable({ assistantId, rows, filters }: ConversationTableProps) {
  const { t } = useTranslation(["conversations", "common"]);
  const navigate = useNavigate();
  const [chosen, setChosen] = useState(NONE);
  const [asking, setAsking] = useState<"tag" | "delete" | null>(null);
  const commands = useConversationCommands(assistantId);
  const mayReview = usePermission("conversation.review");
  const mayDelete = usePermission("conversation.delete");
  const columns = useColumns();
  const ids = rows.filter((row) => chosen.has(row.id)).map((row) => row.id);
  const done = () => {
    setChosen(NONE);
    setAsking(null);
  };
  return (
    <>
      <DataTable
        label={t("title")}
        rows={rows}
        rowId={(row) => row.id}
        rowLabel={(row) => row.title || row.sender_id}
        columns={columns}
        onOpen={(row) =>
          void navigate({
            to: "/assistants/$assistantId/conversations/$conversationId",
            params: { assistantId, conversationId: row.id },
            search: filters as Record<string, never>,
          })
        }
        {...(mayReview || mayDelete ? { selection: { chosen, onChange: setChosen } } : {})}
      />
      <SelectionBar count={ids.length} onClear={() => setChosen(NONE)}>
        {mayReview ? (
          <>
            <SelectionAction
              icon={<IconCheck size={18} stroke={1.75} />}
              label={t("markReviewed")}
              onClick={() => {
                commands.review(ids);
                done();
              }}
            />
            <SelectionAction
              icon={<IconTag size={18} stroke={1.75} />}
              label={t("tag")}
              onClick={() => setAsking("tag")}
            />
          </>
        ) : null}
        {mayDelete ? (
          <SelectionAction
            icon={<IconTrash size={18} stroke={1.75} />}
            label={t("common:delete")}
            onClick={() => setAsking("delete")}
          />
        ) : null}
      </SelectionBar>
      {asking === "tag" ? (
        <TagDialog
          onClose={() => setAsking(null)}
          onTag={(tag) => {
            commands.tag(ids, tag);
            done();
          }}
        />
      ) : null}
      {asking === "delete" ? (
        <DeleteDialog
          count={ids.length}
          onClose={() => setAsking(null)}
          onDelete={() => {
            commands.remove(ids);
            done();
          }}
        />
      ) : null}
    </>
  );
}

function useColumns(): Column<Conversation>[] {
  const { t } = useTranslation("conversations");
  return [
    {
      id: "message",
      title: t("columns.message"),
      width: "minmax(0, 1fr)",
      cell: (row) => (
        <TwoLines
          name={
            <span className={classes["said"]}>
              {row.title ? `“${row.title}”` : t("nothingSaid")}
            </span>
          }
          second={<code>{row.sender_id.slice(0, 8)}</code>}
          after={
            row.is_test ? (
              <StateBadge tone="neutral" icon={<IconFlask size={14} />}>
                {t("test")}
              </StateBadge>
            ) : null
          }
        />
      ),
    },
    {
      id: "flow",
      title: t("columns.flow"),
      width: "160px",
      narrow: "130px",
      hide: "slim",
      cell: (row) => <span className={classes["clip"]}>{humanise(row.flows.at(-1) ?? "")}</span>,
    },
    {
      id: "ended",
      title: t("columns.ended"),
      width: "136px",
      narrow: "120px",
      cell: (row) => <OutcomeBadge outcome={row.outcome} />,
    },
    {
      id: "tags",
      title: t("columns.tags"),
      width: "130px",
      narrow: "96px",
      hide: "slim",
      cell: (row) => (
        <span className={classes["tags"]}>
          {row.tags.map((tag) => (
            <StateBadge key={tag.id} tone="accent">
              {tag.name}
            </StateBadge>
          ))}
        </span>
      ),
    },
    {
      id: "messages",
      title: t("columns.messages"),
      width: "92px",
      hide: "slim",
      align: "right",
      cell: (row) => row.message_count,
    },
    {
      id: "channel",
      title: t("columns.channel"),
      width: "120px",
      hide: "narrow",
      cell: (row) => <span className={classes["clip"]}>{humanise(row.channel)}</span>,
    },
    {
      id: "started",
      title: t("columns.started"),
      width: "150px",
      narrow: "140px",
      align: "right",
      cell: (row) => <Moment at={row.started_at} />,
    },
  ];
}

export function TagDialog({
  onClose,
  onTag,
}: {
  onClose: () => void;
  onTag: (tag: string) => void;
}) {
  const { t } = useTranslation("conversations");
  const [tag, setTag] = useState("");
  return (
    <FormDialog
      title={t("addTag")}
      submit={t("addTag")}
      disabled={!tag.trim()}
      onSubmit={() => onTag(tag.trim())}
      onClose={onClose}
    >
      <TextInput
        label={t("tag")}
        value={tag}
        maxLength={60}
        onChange={(event) => setTag(event.currentTarget.value)}
        data-autofocus
      />
    </FormDialog>
  );
}

export function DeleteDialog({
  count,
  onClose,
  onDelete,
}: {
  count: number;
  onClose: () => void;
  onDelete: () => void;
}) {
  const { t } = useTranslation(["conversations", "common"]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("deleteTitle", { count })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p>{t("deleteSentence")}</p>
      <Group justify="flex-end" gap={8} mt={20}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common:cancel")}
        </Button>
        <Button color="red" onClick={onDelete}>
          {t("common:delete")}
        </Button>
      </Group>
    </Modal>
  );
}
