"""Checks of one flow as a whole: keys, order, reachability, conditions."""

import re
from typing import Any

from modelservice.project.checks import defaults
from modelservice.project.checks.conditions import check_condition
from modelservice.project.checks.content import Surroundings
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.reporting import Report
from modelservice.project.checks.step_checks import check_step
from modelservice.project.flow_document import (
    END,
    Body,
    FlowDocument,
    Step,
    read_flow,
    trigger_of,
)
from modelservice.project.model import PATTERN_PREFIX
from modelservice.project.structure import FLOW_KEYS

_FLOW_ID = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]*")


def check_flow(kind: str, flow_id: str, body: Any, surroundings: Surroundings) -> list[Problem]:
    document = read_flow(flow_id, body)
    name = document.body.get("name")
    report = Report(kind, flow_id, name if isinstance(name, str) else flow_id.replace("_", " "))
    _check_head(document, report, surroundings)
    ids = _check_ids(document, report)
    for step in document.steps:
        check_step(document, step, report, surroundings)
        _check_next(step, ids, report)
    _check_reachable(document, report)
    _check_loops(document, report)
    _check_conditions(document, report, surroundings)
    return report.problems


def _check_head(document: FlowDocument, report: Report, surroundings: Surroundings) -> None:
    body = document.body
    if not _FLOW_ID.fullmatch(document.id):
        report.error(
            "flow_id_invalid", "A flow id has only letters, digits, _ and -, and no - in front."
        )
    if document.id.startswith(PATTERN_PREFIX) and document.id not in defaults.PATTERNS:
        message = (
            f"Names that begin with pattern_ are Rasa's own, and “{document.id}” is none of its"
            " system flows, so what users ask for never starts it. Call it something else."
        )
        report.warning("pattern_unknown", message)
    description = body.get("description")
    if not isinstance(description, str) or not description.strip():
        message = "The flow needs a description: it tells when the flow is meant."
        report.error("description_missing", message, pointer="/description")
    if not document.steps:
        report.error("steps_missing", "The flow has no steps.", pointer="/steps")
    for key in body:
        if key not in FLOW_KEYS:
            message = f"“{key}” is not a key of a flow; it has no effect here."
            report.warning("flow_key_unknown", message, pointer=f"/{key}")
    _check_triggers(body, report, surroundings)
    _check_persisted(document, report, surroundings)


def _check_triggers(body: Body, report: Report, surroundings: Surroundings) -> None:
    triggers = body.get("nlu_trigger")
    for index, trigger in enumerate(triggers if isinstance(triggers, list) else []):
        pointer = f"/nlu_trigger/{index}"
        intent, threshold = trigger_of(trigger)
        if not isinstance(intent, str) or not intent or threshold is None:
            message = "This needs the name of an intent, and a number if it has a threshold."
            report.error("trigger_invalid", message, pointer=pointer)
        elif intent not in surroundings.intents and intent not in defaults.INTENTS:
            message = f"The intent “{intent}” starts this flow, but it does not exist."
            report.warning("intent_missing", message, pointer=pointer)


def _check_persisted(document: FlowDocument, report: Report, surroundings: Surroundings) -> None:
    kept = document.body.get("persisted_slots")
    if not kept or not isinstance(kept, list):
        return
    filled = {*document.slots_filled(), *surroundings.filled_by(document.named("call"))}
    for index, slot in enumerate(kept):
        if not isinstance(slot, str) or slot not in filled:
            message = f"“{slot}” is kept after the flow, but no step asks for it or sets it."
            report.error("persisted_slot_unused", message, pointer=f"/persisted_slots/{index}")


def _check_ids(document: FlowDocument, report: Report) -> set[str]:
    ids: set[str] = set()
    for step in document.steps:
        if step.id in {"START", END} or step.id.startswith("NEXT:"):
            message = f"“{step.id}” is reserved and cannot be the id of a step."
            report.error("step_id_reserved", message, step=step.id, pointer=f"{step.pointer}/id")
        if step.id in ids:
            message = f"Two steps of this flow have the id “{step.id}”."
            report.error("step_id_twice", message, step=step.id, pointer=f"{step.pointer}/id")
        ids.add(step.id)
    return ids


def _check_next(step: Step, ids: set[str], report: Report) -> None:
    following = step.body.get("next")
    if step.kind == "link":
        if "next" in step.body:
            message = "A link ends the flow: it has no next step."
            report.error("link_not_last", message, step=step.id, pointer=step.pointer)
        return
    for way in step.ways:
        if way.target != END and way.target not in ids:
            message = f"The step goes on to “{way.target}”, which is no step of this flow."
            report.error("next_missing_target", message, step=step.id, pointer=way.pointer)
    if isinstance(following, list):
        _check_branches(step, following, report)
    elif following is None:
        if step.kind == "noop":
            message = "A branching point needs branches, or a step to go on with."
            report.error("next_missing", message, step=step.id, pointer=step.pointer)
        elif step.nested and step.following is None:
            message = "A branch must say how it goes on after its last step: a step, or the end."
            report.error("next_missing", message, step=step.id, pointer=step.pointer)


def _check_branches(step: Step, branches: list[Any], report: Report) -> None:
    elses = [index for index, branch in enumerate(branches) if _is_else(branch)]
    pointer = f"{step.pointer}/next"
    if not elses:
        message = "The branches need an Else: what happens when no condition holds?"
        report.error("else_missing", message, step=step.id, pointer=pointer)
    for index in elses[1:]:
        message = "There is an Else already; only the first one is ever taken."
        report.error("else_twice", message, step=step.id, pointer=f"{pointer}/{index}")
    if elses and elses[0] != len(branches) - 1 and len(elses) == 1:
        message = "Else is taken last, wherever it stands; write it as the last branch."
        report.warning("else_not_last", message, step=step.id, pointer=f"{pointer}/{elses[0]}")
    for index, branch in enumerate(branches):
        if isinstance(branch, dict):
            _check_branch(step, branch, f"{pointer}/{index}", report)


def _is_else(branch: Any) -> bool:
    return isinstance(branch, dict) and "if" not in branch


def _check_branch(step: Step, branch: Body, pointer: str, report: Report) -> None:
    if "if" in branch and "else" in branch:
        message = "A branch has either If and Then, or Else."
        report.error("branch_ambiguous", message, step=step.id, pointer=pointer)
    if branch.get("if", True) is None:
        message = "The branch has no condition."
        report.error("condition_invalid", message, step=step.id, pointer=f"{pointer}/if")
    word = "then" if "if" in branch else "else"
    if branch.get(word) in (None, [], ""):
        message = "This branch leads nowhere: add a step, or end the flow."
        report.error("branch_empty", message, step=step.id, pointer=pointer)
    for key in sorted(branch.keys() - {"if", "then", "else"}):
        message = f"“{key}” is not a key of a branch; it has no effect."
        report.warning("branch_key_unknown", message, step=step.id, pointer=f"{pointer}/{key}")


def _check_reachable(document: FlowDocument, report: Report) -> None:
    if not document.steps:
        return
    by_id = {step.id: step for step in document.steps}
    reached: set[str] = set()
    waiting = [document.steps[0].id]
    while waiting:
        step = by_id.get(waiting.pop())
        if step is None or step.id in reached:
            continue
        reached.add(step.id)
        waiting.extend(step.successors())
    for step in document.steps:
        if step.id not in reached:
            message = "No path leads to this step."
            report.error("step_unreachable", message, step=step.id, pointer=step.pointer)


def _check_loops(document: FlowDocument, report: Report) -> None:
    """A question that is already answered is skipped: jumping back to it may never end."""
    places = {step.id: index for index, step in enumerate(document.steps)}
    emptied = {
        slot
        for step in document.steps
        if step.kind == "set_slots" and isinstance(step.name, list)
        for entry in step.name
        if isinstance(entry, dict)
        for slot, value in entry.items()
        if value is None
    }
    for index, step in enumerate(document.steps):
        for way in step.ways:
            if places.get(way.target, index + 1) > index:
                continue
            question = document.steps[places[way.target]]
            if question.kind != "collect" or question.body.get("ask_before_filling"):
                continue
            if question.name not in emptied:
                message = (
                    f"This goes back to the question for “{question.name}”, which is answered by"
                    " then and will be skipped. Switch on “Ask before filling” there, or empty"
                    " the slot on the way."
                )
                report.warning("loop_skips_question", message, step=step.id, pointer=way.pointer)


def _check_conditions(document: FlowDocument, report: Report, surroundings: Surroundings) -> None:
    for condition in document.conditions():
        for finding in check_condition(condition.text, surroundings):
            report.add(
                finding.code,
                finding.severity,
                finding.message,
                step=condition.step,
                pointer=condition.pointer,
                fix=finding.fix,
            )
