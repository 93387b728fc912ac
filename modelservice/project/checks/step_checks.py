"""Checks of one step: is what it refers to there, and does it make sense?"""

from collections.abc import Callable
from typing import Any

from modelservice.project.checks import defaults
from modelservice.project.checks.content import SlotFacts, Surroundings
from modelservice.project.checks.problems import Fix
from modelservice.project.checks.reporting import Report, create
from modelservice.project.flow_document import (
    STEP_KINDS,
    FlowDocument,
    Step,
    assignments,
    rejections,
)
from modelservice.project.model import PATTERN_PREFIX
from modelservice.project.structure import STEP_KEYS

_Check = Callable[[FlowDocument, Step, Report, Surroundings], None]

# What a step lacks that was only begun.
_CHOOSE = {
    "action": "Choose an action.",
    "collect": "Choose a slot.",
    "set_slots": "Choose a slot.",
    "link": "Choose a flow.",
    "call": "Choose a flow.",
}
_NO_RESPONSE = "utter_"  # a message whose response is not chosen yet


def check_step(
    document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    kinds = [kind for kind in STEP_KINDS if kind in step.body]
    if len(kinds) != 1:
        message = (
            f"A step is one thing; this one is {' and '.join(kinds)}."
            if kinds
            else "The step says nothing about what it does."
        )
        report.error("step_type", message, step=step.id, pointer=step.pointer)
    for key in step.body:
        if key not in STEP_KEYS:
            message = f"“{key}” is not a key of a step; it has no effect here."
            report.warning(
                "step_key_unknown", message, step=step.id, pointer=f"{step.pointer}/{key}"
            )
    check = _CHECKS.get(step.kind)
    if check is None:
        return
    if not step.name or step.name == _NO_RESPONSE:
        message = "Choose a message, or write one." if step.name else _CHOOSE[step.kind]
        report.error("step_incomplete", message, step=step.id, pointer=step.pointer)
    else:
        check(document, step, report, surroundings)


def _check_action(
    _document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    name = str(step.name)
    if "{{" in name:
        return
    pointer = f"{step.pointer}/action"
    if name.startswith("utter_"):
        _check_response(name, step, pointer, report, surroundings)
    elif not _is_action(name, surroundings):
        message = f"The action “{name}” does not exist."
        fix = create("action", name)
        report.error("action_missing", message, step=step.id, pointer=pointer, fix=fix)
    elif name in defaults.CLASSIC_ACTIONS and name not in surroundings.actions:
        message = f"“{name}” has no effect in a flow."
        report.warning("action_classic", message, step=step.id, pointer=pointer)


def _is_action(name: str, surroundings: Surroundings) -> bool:
    return (
        name in surroundings.actions
        or name in surroundings.responses
        or name in defaults.ACTIONS
        or (name.startswith("flow_") and name.removeprefix("flow_") in surroundings.flows)
    )


def _check_response(
    name: str, step: Step, pointer: str, report: Report, surroundings: Surroundings
) -> None:
    known = (surroundings.responses, surroundings.actions, defaults.RESPONSES)
    if not any(name in names for names in known):
        message = f"The response “{name}” does not exist."
        fix = create("response", name)
        report.error("response_missing", message, step=step.id, pointer=pointer, fix=fix)


def _check_collect(
    _document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    slot = str(step.name)
    pointer = f"{step.pointer}/collect"
    _check_slot(slot, step, pointer, report, surroundings)
    question = step.body.get("utter") or f"utter_ask_{slot}"
    action = f"action_ask_{slot}"
    facts = surroundings.slots.get(slot)
    known_question = question in surroundings.responses or question in defaults.RESPONSES
    has_action = action in surroundings.actions
    if known_question and has_action:
        message = f"“{slot}” is asked for twice: by “{question}” and by “{action}”."
        report.error("question_twice", message, step=step.id, pointer=pointer)
    if not (known_question or has_action or (facts and facts.has_initial_value)):
        message = f"The question is missing: there is no response “{question}”."
        fix = create("response", str(question))
        report.error("response_missing", message, step=step.id, pointer=pointer, fix=fix)
    _check_dtmf(step, report)
    for index, rejection in enumerate(rejections(step)):
        _check_rejection(
            rejection, f"{step.pointer}/rejections/{index}", step, report, surroundings
        )


def _check_dtmf(step: Step, report: Report) -> None:
    dtmf = step.body.get("dtmf")
    if isinstance(dtmf, dict) and "length" in dtmf and "finish_on_key" in dtmf:
        message = "Keys are read either up to a length or up to a key, not both."
        report.error("dtmf_ambiguous", message, step=step.id, pointer=f"{step.pointer}/dtmf")


def _check_rejection(
    rejection: dict[str, Any], place: str, step: Step, report: Report, surroundings: Surroundings
) -> None:
    utter = rejection.get("utter")
    if rejection.get("if") is None:
        message = "Say when the answer is refused."
        report.error("step_incomplete", message, step=step.id, pointer=place)
    if not isinstance(utter, str) or not utter:
        message = "Say which response is given when the answer is refused."
        report.error("step_incomplete", message, step=step.id, pointer=place)
    else:
        _check_response(utter, step, f"{place}/utter", report, surroundings)
    for key in sorted(rejection.keys() - {"if", "utter"}):
        message = f"“{key}” is not a key of a check; it has no effect."
        report.warning("rejection_key_unknown", message, step=step.id, pointer=f"{place}/{key}")


def _check_slot(
    slot: str, step: Step, pointer: str, report: Report, surroundings: Surroundings
) -> None:
    facts = surroundings.slots.get(slot)
    if facts is None:
        if slot not in defaults.SLOTS:
            message = f"The slot “{slot}” does not exist."
            fix = create("slot", slot)
            report.error("slot_missing", message, step=step.id, pointer=pointer, fix=fix)
    elif facts.type == "list":
        message = f"“{slot}” is a list; flows cannot ask for lists or set them."
        report.error("slot_is_list", message, step=step.id, pointer=pointer)


def _check_set_slots(
    _document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    for slot, value, pointer in assignments(step):
        if not slot:
            message = _CHOOSE["set_slots"]
            report.error("step_incomplete", message, step=step.id, pointer=pointer)
            continue
        _check_slot(slot, step, pointer, report, surroundings)
        facts = surroundings.slots.get(slot)
        if facts is not None and value is not None:
            _check_value(slot, facts, value, report, step=step.id, pointer=pointer)


def _check_value(
    slot: str, facts: SlotFacts, value: Any, report: Report, *, step: str, pointer: str
) -> None:
    place = {"step": step, "pointer": pointer}
    if "categorical" in facts.type:
        if str(value).casefold() not in {word.casefold() for word in facts.values}:
            known = ", ".join(facts.values)
            message = f"“{value}” is not a value of the slot “{slot}” ({known})."
            if value == "":
                message = f"Choose a value for “{slot}”."
            report.error("slot_value_unknown", message, **place)
    elif not isinstance(value, str) or "{" in value:  # a template is filled in while talking
        return
    elif facts.type == "bool" and value.casefold() not in {"true", "false"}:
        report.warning("slot_value_type", f"Choose yes or no for “{slot}”.", **place)
    elif facts.type == "float" and not _is_number(value):
        report.warning("slot_value_type", f"Write a number for “{slot}”.", **place)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _check_link(
    document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    target = str(step.name)
    pointer = f"{step.pointer}/link"
    is_pattern = document.id.startswith(PATTERN_PREFIX)
    if target.startswith(PATTERN_PREFIX):
        allowed = target in defaults.LINKABLE_PATTERNS
        if not allowed and not (is_pattern and target == "pattern_chitchat"):
            message = f"A flow cannot link to the system flow “{target}”."
            report.error("link_to_pattern", message, step=step.id, pointer=pointer)
    elif target not in surroundings.flows:
        message = f"The step leads to the flow “{target}”, which is not there."
        fix = Fix("Remove link", "remove_link", {"step": step.id})
        report.error("link_target_missing", message, step=step.id, pointer=pointer, fix=fix)
    elif document.id == "pattern_internal_error":
        message = "The system flow for errors cannot link to another flow."
        report.error("link_from_error_pattern", message, step=step.id, pointer=pointer)


def _check_call(
    document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    target = str(step.name)
    place = {"step": step.id, "pointer": f"{step.pointer}/call"}
    if target.startswith(PATTERN_PREFIX) or document.id.startswith(PATTERN_PREFIX):
        message = "System flows can neither be called nor call another flow."
        report.error("call_of_pattern", message, **place)
    elif target in surroundings.flows:
        if surroundings.has_link(target):
            message = f"“{target}” contains a link, so it never comes back and cannot be called."
            report.error("call_of_linking_flow", message, **place)
    elif "mcp_server" in step.body:
        message = f"“{target}” is a tool of an MCP server; this runtime does not call tools."
        report.warning("call_of_tool", message, **place)
    elif target in surroundings.agents or "exit_if" in step.body:
        message = f"“{target}” is an agent; this runtime does not run agents."
        report.warning("call_of_agent", message, **place)
    else:
        message = f"The step calls the flow “{target}”, which is not there; it is passed over."
        fix = Fix("Remove call", "remove_call", {"step": step.id})
        report.warning("call_target_missing", message, fix=fix, **place)


_CHECKS: dict[str, _Check] = {
    "action": _check_action,
    "collect": _check_collect,
    "set_slots": _check_set_slots,
    "link": _check_link,
    "call": _check_call,
}
