"""Corrections: which step a corrected slot leads back to, and the stack that goes there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.content.flow import END, NEXT_PREFIX, CollectStep
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


# A collect step, as the ids of its flow and of itself.
_Place = tuple[str, str]


def _return_step(
    corrected: Mapping[str, Any], assistant: Assistant, tracker: Tracker, stack: Stack
) -> tuple[str | None, str | None]:
    """Where the flow goes on, in itself or in a flow that it calls, directly or through others."""
    frame = stack.top_strict_frame
    if frame is None or assistant.flows.get(frame.flow_id) is None:
        return None, None
    asked = _earliest_asked(frame, corrected, assistant, tracker)
    current = _current_collect(frame, assistant, stack)
    if asked is None:
        return current or (frame.flow_id, None)
    flow = assistant.flows.get(asked[0])
    if current is not None and flow is not None and current[0] == flow.id:
        order = list(flow.steps)
        return min(asked, current, key=lambda place: order.index(place[1]))
    return asked


def _earliest_asked(
    frame: Frame, corrected: Mapping[str, Any], assistant: Assistant, tracker: Tracker
) -> _Place | None:
    for stack in tracker.state.past_stacks:
        step = _collect_at(stack.running(frame), assistant)
        if step is not None and step[1].collect in corrected:
            return step[0], step[1].id
    return None


def _current_collect(frame: Frame, assistant: Assistant, stack: Stack) -> _Place | None:
    calls = Stack(stack.frames[: stack.index_of(frame.frame_id) + 1])
    for other in stack.frames[len(calls) :]:
        if other.frame_type != CALL:
            break
        calls = calls.push(other)
    step = _collect_at(calls.top, assistant)
    return None if step is None else (step[0], step[1].id)


def _collect_at(frame: Frame | None, assistant: Assistant) -> tuple[str, CollectStep] | None:
    flow = None if frame is None else assistant.flows.get(frame.flow_id)
    step = None if frame is None or flow is None else flow.step(frame.step_id)
    return (flow.id, step) if flow is not None and isinstance(step, CollectStep) else None


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
    place = (correction.fields.get("reset_flow_id"), step_id)
    past = _latest_stack_at(tracker, frame, place)
    if past is None:
        return stack
    index = stack.index_of(frame.frame_id)
    restored = list(past.frames[past.index_of(frame.frame_id) :])
    restored[-1] = restored[-1].at(NEXT_PREFIX + step_id)
    known = {other.frame_id for other in restored}
    above = [
        _finished_if_asking(other)
        for other in stack.frames[index + 1 :]
        if other.frame_id not in known
    ]
    return Stack((*stack.frames[:index], *restored, *above))


def _latest_stack_at(tracker: Tracker, frame: Frame, place: tuple[Any, Any]) -> Stack | None:
    for stack in reversed(tracker.state.past_stacks):
        running = stack.running(frame)
        if running is not None and (running.flow_id, running.step_id) == place:
            return stack
    return None


def _finished_if_asking(frame: Frame) -> Frame:
    if frame.is_collecting or frame.frame_type == CALL:
        return frame.at(NEXT_PREFIX + END)
    return frame
