import { FileButton } from "@mantine/core";
import { IconFolder, IconPlus, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type DragEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { fileQuery, files, filesQuery } from "@/api/files";
import { usePermission } from "@/api/me";
import { queryClient } from "@/api/query-client";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { IconButton } from "@/components/icon-button";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { FileDetails } from "./file-details";
import { FileTree } from "./file-tree";
import classes from "./files-page.module.css";
import { PathDialog } from "./path-dialog";
import { folderOf, treeRows } from "./tree";
import { useFileCommands } from "./use-file-commands";
import { useSize } from "./use-size";

const route = getRouteApi("/assistants/$assistantId/files");

/** Every file of the project: texts are edited in place, all else is carried along and given back. */
export function FilesPage() {
  const { t } = useTranslation("files");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const assistant = useQuery(assistantQuery(assistantId));
  const mayEdit = usePermission("content.edit");
  const all = useQuery(filesQuery(assistantId));
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<{ purpose: "new" | "move"; path: string } | null>(null);
  const open = (file: string | undefined) => set({ file, line: undefined });
  const { upload, remove, download, refresh } = useFileCommands(assistantId, open);
  const rows = useMemo(
    () => treeRows(all.data ?? [], closed, search.search ?? ""),
    [all.data, closed, search.search],
  );
  const here = folderOf(search.file ?? "");
  const savePath = async (path: string) => {
    if (asking?.purpose === "move") {
      const { revision } = await queryClient.fetchQuery(fileQuery(assistantId, asking.path));
      await files.move(assistantId, asking.path, path, revision);
    } else await files.add(assistantId, path, new Blob([]));
    await refresh();
    open(path);
  };
  const onDrop = (event: DragEvent) => {
    if (!mayEdit || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    void upload(here, event.dataTransfer.files);
  };
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Columns
        label={t("title")}
        chosen={search.file !== undefined}
        list={
          // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped here; the button does the same
          <div
            className={classes["left"]}
            onDragOver={(event) => (mayEdit ? event.preventDefault() : undefined)}
            onDrop={onDrop}
          >
            <div className={classes["bar"]}>
              <h2 className={classes["grow"]}>{t("title")}</h2>
              <IconButton
                label={t("new.title")}
                disabled={!mayEdit}
                onClick={() => setAsking({ purpose: "new", path: here })}
              >
                <IconPlus size={18} stroke={1.75} />
              </IconButton>
              <FileButton multiple onChange={(chosen) => void upload(here, chosen)}>
                {(props) => (
                  <IconButton {...props} label={t("upload")} disabled={!mayEdit}>
                    <IconUpload size={18} stroke={1.75} />
                  </IconButton>
                )}
              </FileButton>
            </div>
            <div className={classes["search"]}>
              <SearchField
                label={t("search")}
                group={t("title")}
                value={search.search}
                onChange={(value) => set({ search: value })}
              />
            </div>
            {all.error ? (
              <ErrorState error={all.error} onRetry={() => void all.refetch()} />
            ) : !all.data ? (
              <AfterPause>
                <ListSkeleton />
              </AfterPause>
            ) : rows.length === 0 ? (
              <NothingMatches title={t("nothing")} />
            ) : (
              <FileTree
                rows={rows}
                closed={search.search ? new Set() : closed}
                chosen={search.file}
                onOpen={open}
                onClose={(folder, shut) => {
                  const next = new Set(closed);
                  if (shut) next.add(folder);
                  else next.delete(folder);
                  setClosed(next);
                }}
                onRename={(path) => setAsking({ purpose: "move", path })}
                onDelete={(path) => void remove(path)}
              />
            )}
            <Total sizes={all.data?.map(({ size }) => size ?? 0) ?? []} />
          </div>
        }
      >
        {search.file === undefined ? (
          <StateView
            drawing={<IconFolder size={28} stroke={1.75} />}
            title={t("choose.title")}
            sentence={t("choose.sentence")}
          />
        ) : (
          <FileDetails
            key={search.file}
            assistantId={assistantId}
            path={search.file}
            line={search.line}
            onBack={() => open(undefined)}
            onRename={(path) => setAsking({ purpose: "move", path })}
            onDelete={(path) => void remove(path)}
            onDownload={(path, text) => void download(path, text)}
          />
        )}
      </Columns>
      {asking ? <PathDialog {...asking} save={savePath} onClose={() => setAsking(null)} /> : null}
    </PageFrame>
  );
}

function Total({ sizes }: { sizes: readonly number[] }) {
  const { t } = useTranslation("files");
  const size = useSize();
  const total = sizes.reduce((sum, each) => sum + each, 0);
  return (
    <p className={classes["total"]}>{t("total", { count: sizes.length, size: size(total) })}</p>
  );
}
