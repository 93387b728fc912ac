import { Button } from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery, assistants } from "@/api/assistants";
import { usePermission } from "@/api/me";
import type { Assistant } from "@/api/types";
import { toast } from "@/components/feedback/toast";
import { Page } from "@/components/layout/page-frame";
import { TypeNameDialog } from "@/components/type-name-dialog";
import { saveLinked } from "@/lib/save-file";
import classes from "./sections.module.css";
import { SettingsPage } from "./settings-page";

const route = getRouteApi("/assistants/$assistantId/settings/danger");

/** Taking the whole assistant along, and deleting it. */
export function DangerPage() {
  const { t } = useTranslation("settings");
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const mayDelete = usePermission("assistant.delete");
  const [deleting, setDeleting] = useState(false);
  const download = () =>
    saveLinked(assistants.exportLink(assistantId), () => assistants.export(assistantId)).catch(
      toast.refused,
    );
  return (
    <SettingsPage name="danger" assistant={assistant}>
      <Page title={t("danger.title")} sentence={t("danger.sentence")}>
        <div className={classes["rows"]}>
          <section className={classes["act"]}>
            <div>
              <h2>{t("danger.export.title")}</h2>
              <p>{t("danger.export.sentence")}</p>
            </div>
            <Button
              variant="default"
              leftSection={<IconDownload size={18} stroke={1.75} />}
              onClick={() => void download()}
            >
              {t("danger.export.submit")}
            </Button>
          </section>
          <section className={classes["act"]}>
            <div>
              <h2>{t("danger.delete.title")}</h2>
              <p>{t(mayDelete ? "danger.delete.sentence" : "danger.delete.needs")}</p>
            </div>
            <Button
              color="red"
              variant="outline"
              disabled={!mayDelete}
              leftSection={<IconTrash size={18} stroke={1.75} />}
              onClick={() => setDeleting(true)}
            >
              {t("danger.delete.submit")}
            </Button>
          </section>
        </div>
      </Page>
      {deleting ? <DeleteDialog assistant={assistant} onClose={() => setDeleting(false)} /> : null}
    </SettingsPage>
  );
}

function DeleteDialog({ assistant, onClose }: { assistant: Assistant; onClose: () => void }) {
  const { t } = useTranslation("settings");
  const client = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => client.invalidateQueries({ queryKey: ["assistants"] });
  const remove = async () => {
    await assistants.delete(assistant.id);
    await navigate({ to: "/" });
    toast.done(t("danger.delete.done", { name: assistant.name }), {
      undo: () => void assistants.restore(assistant.id).then(refresh).catch(toast.refused),
    });
    await refresh();
  };
  return (
    <TypeNameDialog
      title={t("danger.delete.ask", { name: assistant.name })}
      submit={t("danger.delete.submit")}
      name={assistant.name}
      onDo={remove}
      onClose={onClose}
    >
      <p>{t("danger.delete.follows")}</p>
    </TypeNameDialog>
  );
}
