import { Button } from "@mantine/core";
import { IconPlus, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants";
import { useMe, usePermission } from "@/api/me";
import { DropArea } from "@/components/drop-area";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { useCommands } from "@/lib/commands/use-commands";
import { AssistantGrid } from "./assistant-grid";
import { Guide } from "./guide";
import { ImportDialog } from "./import-dialog";
import { NewAssistantDialog } from "./new-assistant-dialog";
import { useImport } from "./use-import";

export function HomePage() {
  const { t } = useTranslation("home");
  const assistants = useQuery(assistantsQuery());
  const importing = useImport();
  const mayCreate = usePermission("assistant.create");
  const [creating, setCreating] = useState(false);
  const create = () => setCreating(true);
  const group = t("assistants");
  useCommands(
    mayCreate ? [{ id: "home:new", label: t("new"), group, keys: ["n"], run: create }] : [],
  );
  const picker = useRef<HTMLInputElement>(null);
  const choose = () => picker.current?.click();

  return (
    <DropArea enabled={mayCreate} label={t("drop")} onFile={(file) => importing.start({ file })}>
      <Page
        title={useGreeting()}
        sentence={assistants.data ? t("count", { count: assistants.data.results.length }) : " "}
        actions={
          <>
            <Button
              variant="default"
              leftSection={<IconUpload size={18} stroke={1.75} />}
              disabled={!mayCreate}
              onClick={choose}
            >
              {t("import")}
            </Button>
            <Button
              leftSection={<IconPlus size={18} stroke={1.75} />}
              disabled={!mayCreate}
              onClick={create}
            >
              {t("new")}
            </Button>
          </>
        }
      >
        {assistants.error ? (
          <ErrorState error={assistants.error} onRetry={() => void assistants.refetch()} />
        ) : assistants.data ? (
          <>
            <Guide assistants={assistants.data.results} />
            <AssistantGrid
              assistants={assistants.data.results}
              mayCreate={mayCreate}
              onNew={create}
            />
          </>
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
      <input
        ref={picker}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label={t("import")}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) importing.start({ file });
        }}
      />
      <NewAssistantDialog
        opened={creating}
        onClose={() => setCreating(false)}
        onImport={importing.start}
      />
      <ImportDialog outcome={importing.outcome} onClose={importing.close} />
    </DropArea>
  );
}

function useGreeting(): string {
  const { t } = useTranslation("home");
  const me = useMe();
  const hour = new Date().getHours();
  const time = hour < 5 ? "evening" : hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
  return t(`greeting.${time}`, { name: me.name.split(" ")[0] });
}
