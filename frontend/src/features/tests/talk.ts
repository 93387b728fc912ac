import type { Failure } from "@/api/tests";
import type { Json, JsonObject } from "@/api/types";
import { isObject, sameJson } from "@/flow-core/json";

/** What a test expects after a message, one thing at a time. */
export type Expectation =
  | { kind: "flow"; event: FlowEvent; flow: string }
  /** Without a value: any. */
  | { kind: "slot"; slot: string; value?: Json; isSet: boolean }
  | { kind: "response"; response: string; isSaid: boolean }
  /** `isPattern`: a regular expression that fits more than one text. */
  | { kind: "words"; text: string; isPattern: boolean; isSaid: boolean }
  | { kind: "action"; action: string }
  /** What a talk cannot show: it stays in the file as it is. */
  | { kind: "more"; name: string };

export const FLOW_EVENTS = ["flow_started", "flow_completed", "flow_cancelled"] as const;
export type FlowEvent = (typeof FLOW_EVENTS)[number];

/** Where in the body an expectation stands: the step, its assertion, and the entry in a list of slots. */
export interface Pointer {
  readonly step: number;
  readonly assertion: number | null;
  readonly entry: number | null;
}

export interface Line {
  readonly at: Pointer;
  readonly expects: Expectation;
}

export interface Turn {
  /** Index of the step that says it; null: what is expected before the first message. */
  readonly step: number | null;
  readonly user: string;
  readonly lines: readonly Line[];
  /** Keys of the step that a talk does not show. */
  readonly more: readonly string[];
}

const STEP_KEYS = new Set(["user", "assertions"]);
const CASE_KEYS = new Set(["test_case", "steps"]);

/** A test read as a talk: what is said, and under it what is expected. */
export function turnsOf(body: JsonObject): Turn[] {
  const turns: { step: number | null; user: string; lines: Line[]; more: string[] }[] = [];
  for (const [index, step] of stepsOf(body).entries()) {
    if (!isObject(step)) continue;
    if ("user" in step) {
      turns.push({
        step: index,
        user: String(step["user"] ?? ""),
        lines: listOf(step["assertions"]).flatMap((assertion, place) =>
          linesOfAssertion(assertion, { step: index, assertion: place, entry: null }),
        ),
        more: Object.keys(step).filter((key) => !STEP_KEYS.has(key)),
      });
      continue;
    }
    if (turns.length === 0) turns.push({ step: null, user: "", lines: [], more: [] });
    turns.at(-1)?.lines.push(...linesOfStep(step, { step: index, assertion: null, entry: null }));
  }
  return turns;
}

/** Keys of the test itself that a talk does not show, such as its fixtures. */
export const moreOf = (body: JsonObject): string[] =>
  Object.keys(body).filter((key) => !CASE_KEYS.has(key));

const listOf = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);
const stepsOf = (body: JsonObject): Json[] => listOf(body["steps"]);

function linesOfStep(step: JsonObject, at: Pointer): Line[] {
  const { utter, bot } = step;
  if (utter !== undefined)
    return [{ at, expects: { kind: "response", response: String(utter), isSaid: true } }];
  if (bot !== undefined)
    return [
      { at, expects: { kind: "words", text: String(bot).trim(), isPattern: false, isSaid: true } },
    ];
  for (const key of ["slot_was_set", "slot_was_not_set"] as const) {
    const value = step[key];
    if (value === undefined) continue;
    return entriesOf(value).map((entry, place) => ({
      at: { ...at, entry: place },
      expects: { kind: "slot", isSet: key === "slot_was_set", ...namedValue(entry) },
    }));
  }
  return [{ at, expects: { kind: "more", name: Object.keys(step).join(", ") } }];
}

/** `- amount: 250` names its value, `- amount` takes any. Several names in one map are several entries. */
function entriesOf(value: Json): Json[] {
  return (Array.isArray(value) ? value : [value]).flatMap((entry): Json[] =>
    isObject(entry) ? Object.entries(entry).map(([name, each]) => ({ [name]: each })) : [entry],
  );
}

function namedValue(entry: Json): { slot: string; value?: Json } {
  if (!isObject(entry)) return { slot: String(entry) };
  const [[slot, value] = ["", null]] = Object.entries(entry);
  return { slot, value: value ?? null };
}

function linesOfAssertion(assertion: Json, at: Pointer): Line[] {
  const more = (name: string): Line[] => [{ at, expects: { kind: "more", name } }];
  if (!isObject(assertion)) return more(String(assertion));
  const [[name, value] = ["", null]] = Object.entries(assertion);
  const known = value === undefined ? null : (READERS[name]?.(name, value) ?? null);
  if (!known) return more(name);
  const isList = name.startsWith("slot_");
  return known.map((expects, entry) => ({
    at: { ...at, entry: isList ? entry : null },
    expects,
  }));
}

type Reader = (name: string, value: Json) => Expectation[] | null;

/** Null: a talk cannot show it. */
const readFlow: Reader = (name, value) => {
  const event = FLOW_EVENTS.find((each) => each === name) ?? "flow_started";
  if (event === "flow_started")
    return typeof value === "string" ? [{ kind: "flow", event, flow: value }] : null;
  if (!isObject(value) || !only(value, ["flow_id"])) return null;
  return [{ kind: "flow", event, flow: String(value["flow_id"]) }];
};

const readSlots: Reader = (name, value) => {
  const entries = Array.isArray(value) ? value : [value];
  const isPlain = (entry: Json): entry is JsonObject =>
    isObject(entry) && only(entry, ["name", "value"]);
  if (!entries.every(isPlain)) return null;
  return entries.map((entry) => ({
    kind: "slot",
    isSet: name === "slot_was_set",
    slot: String(entry["name"]),
    ...(entry["value"] === undefined ? {} : { value: entry["value"] }),
  }));
};

const readAnswer: Reader = (name, value) => {
  if (!isObject(value)) return null;
  const isSaid = name === "bot_uttered";
  if (only(value, ["utter_name"]))
    return [{ kind: "response", response: String(value["utter_name"]), isSaid }];
  if (!only(value, ["text_matches"])) return null;
  const pattern = String(value["text_matches"]);
  const text = textOfPattern(pattern);
  return [{ kind: "words", text: text ?? pattern, isPattern: text === null, isSaid }];
};

const readAction: Reader = (_name, value) =>
  typeof value === "string" ? [{ kind: "action", action: value }] : null;

const READERS: Record<string, Reader> = {
  flow_started: readFlow,
  flow_completed: readFlow,
  flow_cancelled: readFlow,
  slot_was_set: readSlots,
  slot_was_not_set: readSlots,
  bot_uttered: readAnswer,
  bot_did_not_utter: readAnswer,
  action_executed: readAction,
};

const only = (value: JsonObject, keys: readonly string[]): boolean =>
  Object.keys(value).length > 0 && Object.keys(value).every((key) => keys.includes(key));

const SIGNS = /[\\.^$*+?{}[\]|()]/g;

/** The regular expression that fits this text and no other. */
export const patternOf = (text: string): string => `^${text.replace(SIGNS, "\\$&")}$`;

/** The one text that a pattern fits; null where it fits several. */
function textOfPattern(pattern: string): string | null {
  const text = pattern.slice(1, -1).replace(/\\([\\.^$*+?{}[\]|()])/g, "$1");
  return patternOf(text) === pattern ? text : null;
}

// -- edits: each gives a new body ----------------------------------------------------------------

/** Expectations are written as assertions of the message, or as steps after it; the runner reads one of both. */
export const usesAssertions = (body: JsonObject): boolean =>
  stepsOf(body).some((step) => isObject(step) && listOf(step["assertions"]).length > 0);

const hasSteps = (body: JsonObject): boolean =>
  stepsOf(body).some((step) => isObject(step) && !("user" in step));

/** Only assertions speak of these. */
const needsAssertions = ({ kind, ...rest }: Expectation): boolean =>
  kind === "flow" ||
  kind === "action" ||
  ("isPattern" in rest && rest.isPattern) ||
  ("isSaid" in rest && !rest.isSaid);

function assertionOf(expects: Expectation): JsonObject {
  switch (expects.kind) {
    case "flow":
      return expects.event === "flow_started"
        ? { flow_started: expects.flow }
        : { [expects.event]: { flow_id: expects.flow } };
    case "slot":
      return { [expects.isSet ? "slot_was_set" : "slot_was_not_set"]: [slotEntry(expects)] };
    case "response":
      return {
        [expects.isSaid ? "bot_uttered" : "bot_did_not_utter"]: { utter_name: expects.response },
      };
    case "words": {
      const pattern = expects.isPattern ? expects.text : patternOf(expects.text);
      return { [expects.isSaid ? "bot_uttered" : "bot_did_not_utter"]: { text_matches: pattern } };
    }
    case "action":
      return { action_executed: expects.action };
    case "more":
      return {};
  }
}

type SlotExpectation = Extract<Expectation, { kind: "slot" }>;

const slotEntry = ({ slot, value }: SlotExpectation): JsonObject => ({
  name: slot,
  ...(value === undefined ? {} : { value }),
});

const slotStepEntry = ({ slot, value }: SlotExpectation): Json =>
  value === undefined ? slot : { [slot]: value };

function stepOf(expects: Expectation): JsonObject {
  if (expects.kind === "response") return { utter: expects.response };
  if (expects.kind === "words") return { bot: expects.text };
  if (expects.kind === "slot")
    return { [expects.isSet ? "slot_was_set" : "slot_was_not_set"]: [slotStepEntry(expects)] };
  return {};
}

const withSteps = (body: JsonObject, steps: Json[]): JsonObject => ({ ...body, steps });

export function withName(body: JsonObject, name: string): JsonObject {
  return { ...body, test_case: name };
}

export function withUser(body: JsonObject, step: number, user: string): JsonObject {
  return withSteps(
    body,
    stepsOf(body).map((each, index) =>
      index === step && isObject(each) ? { ...each, user } : each,
    ),
  );
}

/** One more message, at the end or after the turn that begins with this step. */
export function withTurn(body: JsonObject, user: string, after?: number): JsonObject {
  const steps = stepsOf(body);
  const at = after === undefined ? steps.length : endOfTurn(steps, after);
  return withSteps(body, steps.toSpliced(at, 0, { user }));
}

export function withoutTurn(body: JsonObject, step: number): JsonObject {
  const steps = stepsOf(body);
  return withSteps(body, steps.toSpliced(step, endOfTurn(steps, step) - step));
}

function endOfTurn(steps: readonly Json[], step: number): number {
  const next = steps.findIndex((each, index) => index > step && isObject(each) && "user" in each);
  return next === -1 ? steps.length : next;
}

/** One more thing that is expected after the message of this step. */
export function withExpectation(body: JsonObject, step: number, expects: Expectation): JsonObject {
  const asAssertion = usesAssertions(body) || needsAssertions(expects) || !hasSteps(body);
  if (!asAssertion) {
    const steps = stepsOf(body);
    return withSteps(body, steps.toSpliced(endOfTurn(steps, step), 0, stepOf(expects)));
  }
  const turn = usersOf(body).filter((each) => each <= step).length - 1;
  const converted = withAssertions(body);
  const at = usersOf(converted)[turn];
  return withSteps(
    converted,
    stepsOf(converted).map((each, index) =>
      index === at && isObject(each)
        ? { ...each, assertions: [...listOf(each["assertions"]), assertionOf(expects)] }
        : each,
    ),
  );
}

/** Indexes of the steps that say something. */
const usersOf = (body: JsonObject): number[] =>
  stepsOf(body).flatMap((step, index) => (isObject(step) && "user" in step ? [index] : []));

/** The same test with what its steps expect as assertions of the messages. */
function withAssertions(body: JsonObject): JsonObject {
  if (usesAssertions(body) || !hasSteps(body)) return body;
  const steps: Json[] = [];
  for (const turn of turnsOf(body)) {
    const user = turn.step === null ? undefined : stepsOf(body)[turn.step];
    const assertions = turn.lines.map(({ expects }) => assertionOf(expects));
    if (isObject(user)) steps.push({ ...user, ...(assertions.length > 0 ? { assertions } : {}) });
  }
  return withSteps(body, steps);
}

/** Puts another expectation in the place of one, or takes it away. */
export function withLine(body: JsonObject, at: Pointer, expects: Expectation | null): JsonObject {
  if (expects && at.assertion === null && needsAssertions(expects)) {
    const turn = turnsOf(body).findLast(({ step }) => step !== null && step <= at.step);
    const rest = withLine(body, at, null);
    return turn?.step === null || turn === undefined
      ? body
      : withExpectation(rest, turn.step, expects);
  }
  const steps = stepsOf(body).flatMap((step, index): Json[] => {
    if (index !== at.step || !isObject(step)) return [step];
    if (at.assertion === null) return withEntry(step, at, expects);
    const assertions = listOf(step["assertions"]).flatMap((assertion, place): Json[] =>
      place === at.assertion && isObject(assertion)
        ? withEntry(assertion, at, expects)
        : [assertion],
    );
    const { assertions: _gone, ...rest } = step;
    return [assertions.length > 0 ? { ...step, assertions } : rest];
  });
  return withSteps(body, steps);
}

/** A step or an assertion with one entry of its slots, or all of it, replaced; nothing where nothing is left. */
function withEntry(holder: JsonObject, at: Pointer, expects: Expectation | null): Json[] {
  const make = at.assertion === null ? stepOf : assertionOf;
  if (at.entry === null) return expects ? [make(expects)] : [];
  const [[key, value] = ["", null]] = Object.entries(holder);
  const entries =
    at.assertion === null
      ? entriesOf(value ?? null)
      : Array.isArray(value)
        ? value
        : [value ?? null];
  const rest = entries.toSpliced(at.entry, 1);
  if (expects?.kind === "slot" && expects.isSet === (key === "slot_was_set")) {
    const entry = at.assertion === null ? slotStepEntry(expects) : slotEntry(expects);
    return [{ ...holder, [key]: entries.toSpliced(at.entry, 1, entry) }];
  }
  return [
    ...(rest.length > 0 ? [{ ...holder, [key]: rest }] : []),
    ...(expects ? [make(expects)] : []),
  ];
}

// -- results -------------------------------------------------------------------------------------

/** Where the failure of a run stands in the test; null where the test was changed since. */
export function failedAt(body: JsonObject, failure: Failure): Pointer | null {
  let said: string | null = null;
  for (const [index, step] of stepsOf(body).entries()) {
    if (!isObject(step)) continue;
    if ("user" in step) said = String(step["user"] ?? "");
    if (said !== failure.after) continue;
    const value = step[failure.assertion];
    if (!("user" in step) && value !== undefined && sameJson(value, failure.expected))
      return { step: index, assertion: null, entry: null };
    const place = listOf(step["assertions"]).findIndex(
      (each) => isObject(each) && sameJson(each, { [failure.assertion]: failure.expected }),
    );
    if (place !== -1) return { step: index, assertion: place, entry: null };
  }
  return null;
}

export type LineState = "held" | "failed" | "notReached" | "unknown";

/** What a run says of a line: what comes after the failure was not reached. */
export function stateOf(at: Pointer, passed: boolean, failure: Pointer | null): LineState {
  if (passed) return "held";
  if (!failure) return "unknown";
  if (at.step !== failure.step) return at.step < failure.step ? "held" : "notReached";
  const place = at.assertion ?? 0;
  const failedPlace = failure.assertion ?? 0;
  if (place === failedPlace) return "failed";
  return place < failedPlace ? "held" : "notReached";
}

/** A value as it is shown and typed: texts bare, all else as JSON. */
export function shownValue(value: Json): string {
  if (typeof value === "string" && sameJson(typedValue(value), value)) return value;
  return JSON.stringify(value);
}

export function typedValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
