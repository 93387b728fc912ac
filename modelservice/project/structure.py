"""Shapes that an item must have to be stored at all. What it means is for `checks`.

Every function yields (path inside the body, message); the reader turns paths into lines.
"""

import re
from collections.abc import Iterator
from typing import Any

from modelservice.project.model import Kind
from modelservice.project.yaml_reader import MAX_DEPTH, MAX_TEXT, Path

Found = Iterator[tuple[Path, str]]

_UNFIT = re.compile("[\0\ud800-\udfff]")

_NAMES: dict[type, str] = {
    dict: "a map",
    list: "a list",
    str: "a text",
    bool: "true or false",
    type(None): "empty",
    int: "a number",
}
FLOW_TYPES: dict[str, tuple[type, ...]] = {
    "name": (str,),
    "description": (str,),
    "if": (str, bool),
    "steps": (list,),
    "always_include_in_prompt": (bool,),
    "nlu_trigger": (list,),
    "persisted_slots": (list,),
    "run_pattern_completed": (bool,),
    "translation": (dict,),
    "metadata": (dict,),
    "file_path": (str,),
    "on_activate": (str, dict),
}
STEP_TYPES: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "action": (str,),
    "collect": (str,),
    "link": (str,),
    "call": (str,),
    "set_slots": (list, dict),
    "noop": (bool,),
    "next": (str, list),
    "description": (str,),
    "utter": (str,),
    "rejections": (list,),
    "ask_before_filling": (bool,),
    "reset_after_flow_ends": (bool,),
    "force_slot_filling": (bool,),
    "metadata": (dict,),
    "collect_action": (str,),
    "silence_timeout": (int, float, dict),
    "dtmf": (dict,),
    "mcp_server": (str,),
    "mapping": (dict,),
    "exit_if": (list,),
}
FLOW_KEYS = {*FLOW_TYPES, "id"}
STEP_KEYS = {*STEP_TYPES, "collect-tool-binding"}
VARIATION_TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "metadata": (dict,),
    "translation": (dict,),
    "condition": (str, list, bool),
    "buttons": (list,),
    "quick_replies": (list,),
    "elements": (list,),
}
BRANCH_TYPES: dict[str, tuple[type, ...]] = {
    "if": (str, bool),
    "then": (str, list),
    "else": (str, list),
}


def check_item(kind: Kind, body: Any) -> Found:
    """Wrong types: the item cannot be stored."""
    if kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        yield from _check_flow(body)
    elif kind is Kind.RESPONSE:
        yield from _check_response(body)
    elif kind in {Kind.SLOT, Kind.NLU}:
        yield from _expect((), body, (dict,))
    elif kind in {Kind.ACTION, Kind.INTENT, Kind.ENTITY}:
        yield from _expect((), body, (dict, type(None)))
    elif kind is Kind.PROMPT:
        text = body.get("text") if isinstance(body, dict) else None
        yield from _expect(("text",), text, (str,))


def unknown_keys(kind: Kind, body: Any) -> Found:
    """Keys that no version of Rasa knows; they are kept."""
    if kind not in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return
    for key in body:
        if key not in FLOW_KEYS:
            yield (key,), f"“{key}” is not a key of a flow. It is kept without effect."
    for path, step in steps_of(body):
        for key in step:
            if key not in STEP_KEYS:
                yield (
                    (*path, key),
                    f"“{key}” is not a key of a step. It is kept without effect.",
                )


def steps_of(body: dict[str, Any]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """(path, step) of every step of a flow with sound types, branches depth first."""
    yield from _steps_in(body.get("steps") or [], ("steps",))


def _steps_in(steps: list[Any], path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for index, step in enumerate(steps):
        here = (*path, index)
        yield here, step
        branches = step.get("next")
        for place, branch in enumerate(branches if isinstance(branches, list) else []):
            for word in ("then", "else"):
                if isinstance(branch.get(word), list):
                    yield from _steps_in(branch[word], (*here, "next", place, word))


def _check_flow(body: Any) -> Found:
    yield from _expect((), body, (dict,))
    if isinstance(body, dict):
        yield from _check_types((), body, FLOW_TYPES)
        yield from _check_steps(("steps",), body.get("steps"))


def _check_steps(path: Path, steps: Any) -> Found:
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        here = (*path, index)
        yield from _expect(here, step, (dict,))
        if isinstance(step, dict):
            yield from _check_types(here, step, STEP_TYPES)
            yield from _check_maps((*here, "set_slots"), step.get("set_slots"))
            yield from _check_maps((*here, "rejections"), step.get("rejections"))
            yield from _check_branches((*here, "next"), step.get("next"))


def _check_branches(path: Path, branches: Any) -> Found:
    yield from _check_maps(path, branches)
    for index, branch in enumerate(branches if isinstance(branches, list) else []):
        if isinstance(branch, dict):
            yield from _check_types((*path, index), branch, BRANCH_TYPES)
            for word in ("then", "else"):
                yield from _check_steps((*path, index, word), branch.get(word))


def _check_response(body: Any) -> Found:
    yield from _expect((), body, (list,))
    for index, variation in enumerate(body if isinstance(body, list) else []):
        yield from _expect((index,), variation, (dict,))
        if isinstance(variation, dict):
            yield from _check_types((index,), variation, VARIATION_TYPES)
            for key in ("buttons", "quick_replies", "condition"):
                yield from _check_maps((index, key), variation.get(key))


def _check_maps(path: Path, entries: Any) -> Found:
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        yield from _expect((*path, index), entry, (dict,))


def _check_types(path: Path, body: dict[str, Any], types: dict[str, tuple[type, ...]]) -> Found:
    for key, allowed in types.items():
        if body.get(key) is not None:
            yield from _expect((*path, key), body[key], allowed)


def _expect(path: Path, value: Any, allowed: tuple[type, ...]) -> Found:
    if isinstance(value, allowed) and not (isinstance(value, bool) and bool not in allowed):
        return
    due = " or ".join(_NAMES[kind] for kind in allowed if kind is not float)
    found = next((name for kind, name in _NAMES.items() if isinstance(value, kind)), "a number")
    keys = [part for part in path if isinstance(part, str)]
    subject = f"“{keys[-1]}”" if keys else "This"
    yield path, f"{subject} must be {due}; here it is {found}."


def oversized(body: Any) -> Found:
    """Texts and nesting beyond what the YAML reader takes."""
    for path, value in _parts(body):
        if len(path) > MAX_DEPTH:
            yield path[:3], f"This is nested more than {MAX_DEPTH} levels deep."
        elif isinstance(value, str) and len(value) > MAX_TEXT:
            yield (
                path,
                f"This text has {len(value):,} characters; at most {MAX_TEXT:,} are allowed.",
            )


def unstorable(body: Any) -> Found:
    """Texts with characters that no database stores; for a body that is not oversized."""
    for path, value in _parts(body):
        if isinstance(value, str) and _UNFIT.search(value):
            yield path, "This text has characters that cannot be stored."


def _parts(body: Any) -> Iterator[tuple[Path, Any]]:
    """Every value and every key in it, a key at the path of its map; no deeper than is taken."""
    waiting: list[tuple[Path, Any]] = [((), body)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if len(path) > MAX_DEPTH:
            continue
        if isinstance(value, list):
            waiting.extend(((*path, index), entry) for index, entry in enumerate(value))
        elif isinstance(value, dict):
            for key, entry in value.items():
                yield path, key
                waiting.append(((*path, key), entry))
