"""REST channel: a message in, the bot's messages out."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from modelservice.calm.channels.bot import Bot
from modelservice.calm.channels.conversations import TooBusy
from modelservice.calm.channels.formats import rest_messages
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage, truncate_message

CHANNEL = "rest"
MAX_BODY_BYTES = 4_000_000
MAX_SENDER_CHARACTERS = 1000


class Collector:
    """Keeps the messages of a turn until its answer is sent."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.messages.extend(rest_messages(sender_id, event))


class RestChannel:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/webhooks/rest/", health)
        app.router.add_post("/webhooks/rest/webhook", self.receive)

    async def receive(self, request: web.Request) -> web.Response:
        sender_id, message = _message(await json_object(request))
        collector = Collector()
        try:
            await self._bot.handle(sender_id, message, collector)
        except TooBusy as error:
            raise web.HTTPTooManyRequests(text=str(error)) from error
        return web.json_response(collector.messages)


def _message(body: dict[str, Any]) -> tuple[str, UserMessage]:
    """Sender and message; what is too long of them is not kept while they wait."""
    metadata = body.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise web.HTTPBadRequest(text="'metadata' must be an object")
    sender_id = str(body.get("sender") or "default")
    if len(sender_id) > MAX_SENDER_CHARACTERS:
        raise web.HTTPBadRequest(text="'sender' is too long")
    text, channel = str(body.get("message") or ""), str(body.get("input_channel") or CHANNEL)
    return sender_id, truncate_message(UserMessage(text, channel[:MAX_SENDER_CHARACTERS], metadata))


async def health(_: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _content(request: web.Request) -> bytes:
    """The body, read past the request: that would hold it as long as its connection is open."""
    content = bytearray()
    async for chunk in request.content.iter_any():
        content.extend(chunk)
        if len(content) > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(max_size=MAX_BODY_BYTES, actual_size=len(content))
    return bytes(content)


async def json_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object; anything else is a 400."""
    try:
        body = json.loads(await _content(request))
    except (ValueError, RecursionError) as error:
        raise web.HTTPBadRequest(text=f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="the body must be a JSON object")
    return body
