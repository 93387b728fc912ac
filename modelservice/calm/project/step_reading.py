"""From the YAML of one step to the step object of its kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from modelservice.calm.project.flow import (
    ActionStep,
    Branch,
    CallStep,
    CollectStep,
    LinkStep,
    NoopStep,
    Rejection,
    SetSlotsStep,
    Step,
)

STEP_KINDS = ("action", "collect", "link", "call", "set_slots", "noop")
_SLOT_NAME = re.compile(r"^[a-zA-Z_][a-zA-Z0-9_-]*$")
_COLLECT_KEYS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "next": (str, list),
    "collect": (str,),
    "description": (str,),
    "metadata": (dict,),
    "utter": (str,),
    "collect_action": (str,),
    "ask_before_filling": (bool,),
    "reset_after_flow_ends": (bool,),
    "rejections": (list,),
    "force_slot_filling": (bool,),
    "silence_timeout": (int, float, dict),
    "dtmf": (dict,),
    "collect-tool-binding": (str, dict, list),
}
_ACTION_KEYS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "next": (str, list),
    "action": (str,),
    "metadata": (dict,),
}
_CALL_KEYS: dict[str, tuple[type, ...]] = {
    "id": (str,),
    "next": (str, list),
    "call": (str,),
    "description": (str,),
    "metadata": (dict,),
    "mcp_server": (str,),
    "mapping": (dict,),
    "exit_if": (list,),
}
# link, set_slots and noop steps accept further keys, as the reference does.
_CLOSED_KEYS = {"action": _ACTION_KEYS, "collect": _COLLECT_KEYS, "call": _CALL_KEYS}

Refuse = Callable[[str], Exception]


def check_step_keys(kind: str, body: Mapping[str, Any], refuse: Refuse) -> None:
    allowed = _CLOSED_KEYS.get(kind)
    if allowed is None:
        return
    for key, value in body.items():
        if key not in allowed:
            raise refuse(f"unknown key '{key}' in a {kind} step")
        if not isinstance(value, allowed[key]):
            raise refuse(f"'{key}' has the wrong type")


def build_step(
    step_id: str, body: Mapping[str, Any], branches: tuple[Branch, ...], refuse: Refuse
) -> Step:
    common = (step_id, branches, body.get("description"), getattr(body, "line", None))
    if "collect" in body:
        return _collect(common, body, refuse)
    if "set_slots" in body:
        return SetSlotsStep(*common, values=_slot_values(body["set_slots"], refuse))
    if "action" in body:
        return ActionStep(*common, action=body["action"])
    for key, kind in (("link", LinkStep), ("call", CallStep)):
        if key in body:
            if not isinstance(body[key], str):
                raise refuse(f"'{key}' needs the id of a flow")
            return kind(*common, body[key])
    return NoopStep(*common)


def _collect(
    common: tuple[str, tuple[Branch, ...], str | None, int | None],
    body: Mapping[str, Any],
    refuse: Refuse,
) -> CollectStep:
    slot = body["collect"]
    if not _SLOT_NAME.match(slot):
        raise refuse(f"'{slot}' is not a slot name")
    dtmf = body.get("dtmf", {})
    if "length" in dtmf and "finish_on_key" in dtmf:
        raise refuse("'dtmf' takes either length or finish_on_key")
    return CollectStep(
        *common,
        collect=slot,
        utter=body.get("utter", f"utter_ask_{slot}"),
        rejections=read_rejections(body.get("rejections", []), refuse),
        ask_before_filling=body.get("ask_before_filling", False),
        reset_after_flow_ends=body.get("reset_after_flow_ends", True),
        force_slot_filling=body.get("force_slot_filling", False),
        silence_timeout=body.get("silence_timeout"),
    )


def read_rejections(items: Any, refuse: Refuse) -> tuple[Rejection, ...]:
    rejections = []
    for item in items if isinstance(items, list) else [items]:
        if not isinstance(item, Mapping) or set(item) != {"if", "utter"}:
            raise refuse("a rejection needs 'if' and 'utter'")
        rejections.append(Rejection(str(item["if"]), str(item["utter"])))
    return tuple(rejections)


def _slot_values(items: Any, refuse: Refuse) -> tuple[tuple[str, Any], ...]:
    if not isinstance(items, list) or not items:
        raise refuse("'set_slots' needs a list such as [{city: Rome}]")
    values: list[tuple[str, Any]] = []
    for item in items:
        if not isinstance(item, Mapping):
            raise refuse("'set_slots' needs a list such as [{city: Rome}]")
        values.extend((str(name), value) for name, value in item.items())
    return tuple(values)
