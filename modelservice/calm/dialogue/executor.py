"""Walks flows step by step until an action has to be run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jinja2 import TemplateError

from modelservice.calm.content.flow import (
    END,
    NEXT_PREFIX,
    START,
    ActionStep,
    CallStep,
    CollectStep,
    Flow,
    LinkStep,
    SetSlotsStep,
    Step,
)
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import ERROR_DEFAULT
from modelservice.calm.dialogue.conditions import holds
from modelservice.calm.dialogue.enumeration import enumeration
from modelservice.calm.dialogue.events import ERROR_MESSAGE, Event, flow_event, slot_set
from modelservice.calm.dialogue.execution import frames_down_to_user_flow
from modelservice.calm.dialogue.stack import (
    CALL,
    INTERRUPT,
    LINK,
    Frame,
    Stack,
    pattern_frame,
    user_frame,
)
from modelservice.calm.dialogue.templates import render
from modelservice.calm.dialogue.tracker import Tracker

logger = logging.getLogger(__name__)
MAX_STEPS = 250
# Flows that call or start one another without end pile up frames, a few in each turn.
MAX_FRAMES = 200
ERROR_PATTERN = "pattern_internal_error"
_DEFAULT_SILENCE_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Prediction:
    """The action to run next; `confidence` 0.0 says that nothing was there to be done."""

    action: str
    confidence: float = 1.0
    policy: str | None = "FlowPolicy"
    metadata: dict[str, Any] = field(default_factory=dict)


def active_metadata(frame: Frame | None) -> dict[str, Any]:
    if frame is None:
        return {}
    return {"step_id": frame.step_id, "active_flow": frame.flow_id}


def error_frame(reason: str) -> Frame:
    """Tells the user that something failed, and in its context the author what."""
    return pattern_frame(ERROR_PATTERN, error_type=ERROR_DEFAULT, info={"reason": reason})


def stack_after_failure(stack: Stack, canceled_name: Callable[[str], str], reason: str) -> Stack:
    """Stop the flow in which something failed, and have the failure told first."""
    running = stack.top_flow_frame
    if running is not None and running.type == ERROR_PATTERN:
        return stack.with_top(running.ended()) if stack.top is running else stack.pop()
    error = error_frame(reason)
    if stack.top_user_frame is None:
        return stack.push(error)
    canceled = frames_down_to_user_flow(stack)
    flow_id = stack.frames[stack.index_of(canceled[-1])].flow_id
    cancel = pattern_frame(
        "pattern_cancel_flow", canceled_name=canceled_name(flow_id), canceled_frames=canceled
    )
    return stack.push(cancel).push(error)


class FlowExecutor:
    def __init__(self, assistant: Assistant, tracker: Tracker) -> None:
        self._assistant = assistant
        self._tracker = tracker

    def predict(self) -> Prediction:
        """Run steps up to the next action; every step's events are on the tracker then."""
        if not self._tracker.stack:
            return Prediction("action_listen", 0.0, None)
        for _ in range(MAX_STEPS):
            if not self._tracker.stack:
                return Prediction("action_listen")
            if self._is_piled_up():
                break
            action = self._advance()
            if action is not None:
                top = self._tracker.stack.top
                return Prediction(action, metadata=active_metadata(top))
        self._break_circuit()
        return self.predict()

    def _advance(self) -> str | None:
        frame = self._tracker.stack.top
        flow = None if frame is None else self._assistant.flows.get(frame.flow_id)
        if frame is None or flow is None:
            self._drop_unserved_frame()
            return None
        step_id = self._next_step_id(frame, flow)
        if step_id == END:
            self._end(frame, flow)
            return None
        step = None if step_id is None else flow.step(step_id)
        if step is None:
            self._tracker.set_stack(self._tracker.stack.pop())
            return None
        return self._run(frame, step)

    def _drop_unserved_frame(self) -> None:
        """No policy answers `search` and `chitchat` frames here; leaving them would block."""
        frame = self._tracker.stack.top
        stack = self._tracker.stack.pop()
        if frame is not None and frame.type in ("search", "chitchat"):
            stack = stack.push(pattern_frame("pattern_cannot_handle", reason=_REASONS[frame.type]))
        self._tracker.set_stack(stack)

    def _next_step_id(self, frame: Frame, flow: Flow) -> str | None:
        if frame.step_id == START:
            return flow.first_step_id
        if frame.step_id.startswith(NEXT_PREFIX):
            return frame.step_id.removeprefix(NEXT_PREFIX)
        step = flow.step(frame.step_id)
        if step is None:
            return None
        return self._chosen_target(step)

    def _chosen_target(self, step: Step) -> str:
        context = self._tracker.stack.context()
        for branch in step.branches:
            if branch.condition is not None and holds(
                branch.condition, slots=self._tracker.slots, context=context
            ):
                return branch.target
        return next(branch.target for branch in step.branches if branch.condition is None)

    # -- running a step --------------------------------------------------------------------

    def _run(self, frame: Frame, step: Step) -> str | None:
        standing = frame.at(step.id)
        metadata = active_metadata(standing)
        stack = self._tracker.stack.with_top(standing)
        action, problem = self._action_of(step, stack)
        noted = {**metadata, ERROR_MESSAGE: problem} if problem else metadata
        self._tracker.set_stack(stack, noted)
        self._change_stack_for(step, metadata)
        if frame.step_id == START:
            self._tracker.append(self._flow_started(standing))
            if frame.is_user_flow and not isinstance(step, CollectStep):
                self._restore_silence_timeout(metadata)
        for event in self._slot_events_of(step):
            self._tracker.append(event.with_metadata(metadata))
        self._fail_if_impossible(step)
        return action

    def _change_stack_for(self, step: Step, metadata: dict[str, Any]) -> None:
        stack = self._tracker.stack
        if isinstance(step, CollectStep) and self._can_ask(step):
            stack = stack.push(self._collect_frame(step))
        elif isinstance(step, CallStep) and step.call in self._assistant.flows:
            stack = stack.push(user_frame(step.call, CALL))
        elif isinstance(step, LinkStep):
            stack = stack.push_below_top(_link_frame(step.link))
        self._tracker.set_stack(stack, metadata)

    def _collect_frame(self, step: CollectStep) -> Frame:
        rejections = [{"if": r.condition, "utter": r.utter} for r in step.rejections]
        return pattern_frame(
            "pattern_collect_information",
            collect=step.collect,
            utter=step.utter,
            collect_action=step.collect_action,
            rejections=rejections,
        )

    def _can_ask(self, step: CollectStep) -> bool:
        slot = self._assistant.domain.slots.get(step.collect)
        return slot is not None and (
            self._assistant.knows_action(step.utter)
            or self._assistant.knows_action(step.collect_action)
            or slot.initial_value is not None
        )

    def _flow_started(self, frame: Frame) -> Event:
        metadata = {**frame.as_dict(), **active_metadata(frame)}
        index = self._tracker.stack.index_of(frame.frame_id)
        below = Stack(self._tracker.stack.frames[:index]).top_user_frame
        if below is not None:
            metadata["parent_flow_id"] = below.flow_id
            metadata["parent_step_id"] = below.step_id
        return Event("flow_started", {"flow_id": frame.flow_id}, metadata)

    def _slot_events_of(self, step: Step) -> Iterator[Event]:
        if isinstance(step, SetSlotsStep):
            for name, value in step.values:
                yield slot_set(name, value)
        if isinstance(step, CollectStep) and self._can_ask(step):
            timeout = self._silence_timeout(step)
            if self._tracker.slots.get("silence_timeout") != timeout:
                yield slot_set("silence_timeout", timeout)
            if step.ask_before_filling:
                yield slot_set(step.collect, None)

    def _silence_timeout(self, step: CollectStep) -> float:
        wanted = step.silence_timeout
        if isinstance(wanted, (int, float)):
            return float(wanted)
        channel = self._tracker.state.latest_input_channel or ""
        return float((wanted or {}).get(channel, _DEFAULT_SILENCE_TIMEOUT))

    def _restore_silence_timeout(self, metadata: dict[str, Any]) -> None:
        if self._tracker.slots.get("silence_timeout") != _DEFAULT_SILENCE_TIMEOUT:
            event = slot_set("silence_timeout", _DEFAULT_SILENCE_TIMEOUT)
            self._tracker.append(event.with_metadata(metadata))

    def _action_of(self, step: Step, stack: Stack) -> tuple[str | None, str]:
        """The action to run, and why there is none, which the author has to know of."""
        if not isinstance(step, ActionStep):
            return None, ""
        name = step.action
        try:
            name = render(name, {"context": stack.context()}) if "{" in name else name
        except TemplateError as error:
            problem = f"the action name '{name}' cannot be rendered: {error}"
        else:
            if name == "action_session_start":
                # The session has begun already, before the message was read.
                return None, ""
            if self._assistant.knows_action(name):
                return name, ""
            if self._may_be_missing(step, name, stack):
                return None, ""
            what = "response" if name.startswith("utter_") else "action"
            problem = f"the step is skipped: there is no {what} '{name}'"
        logger.error("step '%s': %s", step.id, problem)
        return None, problem

    def _may_be_missing(self, step: ActionStep, name: str, stack: Stack) -> bool:
        """A question is asked by a response or by an action, and has a validation or none."""
        top = stack.top
        if top is None or "{" not in step.action:
            return False
        if top.type == "pattern_validate_slot" and name.startswith("utter_"):
            return self._assistant.knows_action(str(top.fields.get("refill_action")))
        return top.is_collecting or top.type == "pattern_validate_slot"

    def _fail_if_impossible(self, step: Step) -> None:
        if isinstance(step, CollectStep) and not self._can_ask(step):
            problem = f"nothing can ask for '{step.collect}': add the response '{step.utter}'"
        elif isinstance(step, CallStep) and step.call not in self._assistant.flows:
            problem = f"there is no flow '{step.call}' to call"
        else:
            return
        logger.error("step '%s': %s", step.id, problem)
        self._tracker.set_stack(stack_after_failure(self._tracker.stack, self._name_of, problem))

    def _name_of(self, flow_id: str) -> str:
        return self._assistant.flow_name(flow_id, self._language())

    def _language(self) -> str | None:
        language: str | None = self._tracker.slots.get("language")
        return language

    # -- the end of a flow -----------------------------------------------------------------

    def _end(self, frame: Frame, flow: Flow) -> None:
        metadata = {"step_id": END, "active_flow": flow.id}
        self._tracker.set_stack(self._tracker.stack.with_top(frame.at(END)), metadata)
        self._tracker.set_stack(self._stack_after_end(frame, flow), metadata)
        if frame.frame_type != CALL:
            for event in self._resets(flow):
                self._tracker.append(event.with_metadata(metadata))
        if frame.is_collecting:
            self._restore_silence_timeout(metadata)
        self._tracker.append(flow_event("flow_completed", flow.id, frame.step_id, metadata))

    def _stack_after_end(self, frame: Frame, flow: Flow) -> Stack:
        stack = self._tracker.stack.pop()
        is_search = flow.id == "pattern_search"
        if not stack:
            if (frame.is_user_flow or is_search) and flow.run_pattern_completed:
                name = self._assistant.flow_name(flow.id, self._assistant.language)
                return stack.push(pattern_frame("pattern_completed", previous_flow_name=name))
            return stack
        if frame.frame_type == INTERRUPT or is_search:
            return self._offering_to_continue(stack)
        return stack

    def _offering_to_continue(self, stack: Stack) -> Stack:
        waiting = [f for f in stack if f.is_strict_user_flow and not f.is_ending]
        if not waiting:
            return stack
        offer = pattern_frame(
            "pattern_continue_interrupted",
            interrupted_flow_names=[self._name_of(frame.flow_id) for frame in waiting],
            interrupted_flow_ids=[frame.flow_id for frame in waiting],
            interrupted_flow_options=enumeration(
                [self._name_of(f.flow_id) for f in waiting], "and", self._language()
            ),
            multiple_flows_interrupted=False,
        )
        top = stack.top
        if top is not None and top.frame_type == LINK:
            return stack.push_below_top(offer)
        return stack.push(offer)

    def _resets(self, flow: Flow) -> Iterator[Event]:
        parts = self._assistant.flows.with_called(flow)
        persisted = frozenset[str]().union(*(part.persisted_slots for part in parts))
        collects = [step for part in parts for step in part.collect_steps()]
        kept = {step.collect for step in collects if not step.reset_after_flow_ends}
        names = [step.collect for step in collects if step.reset_after_flow_ends]
        names += [
            name
            for part in parts
            for step in part.set_slots_steps()
            for name, _ in step.values
            if name not in kept
        ]
        for name in names:
            slot = self._assistant.domain.slots.get(name)
            if name not in persisted and slot is not None:
                yield slot_set(name, slot.initial_value, reset=True)

    def _is_telling_an_error(self) -> bool:
        return any(frame.flow_id == ERROR_PATTERN for frame in self._tracker.stack)

    def _is_piled_up(self) -> bool:
        """Whether too many frames wait that have not been told to end."""
        stack = self._tracker.stack
        return len(stack) > MAX_FRAMES and sum(not f.is_ending for f in stack) > MAX_FRAMES

    def _break_circuit(self) -> None:
        """End the flow that goes on for ever; if frames have piled up, all of them."""
        stack = self._tracker.stack
        frame = stack.top_user_frame
        flow_id = frame.flow_id if frame is not None else stack.frames[-1].flow_id
        reason = f"flow '{flow_id}' is stopped: " + (
            f"more than {MAX_FRAMES} flows wait for one another"
            if self._is_piled_up()
            else f"it ran {MAX_STEPS} steps without an action"
        )
        logger.error("%s", reason)
        if self._is_telling_an_error():
            # Saying what happened is what goes on for ever.
            for waiting in reversed(stack.frames):
                if waiting.step_id != START:
                    ended = flow_event("flow_completed", waiting.flow_id, waiting.step_id, {})
                    self._tracker.append(ended)
            self._tracker.set_stack(Stack())
            return
        goes_on = frame is not None and not self._is_piled_up()
        kept = stack.frames[: stack.index_of(frame.frame_id)] if frame and goes_on else ()
        ending = (other.ended() for other in stack.frames[len(kept) :])
        self._tracker.set_stack(Stack((*kept, *ending, error_frame(reason))))


_REASONS = {"search": "cannot_handle_no_relevant_answer", "chitchat": "cannot_handle_chitchat"}


def _link_frame(flow_id: str) -> Frame:
    if flow_id == "pattern_human_handoff":
        return pattern_frame(flow_id)
    return user_frame(flow_id, LINK)
