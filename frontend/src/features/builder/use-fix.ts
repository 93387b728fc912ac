import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  type ContentBodies,
  type ContentKind,
  content,
  contentKey,
  contentQuery,
} from "@/api/content";
import type { Json, JsonObject, Problem } from "@/api/types";
import { toast } from "@/components/feedback/toast";
import { RENAME_SLOT, useSlotRename } from "@/components/use-slot-rename";
import { deleteStep } from "@/flow-core/edit-remove";
import { setAtPointer, withValue } from "@/flow-core/edit-text";
import { useBuilder, useDocument } from "./builder-context";
import { PLACE_IN_ITEM } from "./use-content-problems";
import { problemStep } from "./use-problems";

type Made = "responses" | "slots" | "actions";

const CREATES: Record<string, Made> = {
  create_response: "responses",
  create_slot: "slots",
  create_action: "actions",
};
/** Puts another text where the problem is. */
const SET_TEXT = "set_text";
const REMOVES = ["remove_link", "remove_call"];
const APPLIED = [SET_TEXT, RENAME_SLOT, ...REMOVES];

/** Applies the repair that comes with a problem; each but the rename of a slot can be undone. */
export function useFix() {
  const { t } = useTranslation("builder");
  const { assistantId, edit, store, select } = useBuilder();
  const document = useDocument();
  const client = useQueryClient();
  const renameSlot = useSlotRename(assistantId);

  const create = async (kind: Made, given: JsonObject) => {
    const id = String(given["id"] ?? "");
    try {
      const made = await content.create(
        assistantId,
        kind as ContentKind,
        id,
        firstBody(kind, given),
      );
      await client.invalidateQueries({ queryKey: contentKey(assistantId, kind) });
      toast.done(t("fixed.created", { name: id }), {
        undo: () => void takeBack(kind, id, made.revision),
      });
    } catch (error) {
      toast.failed(error instanceof Error ? error.message : String(error));
    }
  };
  const takeBack = async (kind: Made, id: string, revision: number) => {
    await content.delete(assistantId, kind, id, revision);
    await client.invalidateQueries({ queryKey: contentKey(assistantId, kind) });
  };

  /** Puts a text into a stored response or slot. */
  const mendItem = async ({ kind, id }: Problem, place: string, text: string) => {
    const items = kind === "slot" ? "slots" : "responses";
    try {
      const stored = await client.fetchQuery({
        ...contentQuery(assistantId, items, id),
        staleTime: 0,
      });
      const save = (revision: number, body: Json) =>
        content.save(assistantId, items, id, { revision, body: body as JsonObject & Json[] });
      const mended = await save(stored.revision, withValue(stored.body, place, text));
      await client.invalidateQueries({ queryKey: contentKey(assistantId) });
      const undo = async () => {
        await save(mended.revision, stored.body);
        await client.invalidateQueries({ queryKey: contentKey(assistantId) });
      };
      toast.done(t("fixed.mended", { name: id }), { undo: () => void undo() });
    } catch (error) {
      toast.failed(error instanceof Error ? error.message : String(error));
    }
  };

  return {
    // A message that was not chosen yet has nothing to be created by that name.
    canApply: ({ fix }: Problem) =>
      fix !== null &&
      fix.arguments["id"] !== "utter_" &&
      (fix.action in CREATES || APPLIED.includes(fix.action)),
    apply: (problem: Problem) => {
      if (!problem.fix) return;
      const kind = CREATES[problem.fix.action];
      const entry = problemStep(document, problem);
      const { pointer } = problem;
      if (kind) void create(kind, problem.fix.arguments);
      else if (problem.fix.action === RENAME_SLOT) renameSlot(problem);
      else if (problem.fix.action === SET_TEXT) {
        const text = String(problem.fix.arguments["text"] ?? "");
        const place = problem.fix.arguments[PLACE_IN_ITEM];
        if (typeof place === "string") void mendItem(problem, place, text);
        else if (pointer) edit((current) => setAtPointer(current, pointer, text));
      } else if (entry) {
        select(null);
        edit((current) => deleteStep(current, entry.step.key));
        toast.done(t("stepDeleted"), { undo: () => store.temporal.getState().undo() });
      }
    },
  };
}

/** The smallest body of a new item that the runtime accepts. */
function firstBody(kind: Made, given: JsonObject): ContentBodies[Made] {
  if (kind === "actions") return null;
  if (kind === "responses") return [{ text: String(given["text"] ?? given["id"] ?? "") }];
  return { type: String(given["type"] ?? "text") };
}
