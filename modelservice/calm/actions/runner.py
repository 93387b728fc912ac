"""Runs one predicted action: a response, a default action or a custom one."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelservice.calm.actions.context import ActionContext
from modelservice.calm.actions.custom import CustomActions
from modelservice.calm.actions.defaults import DEFAULT_ACTION_EFFECTS
from modelservice.calm.actions.returned import check_response, own_events
from modelservice.calm.actions.wording import Wording
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event, bot_uttered, flow_event
from modelservice.calm.dialogue.executor import active_metadata
from modelservice.calm.dialogue.responses import ResponseGenerator
from modelservice.calm.dialogue.stack import INTERRUPT, REGULAR, Stack, user_frame
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.search.answering import Answering
from modelservice.project.checks import defaults as default_names

# What an action does: events to record and stacks to change to, in order.
Effects = Sequence[Event | Stack]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action does, and what it was to say and could not."""

    effects: Effects
    problems: Sequence[str] = ()


class ActionRunner:
    """`answering` answers questions from documents, None if the assistant has none; `wording` says
    the domain's responses in other words."""

    def __init__(
        self,
        assistant: Assistant,
        custom: CustomActions,
        responses: ResponseGenerator,
        answering: Answering | None = None,
        wording: Wording | None = None,
    ) -> None:
        self._assistant = assistant
        self._custom = custom
        self._responses = responses
        self._answering = answering
        self._wording = wording

    def is_custom(self, name: str) -> bool:
        """Whether the action server runs it; a project's own action replaces a default one."""
        domain = self._assistant.domain
        return name in domain.actions and name not in domain.responses

    async def run(self, name: str, tracker: Tracker, channel: str) -> Outcome:
        """Run an action.

        Raises `ActionFailure` if a custom action cannot be run, `ActionRejected` if its server
        refuses to run it.
        """
        context = ActionContext(self._assistant, tracker, self._responses, channel, self._answering)
        effects = await self._effects(name, context)
        worded = [await self._worded(effect, context) for effect in effects]
        return Outcome(worded, context.problems)

    async def _worded(self, effect: Event | Stack, context: ActionContext) -> Event | Stack:
        if self._wording is None or isinstance(effect, Stack) or effect.type != "bot":
            return effect
        arguments = context.arguments_of(effect)
        if arguments is None:
            return effect
        said = await self._wording.worded(effect, arguments, context.tracker, context.channel)
        if said.problem:
            context.problems.append(said.problem)
        return said.event

    async def _effects(self, name: str, context: ActionContext) -> Effects:
        if name in self._assistant.domain.responses:
            return context.say(name)
        if self.is_custom(name):
            return await self._run_custom(name, context)
        if name in default_names.ACTIONS:
            effect = DEFAULT_ACTION_EFFECTS.get(name)
            effects = [] if effect is None else effect(context)
            return await effects if isinstance(effects, Awaitable) else effects
        return self._push_flow(name, context.tracker)

    async def run_every_turn(self, name: str, tracker: Tracker, channel: str) -> list[Event]:
        """Slot and bot events of an action that runs beside every turn."""
        context = ActionContext(self._assistant, tracker, self._responses, channel)
        effects = await self._run_custom(name, context)
        return [event for event in effects if event.type in ("slot", "bot")]

    def _push_flow(self, name: str, tracker: Tracker) -> Effects:
        flow_id = name.removeprefix("flow_")
        frame_type = INTERRUPT if tracker.stack else REGULAR
        pushed = tracker.stack.push(user_frame(flow_id, frame_type))
        running = tracker.stack.top_strict_frame
        if running is None:
            return [pushed]
        return [flow_event("flow_interrupted", running.flow_id, running.step_id, {}), pushed]

    async def _run_custom(self, name: str, context: ActionContext) -> list[Event]:
        answer = await self._custom.call(name, context.tracker, self._assistant)
        said = [
            event
            for response in answer.responses
            for event in self._bot_events(name, response, context)
        ]
        return said + own_events(answer.events)

    def _bot_events(
        self, action: str, response: Mapping[str, Any], context: ActionContext
    ) -> list[Event]:
        given = {key: value for key, value in response.items() if value}
        check_response(action, given)
        if "response" in given:
            return self._named_response(given, context)
        data = {key: given.pop(key) for key in _DATA_KEYS if key in given}
        text = str(given.pop("text", ""))
        metadata = {
            **given,
            "utter_source": action,
            **active_metadata(context.tracker.stack.top_flow_frame),
        }
        return [bot_uttered(text or None, data, metadata)] if text or data else []

    def _named_response(self, given: Mapping[str, Any], context: ActionContext) -> list[Event]:
        arguments = {k: v for k, v in given.items() if k not in ("response", "buttons")}
        events = context.say(str(given["response"]), arguments)
        extra = given.get("buttons")
        if not extra:
            return events
        return [_with_buttons(event, extra) for event in events]


_DATA_KEYS = ("elements", "quick_replies", "buttons", "attachment", "image", "custom")


def _with_buttons(event: Event, extra: list[Any]) -> Event:
    data = dict(event["data"])
    data["buttons"] = [*(data["buttons"] or []), *extra]
    return bot_uttered(event["text"], data, event.metadata)
