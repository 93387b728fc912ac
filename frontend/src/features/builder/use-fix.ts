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

type Made = "slots" | "actions";

const CREATES: Record<string, Made> = {
  create_slot: "slots",
  create_action: "actions",
};
/** Puts another text where the problem is. */
const SET_TEXT = "set_text";
/** Only its author knows the words of a message: the repair leads to where they are written. */
const WRITES = "create_response";
const REMOVES = ["remove_link", "remove_call"];
const APPLIED = [WRITES, SET_TEXT, RENAME_SLOT, ...REMOVES];

/** Applies the repair that comes with a problem; each but the rename of a slot can be undone. `open` leads to its step. */
export function useFix(open: (problem: Problem) => void) {
  const { t } = useTranslation("builder");
  const { assistantId, edit, select, write } = useBuilder();
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
      toast.done(t("fixed.created", { name: id }), {
        undo: () => void takeBack(kind, id, made.revision),
      });
      await client.invalidateQueries({ queryKey: contentKey(assistantId, kind) });
    } catch (error) {
      toast.refused(error);
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
      const undo = async () => {
        await save(mended.revision, stored.body);
        await client.invalidateQueries({ queryKey: contentKey(assistantId) });
      };
      toast.done(t("fixed.mended", { name: id }), { undo: () => void undo() });
      await client.invalidateQueries({ queryKey: contentKey(assistantId) });
    } catch (error) {
      toast.refused(error);
    }
  };

  const setText = (problem: Problem, given: JsonObject) => {
    const { pointer } = problem;
    const text = String(given["text"] ?? "");
    const place = given[PLACE_IN_ITEM];
    if (typeof place === "string") void mendItem(problem, place, text);
    else if (pointer) edit((current) => setAtPointer(current, pointer, text));
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
      if (kind) void create(kind, problem.fix.arguments);
      else if (problem.fix.action === WRITES) {
        open(problem);
        write(String(problem.fix.arguments["id"]));
      } else if (problem.fix.action === RENAME_SLOT) renameSlot(problem);
      else if (problem.fix.action === SET_TEXT) setText(problem, problem.fix.arguments);
      else if (entry) {
        select(null);
        const undo = edit((current) => deleteStep(current, entry.step.key));
        toast.done(t("stepDeleted"), { undo });
      }
    },
  };
}

/** The smallest body of a new item that the runtime accepts. */
function firstBody(kind: Made, given: JsonObject): ContentBodies[Made] {
  if (kind === "actions") return null;
  return { type: String(given["type"] ?? "text") };
}
