import { Button, Group, Menu } from "@mantine/core";
import { IconDots, IconRestore, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants, assistantsQuery } from "@/api/assistants";
import type { Assistant } from "@/api/types";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { Moment } from "@/components/moment";
import { DataTable } from "@/components/table/data-table";
import { TwoLines } from "@/components/table/two-lines";
import { TypeNameDialog } from "@/components/type-name-dialog";

/** What was deleted and can be restored, until it is deleted for good. */
export function DeletedAssistants({ words }: { words: string }) {
  const { t } = useTranslation("home");
  const deleted = useQuery(assistantsQuery({ deleted: true }));
  if (deleted.error) {
    return <ErrorState error={deleted.error} onRetry={() => void deleted.refetch()} />;
  }
  if (!deleted.data) {
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  }
  const found = deleted.data.results.filter((each) =>
    `${each.name} ${each.description}`.toLowerCase().includes(words),
  );
  if (found.length > 0) return <DeletedTable rows={found} />;
  return words ? (
    <NothingMatches title={t("nothingFound", { search: words })} />
  ) : (
    <StateView
      drawing={<IconTrash size={28} stroke={1.75} />}
      title={t("deletedList.empty")}
      sentence={t("deletedList.emptySentence")}
    />
  );
}

function DeletedTable({ rows }: { rows: readonly Assistant[] }) {
  const { t } = useTranslation("home");
  const [purging, setPurging] = useState<Assistant | null>(null);
  return (
    <>
      <DataTable
        label={t("deletedList.title")}
        rows={rows}
        rowId={({ id }) => id}
        rowLabel={({ name }) => name}
        columns={[
          {
            id: "name",
            title: t("deletedList.columns.name"),
            width: "minmax(0, 1fr)",
            cell: ({ name, description }) => <TwoLines name={name} second={description} />,
          },
          {
            id: "deleted",
            title: t("deletedList.columns.deleted"),
            width: "170px",
            narrow: "120px",
            cell: ({ deleted_at: at }) => (at ? <Moment at={at} /> : null),
          },
          {
            id: "purge",
            title: t("deletedList.columns.purge"),
            width: "170px",
            hide: "slim",
            cell: ({ purge_at: at }) => (at ? <Day at={at} /> : t("deletedList.kept")),
          },
          {
            id: "actions",
            title: <span className="visually-hidden">{t("deletedList.columns.actions")}</span>,
            width: "210px",
            narrow: "150px",
            align: "right",
            cell: (assistant) => (
              <Group gap={8} wrap="nowrap" justify="flex-end">
                <Restore assistant={assistant} />
                {assistant.permissions.includes("assistant.purge") ? (
                  <PurgeMenu name={assistant.name} onPurge={() => setPurging(assistant)} />
                ) : null}
              </Group>
            ),
          },
        ]}
      />
      {purging ? <PurgeDialog assistant={purging} onClose={() => setPurging(null)} /> : null}
    </>
  );
}

function PurgeMenu({ name, onPurge }: { name: string; onPurge: () => void }) {
  const { t } = useTranslation("home");
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <IconButton label={t("deletedList.more", { name })} size={28}>
          <IconDots size={18} stroke={1.75} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={18} stroke={1.75} />}
          onClick={onPurge}
        >
          {t("deletedList.purge.menu")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function PurgeDialog({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const { id, name } = assistant;
  const purge = async () => {
    await assistants.purge(id);
    onClose();
    toast.done(t("deletedList.purge.done", { name }));
    await client.invalidateQueries({ queryKey: ["assistants"] });
  };
  return (
    <TypeNameDialog
      title={t("deletedList.purge.ask", { name })}
      submit={t("deletedList.purge.submit")}
      name={name}
      onDo={purge}
      onClose={onClose}
    >
      <p>{t("deletedList.purge.follows")}</p>
    </TypeNameDialog>
  );
}

function Day({ at }: { at: string }) {
  const { i18n } = useTranslation();
  const day = new Date(at).toLocaleDateString(i18n.language, {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
  return <time dateTime={at}>{day}</time>;
}

function Restore({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const restore = async () => {
    try {
      await assistants.restore(assistant.id);
      toast.done(t("deletedList.restored", { name: assistant.name }));
    } catch (error) {
      toast.refused(error);
    }
    await client.invalidateQueries({ queryKey: ["assistants"] });
  };
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconRestore size={16} stroke={1.75} />}
      disabled={!assistant.permissions.includes("assistant.delete")}
      onClick={() => void restore()}
    >
      {t("deletedList.restore")}
    </Button>
  );
}
