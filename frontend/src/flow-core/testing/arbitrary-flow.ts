import fc from "fast-check";
import type { JsonObject } from "../json";
import { END, type FlowDocument, kindOf, type Step } from "../model";
import { indexFlow } from "../walk";

const fields: fc.Arbitrary<JsonObject> = fc.oneof<fc.Arbitrary<JsonObject>[]>(
  fc.constantFrom("utter_hello", "utter_bye", "action_check").map((action) => ({ action })),
  fc.constantFrom("amount", "city").map((collect) => ({ collect, description: "x", odd: [1] })),
  fc.constant({ set_slots: [{ amount: 1 }, { city: null }] }),
  fc.constant({ call: "other" }),
  fc.constant({ noop: true }),
);

/** Random flows that follow the rules of the format: some steps named, branches nested, jumps to any step. */
export const arbitraryFlow = flowOfDepth(2);

/** The same with branches nested as deep as `depth`. */
export function flowOfDepth(depth: number): fc.Arbitrary<JsonObject> {
  return fc
    .record({
      name: fc.option(fc.string(), { nil: undefined }),
      description: fc.string(),
      unknown_key: fc.option(fc.jsonValue(), { nil: undefined }),
      shape: listShape(depth),
      jumps: fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
    })
    .map(({ name, description, unknown_key, shape, jumps }) => {
      nameInOrder(shape, { number: 0 });
      const ids = shapeIds(shape);
      let jump = 0;
      const nextTarget = () => {
        jump += 1;
        return ids[(jumps[jump % jumps.length] ?? 0) % (ids.length + 1)] ?? END;
      };
      const steps = buildList(shape, true, nextTarget);
      const body = { ...(name === undefined ? {} : { name }), description, steps };
      return (unknown_key === undefined ? body : { ...body, unknown_key }) as JsonObject;
    });
}

interface StepShape {
  fields: JsonObject;
  id: string | null;
  jump: boolean;
  branches: (StepShape[] | null)[] | null;
}

function listShape(depth: number): fc.Arbitrary<StepShape[]> {
  return fc.array(stepShape(depth), { minLength: 1, maxLength: 4 });
}

function stepShape(depth: number): fc.Arbitrary<StepShape> {
  const branches: fc.Arbitrary<(StepShape[] | null)[] | null> =
    depth === 0
      ? fc.constant(null)
      : fc.option(fc.array(fc.option(listShape(depth - 1)), { minLength: 2, maxLength: 3 }), {
          freq: 2,
        });
  const id = fc.option(fc.constant("named"));
  return fc.record({ fields, id, jump: fc.boolean(), branches });
}

/** Numbers the named steps, so that no two share an id. */
function nameInOrder(shape: StepShape[], count: { number: number }): void {
  for (const step of shape) {
    count.number += 1;
    if (step.id) step.id = `step_${count.number}`;
    for (const branch of step.branches ?? []) nameInOrder(branch ?? [], count);
  }
}

function shapeIds(shape: StepShape[]): string[] {
  return shape.flatMap((step) => [
    ...(step.id ? [step.id] : []),
    ...(step.branches ?? []).flatMap((branch) => (branch ? shapeIds(branch) : [])),
  ]);
}

function buildList(shape: StepShape[], top: boolean, target: () => string): JsonObject[] {
  return shape.map((step, position) => {
    const last = position === shape.length - 1;
    const base = { ...(step.id ? { id: step.id } : {}), ...step.fields };
    if (step.branches) {
      const branches = step.branches.map((branch, index): JsonObject => {
        const way = branch ? buildList(branch, false, target) : target();
        const isElse = index === (step.branches?.length ?? 0) - 1;
        return isElse ? { else: way } : { if: "slots.amount > 1", then: way };
      });
      return { ...base, next: branches };
    }
    if ((last && !top) || step.jump) return { ...base, next: target() };
    return base;
  });
}

/** What breaks the rules of the format: unknown targets, double ids, lists that do not say where to go. */
export function structuralProblems(document: FlowDocument): string[] {
  const { entries, byId } = indexFlow(document);
  const problems: string[] = [];
  const ids = entries.map((entry) => entry.id);
  if (new Set(ids).size !== ids.length) problems.push(`double id in ${ids.join(" ")}`);
  const checkTarget = (target: string, from: string) => {
    if (target !== END && !byId.has(target)) problems.push(`${from} leads to ${target}`);
  };
  for (const { step, id, container, position, siblings } of entries) {
    const last = position === siblings.length - 1;
    if (kindOf(step) === "link" && (!last || step.next.kind !== "none"))
      problems.push(`link ${id}`);
    if (step.next.kind === "target") checkTarget(step.next.target, id);
    if (step.next.kind === "none" && last && container && kindOf(step) !== "link")
      problems.push(`${id} ends nowhere`);
    if (step.next.kind === "branches") problems.push(...branchProblems(step, id, checkTarget));
  }
  return problems;
}

function branchProblems(
  step: Step,
  id: string,
  checkTarget: (target: string, from: string) => void,
): string[] {
  if (step.next.kind !== "branches") return [];
  const { branches } = step.next;
  for (const { way } of branches) if (way.kind === "target") checkTarget(way.target, id);
  return [
    ...(branches.at(-1)?.role === "else" ? [] : [`${id} has no else`]),
    ...(branches.filter((branch) => branch.role === "else").length === 1
      ? []
      : [`${id} has several else`]),
    ...(branches.some((branch) => branch.role === "if") ? [] : [`${id} has no if`]),
    ...branches.flatMap(({ way }) =>
      way.kind === "steps" && way.steps.length === 0 ? [`${id} empty branch`] : [],
    ),
  ];
}
