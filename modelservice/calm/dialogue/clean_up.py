"""Command clean-up: what of the proposed commands makes sense in this conversation."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from modelservice.calm.content.domain import NLU_MAPPINGS, ROUTING_SLOT, Slot
from modelservice.calm.content.flow import ActionStep
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    CANNOT_HANDLE_CHITCHAT,
    LLM,
    NLU,
    PAYLOAD,
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    CorrectSlots,
    Knowledge,
    RepeatBotMessages,
    SetSlot,
    StartFlow,
)
from modelservice.calm.dialogue.slots import coerce
from modelservice.calm.dialogue.stack import Stack
from modelservice.calm.dialogue.tracker import Tracker

_AT_MOST_ONCE = (CannotHandle, RepeatBotMessages, ChitChat)


def clean_up(
    commands: Sequence[Command], *, assistant: Assistant, tracker: Tracker
) -> list[Command]:
    """Commands in executable form, in predicted order.

    Set-slot commands for slots that already have a value become one correction; free-form
    answers move to the front, where the reversed execution leaves them on top of the stack.
    """
    return _CleanUp(commands, assistant, tracker).run()


def active_pattern(stack: Stack, *pattern_ids: str) -> str | None:
    """The first of these patterns met from the top before any user flow."""
    for frame in reversed(stack.frames):
        if frame.is_user_flow:
            return None
        if frame.flow_id in pattern_ids:
            return frame.flow_id
    return None


class _CleanUp:
    def __init__(self, commands: Sequence[Command], assistant: Assistant, tracker: Tracker) -> None:
        self._raw = list(commands)
        self._assistant = assistant
        self._tracker = tracker
        self._cleaned: list[Command] = []

    def run(self) -> list[Command]:
        rules: dict[type[Command], Callable[[Any], None]] = {
            SetSlot: self._set_slot,
            CancelFlow: self._cancel,
            CannotHandle: self._cannot_handle,
            StartFlow: self._start,
            ChitChat: self._chitchat,
            Knowledge: self._put_first,
            Clarify: self._clarify,
        }
        for command in self._raw:
            rules.get(type(command), self._cleaned.append)(command)
        self._clarify_starts()
        return self._without_surplus()

    def _clarify_starts(self) -> None:
        """Ask which of several flows is meant, if the operator wants that rather than all."""
        starts = [command for command in self._cleaned if isinstance(command, StartFlow)]
        wanted = os.environ.get("CLARIFY_ON_MULTIPLE_START_FLOWS", "").lower() == "true"
        if wanted and len(starts) > 1 and not self._tracker.stack:
            self._cleaned = [c for c in self._cleaned if not isinstance(c, StartFlow)]
            self._cleaned.append(Clarify(tuple(command.flow for command in starts)))

    def _without_surplus(self) -> list[Command]:
        kept: list[Command] = []
        for command in self._cleaned:
            if isinstance(command, _AT_MOST_ONCE) and any(
                type(command) is type(other) for other in kept
            ):
                continue
            kept.append(command)
        enough = 2 if ROUTING_SLOT in self._assistant.domain.slots else 1
        if len(kept) > enough:
            kept = [command for command in kept if not isinstance(command, CannotHandle)]
        return kept

    # -- set slot --------------------------------------------------------------------------

    def _set_slot(self, command: SetSlot) -> None:
        slot = self._assistant.domain.slots.get(command.slot)
        if slot is None:
            self._cannot_handle()
            return
        if not self._extractor_may_fill(slot, command.extractor):
            if not self._sets(slot.name):
                self._cannot_handle()
            return
        if self._protected_from_llm(slot, command):
            return
        if self._is_correction(slot):
            self._correct(slot, command)
        else:
            self._cleaned.append(command)

    def _sets(self, name: str, extractor: str | None = None) -> bool:
        return any(
            isinstance(command, SetSlot)
            and command.slot == name
            and extractor in (None, command.extractor)
            for command in self._cleaned
        )

    def _extractor_may_fill(self, slot: Slot, extractor: str) -> bool:
        if extractor == PAYLOAD:
            return True
        if extractor == NLU:
            return slot.has_mapping(*NLU_MAPPINGS)
        if slot.has_mapping(*NLU_MAPPINGS) and self._sets(slot.name, NLU):
            return False
        return slot.has_mapping("from_llm")

    def _protected_from_llm(self, slot: Slot, command: SetSlot) -> bool:
        state = self._tracker.state
        return (
            command.extractor == LLM
            and state.slots.get(slot.name) is not None
            and state.slots_filled_by.get(slot.name) == NLU
            and not any(mapping.get("allow_nlu_correction") for mapping in slot.mappings)
        )

    def _is_correction(self, slot: Slot) -> bool:
        state = self._tracker.state
        value = state.slots.get(slot.name)
        top = state.stack.top
        asked = top is not None and top.is_collecting and top.fields["collect"] == slot.name
        return (
            value is not None
            and value != slot.initial_value
            and slot.name in state.slots_set_in_session
            and slot.name != ROUTING_SLOT
            and not asked
        )

    def _correct(self, slot: Slot, command: SetSlot) -> None:
        value = coerce(slot, command.value)
        if str(value) == str(coerce(slot, self._tracker.slots.get(slot.name))):
            return
        frame = self._tracker.stack.top_flow_frame
        if frame is not None and frame.type == "pattern_correction":
            corrected = frame.fields["corrected_slots"].get(slot.name)
            if corrected is not None and corrected["value"] == value:
                return
        for index, other in enumerate(self._cleaned):
            if isinstance(other, CorrectSlots):
                self._cleaned[index] = CorrectSlots((*other.slots, command))
                return
        self._cleaned.append(CorrectSlots((command,)))

    # -- the others ------------------------------------------------------------------------

    def _cannot_handle(self, command: CannotHandle | None = None) -> None:
        if not any(isinstance(other, CannotHandle) for other in self._cleaned):
            self._cleaned.append(command or CannotHandle())

    def _cancel(self, command: CancelFlow) -> None:
        if not self._tracker.stack:
            self._cannot_handle()
        elif not any(isinstance(other, CancelFlow) for other in self._cleaned):
            self._cleaned.append(command)

    def _start(self, command: StartFlow) -> None:
        stack = self._tracker.stack
        top = stack.top_user_frame
        resuming = active_pattern(stack, "pattern_continue_interrupted") is not None
        if top is None or top.flow_id != command.flow or resuming:
            self._cleaned.append(command)

    def _put_first(self, command: Command) -> None:
        self._cleaned.insert(0, command)

    def _chitchat(self, command: ChitChat) -> None:
        pattern = self._assistant.flows.get("pattern_chitchat")
        steps = pattern.steps.values() if pattern is not None else ()
        needs_policy = any(
            isinstance(step, ActionStep) and step.action == "action_trigger_chitchat"
            for step in steps
        )
        if needs_policy:
            self._cannot_handle(CannotHandle(CANNOT_HANDLE_CHITCHAT))
        else:
            self._put_first(command)

    def _clarify(self, command: Clarify) -> None:
        others = [
            other
            for other in self._raw
            if not (isinstance(other, SetSlot) and other.slot == ROUTING_SLOT)
        ]
        only_clarify = all(isinstance(other, Clarify) for other in others)
        if only_clarify and not any(isinstance(c, Clarify) for c in self._cleaned):
            self._cleaned.append(command)
