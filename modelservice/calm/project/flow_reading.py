"""From the YAML of a flow to a `Flow`; refuses what the CALM flow schema refuses."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from modelservice.calm.errors import ProjectError
from modelservice.calm.project.flow import (
    END,
    NEXT_PREFIX,
    START,
    Branch,
    Flow,
    NluTrigger,
    Step,
)
from modelservice.calm.project.step_reading import STEP_KINDS, build_step, check_step_keys
from modelservice.project.yaml_reader import line_of

_FLOW_ID = re.compile(r"^[a-zA-Z0-9_][a-zA-Z0-9_-]*$")
_FLOW_KEYS: dict[str, tuple[type, ...]] = {
    "description": (str,),
    "steps": (list,),
    "name": (str,),
    "if": (str, bool),
    "always_include_in_prompt": (bool,),
    "nlu_trigger": (list,),
    "persisted_slots": (list,),
    "file_path": (str,),
    "run_pattern_completed": (bool,),
    "translation": (dict,),
    "metadata": (dict,),
    "on_activate": (str, dict),
    "id": (str,),
}


def read_flow(flow_id: str, body: Any, *, file: str) -> Flow:
    """Read one flow. Raises `ProjectError` naming file, line and flow or step."""
    item = f"flow '{flow_id}'"
    if not _FLOW_ID.match(str(flow_id)):
        raise ProjectError("a flow id may hold letters, digits, _ and -", file=file, item=item)
    if not isinstance(body, Mapping):
        raise ProjectError("must be a map with description and steps", file=file, item=item)
    _check_flow_keys(body, file, item)
    reader = _StepReader(str(flow_id), file)
    reader.read_sequence(body["steps"], top_level=True, line=line_of(body))
    return Flow(
        id=str(flow_id),
        name=body.get("name") or re.sub(r"[_-]", " ", str(flow_id)),
        description=body["description"],
        steps=reader.steps,
        guard=_guard(body),
        always_include_in_prompt=body.get("always_include_in_prompt", False),
        nlu_triggers=_triggers(body.get("nlu_trigger", []), file, item),
        persisted_slots=frozenset(body.get("persisted_slots", [])),
        run_pattern_completed=body.get("run_pattern_completed", True),
        translated_names=_translated_names(body.get("translation", {})),
        fingerprint=_fingerprint(body),
        file=file,
        line=line_of(body),
    )


def _check_flow_keys(body: Mapping[str, Any], file: str, item: str) -> None:
    line = line_of(body)
    for key, value in body.items():
        if key not in _FLOW_KEYS:
            raise ProjectError(f"unknown key '{key}'", file=file, line=line, item=item)
        if not isinstance(value, _FLOW_KEYS[key]):
            raise ProjectError(f"'{key}' has the wrong type", file=file, line=line, item=item)
    for key in ("description", "steps"):
        if not body.get(key):
            raise ProjectError(f"'{key}' is missing or empty", file=file, line=line, item=item)


def _guard(body: Mapping[str, Any]) -> str | None:
    value: str | bool | None = body.get("if")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _triggers(items: list[Any], file: str, item: str) -> tuple[NluTrigger, ...]:
    triggers = []
    for entry in items:
        intent = entry.get("intent") if isinstance(entry, Mapping) else entry
        if isinstance(intent, Mapping):
            name, threshold = intent.get("name"), intent.get("confidence_threshold", 0.0)
        else:
            name, threshold = intent, 0.0
        if not isinstance(name, str) or not isinstance(threshold, (int, float)):
            raise ProjectError("nlu_trigger needs the name of an intent", file=file, item=item)
        triggers.append(NluTrigger(name, float(threshold)))
    return tuple(triggers)


def _translated_names(translation: Mapping[str, Any]) -> dict[str, str]:
    return {
        language: entry["name"]
        for language, entry in translation.items()
        if isinstance(entry, Mapping) and isinstance(entry.get("name"), str)
    }


def _fingerprint(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class _StepReader:
    """Numbers the steps depth first and resolves every `next` to step ids."""

    def __init__(self, flow_id: str, file: str) -> None:
        self.steps: dict[str, Step] = {}
        self._flow_id = flow_id
        self._file = file
        self._count = 0
        # Step id → first step id of each branch written as a nested list, else None.
        self._nested: dict[str, list[str | None]] = {}

    def _error(self, message: str, line: int | None, step: str | None = None) -> ProjectError:
        item = f"flow '{self._flow_id}'" + (f", step '{step}'" if step else "")
        return ProjectError(message, file=self._file, line=line, item=item)

    def read_sequence(self, bodies: Any, *, top_level: bool, line: int | None) -> str:
        """Read a list of steps; returns the id of the first."""
        if not isinstance(bodies, list) or not bodies:
            raise self._error("a list of steps is empty", line)
        ids = []
        for body in bodies:
            step_id = self._reserve(body, line)
            ids.append(step_id)
            self._nested[step_id] = self._nested_targets(body)
        for step_id, body, following in zip(ids, bodies, [*ids[1:], None], strict=True):
            self._finish(step_id, body, following, top_level=top_level)
        return ids[0]

    def _reserve(self, body: Any, line: int | None) -> str:
        if not isinstance(body, Mapping):
            raise self._error("a step must be a map", line)
        kinds = [kind for kind in STEP_KINDS if kind in body]
        if len(kinds) != 1:
            known = ", ".join(STEP_KINDS)
            raise self._error(f"a step needs exactly one of {known}", line_of(body) or line)
        kind = kinds[0]
        index, self._count = self._count, self._count + 1
        postfix = {
            "action": str(body[kind]),
            "set_slots": kind,
            "noop": kind,
        }.get(kind, f"{kind}_{body[kind]}")
        step_id: str = body.get("id", f"{self._flow_id}_{index}_{postfix}")
        self._check_id(step_id, line_of(body))
        check_step_keys(kind, body, lambda text: self._error(text, line_of(body), step_id))
        # The place is taken before nested steps are read, so that file order is kept.
        self.steps[step_id] = Step(step_id, (), None, line_of(body))
        return step_id

    def _check_id(self, step_id: Any, line: int | None) -> None:
        if not isinstance(step_id, str):
            raise self._error("a step id must be text", line)
        if step_id in (START, END) or step_id.startswith(NEXT_PREFIX):
            raise self._error(f"the step id '{step_id}' is reserved", line)
        if step_id in self.steps:
            raise self._error(f"the step id '{step_id}' is used twice", line)

    def _nested_targets(self, body: Mapping[str, Any]) -> list[str | None]:
        """First step id of each branch that is a nested list, None for the others."""
        following = body.get("next")
        if not isinstance(following, list):
            return []
        targets: list[str | None] = []
        for entry in following:
            target = _branch_target(entry)
            if isinstance(target, list):
                line = line_of(entry)
                targets.append(self.read_sequence(target, top_level=False, line=line))
            else:
                targets.append(None)
        return targets

    def _finish(
        self, step_id: str, body: Mapping[str, Any], following: str | None, *, top_level: bool
    ) -> None:
        branches = self._branches(step_id, body, following, top_level=top_level)
        self.steps[step_id] = build_step(
            step_id, body, branches, lambda text: self._error(text, line_of(body), step_id)
        )

    def _branches(
        self, step_id: str, body: Mapping[str, Any], following: str | None, *, top_level: bool
    ) -> tuple[Branch, ...]:
        line = line_of(body)
        if "link" in body:
            if "next" in body:
                raise self._error("a link step ends the flow and has no 'next'", line, step_id)
            return (Branch(END),)
        target = body.get("next")
        if target is None:
            if following is None and not top_level:
                raise self._error("the last step of a branch needs a 'next'", line, step_id)
            if "noop" in body:
                raise self._error("a noop step needs a 'next'", line, step_id)
            return (Branch(following or END),)
        if isinstance(target, str):
            return (Branch(target),)
        if isinstance(target, list):
            return self._condition_branches(step_id, target, line)
        raise self._error("'next' must be a step id or a list of branches", line, step_id)

    def _condition_branches(
        self, step_id: str, entries: list[Any], line: int | None
    ) -> tuple[Branch, ...]:
        branches = []
        for entry, nested in zip(entries, self._nested[step_id], strict=True):
            target = nested or _branch_target(entry)
            if not isinstance(target, str):
                raise self._error("a branch needs 'if' and 'then', or 'else'", line, step_id)
            condition = None if "else" in entry else str(entry["if"])
            branches.append(Branch(target, condition))
        if sum(branch.condition is None for branch in branches) != 1:
            raise self._error("a list of branches needs exactly one 'else'", line, step_id)
        return tuple(branches)


def _branch_target(entry: Any) -> Any:
    if not isinstance(entry, Mapping):
        return None
    if set(entry) == {"else"}:
        return entry["else"]
    if set(entry) == {"if", "then"} and isinstance(entry["if"], (str, bool)):
        return entry["then"]
    return None
