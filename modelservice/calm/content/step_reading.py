"""From a step of a flow's document to the step object of its kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from modelservice.calm.content.flow import (
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
from modelservice.project import flow_document
from modelservice.project.flow_document import assignments
from modelservice.project.yaml_reader import line_of


def build_step(step: flow_document.Step, branches: tuple[Branch, ...]) -> Step:
    """The step of a flow without errors."""
    common = (step.id, branches, step.body.get("description"), line_of(step.body))
    if step.kind == "collect":
        return _collect(common, step.name, step.body)
    if step.kind == "set_slots":
        values = tuple((slot, value) for slot, value, _pointer in assignments(step))
        return SetSlotsStep(*common, values=values)
    if step.kind == "action":
        return ActionStep(*common, action=step.name)
    if step.kind == "link":
        return LinkStep(*common, link=step.name)
    if step.kind == "call":
        return CallStep(*common, call=step.name)
    return NoopStep(*common)


def _collect(
    common: tuple[str, tuple[Branch, ...], str | None, int | None],
    slot: str,
    body: Mapping[str, Any],
) -> CollectStep:
    return CollectStep(
        *common,
        collect=slot,
        utter=body.get("utter") or f"utter_ask_{slot}",
        rejections=read_rejections(body.get("rejections") or []),
        ask_before_filling=bool(body.get("ask_before_filling")),
        reset_after_flow_ends=body.get("reset_after_flow_ends") is not False,
        force_slot_filling=bool(body.get("force_slot_filling")),
        silence_timeout=body.get("silence_timeout"),
    )


def read_rejections(items: Iterable[Mapping[str, Any]]) -> tuple[Rejection, ...]:
    return tuple(Rejection(str(item["if"]), str(item["utter"])) for item in items)
