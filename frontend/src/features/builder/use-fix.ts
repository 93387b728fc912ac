import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ContentBodies, type ContentKind, content, contentKey } from "@/api/content";
import type { JsonObject, Problem } from "@/api/types";
import { toast } from "@/components/feedback/toast";
import { deleteStep } from "@/flow-core/edit-remove";
import { setAtPointer } from "@/flow-core/edit-text";
import { useBuilder, useDocument } from "./builder-context";
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

/** Applies the repair that comes with a problem; each can be undone. */
export function useFix() {
  const { t } = useTranslation("builder");
  const { assistantId, edit, store, select } = useBuilder();
  const document = useDocument();
  const client = useQueryClient();

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

  return {
    // A message that was not chosen yet has nothing to be created by that name.
    canApply: ({ fix }: Problem) =>
      fix !== null &&
      fix.arguments["id"] !== "utter_" &&
      (fix.action in CREATES || fix.action === SET_TEXT || REMOVES.includes(fix.action)),
    apply: (problem: Problem) => {
      if (!problem.fix) return;
      const kind = CREATES[problem.fix.action];
      const entry = problemStep(document, problem);
      const { pointer } = problem;
      if (kind) void create(kind, problem.fix.arguments);
      else if (problem.fix.action === SET_TEXT) {
        const text = String(problem.fix.arguments["text"] ?? "");
        if (pointer) edit((current) => setAtPointer(current, pointer, text));
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
