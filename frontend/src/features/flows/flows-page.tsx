import { Button, Tabs } from "@mantine/core";
import { IconPlus, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { contentListQuery } from "@/api/content";
import { usePermission } from "@/api/me";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { ButtonLink } from "@/components/links";
import { useCommands } from "@/lib/commands/use-commands";
import { BranchesMenu } from "./branches-menu";
import { FlowList } from "./flow-list";
import classes from "./flows-page.module.css";
import { NewFlowDialog } from "./new-flow-dialog";

const route = getRouteApi("/assistants/$assistantId/flows");

export function FlowsPage() {
  const { t } = useTranslation("flows");
  const { assistantId } = route.useParams();
  const assistant = useQuery(assistantQuery(assistantId));
  const mayEdit = usePermission("content.edit");
  const [creating, setCreating] = useState(false);
  const create = () => setCreating(true);
  const keys = ["n"];
  useCommands(
    mayEdit ? [{ id: "flows:new", label: t("new"), group: t("title"), keys, run: create }] : [],
  );
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Page
        title={t("title")}
        sentence={t("sentence")}
        actions={
          <>
            <BranchesMenu assistantId={assistantId} />
            {mayEdit ? (
              <ButtonLink
                variant="default"
                leftSection={<IconUpload size={18} stroke={1.75} />}
                to="/assistants/$assistantId/import"
                params={{ assistantId }}
              >
                {t("import")}
              </ButtonLink>
            ) : null}
            <Button
              leftSection={<IconPlus size={18} stroke={1.75} />}
              disabled={!mayEdit}
              onClick={create}
            >
              {t("new")}
            </Button>
          </>
        }
      >
        <FlowTabs assistantId={assistantId} />
        <FlowList assistantId={assistantId} onNew={create} />
      </Page>
      {creating ? (
        <NewFlowDialog assistantId={assistantId} onClose={() => setCreating(false)} />
      ) : null}
    </PageFrame>
  );
}

function FlowTabs({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("flows");
  const { tab = "mine" } = route.useSearch();
  const navigate = useNavigate({ from: "/assistants/$assistantId/flows" });
  const mine = useQuery(contentListQuery(assistantId, "flows"));
  const system = useQuery(contentListQuery(assistantId, "system-flows"));
  const deleted = useQuery(contentListQuery(assistantId, "flows", { deleted: true }));
  const counts = {
    mine: mine.data?.count ?? mine.data?.results.length,
    system: system.data?.count ?? system.data?.results.length,
    deleted: deleted.data?.count ?? deleted.data?.results.length,
  };
  return (
    <Tabs
      value={tab}
      className={classes["tabs"]}
      onChange={(value) =>
        void navigate({
          search: (previous) => ({
            ...previous,
            tab: value === "system" || value === "deleted" ? value : undefined,
          }),
        })
      }
    >
      <Tabs.List aria-label={t("title")}>
        {(["mine", "system", "deleted"] as const).map((name) => (
          <Tabs.Tab key={name} value={name} rightSection={<small>{counts[name] ?? ""}</small>}>
            {t(`tabs.${name}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  );
}
