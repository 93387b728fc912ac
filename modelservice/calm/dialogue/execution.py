"""Executes cleaned commands: one batch of slot, stack and flow events per user message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeGuard

from modelservice.calm.content.domain import ROUTING_SLOT
from modelservice.calm.content.flow import START, Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    PATTERN_OF_COMMAND,
    CancelFlow,
    CannotHandle,
    Clarify,
    Command,
    CorrectSlots,
    HandleCodeChange,
    InternalError,
    SetSlot,
    SkipQuestion,
    StartFlow,
)
from modelservice.calm.dialogue.corrections import correction_frame
from modelservice.calm.dialogue.events import Event, flow_event, slot_set
from modelservice.calm.dialogue.slots import coerce
from modelservice.calm.dialogue.stack import CALL, Frame, Stack, pattern_frame
from modelservice.calm.dialogue.starting import close_pattern, start_flow
from modelservice.calm.dialogue.tracker import Tracker


def frames_down_to_user_flow(stack: Stack) -> list[str]:
    """Frame ids from the top down to the first user flow that was not called."""
    ids: list[str] = []
    for frame in reversed(stack.frames):
        ids.append(frame.frame_id)
        if frame.is_user_flow and frame.frame_type != CALL:
            break
    return ids


def validation_frame(assistant: Assistant, name: str) -> Frame | None:
    """The pattern_validate_slot frame of a slot, None if the slot has no validation."""
    slot = assistant.domain.slots.get(name)
    if slot is None or slot.validation is None:
        return None
    rejections = [{"if": r.condition, "utter": r.utter} for r in slot.validation.rejections]
    return pattern_frame(
        "pattern_validate_slot",
        validate=name,
        refill_utter=slot.validation.refill_utter,
        refill_action=f"action_ask_{name}",
        rejections=rejections,
    )


def execute(commands: Sequence[Command], *, assistant: Assistant, tracker: Tracker) -> None:
    """Run the commands against the tracker, last predicted first."""
    _Execution(commands, assistant, tracker).run()


class _Execution:
    def __init__(self, commands: Sequence[Command], assistant: Assistant, tracker: Tracker) -> None:
        self._commands = list(commands)
        self._assistant = assistant
        self._tracker = tracker
        self._before = tracker.stack
        self._stack = tracker.stack
        # Events, and the stacks between them, in the order in which they are to be recorded.
        self._batch: list[Event | Stack] = []

    def run(self) -> None:
        self._note_flow_changes()
        for command in reversed(self._ordered()):
            self._execute(command)
        self._push_validations()
        self._record()

    def _note_flow_changes(self) -> None:
        fingerprints = self._assistant.flows.fingerprints
        known = self._tracker.slots.get("flow_hashes")
        if known is not fingerprints and known != fingerprints:
            self._tracker.append(slot_set("flow_hashes", fingerprints))

    def _ordered(self) -> list[Command]:
        """With nothing active, one started flow is moved to the end, to be executed first."""
        starts = [c for c in self._commands if isinstance(c, StartFlow)]
        if not starts or self._before.top_strict_frame is not None:
            return self._commands
        first = starts[-1]
        return [command for command in self._commands if command is not first] + [first]

    def _execute(self, command: Command) -> None:
        handlers: dict[type[Command], Callable[[Any], None]] = {
            StartFlow: self._start,
            SetSlot: self._set_slot,
            CorrectSlots: self._correct,
            CancelFlow: self._cancel,
            Clarify: self._clarify,
            SkipQuestion: self._push_if_in_flow("pattern_skip_question"),
            HandleCodeChange: self._push_if_in_flow("pattern_code_change"),
        }
        handler = handlers.get(type(command))
        if handler is not None:
            handler(command)
        elif type(command) in PATTERN_OF_COMMAND:
            self._push_pattern(command)

    def _change(self, stack: Stack, events: Iterable[Event] = ()) -> None:
        self._batch.extend(events)
        self._batch.append(stack)
        self._stack = stack

    def _record(self) -> None:
        latest = {item["name"]: item for item in self._batch if _is_slot_event(item)}
        for item in self._batch:
            if isinstance(item, Stack):
                self._tracker.set_stack(item)
            elif item.type != "slot" or latest[item["name"]] is item:
                self._tracker.append(item)

    # -- flows -----------------------------------------------------------------------------

    def _start(self, command: StartFlow) -> None:
        if command.flow in self._assistant.flows:
            stack, events = start_flow(self._stack, command.flow, before=self._before)
            self._change(_with_cancelling_on_top(stack), events)

    def _cancel(self, command: CancelFlow) -> None:
        frame = self._before.top_user_frame
        if frame is None:
            return
        canceled = frames_down_to_user_flow(self._before)
        base = self._before.frames[self._before.index_of(canceled[-1])]
        pattern = pattern_frame(
            "pattern_cancel_flow",
            canceled_name=self._flow_name(base.flow_id),
            canceled_frames=canceled,
        )
        event = flow_event("flow_cancelled", frame.flow_id, frame.step_id, {})
        self._change(self._stack.push(pattern), [event])

    def _flow_name(self, flow_id: str) -> str:
        return self._assistant.flow_name(flow_id, self._tracker.slots.get("language"))

    # -- slots -----------------------------------------------------------------------------

    def _set_slot(self, command: SetSlot) -> None:
        slot = self._assistant.domain.slots[command.slot]
        value = coerce(slot, command.value)
        if coerce(slot, self._tracker.slots.get(slot.name)) == value:
            return
        if self._may_write(slot.name):
            self._batch.append(slot_set(slot.name, value, command.extractor))

    def _may_write(self, name: str) -> bool:
        slot = self._assistant.domain.slots[name]
        if slot.is_builtin or name == ROUTING_SLOT:
            return True
        if any(_is_asked(stack, name) for stack in (self._before, self._stack)):
            return True
        if any(self._collects_unprompted(flow, name) for flow in self._active_flows()):
            return True
        started = [c.flow for c in self._commands if isinstance(c, StartFlow)]
        flows = [self._assistant.flows.get(flow_id) for flow_id in started]
        candidates = flows if started else list(self._assistant.flows.patterns())
        return any(flow and self._collects_unprompted(flow, name) for flow in candidates)

    def _active_flows(self) -> list[Flow]:
        frames = [
            frame
            for stack in (self._before, self._stack)
            for frame in (stack.top_user_frame, stack.top_strict_frame)
            if frame is not None
        ]
        flows = [self._assistant.flows.get(frame.flow_id) for frame in frames]
        return [flow for flow in flows if flow is not None]

    def _collects_unprompted(self, flow: Flow, name: str) -> bool:
        return any(
            step.collect == name and not step.ask_before_filling
            for part in self._assistant.flows.with_called(flow)
            for step in part.collect_steps()
        )

    def _push_validations(self) -> None:
        names = dict.fromkeys(item["name"] for item in self._batch if _is_slot_event(item))
        for name in reversed(names):
            frame = validation_frame(self._assistant, name)
            if frame is not None:
                self._change(self._stack.push(frame))

    # -- patterns --------------------------------------------------------------------------

    def _correct(self, command: CorrectSlots) -> None:
        frame = correction_frame(
            command, assistant=self._assistant, tracker=self._tracker, stack=self._stack
        )
        if frame is None:
            return
        running = self._stack.top_flow_frame
        if running is None or running.type != "pattern_correction":
            self._change(self._stack.push(frame))
            return
        index = self._stack.index_of(running.frame_id)
        below, above = self._stack.frames[:index], self._stack.frames[index:]
        self._change(Stack((*below, frame, *(other.ended() for other in above))))

    def _clarify(self, command: Clarify) -> None:
        known = [flow_id for flow_id in command.options if flow_id in self._assistant.flows]
        stack, events = close_pattern(self._stack, "pattern_completed")
        frame = pattern_frame(
            "pattern_clarification",
            names=[self._flow_name(flow_id) for flow_id in sorted(known)],
            clarification_ids=sorted(known),
            clarification_options="",
        )
        self._change(stack.push(frame), events)

    def _push_pattern(self, command: Command) -> None:
        fields: dict[str, Any] = {}
        if isinstance(command, CannotHandle):
            fields = {"reason": command.reason}
        elif isinstance(command, InternalError):
            fields = {"error_type": command.error_type, "info": dict(command.info)}
        self._change(self._stack.push(pattern_frame(PATTERN_OF_COMMAND[type(command)], **fields)))

    def _push_if_in_flow(self, pattern_id: str) -> Callable[[Command], None]:
        def push(_: Command) -> None:
            if self._before.top_strict_frame is not None:
                self._change(self._stack.push(pattern_frame(pattern_id)))

        return push


def _with_cancelling_on_top(stack: Stack) -> Stack:
    """What a message cancels ends before what it starts begins, in whatever order it says so."""
    cancelling = [f for f in stack if f.type == "pattern_cancel_flow" and f.step_id == START]
    others = [frame for frame in stack if frame not in cancelling]
    return Stack((*others, *cancelling))


def _is_slot_event(item: Event | Stack) -> TypeGuard[Event]:
    return isinstance(item, Event) and item.type == "slot"


def _is_asked(stack: Stack, name: str) -> bool:
    top = stack.top
    return top is not None and name in (top.fields.get("collect"), top.fields.get("validate"))
