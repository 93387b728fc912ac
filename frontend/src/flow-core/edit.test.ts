import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addStep, type Place, setFields, setNext } from "./edit";
import {
  addBranch,
  addLogic,
  deleteLogic,
  deleteStep,
  moveBranch,
  moveStep,
  moveStepTo,
  removeBranch,
} from "./edit-remove";
import type { JsonObject } from "./json";
import { END, type FlowDocument } from "./model";
import { parseFlow, serialiseFlow } from "./parse";
import { arbitraryFlow, structuralProblems } from "./testing/arbitrary-flow";
import { indexFlow } from "./walk";

function parsed(body: JsonObject): FlowDocument {
  const document = parseFlow("f", body);
  if (!document) throw new Error("The flow has no steps to draw");
  return document;
}

const keyOf = (document: FlowDocument, id: string) => {
  const entry = indexFlow(document).byId.get(id);
  if (!entry) throw new Error(`no step ${id}`);
  return entry.step.key;
};

type Edit = (document: FlowDocument, pick: number, other: number) => FlowDocument;

const at = (document: FlowDocument, pick: number): string => {
  const { entries } = indexFlow(document);
  return entries[pick % Math.max(entries.length, 1)]?.step.key ?? "none";
};

function placeOf(document: FlowDocument, pick: number, other: number): Place {
  const step = at(document, pick);
  const places: Place[] = [
    { kind: "start" },
    { kind: "after", step },
    { kind: "branch", step, branch: other % 3 },
    { kind: "join", step },
  ];
  return places[other % places.length] ?? { kind: "start" };
}

const EDITS: Edit[] = [
  (document, pick, other) =>
    addStep(document, placeOf(document, pick, other), { action: "utter_new" }).document,
  (document, pick, other) =>
    addStep(document, placeOf(document, pick, other), { collect: "new" }).document,
  (document, pick, other) =>
    addStep(document, placeOf(document, pick, other), { link: "elsewhere" }).document,
  (document, pick, other) => addLogic(document, placeOf(document, pick, other)).document,
  (document, pick) => deleteStep(document, at(document, pick)),
  (document, pick, other) =>
    deleteLogic(document, at(document, pick), other % 4 === 3 ? "none" : other % 4),
  (document, pick, other) => moveStep(document, at(document, pick), other % 2 ? 1 : -1),
  (document, pick, other) =>
    moveStepTo(document, at(document, pick), placeOf(document, other, pick)),
  (document, pick, other) =>
    setNext(document, at(document, pick), { kind: "step", key: at(document, other) }),
  (document, pick) => setNext(document, at(document, pick), { kind: "end" }),
  (document, pick) => setNext(document, at(document, pick), { kind: "following" }),
  (document, pick) => addBranch(document, at(document, pick)),
  (document, pick, other) => removeBranch(document, at(document, pick), other % 3),
  (document, pick, other) => moveBranch(document, at(document, pick), other % 3, (other + 1) % 3),
  (document, pick) =>
    indexFlow(document).byKey.get(at(document, pick))?.step.fields["collect"]
      ? setFields(document, at(document, pick), { collect: "renamed" })
      : document,
];

describe("edits", () => {
  it("keep every flow within the rules of the format", () => {
    const move = fc.tuple(fc.nat(EDITS.length - 1), fc.nat(), fc.nat());
    fc.assert(
      fc.property(arbitraryFlow, fc.array(move, { maxLength: 12 }), (body, moves) => {
        let document = parsed(body);
        for (const [edit, pick, other] of moves) {
          const before = document;
          document = EDITS[edit]?.(document, pick, other) ?? document;
          const problems = structuralProblems(document);
          if (problems.length > 0) {
            throw new Error(
              `edit ${edit} ${pick} ${other}: ${problems.join("; ")}\n${JSON.stringify(serialiseFlow(before))}\n${JSON.stringify(serialiseFlow(document))}`,
            );
          }
        }
        const again = parseFlow("f", serialiseFlow(document));
        if (document.steps.length > 0)
          expect(again && serialiseFlow(again)).toEqual(serialiseFlow(document));
      }),
      { numRuns: 400 },
    );
  });

  it("leave untouched steps as they were", () => {
    const body = {
      description: "d",
      steps: [{ collect: "a", odd: { x: 1 } }, { action: "utter_b" }],
    };
    const { document } = addStep(
      parsed(body),
      { kind: "after", step: "step-1" },
      { action: "utter_new" },
    );
    expect(serialiseFlow(document)).toEqual({
      description: "d",
      steps: [{ collect: "a", odd: { x: 1 } }, { action: "utter_new" }, { action: "utter_b" }],
    });
  });

  it("name a step before its default id would change under a reference", () => {
    const body = {
      steps: [{ collect: "a" }, { collect: "b" }, { action: "utter_x", next: "f_1_collect_b" }],
    };
    const { document } = addStep(parsed(body), { kind: "start" }, { action: "utter_new" });
    expect(serialiseFlow(document)["steps"]).toEqual([
      { action: "utter_new" },
      { collect: "a" },
      { id: "ask_b", collect: "b" },
      { action: "utter_x", next: "ask_b" },
    ]);
  });

  const forked: JsonObject = {
    steps: [
      {
        id: "check",
        action: "action_check",
        next: [
          { if: "slots.ok", then: [{ id: "yes", action: "utter_yes", next: "done" }] },
          { else: [{ id: "no", action: "utter_no", next: "done" }] },
        ],
      },
      { id: "done", action: "utter_done" },
    ],
  };

  it("insert where branches come together, so that all of them pass the new step", () => {
    const { document } = addStep(
      parsed(forked),
      { kind: "join", step: "step-1" },
      { collect: "rating" },
    );
    expect(serialiseFlow(document)["steps"]).toEqual([
      {
        id: "check",
        action: "action_check",
        next: [
          { if: "slots.ok", then: [{ id: "yes", action: "utter_yes", next: "ask_rating" }] },
          { else: [{ id: "no", action: "utter_no", next: "ask_rating" }] },
        ],
      },
      { id: "ask_rating", collect: "rating" },
      { id: "done", action: "utter_done" },
    ]);
  });

  it("close the gap of a deleted step, also for jumps to it", () => {
    const document = parsed(forked);
    expect(serialiseFlow(deleteStep(document, keyOf(document, "done")))["steps"]).toEqual([
      {
        id: "check",
        action: "action_check",
        next: [
          { if: "slots.ok", then: [{ id: "yes", action: "utter_yes", next: END }] },
          { else: [{ id: "no", action: "utter_no", next: END }] },
        ],
      },
    ]);
  });

  it("keep the branches of a deleted step, and the steps of one branch of a deleted logic", () => {
    const document = parsed(forked);
    const pointed = deleteStep(document, "step-1");
    expect(serialiseFlow(pointed)["steps"]).toMatchObject([
      { id: "check", noop: true },
      { id: "done" },
    ]);
    expect(serialiseFlow(deleteLogic(document, "step-1", 0))["steps"]).toEqual([
      { id: "check", action: "action_check" },
      { id: "yes", action: "utter_yes" },
      { id: "done", action: "utter_done" },
    ]);
    expect(serialiseFlow(deleteLogic(document, "step-1", "none"))["steps"]).toEqual([
      { id: "check", action: "action_check" },
      { id: "done", action: "utter_done" },
    ]);
  });

  it("connect back to an earlier step", () => {
    const document = parsed({ steps: [{ collect: "a" }, { action: "utter_again" }] });
    const looped = setNext(document, "step-2", { kind: "step", key: "step-1" });
    expect(serialiseFlow(looped)["steps"]).toEqual([
      { id: "ask_a", collect: "a" },
      { action: "utter_again", next: "ask_a" },
    ]);
  });

  it("refuse a link that would leave steps unreachable, and allow it at the end of a path", () => {
    const document = parsed(forked);
    expect(addStep(document, { kind: "after", step: "step-1" }, { link: "x" }).document).toBe(
      document,
    );
    const linked = addStep(
      document,
      { kind: "after", step: keyOf(document, "yes") },
      { link: "x" },
    ).document;
    expect(serialiseFlow(linked)["steps"]).toMatchObject([
      { next: [{ then: [{ id: "yes", action: "utter_yes" }, { link: "x" }] }, {}] },
      { id: "done" },
    ]);
  });
});
