"""Checks of one flow as a whole: keys, order, reachability, conditions."""

import re
from typing import Any

from modelservice.project.checks import defaults
from modelservice.project.checks.conditions import check_condition
from modelservice.project.checks.content import Surroundings
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.reporting import Report
from modelservice.project.checks.step_checks import check_step
from modelservice.project.flow_document import END, FlowDocument, Step, read_flow

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
    description = body.get("description")
    if not isinstance(description, str) or not description.strip():
        message = "The flow needs a description: it tells when the flow is meant."
        report.error("description_missing", message, pointer="/description")
    if not document.steps:
        report.error("steps_missing", "The flow has no steps.", pointer="/steps")
    for index, trigger in enumerate(body.get("nlu_trigger") or []):
        intent = trigger.get("intent") if isinstance(trigger, dict) else None
        name = intent.get("name") if isinstance(intent, dict) else intent
        if name not in surroundings.intents and name not in defaults.INTENTS:
            message = f"The intent “{name}” starts this flow, but it does not exist."
            report.warning("intent_missing", message, pointer=f"/nlu_trigger/{index}")
    used = {slot for slot, _step in document.slots_used()}
    for index, slot in enumerate(body.get("persisted_slots") or []):
        if slot not in used:
            message = f"“{slot}” is kept after the flow, but the flow does not use it."
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
    for target, pointer in step.targets:
        if target != END and target not in ids:
            message = f"The step goes on to “{target}”, which is no step of this flow."
            report.error("next_missing_target", message, step=step.id, pointer=pointer)
    if isinstance(following, list):
        _check_branches(step, following, report)
    elif following is None and step.kind != "link":
        if step.kind == "noop":
            message = "A branching point needs branches, or a step to go on with."
            report.error("next_missing", message, step=step.id, pointer=step.pointer)
        elif step.nested and step.following is None:
            message = "A branch must say how it goes on after its last step: a step, or the end."
            report.error("next_missing", message, step=step.id, pointer=step.pointer)


def _check_branches(step: Step, branches: list[Any], report: Report) -> None:
    has_if = any(isinstance(branch, dict) and "if" in branch for branch in branches)
    has_else = any(isinstance(branch, dict) and "else" in branch for branch in branches)
    pointer = f"{step.pointer}/next"
    if not branches or (has_if and not has_else):
        message = "The branches need an Else: what happens when no condition holds?"
        report.error("else_missing", message, step=step.id, pointer=pointer)
    for index, branch in enumerate(branches):
        if not isinstance(branch, dict):
            continue
        is_else = "else" in branch
        if is_else and index != len(branches) - 1:
            message = "Else must be the last branch."
            report.error("else_not_last", message, step=step.id, pointer=f"{pointer}/{index}")
        word = "then" if "if" in branch else "else"
        if branch.get(word) in (None, [], ""):
            message = "This branch leads nowhere: add a step, or end the flow."
            report.error("branch_empty", message, step=step.id, pointer=f"{pointer}/{index}")


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
        waiting.extend(target for target, _pointer in step.targets)
        if "next" not in step.body and step.kind != "link" and step.following:
            waiting.append(step.following)
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
        for target, pointer in step.targets:
            if places.get(target, index + 1) > index:
                continue
            question = document.steps[places[target]]
            if question.kind != "collect" or question.body.get("ask_before_filling"):
                continue
            if question.name not in emptied:
                message = (
                    f"This goes back to the question for “{question.name}”, which is answered by"
                    " then and will be skipped. Switch on “Ask before filling” there, or empty"
                    " the slot on the way."
                )
                report.warning("loop_skips_question", message, step=step.id, pointer=pointer)


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
