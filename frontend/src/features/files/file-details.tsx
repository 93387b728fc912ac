import { Button, Menu } from "@mantine/core";
import { IconDownload, IconHistory, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type FileDetail, fileQuery } from "@/api/files";
import { usePermission } from "@/api/me";
import { FileText } from "@/components/content/file-text";
import { ItemHead } from "@/components/content/item-head";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, StateView } from "@/components/feedback/state-views";
import { ButtonLink } from "@/components/links";
import { Moment } from "@/components/moment";
import classes from "./files-page.module.css";
import { ItemText } from "./item-text";
import { useSize } from "./use-size";
import { WrittenFrom } from "./written-from";

const CodeEditor = lazy(async () => ({
  default: (await import("@/components/code-editor/code-editor")).CodeEditor,
}));

interface FileDetailsProps {
  assistantId: string;
  path: string;
  line: number | undefined;
  onBack: () => void;
  onRename: (path: string) => void;
  onDelete: (path: string) => void;
  onDownload: (path: string, text: string | null) => void;
}

/** One file: what it is, its text to edit, and what is wrong in it. */
export function FileDetails(props: FileDetailsProps) {
  const { assistantId, path } = props;
  const { t } = useTranslation("files");
  const file = useQuery(fileQuery(assistantId, path));
  const mayEdit = usePermission("content.edit");
  // The file that is edited as a text though pages write it.
  const [asText, setAsText] = useState<string | null>(null);
  if (file.error) return <ErrorState error={file.error} onRetry={() => void file.refetch()} />;
  if (!file.data)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  const { edited_as: editedAs, body } = file.data;
  return (
    <>
      <FileHead {...props} file={file.data} />
      {editedAs === "items" ? (
        <WrittenFrom
          assistantId={assistantId}
          file={file.data}
          onEdit={mayEdit && asText !== path ? () => setAsText(path) : undefined}
        />
      ) : null}
      {editedAs === "items" && asText === path ? (
        <ItemText
          key={path}
          assistantId={assistantId}
          path={path}
          line={props.line}
          onDone={() => setAsText(null)}
        />
      ) : editedAs === "text" ? (
        <FileText assistantId={assistantId} file={file.data} line={props.line} />
      ) : body === null ? (
        <StateView
          drawing={<IconDownload size={28} stroke={1.75} />}
          title={t("noText.title")}
          sentence={t("noText.sentence")}
          actions={<Button onClick={() => props.onDownload(path, null)}>{t("download")}</Button>}
        />
      ) : (
        <div className={classes["reader"]}>
          <Suspense fallback={<ListSkeleton />}>
            <CodeEditor
              label={path}
              path={path}
              value={body}
              findings={NO_FINDINGS}
              readOnly
              line={props.line}
              onChange={ignore}
            />
          </Suspense>
        </div>
      )}
    </>
  );
}

const NO_FINDINGS: [] = [];
const ignore = () => undefined;

function FileHead(props: FileDetailsProps & { file: FileDetail }) {
  const { assistantId, path, file, onBack, onRename, onDelete, onDownload } = props;
  const { t } = useTranslation("files");
  const size = useSize();
  const mayEdit = usePermission(file.permission);
  const slash = path.lastIndexOf("/");
  const isItself = file.edited_as !== "items" && file.what !== "";
  return (
    <ItemHead
      page={t("title")}
      title={path.slice(slash + 1)}
      onBack={onBack}
      about={
        <>
          {slash > 0 ? <code>{path.slice(0, slash)}</code> : null}
          <span>{size(file.size)}</span>
          {file.updated_at ? (
            <span>
              {file.updated_by ? `${file.updated_by.name}, ` : ""}
              <Moment at={file.updated_at} />
            </span>
          ) : null}
        </>
      }
      tools={
        <ButtonLink
          variant="default"
          to="/assistants/$assistantId/history"
          params={{ assistantId }}
          search={isItself ? { kind: "file", key: path } : {}}
          leftSection={<IconHistory size={16} stroke={1.75} />}
        >
          {t("history")}
        </ButtonLink>
      }
      menu={{
        label: t("more"),
        entries: (
          <>
            <Menu.Item
              leftSection={<IconDownload size={16} stroke={1.75} />}
              onClick={() => onDownload(path, file.body)}
            >
              {t("download")}
            </Menu.Item>
            {isItself ? (
              <>
                <Menu.Item
                  leftSection={<IconPencil size={16} stroke={1.75} />}
                  disabled={!mayEdit}
                  onClick={() => onRename(path)}
                >
                  {t("rename")}
                </Menu.Item>
                <Menu.Item
                  color="red"
                  leftSection={<IconTrash size={16} stroke={1.75} />}
                  disabled={!mayEdit}
                  onClick={() => onDelete(path)}
                >
                  {t("delete")}
                </Menu.Item>
              </>
            ) : null}
          </>
        ),
      }}
    />
  );
}
