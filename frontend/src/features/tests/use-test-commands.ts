import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { restoreCommit } from "@/api/history";
import { type NewTest, TESTS, type TestDetail, tests } from "@/api/tests";
import { toast } from "@/components/feedback/toast";
import { useSearchChange } from "@/components/table/filter-bar";
import { moveResult } from "./results";
import { withName } from "./talk";

const route = getRouteApi("/assistants/$assistantId/tests");

/** What is done to whole tests; each says what it did, and what went wrong. */
export function useTestCommands(assistantId: string, run: (path: string) => void) {
  const { t } = useTranslation("tests");
  const client = useQueryClient();
  const set = useSearchChange<ReturnType<typeof route.useSearch>>();
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId, TESTS) });
  const open = (test: string | undefined) => set({ test, new: undefined });
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      toast.refused(error);
    }
  };
  const create = async (test: NewTest): Promise<TestDetail> => {
    const made = await tests.create(assistantId, test);
    await refresh();
    open(made.id);
    return made;
  };
  const rename = async (id: string, name: string): Promise<void> => {
    const { revision } = await tests.detail(assistantId, id);
    const renamed = await tests.rename(assistantId, id, name, revision);
    moveResult(assistantId, id, renamed.id);
    open(renamed.id);
    await refresh();
  };
  const duplicate = (id: string, taken: (id: string) => boolean) =>
    attempt(async () => {
      const { body, name, path, place } = await tests.detail(assistantId, id);
      let copy = t("copyOf", { name });
      for (let number = 2; taken(`${path}::${copy}`); number += 1)
        copy = t("copyOfNumber", { name, number });
      await create({ body: withName(body, copy), path, place: place + 1 });
    });
  const remove = (id: string, next: string | undefined) =>
    attempt(async () => {
      const { body, name, path, place, revision } = await tests.yaml(assistantId, id);
      await tests.delete(assistantId, id, revision);
      open(next);
      toast.done(t("deleted", { name }), {
        undo: () => void attempt(async () => void (await create({ body, path, place }))),
      });
      await refresh();
    });
  /** Replaces what these tests expected first by what the run saw, and runs them again. */
  const accept = (version: string, runId: string, ids: readonly string[], again: string) =>
    attempt(async () => {
      const { commit } = await tests.accept(assistantId, version, runId, ids);
      const paths = [...new Set(ids.map((id) => id.slice(0, id.indexOf("::"))))];
      toast.done(t("accepted", { count: ids.length }), {
        undo: () =>
          void attempt(async () => {
            const items = paths.map((key) => ({ kind: "file", key }));
            await restoreCommit(assistantId, commit - 1, items);
            await refresh();
          }),
      });
      await refresh();
      run(again);
    });
  return { open, create, rename, duplicate, remove, accept };
}
