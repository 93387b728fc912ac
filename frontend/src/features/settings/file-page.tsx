import { IconFolder, IconHistory } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { fileQuery } from "@/api/files";
import { FileText } from "@/components/content/file-text";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { ButtonLink } from "@/components/links";
import classes from "./sections.module.css";
import { SettingsPage } from "./settings-page";

type Name = "config" | "endpoints";

/** config.yml or endpoints.yml as a text, saved by itself, with what is wrong at its line. */
function SettingsFilePage({ name }: { name: Name }) {
  const { t } = useTranslation("settings");
  const { assistantId } = useParams({ from: "/assistants/$assistantId" });
  const { line } = useSearch({ strict: false }) as { line?: number };
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const path = `${name}.yml`;
  const file = useQuery(fileQuery(assistantId, path));
  return (
    <SettingsPage name={name} assistant={assistant}>
      <Page
        title={t(`${name}.title`)}
        sentence={t(`${name}.sentence`)}
        actions={
          <>
            <ButtonLink
              variant="default"
              to="/assistants/$assistantId/history"
              params={{ assistantId }}
              search={{ kind: name, key: path }}
              leftSection={<IconHistory size={16} stroke={1.75} />}
            >
              {t("fileHistory")}
            </ButtonLink>
            <ButtonLink
              variant="default"
              to="/assistants/$assistantId/files"
              params={{ assistantId }}
              search={{ file: path }}
              leftSection={<IconFolder size={16} stroke={1.75} />}
            >
              {t("amongFiles")}
            </ButtonLink>
          </>
        }
      >
        {file.error ? (
          <ErrorState error={file.error} onRetry={() => void file.refetch()} />
        ) : file.data ? (
          <div className={classes["file"]}>
            <FileText assistantId={assistantId} file={file.data} line={line} />
          </div>
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
    </SettingsPage>
  );
}

export const ConfigPage = () => <SettingsFilePage key="config" name="config" />;
export const EndpointsPage = () => <SettingsFilePage key="endpoints" name="endpoints" />;
