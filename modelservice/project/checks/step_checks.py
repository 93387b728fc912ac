"""Checks of one step: is what it refers to there, and does it make sense?"""

from collections.abc import Callable

from modelservice.project.checks import defaults
from modelservice.project.checks.content import Surroundings
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
            message = f"“{key}” is not a key of a step; it has no effect."
            report.warning(
                "step_key_unknown", message, step=step.id, pointer=f"{step.pointer}/{key}"
            )
    check = _CHECKS.get(step.kind)
    if check is None:
        return
    if not step.name or step.name == "utter_":  # a message whose response is not chosen yet
        message = "Something is missing: choose what this step refers to."
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
    elif name not in surroundings.actions and name not in defaults.ACTIONS:
        message = f"The action “{name}” does not exist."
        fix = create("action", name)
        report.error("action_missing", message, step=step.id, pointer=pointer, fix=fix)


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
    for index, rejection in enumerate(rejections(step)):
        place = f"{step.pointer}/rejections/{index}"
        utter = rejection.get("utter")
        if not isinstance(utter, str) or not utter:
            message = "Say which response is given when the answer is refused."
            report.error("step_incomplete", message, step=step.id, pointer=place)
        else:
            _check_response(utter, step, f"{place}/utter", report, surroundings)


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
        _check_slot(slot, step, pointer, report, surroundings)
        facts = surroundings.slots.get(slot)
        if facts is None or value is None or "categorical" not in facts.type:
            continue
        if str(value).casefold() not in {word.casefold() for word in facts.values}:
            known = ", ".join(facts.values)
            message = f"“{value}” is not a value of the slot “{slot}” ({known})."
            report.error("slot_value_unknown", message, step=step.id, pointer=pointer)


def _check_link(
    document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    target = str(step.name)
    pointer = f"{step.pointer}/link"
    if "next" in step.body or step.following:
        message = "A link ends the flow: nothing can follow it."
        report.error("link_not_last", message, step=step.id, pointer=step.pointer)
    if target.startswith(PATTERN_PREFIX):
        allowed = target in defaults.LINKABLE_PATTERNS or document.id.startswith(PATTERN_PREFIX)
        if not allowed:
            message = f"A flow cannot link to the system flow “{target}”."
            report.error("link_to_pattern", message, step=step.id, pointer=pointer)
    elif target not in surroundings.flows:
        _missing_flow("link", target, step, pointer, report)
    elif document.id == "pattern_internal_error":
        message = "The system flow for errors cannot link to another flow."
        report.error("link_from_error_pattern", message, step=step.id, pointer=pointer)


def _check_call(
    document: FlowDocument, step: Step, report: Report, surroundings: Surroundings
) -> None:
    target = str(step.name)
    pointer = f"{step.pointer}/call"
    if "mcp_server" in step.body:
        return
    if target.startswith(PATTERN_PREFIX) or document.id.startswith(PATTERN_PREFIX):
        message = "System flows can neither be called nor call another flow."
        report.error("call_of_pattern", message, step=step.id, pointer=pointer)
    elif target not in surroundings.flows:
        _missing_flow("call", target, step, pointer, report)
    elif surroundings.has_link(target):
        message = f"“{target}” contains a link, so it never comes back and cannot be called."
        report.error("call_of_linking_flow", message, step=step.id, pointer=pointer)


def _missing_flow(relation: str, target: str, step: Step, pointer: str, report: Report) -> None:
    verb = "leads to" if relation == "link" else "calls"
    report.error(
        f"{relation}_target_missing",
        f"The step {verb} the flow “{target}”, which does not exist.",
        step=step.id,
        pointer=pointer,
        fix=Fix(f"Remove {relation}", f"remove_{relation}", {"step": step.id}),
    )


_CHECKS: dict[str, _Check] = {
    "action": _check_action,
    "collect": _check_collect,
    "set_slots": _check_set_slots,
    "link": _check_link,
    "call": _check_call,
}
