"""A small server that speaks the chat-completions API, and an assistant that asks it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from modelservice.calm.channels.bot import Bot
from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.dialogue.events import Event
from modelservice.calm.training.source import RawProject
from modelservice.calm.training.training import check, taught
from modelservice.calm.turns.turn import UserMessage

KEY = "sk-a-very-secret-key"
Behaviour = str | Callable[[web.Request], Awaitable[web.StreamResponse]]
PROJECT = """
flows:
  order_tea:
    description: order a tea
    steps: [{collect: kind, description: which tea}, {collect: size}, {action: utter_done}]
  opening_hours:
    description: tell opening hours
    steps: [{collect: weekday}, {action: utter_hours}]
domain:
  slots:
    kind: {type: text}
    size: {type: categorical, values: [small, big]}
    weekday: {type: text}
  responses:
    utter_ask_kind: [{text: Which kind?}]
    utter_ask_size:
      - text: Which size?
        buttons: [{title: Small, payload: "/SetSlots(size=small)"}]
    utter_ask_weekday: [{text: Which day?}]
    utter_hours: [{text: From nine to five.}]
    utter_done: [{text: "Here is your {kind} tea."}]
config:
  language: en
  assistant_id: tea-house
  pipeline: [{name: CompactLLMCommandGenerator, llm: {model_group: group}}]
"""


class ChatServer:
    """Answers with the next of `script`, the last one for ever; keeps the requests."""

    def __init__(self, *script: Behaviour) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self.paths: list[str] = []
        app = web.Application()
        app.router.add_post("/{path:.*}", self._answer)
        self.server = TestServer(app)

    @property
    def prompts(self) -> list[str]:
        return [request["messages"][0]["content"] for request in self.requests]

    @property
    def base(self) -> str:
        return str(self.server.make_url("/v1"))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        self.headers.append(request.headers)
        self.paths.append(request.path_qs)
        behaviour = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        return completion(behaviour) if isinstance(behaviour, str) else await behaviour(request)


def completion(text: Any) -> web.Response:
    usage = {"prompt_tokens": 120, "completion_tokens": 7, "total_tokens": 127}
    choice = {"index": 0, "message": {"role": "assistant", "content": text}}
    return web.json_response({"choices": [choice], "usage": usage})


def status(code: int, body: Any = None, **headers: str) -> Behaviour:
    async def answer(request: web.Request) -> web.Response:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response(body, status=code, headers=names)

    return answer


def body(content: Any) -> Behaviour:
    """A body as it is: text, or bytes that are no text at all."""

    async def answer(request: web.Request) -> web.Response:
        data = content if isinstance(content, bytes) else str(content).encode()
        return web.Response(body=data, content_type="application/json")

    return answer


async def hang(request: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return completion("late")


async def flood(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(100):
            await response.write(b"x" * 1_000_000)
    except ConnectionError:
        # The runtime hung up, as it should.
        return response
    return response


async def drip(request: web.Request) -> web.StreamResponse:
    """A byte now and then, without end."""
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(300):
            await response.write(b" ")
            await asyncio.sleep(0.05)
    except ConnectionError:
        return response
    return response


class Talk:
    """One conversation with a bot."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.said: list[str] = []
        self.events: list[dict[str, Any]] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.said.append(event["text"])

    async def say(self, text: str) -> dict[str, Any]:
        """Hold one turn; returns the user event's parse data. `said` is what the bot answered."""
        self.said = []
        known = len(self.events)
        await self.bot.handle("ana", UserMessage(text, "rest"), self)
        self.events = (await self.bot.snapshot("ana"))["events"]
        self.turn = self.events[known:]
        user = next(event for event in reversed(self.events) if event["event"] == "user")
        data: dict[str, Any] = user["parse_data"]
        return data


def model_group(base: str, **settings: Any) -> dict[str, Any]:
    model = {"provider": "self-hosted", "model": "small-one", "api_base": base, **settings}
    return {"model_groups": [{"id": "group", "models": [model]}]}


def make_bot(
    endpoints: dict[str, Any],
    *,
    changes: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    **raw: Any,
) -> Bot:
    """A bot of the tea house; `changes` replace parts of its project, `raw` other files."""
    content = load_yaml(PROJECT, file="project")
    for part, entries in (changes or {}).items():
        content[part] = {**content[part], **entries}
    project = RawProject(**content, **raw)
    model = taught(check(project, name="tea"), project, name="tea")
    return Bot(model, name="tea", endpoints=endpoints, environment=environment or {}, publish=False)


@asynccontextmanager
async def talking(
    *script: Behaviour,
    patience: float = 5,
    changes: Mapping[str, Any] | None = None,
    **raw: Any,
) -> AsyncIterator[tuple[Talk, ChatServer]]:
    chat = ChatServer(*script)
    async with chat.server:
        endpoints = model_group(chat.base, timeout=patience, api_key="${KEY}")
        bot = make_bot(endpoints, changes=changes, environment={"KEY": KEY}, **raw)
        try:
            yield Talk(bot), chat
        finally:
            await bot.close()
