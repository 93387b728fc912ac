"""A walk over the body of one flow: its steps with ids, places and what they refer to.

A body is the value of `flows.<id>` in YAML. The walk never fails: what has an odd shape is passed
over here and named by `checks`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from modelservice.project.conditions.reading import read_condition

Body = dict[str, Any]
StepKind = Literal["action", "collect", "link", "call", "set_slots", "noop", "unknown"]

STEP_KINDS: tuple[StepKind, ...] = ("action", "collect", "link", "call", "set_slots", "noop")
END = "END"


@dataclass(frozen=True, slots=True)
class Condition:
    """An `if`, with the JSON pointer of its text in the body."""

    text: Any
    pointer: str
    step: str | None
    place: Literal["guard", "branch", "rejection", "exit"]


@dataclass(frozen=True, slots=True)
class Way:
    """Where a step says that it goes on: to `target`, if `condition` holds; None is otherwise."""

    target: str
    pointer: str
    condition: Any = None


@dataclass(slots=True)
class Step:
    """One step; `following` is the id of the step after it in the same list, if there is one.

    `ways` are what its `next` says: those with a condition in order, then the others."""

    id: str
    kind: StepKind
    body: Body
    pointer: str
    nested: bool
    following: str | None = None
    ways: list[Way] = field(default_factory=list)

    @property
    def name(self) -> Any:
        """What the step refers to: action, slot or flow."""
        return self.body.get(self.kind)

    @property
    def says_next(self) -> bool:
        """An empty `next` is none."""
        return self.body.get("next") is not None

    def successors(self) -> Iterator[str]:
        """Ids of the steps, or END, that may come next; a link never has one."""
        if self.kind == "link":
            return
        if self.says_next:
            yield from (way.target for way in self.ways)
        else:
            yield self.following or END


@dataclass(slots=True)
class FlowDocument:
    """`steps` are in file order, branches depth first."""

    id: str
    body: Body
    steps: list[Step]

    def conditions(self) -> Iterator[Condition]:
        if self.body.get("if") is not None:
            yield Condition(self.body["if"], "/if", None, "guard")
        for step in self.steps:
            yield from _conditions_of(step)

    def slots_asked(self) -> Iterator[tuple[str, str]]:
        """(slot, step id) of collect steps."""
        for step in self.steps:
            if step.kind == "collect" and isinstance(step.name, str):
                yield step.name, step.id

    def slots_set(self) -> Iterator[tuple[str, str]]:
        """(slot, step id) of set_slots steps."""
        for step in self.steps:
            if step.kind == "set_slots":
                for slot, _value, _pointer in assignments(step):
                    yield slot, step.id

    def slots_read(self) -> Iterator[tuple[str, str | None]]:
        """(slot, step id) of conditions; no step where the flow itself asks."""
        for condition in self.conditions():
            for slot in slots_in(condition.text):
                yield slot, condition.step

    def slots_filled(self) -> Iterator[str]:
        """Slots that it asks for or sets."""
        yield from (slot for slot, _step in self.slots_asked())
        yield from (slot for slot, _step in self.slots_set())

    def named(self, kind: StepKind) -> Iterator[str]:
        """What its steps of this kind refer to."""
        for step in self.steps:
            if step.kind == kind and isinstance(step.name, str):
                yield step.name

    def texts_said(self) -> Iterator[tuple[str, str]]:
        """(response or action, step id): action steps, questions of collect steps, rejections."""
        for step in self.steps:
            if step.kind == "action" and isinstance(step.name, str):
                yield step.name, step.id
            elif step.kind == "collect" and isinstance(step.name, str):
                asked = step.body.get("utter")
                yield (asked if isinstance(asked, str) else f"utter_ask_{step.name}"), step.id
                yield f"action_ask_{step.name}", step.id
                for rejection in rejections(step):
                    if isinstance(rejection.get("utter"), str):
                        yield rejection["utter"], step.id


def read_flow(flow_id: str, body: Any) -> FlowDocument:
    document = FlowDocument(flow_id, body if isinstance(body, dict) else {}, [])
    _walk(document, document.body.get("steps"), "/steps", nested=False)
    return document


def _walk(document: FlowDocument, steps: Any, pointer: str, *, nested: bool) -> str | None:
    """Append the steps of one list; returns the id of its first step."""
    previous: Step | None = None
    first: str | None = None
    for index, body in enumerate(steps if isinstance(steps, list) else []):
        if not isinstance(body, dict):
            continue
        step = _step(document, body, f"{pointer}/{index}", nested=nested)
        document.steps.append(step)
        if previous is not None:
            previous.following = step.id
        first = first or step.id
        previous = step
        _walk_next(document, step)
    return first


def _walk_next(document: FlowDocument, step: Step) -> None:
    target = step.body.get("next")
    if isinstance(target, str):
        step.ways.append(Way(target, f"{step.pointer}/next"))
        return
    others: list[Way] = []
    for index, branch in enumerate(target if isinstance(target, list) else []):
        if not isinstance(branch, dict):
            continue
        word = "then" if "if" in branch else "else"
        pointer = f"{step.pointer}/next/{index}/{word}"
        then = branch.get(word)
        goal = then if isinstance(then, str) else _walk(document, then, pointer, nested=True)
        if goal is not None:
            way = Way(goal, pointer, branch.get("if"))
            (step.ways if word == "then" else others).append(way)
    step.ways.extend(others)


def _step(document: FlowDocument, body: Body, pointer: str, *, nested: bool) -> Step:
    kinds = [kind for kind in STEP_KINDS if kind in body]
    kind: StepKind = kinds[0] if kinds else "unknown"
    own = body.get("id")
    postfix = id_postfix(kind, body)
    step_id = own if isinstance(own, str) else f"{document.id}_{len(document.steps)}_{postfix}"
    return Step(step_id, kind, body, pointer, nested)


def id_postfix(kind: StepKind, body: Body) -> str:
    """As Rasa names steps that have no id (calm_runtime, "generated ids")."""
    if kind == "action":
        return str(body["action"])
    if kind in {"collect", "link", "call"}:
        return f"{kind}_{body[kind]}"
    return kind


def trigger_of(entry: Any) -> tuple[Any, float | None]:
    """(intent, threshold) of an entry of `nlu_trigger`; None is a threshold that is no number."""
    intent = entry.get("intent") if isinstance(entry, dict) else entry
    if not isinstance(intent, dict):
        return intent, 0.0
    threshold = intent.get("confidence_threshold", 0.0)
    is_number = isinstance(threshold, (int, float)) and not isinstance(threshold, bool)
    return intent.get("name"), float(threshold) if is_number else None


def slots_in(condition: Any) -> tuple[str, ...]:
    """Names of the slots that a condition speaks of; none of one that cannot be read."""
    return read_condition(condition).slots if isinstance(condition, str) else ()


def rejections(step: Step) -> list[Body]:
    found = step.body.get("rejections")
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def assignments(step: Step) -> Iterator[tuple[str, Any, str]]:
    """(slot, value, pointer) of a set_slots step."""
    entries = step.body.get("set_slots")
    if isinstance(entries, dict):
        entries = [entries]
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict):
            for slot, value in entry.items():
                yield slot, value, f"{step.pointer}/set_slots/{index}"


def _conditions_of(step: Step) -> Iterator[Condition]:
    branches = step.body.get("next")
    for index, branch in enumerate(branches if isinstance(branches, list) else []):
        if isinstance(branch, dict) and "if" in branch:
            yield Condition(branch["if"], f"{step.pointer}/next/{index}/if", step.id, "branch")
    for index, rejection in enumerate(rejections(step)):
        if "if" in rejection:
            pointer = f"{step.pointer}/rejections/{index}/if"
            yield Condition(rejection["if"], pointer, step.id, "rejection")
    exits = step.body.get("exit_if")
    for index, text in enumerate(exits if isinstance(exits, list) else []):
        yield Condition(text, f"{step.pointer}/exit_if/{index}", step.id, "exit")
