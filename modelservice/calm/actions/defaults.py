"""Default actions: what each does to the tracker."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from modelservice.calm.actions.context import ActionContext
from modelservice.calm.actions.rejections import run_slot_rejections
from modelservice.calm.content.domain import ROUTING_SLOT
from modelservice.calm.dialogue.corrections import stack_at_return_step
from modelservice.calm.dialogue.enumeration import enumeration
from modelservice.calm.dialogue.events import (
    Event,
    action_executed,
    bot_uttered,
    flow_event,
    slot_set,
)
from modelservice.calm.dialogue.execution import validation_frame
from modelservice.calm.dialogue.executor import active_metadata
from modelservice.calm.dialogue.offered import startable_flows
from modelservice.calm.dialogue.session import Opening, session_events
from modelservice.calm.dialogue.stack import (
    REGULAR,
    Frame,
    Stack,
    is_pattern,
    pattern_frame,
)
from modelservice.calm.dialogue.starting import resume
from modelservice.calm.search.passages import POLICY

Effects = Sequence[Event | Stack]
_RESUME_SLOTS = ("interrupted_flow_to_continue", "continue_interrupted_flow_confirmation")


def _restart(context: ActionContext) -> Effects:
    said = context.say("utter_restart") if "utter_restart" in _responses(context) else []
    return [*said, Event("restart")]


def _session_start(context: ActionContext) -> Effects:
    return session_events(context.assistant, Opening([], {}))


def _cancel_flow(context: ActionContext) -> Effects:
    stack = context.tracker.stack
    top = stack.top
    if top is None or top.type != "pattern_cancel_flow":
        return []
    canceled = set(top.fields["canceled_frames"])
    return [stack.map(lambda frame: frame.ended() if frame.frame_id in canceled else frame)]


def _correct_flow_slot(context: ActionContext) -> Effects:
    tracker = context.tracker
    top = tracker.stack.top
    if top is None or top.type != "pattern_correction":
        return []
    corrected: Mapping[str, Any] = top.fields["corrected_slots"]
    effects: list[Event | Stack] = [stack_at_return_step(tracker, top)]
    effects += [
        slot_set(name, entry["value"], entry["filled_by"]) for name, entry in corrected.items()
    ]
    return effects + _validations_below(context, effects[0], corrected)


def _validations_below(
    context: ActionContext, stack: Event | Stack, corrected: Mapping[str, Any]
) -> list[Event | Stack]:
    """Corrected slots are validated once the correction has been confirmed."""
    frames = [validation_frame(context.assistant, name) for name in corrected]
    needed = [frame for frame in frames if frame is not None]
    if not needed or not isinstance(stack, Stack):
        return []
    return [Stack((*stack.frames[:-1], *needed, *stack.frames[-1:]))]


def _clarify_flows(context: ActionContext) -> Effects:
    stack = context.tracker.stack
    top = stack.top
    if top is None or top.type != "pattern_clarification":
        return []
    most = context.tracker.slots.get("max_clarification_options")
    names = list(top.fields["names"])
    shown = names[: int(most)] if isinstance(most, (int, float)) else names
    options = enumeration(shown, "or", context.tracker.slots.get("language"))
    return [stack.with_top(top.with_fields(clarification_options=options))]


def _continue_interrupted(context: ActionContext) -> Effects:
    tracker = context.tracker
    top = tracker.stack.top
    effects: list[Event | Stack] = []
    flow_id = None if top is None else _flow_to_continue(top, tracker.slots)
    frame = tracker.stack.topmost(lambda f: f.is_user_flow and f.flow_id == flow_id)
    if top is None or frame is None:
        effects += context.say("utter_ask_rephrase")
    else:
        effects.append(flow_event("flow_resumed", frame.flow_id, frame.step_id, {}))
        effects.append(_resumed_below(tracker.stack, top, frame))
    return effects + [slot_set(name, None) for name in _RESUME_SLOTS]


def _flow_to_continue(pattern: Frame, slots: Mapping[str, Any]) -> str | None:
    ids: list[str] = list(pattern.fields.get("interrupted_flow_ids", ()))
    names: list[str] = list(pattern.fields.get("interrupted_flow_names", ()))
    if len(ids) == 1:
        return ids[0]
    wanted = str(slots.get("interrupted_flow_to_continue") or "").casefold()
    pairs = zip(ids, names, strict=True)
    return next((i for i, name in pairs if wanted in (i.casefold(), name.casefold())), None)


def _resumed_below(stack: Stack, pattern: Frame, frame: Frame) -> Stack:
    """The running pattern stays on top until it has ended."""
    return resume(stack.pop(), frame).push(pattern)


def _cancel_interrupted(context: ActionContext) -> Effects:
    tracker = context.tracker
    top = tracker.stack.top
    ids = [] if top is None else list(top.fields.get("interrupted_flow_ids", ()))
    effects: list[Event | Stack] = []
    stack = tracker.stack
    extra = [] if top is None else [top.frame_id]
    for flow_id in ids:
        frame = stack.topmost(lambda f, wanted=flow_id: f.is_user_flow and f.flow_id == wanted)  # type: ignore[misc]  # mypy cannot see the default argument in a lambda
        if frame is None:
            continue
        effects.append(flow_event("flow_cancelled", frame.flow_id, frame.step_id, {}))
        name = context.assistant.flow_name(flow_id, tracker.slots.get("language"))
        canceled = [*extra, *_group_ids(stack, frame)]
        cancel = pattern_frame("pattern_cancel_flow", canceled_name=name, canceled_frames=canceled)
        stack, extra = stack.push(cancel), []
    return [*effects, stack, *(slot_set(name, None) for name in _RESUME_SLOTS)]


def _group_ids(stack: Stack, frame: Frame) -> list[str]:
    ids = [frame.frame_id]
    for other in stack.frames[stack.index_of(frame.frame_id) + 1 :]:
        if other.is_strict_user_flow or not (other.is_collecting or other.is_user_flow):
            break
        ids.append(other.frame_id)
    return ids


def _clean_stack(context: ActionContext) -> Effects:
    """End everything; a user flow that asks for this itself goes on when the others have ended."""
    stack = context.tracker.stack
    top = stack.top
    if top is not None and top.is_user_flow:
        others = stack.pop().map(_ended)
        return [Stack((top.as_frame_type(REGULAR), *others))]
    return [stack.map(_ended)]


def _ended(frame: Frame) -> Frame:
    over = frame.ended()
    return over.as_frame_type(REGULAR) if frame.is_user_flow else over


def _repeat_bot_messages(context: ActionContext) -> Effects:
    run: list[Event] = []
    for event in reversed(context.tracker.session_events()):
        if event.type == "bot":
            run.append(event)
        elif event.type == "user" and run:
            break
    run.reverse()
    below = context.tracker.stack.below_top
    if below is not None and below.is_collecting:
        run = run[:-1]
    return [bot_uttered(event["text"], event["data"], event.metadata) for event in run]


def _trigger_chitchat(context: ActionContext) -> Effects:
    return [context.tracker.stack.push(Frame("", type="chitchat"))]


async def _trigger_search(context: ActionContext) -> Effects:
    """The frame and what its policy does with it at once; unanswered, it is left on the stack."""
    stack = context.tracker.stack
    searching = stack.push(Frame("", type="search"))
    answer = None if context.answering is None else await context.answering.answer(context.tracker)
    if answer is None:
        return [searching]
    metadata = {**answer.metadata, **active_metadata(stack.top_flow_frame)}
    return [
        searching,
        action_executed("action_send_text", policy=POLICY, confidence=1.0),
        bot_uttered(answer.text, {}, metadata),
        stack,
    ]


def _hangup(context: ActionContext) -> Effects:
    return [Event("session_ended", metadata={"reason": "hangup"})]


def _capabilities(context: ActionContext) -> Effects:
    language = context.tracker.slots.get("language")
    active = {frame.flow_id for frame in context.tracker.stack}
    lines = [
        f"- {flow.readable_name(language)}: {flow.description}"
        for flow in startable_flows(context.assistant, context.tracker)
        if flow.id not in active and not is_pattern(flow.id)
    ]
    return [bot_uttered("\n".join(lines), {}, {"utter_source": "action_default_capabilities"})]


def _reset_routing(context: ActionContext) -> Effects:
    """The routing slot first; what both sides share, and what is the runtime's own, stays."""
    reset = [
        slot_set(slot.name, slot.initial_value, reset=True)
        for slot in context.assistant.domain.slots.values()
        if not slot.is_builtin and not slot.shared_for_coexistence and slot.name != ROUTING_SLOT
    ]
    return [Event("routing_session_ended"), slot_set(ROUTING_SLOT, None), *reset, Stack()]


def _back(context: ActionContext) -> Effects:
    return [Event("rewind"), Event("rewind")]


def _listen(context: ActionContext) -> Effects:
    return []


def _responses(context: ActionContext) -> Mapping[str, Any]:
    return context.assistant.domain.responses


def _slot_rejections(context: ActionContext) -> Effects:
    return run_slot_rejections(context)


# Actions of the engine that have no effect here are not listed.
DEFAULT_ACTION_EFFECTS: dict[str, Callable[[ActionContext], Effects | Awaitable[Effects]]] = {
    "action_listen": _listen,
    "action_restart": _restart,
    "action_session_start": _session_start,
    "action_cancel_flow": _cancel_flow,
    "action_correct_flow_slot": _correct_flow_slot,
    "action_clarify_flows": _clarify_flows,
    "action_run_slot_rejections": _slot_rejections,
    "action_continue_interrupted_flow": _continue_interrupted,
    "action_cancel_interrupted_flows": _cancel_interrupted,
    "action_clean_stack": _clean_stack,
    "action_repeat_bot_messages": _repeat_bot_messages,
    "action_trigger_search": _trigger_search,
    "action_trigger_chitchat": _trigger_chitchat,
    "action_hangup": _hangup,
    "action_default_capabilities": _capabilities,
    "action_reset_routing": _reset_routing,
    "action_back": _back,
}
