"""What a new model does to a conversation that is under way."""

from __future__ import annotations

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.stack import (
    INTERRUPT,
    Frame,
    Stack,
    is_pattern,
    pattern_frame,
)
from modelservice.calm.dialogue.tracker import Tracker


def drop_stale_frames(assistant: Assistant, tracker: Tracker) -> None:
    """Replace flows that changed or vanished since they were started by pattern_code_change."""
    known = tracker.slots.get("flow_hashes")
    stack = tracker.stack
    if not isinstance(known, dict) or not any(_is_stale(f, known, assistant) for f in stack):
        return
    lowest = next(i for i, frame in enumerate(stack) if _is_stale(frame, known, assistant))
    above = [
        frame
        for frame in stack.frames[lowest + 1 :]
        if frame.frame_type == INTERRUPT and not _is_stale(frame, known, assistant)
    ]
    change = pattern_frame("pattern_code_change")
    tracker.set_stack(Stack((*stack.frames[:lowest], change, *above)))


def _is_stale(frame: Frame, known: dict[str, str], assistant: Assistant) -> bool:
    if not frame.is_user_flow or is_pattern(frame.flow_id):
        return False
    fingerprint = assistant.flows.fingerprints.get(frame.flow_id)
    return fingerprint is None or fingerprint != known.get(frame.flow_id, fingerprint)
