"""Which flows a command generator may propose at this moment, and what is being asked."""

from __future__ import annotations

from dataclasses import dataclass

from modelservice.calm.content.flow import CollectStep, Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.conditions import holds
from modelservice.calm.dialogue.stack import CALL
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.project.conditions.syntax import ConditionError


@dataclass(frozen=True, slots=True)
class AskedSlot:
    """The slot whose question is open; `step` is None for slot validation."""

    name: str
    step: CollectStep | None


def startable_flows(assistant: Assistant, tracker: Tracker) -> list[Flow]:
    """User flows whose guard holds, and the flow that is running anyway."""
    context = tracker.stack.context()
    running = context.get("flow_id")
    return [
        flow
        for flow in assistant.flows.user_flows()
        if flow.guard is None or flow.id == running or _holds(flow.guard, tracker, context)
    ]


def _holds(guard: str, tracker: Tracker, context: dict[str, object]) -> bool:
    try:
        return holds(guard, slots=tracker.slots, context=context)
    except ConditionError:
        return False


def active_flows(assistant: Assistant, tracker: Tracker) -> list[Flow]:
    """The top user flow and, below called flows, its callers."""
    found: list[Flow] = []
    for frame in reversed(tracker.stack.frames):
        if not frame.is_user_flow:
            continue
        flow = assistant.flows.get(frame.flow_id)
        if flow is not None:
            found.append(flow)
        if frame.frame_type != CALL:
            break
    return found


def asked_slot(assistant: Assistant, tracker: Tracker) -> AskedSlot | None:
    top, below = tracker.stack.top, tracker.stack.below_top
    if top is None:
        return None
    if top.is_collecting and below is not None:
        step = assistant.step(below.flow_id, below.step_id)
        return AskedSlot(top.fields["collect"], step if isinstance(step, CollectStep) else None)
    if top.type == "pattern_validate_slot":
        return AskedSlot(top.fields["validate"], None)
    return None
