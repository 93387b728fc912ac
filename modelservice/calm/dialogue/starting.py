"""Starting a flow by command: push it, interrupt another one, or resume it."""

from __future__ import annotations

from modelservice.calm.content.flow import START
from modelservice.calm.dialogue.clean_up import active_pattern
from modelservice.calm.dialogue.events import Event, flow_event
from modelservice.calm.dialogue.stack import INTERRUPT, REGULAR, Frame, Stack, user_frame

_CLOSED_BY_A_START = ("pattern_completed", "pattern_continue_interrupted")


def close_pattern(stack: Stack, *pattern_ids: str) -> tuple[Stack, list[Event]]:
    """Pop everything down to and including the active one of these patterns.

    A pattern that has not begun was put there by the same message; it stays, or what the user
    asked for with it would be lost.
    """
    found = active_pattern(stack, *pattern_ids)
    events: list[Event] = []
    kept: list[Frame] = []
    while found is not None and stack.top is not None:
        frame = stack.top
        stack = stack.pop()
        if frame.step_id == START:
            kept.insert(0, frame)
        else:
            events.append(flow_event("flow_completed", frame.flow_id, frame.step_id, {}))
        if frame.flow_id == found:
            break
    return Stack((*stack.frames, *kept)), events


def start_flow(stack: Stack, flow_id: str, *, before: Stack) -> tuple[Stack, list[Event]]:
    """Stack and events of a start-flow command; `before` is the stack of the turn's begin."""
    interrupted = before.top_strict_frame
    current = stack.top_strict_frame
    resuming = active_pattern(stack, "pattern_continue_interrupted") is not None
    if current is not None and current.flow_id == flow_id and not resuming:
        return stack, []
    stack, events = close_pattern(stack, *_CLOSED_BY_A_START)
    waiting = stack.topmost(lambda frame: frame.is_user_flow and frame.flow_id == flow_id)
    if waiting is not None:
        events.append(_flow_frame_event("flow_resumed", waiting))
        top = stack.top_strict_frame
        if top is not None and top.flow_id != flow_id:
            events.append(_flow_frame_event("flow_interrupted", top))
        return resume(stack, waiting), events
    if interrupted is None:
        return stack.push(user_frame(flow_id, REGULAR)), events
    events.append(_flow_frame_event("flow_interrupted", interrupted))
    return stack.push(user_frame(flow_id, INTERRUPT)), events


def _flow_frame_event(kind: str, frame: Frame) -> Event:
    return flow_event(kind, frame.flow_id, frame.step_id, {})


def resume(stack: Stack, frame: Frame) -> Stack:
    """Move the frame's whole group (itself and what belongs on top of it) to the top."""
    start = _group_start(stack, stack.index_of(frame.frame_id))
    end = start + 1
    while end < len(stack) and not stack.frames[end].is_strict_user_flow:
        end += 1
    group = stack.frames[start:end]
    return _with_frame_types((*stack.frames[:start], *stack.frames[end:], *group))


def _group_start(stack: Stack, index: int) -> int:
    """Called frames move with their caller."""
    start = index
    while start > 0 and not stack.frames[start].is_strict_user_flow:
        start -= 1
    return start if stack.frames[start].is_strict_user_flow else index


def _with_frame_types(frames: tuple[Frame, ...]) -> Stack:
    changed: list[Frame] = []
    lowest_found = False
    for frame in frames:
        if frame.is_strict_user_flow:
            changed.append(frame.as_frame_type(INTERRUPT if lowest_found else REGULAR))
            lowest_found = True
        else:
            changed.append(frame)
    return Stack(tuple(changed))
