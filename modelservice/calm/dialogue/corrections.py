"""Corrections: which step a corrected slot leads back to, and the stack that goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.content.flow import END, NEXT_PREFIX, CollectStep, Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import CorrectSlots
from modelservice.calm.dialogue.slots import coerce
from modelservice.calm.dialogue.stack import CALL, Frame, Stack, pattern_frame
from modelservice.calm.dialogue.tracker import Tracker


def correction_frame(
    command: CorrectSlots, *, assistant: Assistant, tracker: Tracker, stack: Stack
) -> Frame | None:
    """The pattern_correction frame, or None if a slot belongs to no flow on the stack."""
    corrected: dict[str, dict[str, Any]] = {}
    for item in command.slots:
        slot = assistant.domain.slots[item.slot]
        value = coerce(slot, item.value)
        if value != tracker.slots.get(item.slot):
            corrected[item.slot] = {"value": value, "filled_by": item.extractor}
    flows = [assistant.flows.get(frame.flow_id) for frame in stack if frame.is_user_flow]
    known = [flow for flow in flows if flow is not None]
    if not corrected or not all(
        any(assistant.collects(flow, name) for flow in known) for name in corrected
    ):
        return None
    flow_id, step_id = _return_step(corrected, assistant, tracker, stack)
    return pattern_frame(
        "pattern_correction",
        is_reset_only=_is_reset_only(corrected, assistant),
        corrected_slots=corrected,
        reset_flow_id=flow_id,
        reset_step_id=step_id,
        new_slot_values=[entry["value"] for entry in corrected.values()],
    )


def _is_reset_only(corrected: Mapping[str, Any], assistant: Assistant) -> bool:
    return all(
        step.ask_before_filling
        for flow in assistant.flows
        for step in flow.collect_steps()
        if step.collect in corrected
    )


def _return_step(
    corrected: Mapping[str, Any], assistant: Assistant, tracker: Tracker, stack: Stack
) -> tuple[str | None, str | None]:
    frame = stack.top_strict_frame
    flow = None if frame is None else assistant.flows.get(frame.flow_id)
    if frame is None or flow is None:
        return None, None
    asked = _earliest_asked(frame, flow, corrected, tracker)
    current = _current_collect(frame, flow)
    if asked is None:
        return flow.id, current
    order = list(flow.steps)
    if current is not None and order.index(current) < order.index(asked):
        return flow.id, current
    return flow.id, asked


def _earliest_asked(
    frame: Frame, flow: Flow, corrected: Mapping[str, Any], tracker: Tracker
) -> str | None:
    for stack in tracker.state.past_stacks:
        top = stack.top
        if top is None or top.frame_id != frame.frame_id:
            continue
        step = flow.step(top.step_id)
        if isinstance(step, CollectStep) and step.collect in corrected:
            return step.id
    return None


def _current_collect(frame: Frame, flow: Flow) -> str | None:
    return frame.step_id if isinstance(flow.step(frame.step_id), CollectStep) else None


def stack_at_return_step(tracker: Tracker, correction: Frame) -> Stack:
    """The stack that goes on at the step a correction leads back to.

    Frames that lay on the flow at that moment come back with it; what has been asked since is
    sent to its end. Unchanged if the flow never stood there.
    """
    stack = tracker.stack
    frame = stack.top_strict_frame
    step_id = correction.fields.get("reset_step_id")
    if frame is None or step_id is None:
        return stack
    past = _latest_stack_at(tracker, frame.frame_id, step_id)
    if past is None:
        return stack
    index = stack.index_of(frame.frame_id)
    restored = list(past.frames[past.index_of(frame.frame_id) :])
    restored[-1] = restored[-1].at(NEXT_PREFIX + step_id)
    above = [_finished_if_asking(other) for other in stack.frames[index + 1 :]]
    return Stack((*stack.frames[:index], *restored, *above))


def _latest_stack_at(tracker: Tracker, frame_id: str, step_id: str) -> Stack | None:
    for stack in reversed(tracker.state.past_stacks):
        top = stack.top
        if top is not None and top.frame_id == frame_id and top.step_id == step_id:
            return stack
    return None


def _finished_if_asking(frame: Frame) -> Frame:
    if frame.is_collecting or frame.frame_type == CALL:
        return frame.at(NEXT_PREFIX + END)
    return frame
