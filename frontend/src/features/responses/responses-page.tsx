import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMessageLanguage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { unusedQuery } from "@/api/unused";
import { ContentContext } from "@/components/content/content-context";
import { StateView } from "@/components/feedback/state-views";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { useSearchChange } from "@/components/table/filter-bar";
import { useCommands } from "@/lib/commands/use-commands";
import { NewResponse } from "./new-response";
import { ReplaceDialog } from "./replace-dialog";
import { ResponseDetails } from "./response-details";
import { ResponseList } from "./response-list";
import { useContentHere, useFiltered, useResponses } from "./use-responses";
import { useTyped } from "./use-typed";

const route = getRouteApi("/assistants/$assistantId/responses");

const OPEN_MS = 300;

/** Everything that the assistant says: found, written, translated, renamed and deleted in one place. */
export function ResponsesPage() {
  const { t } = useTranslation("responses");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const assistant = useQuery(assistantQuery(assistantId));
  const { list, rows, count } = useResponses(assistantId);
  const [typed, setTyped] = useTyped(search.search, (words) => set({ search: words }));
  const unused = useQuery({ ...unusedQuery(assistantId), enabled: search.used === "no" });
  const filters = { ...search, search: useDeferredValue(typed) };
  const shown = useFiltered(rows, filters, unused.data?.responses);
  const here = useContentHere(assistantId, rows);
  // Nothing chosen: the first one is open, but not one after the other while somebody types.
  const [first] = useDebouncedValue(shown[0]?.id, OPEN_MS, { leading: true });
  const chosen = search.new ? undefined : (search.response ?? first);
  const at = shown.findIndex(({ id }) => id === chosen);
  const begin = () => set({ new: 1, response: undefined });
  const step = (by: number) => {
    const next = shown[at + by];
    if (next) set({ response: next.id, new: undefined });
  };
  const group = t("title");
  useCommands([
    { id: "responses:new", label: t("new"), group, keys: ["n"], run: begin },
    {
      id: "responses:replace",
      label: t("replace.open"),
      group,
      run: () => set({ replace: 1 }),
    },
    { id: "responses:next", label: t("next"), group, keys: ["j"], run: () => step(1) },
    { id: "responses:previous", label: t("previous"), group, keys: ["k"], run: () => step(-1) },
  ]);
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <ContentContext value={here}>
        <Columns
          label={t("list")}
          narrow
          chosen={search.response !== undefined || search.new === 1}
          list={
            <ResponseList
              assistantId={assistantId}
              list={unused.error ? unused : list}
              rows={search.used === "no" && !unused.data ? undefined : rows}
              shown={shown}
              count={count}
              chosen={chosen}
              typed={typed}
              onType={setTyped}
              onNew={begin}
            />
          }
        >
          {search.new ? (
            <NewResponse assistantId={assistantId} />
          ) : chosen !== undefined ? (
            <ResponseDetails
              key={chosen}
              assistantId={assistantId}
              id={chosen}
              row={here.sources.responses.get(chosen)}
            />
          ) : rows?.length === 0 ? (
            <StateView
              drawing={<IconMessageLanguage size={28} stroke={1.75} />}
              title={t("empty.title")}
              sentence={t("empty.sentence")}
              actions={
                <Button disabled={here.readOnly} onClick={begin}>
                  {t("new")}
                </Button>
              }
            />
          ) : null}
        </Columns>
        {search.replace ? (
          <ReplaceDialog assistantId={assistantId} onClose={() => set({ replace: undefined })} />
        ) : null}
      </ContentContext>
    </PageFrame>
  );
}
