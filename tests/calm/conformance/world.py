"""A small assistant with a scripted generator, a clock and a real action server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from modelservice.calm.actions.custom import CustomActions
from modelservice.calm.actions.http_server import HttpActions
from modelservice.calm.actions.runner import ActionRunner
from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    InternalError,
    Knowledge,
    RepeatBotMessages,
    SetSlot,
    SkipQuestion,
    StartFlow,
)
from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.generator import Proposal, Request
from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.dialogue.reading import MessageReader
from modelservice.calm.dialogue.responses import ResponseGenerator
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.models.model import build_assistant
from modelservice.calm.other_server import Endpoint
from modelservice.calm.training.source import RawProject
from modelservice.calm.training.training import check, model_of
from modelservice.calm.turns.engine import TurnEngine
from modelservice.calm.turns.turn import UserMessage

PROJECT = """
flows:
  order_tea:
    description: order a tea
    steps: [{collect: kind}, {collect: size}, {action: action_brew}]
  opening_hours:
    description: tell opening hours
    nlu_trigger: [{intent: ask_hours}]
    steps: [{collect: weekday}, {action: utter_hours}]
domain:
  intents: [greet, ask_hours]
  actions: [action_brew]
  slots:
    kind: {type: text}
    size: {type: text}
    weekday: {type: text}
  responses:
    utter_ask_kind: [{text: Which kind?}]
    utter_ask_size: [{text: Which size?}]
    utter_ask_weekday: [{text: Which day?}]
    utter_hours: [{text: From nine to five.}]
    utter_x: [{text: x}]
    utter_big: [{text: That is too big.}]
config:
  language: en
  assistant_id: tea-house
"""


def start(flow: str) -> StartFlow:
    return StartFlow(flow)


def put(slot: str, value: Any) -> SetSlot:
    return SetSlot(slot, value)


CANCEL, SKIP, REPEAT = CancelFlow(), SkipQuestion(), RepeatBotMessages()
CHITCHAT, KNOWLEDGE, CANNOT = ChitChat(), Knowledge(), CannotHandle()
ERROR = InternalError()


def clarify(*options: str) -> Clarify:
    return Clarify(options)


@dataclass(frozen=True)
class Say:
    """A user's message and the commands that the generator finds in it."""

    commands: tuple[Command, ...]
    text: str = "hello"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    minutes_later: float = 0.0
    nlu: NluResult | None = None
    channel: str = "rest"


def say(*commands: Command, **details: Any) -> Say:
    return Say(commands, **details)


def send(text: str, **details: Any) -> Say:
    return Say((), text, **details)


IN_KIND = (say(start("order_tea")),)
IN_SIZE = (*IN_KIND, say(put("kind", "green")))


class ScriptedGenerator:
    """Says what the script of the turn says; remembers what it was asked."""

    name = "scripted"

    def __init__(self) -> None:
        self.commands: Sequence[Command] = ()
        self.requests: list[str] = []

    async def propose(self, request: Request) -> Proposal:
        self.requests.append(request.text)
        return Proposal(self.commands)


class ScriptedInterpreter:
    def __init__(self) -> None:
        self.result = NluResult()

    async def parse(self, text: str) -> NluResult:
        return self.result


class ActionHost:
    """A real HTTP server; answers by action name, `[(status, body), …]` one after another."""

    def __init__(self, answers: Mapping[str, list[tuple[int, Any]]]) -> None:
        self.requests: list[dict[str, Any]] = []
        self._answers = {name: list(items) for name, items in answers.items()}
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/webhook", self._answer)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.requests.append(body)
        answers = self._answers.get(body["next_action"], [])
        status, content = answers.pop(0) if answers else (200, {})
        return web.json_response(content, status=status)


class Outbox:
    def __init__(self) -> None:
        self.events: list[Event] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.events.append(event)


class World:
    """One conversation with the assistant of a project."""

    def __init__(self, assistant: Assistant, action_url: str, *, hears_intents: bool) -> None:
        self.generator = ScriptedGenerator()
        self.interpreter = ScriptedInterpreter() if hears_intents else None
        self.outbox = Outbox()
        self.time = 1_800_000_000.0
        self.server = CustomActions(HttpActions(Endpoint(url=action_url)))
        self.tracker = Tracker("ana", assistant.domain.slots, clock=lambda: self.time)
        self.use(assistant)

    def use(self, assistant: Assistant) -> None:
        """Go on with this assistant, as after another training."""
        self.assistant = assistant
        reader = MessageReader(assistant, self.generator, self.interpreter)
        actions = ActionRunner(assistant, self.server, ResponseGenerator(assistant))
        self.engine = TurnEngine(assistant, reader, actions)

    async def take(self, turn: Say) -> list[Event]:
        """Hold one turn; returns its events."""
        self.time += turn.minutes_later * 60 + 1
        self.generator.commands = turn.commands
        if self.interpreter is not None:
            self.interpreter.result = turn.nlu or NluResult()
        latest = self.tracker.latest_time
        message = UserMessage(turn.text, turn.channel, turn.metadata)
        await self.engine.handle(message, self.tracker, self.outbox)
        return self.tracker.events_after(latest)

    async def close(self) -> None:
        await self.server.close()


def tea_house(changes: str = "", *, sound: bool = True) -> Assistant:
    """The test assistant; `changes` is YAML laid over the project, null removes an entry.

    Not `sound`: as a conversation meets it that began with another training."""
    content = _overlaid(load_yaml(PROJECT, file="project"), load_yaml(changes, file="changes"))
    project = RawProject(flows=content["flows"], domain=content["domain"], config=content["config"])
    model = check(project, name="tea") if sound else model_of(project)
    return build_assistant(model, name="tea")


def _overlaid(base: Any, changes: Any) -> Any:
    if not isinstance(base, dict) or not isinstance(changes, dict):
        return base if changes is None else changes
    merged = {**base, **{key: _overlaid(base.get(key), changes[key]) for key in changes}}
    return {key: value for key, value in merged.items() if changes.get(key, "") is not None}
