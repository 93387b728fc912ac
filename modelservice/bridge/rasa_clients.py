"""The bridge as Rasa's own clients know it: Socket.IO at `/talk/` (`model_service_api.md` §8).

Who connects sends `{"token", "deployment_id"}`; a refusal is one of Rasa's words. Every event goes
on to the bot with its first argument. These clients choose their session ids themselves; the bot
gets sender ids that belong to the person in their place, so that no id reaches another's chat.
"""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass, field
from typing import Any

import socketio

from modelservice.bridge.bot_connection import BotConnection, ConnectionLost, Event
from modelservice.bridge.identity import (
    IdentityAway,
    NotAllowed,
    NotAuthenticated,
    Visitor,
    verifier,
)
from modelservice.bridge.outbox import MOST_FRAMES
from modelservice.bridge.sender_ids import sender_ids
from modelservice.service.bots import Bot
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import BotState
from modelservice.service.supervisor import supervisor

log = logging.getLogger(__name__)

PATH = "/talk/"
MAX_MESSAGE_BYTES = 1_000_000
_ID_KEYS = ("session_id", "sender_id")
# A client has one session at a time; more names than these are forgotten.
_MOST_NAMES = 100
RELAYED = frozenset({"session_confirm", "bot_message", "tracker", "error", "voice_error"})

_server = socketio.AsyncServer(async_mode="asgi", max_http_buffer_size=MAX_MESSAGE_BYTES)
application = socketio.ASGIApp(_server, socketio_path=PATH)


@dataclass
class _Chat:
    bot: Bot
    connection: BotConnection
    subject: str
    tasks: list["asyncio.Task[None]"] = field(default_factory=list)
    # The client's names of its sessions, by the sender ids that the bot has for them.
    names: dict[str, str] = field(default_factory=dict)

    def to_bot(self, event: str, argument: Any) -> Any:
        """What the bot gets in the place of an event's argument."""
        if event == "session_request" and not isinstance(argument, dict):
            argument = {}
        if not isinstance(argument, dict):
            return argument
        chosen = {key: str(argument[key]) for key in _ID_KEYS if argument.get(key)}
        if event == "session_request" and "session_id" not in chosen:
            chosen["session_id"] = sender_ids().new(self.subject)
        return argument | {key: self._sender_id(name) for key, name in chosen.items()}

    def to_client(self, payload: Any) -> Any:
        """What the client gets in the place of what the bot sent."""
        if isinstance(payload, str):
            return self.names.get(payload, payload)
        if not isinstance(payload, dict):
            return payload
        known = {key: payload[key] for key in _ID_KEYS if isinstance(payload.get(key), str)}
        return payload | {key: self.names.get(each, each) for key, each in known.items()}

    def _sender_id(self, name: str) -> str:
        sender_id = sender_ids().of_client(name, self.subject)
        self.names[sender_id] = name
        if len(self.names) > _MOST_NAMES:
            del self.names[next(iter(self.names))]
        return sender_id


_chats: dict[str, _Chat] = {}


@_server.event  # type: ignore[untyped-decorator]  # python-socketio has no types
async def connect(sid: str, _: Any, auth: Any = None) -> None:
    given = auth if isinstance(auth, dict) else {}
    visitor = await _visitor(given.get("token"), str(given.get("deployment_id") or ""))
    bot = _bot(given.get("deployment_id"))
    try:
        connection = await BotConnection.open(bot.address, bot.runtime.socket_path)
    except ConnectionLost as error:
        log.warning("bot %s does not accept a chat: %s", bot.deployment_id, error)
        raise _refusal("bot_connection_failed") from None
    chat = _Chat(bot, connection, visitor.subject)
    chat.tasks = [
        asyncio.create_task(_listen(sid, chat)),
        asyncio.create_task(_watch(sid, visitor)),
    ]
    bot.open_chats += 1
    _chats[sid] = chat


@_server.event  # type: ignore[untyped-decorator]
async def disconnect(sid: str, _: Any = None) -> None:
    if chat := _chats.pop(sid, None):
        for task in chat.tasks:
            task.cancel()
        chat.bot.open_chats -= 1
        await chat.connection.close()


@_server.on("*")  # type: ignore[untyped-decorator]
async def on_event(event: str, sid: str, *arguments: Any) -> None:
    if chat := _chats.get(sid):
        argument = chat.to_bot(event, arguments[0] if arguments else None)
        with contextlib.suppress(ConnectionLost):  # the task that listens ends the chat
            await chat.connection.emit(event, argument)


async def _listen(sid: str, chat: _Chat) -> None:
    try:
        while True:
            received = await chat.connection.receive()
            if not isinstance(received, Event) or received.name not in RELAYED:
                continue
            if received.name == "bot_message":
                chat.bot.last_active_at = time.monotonic()
            if _is_behind(sid):
                log.warning("a client of bot %s is too slow", chat.bot.deployment_id)
                break
            await _server.emit(received.name, chat.to_client(received.payload), to=sid)
    except ConnectionLost:
        await _server.emit("disconnect", to=sid)
    _end_soon(sid)


async def _watch(sid: str, visitor: Visitor) -> None:
    """End the chat with the token, and when the identity server stands by it no longer."""
    while (left := visitor.expires_at - time.time()) > 0:
        await asyncio.sleep(min(left, verifier().check_seconds))
        try:
            await verifier().check(visitor)
        except (NotAuthenticated, NotAllowed):
            break
        except IdentityAway as problem:
            log.warning("a token cannot be checked now: %s", problem)
    _end_soon(sid)


def _end_soon(sid: str) -> None:
    """Not by the task that asks for it: ending a chat ends its tasks."""
    _server.start_background_task(_server.disconnect, sid)


def _is_behind(sid: str) -> bool:
    socket = _server.eio.sockets.get(_server.manager.eio_sid_from_sid(sid, "/"))
    return socket is not None and socket.queue.qsize() > MOST_FRAMES


async def _visitor(token: Any, deployment_id: str) -> Visitor:
    if not isinstance(token, str) or not token:
        raise _refusal("user_no_token")
    try:
        return await verifier().visitor(token, deployment_id)
    except (NotAuthenticated, NotAllowed):
        raise _refusal("user_authentication_failed") from None
    except IdentityAway:
        raise _refusal("auth_unavailable") from None


def _bot(deployment_id: Any) -> Bot:
    if not isinstance(deployment_id, str) or not deployment_id:
        raise _refusal("bot_no_deployment_id")
    try:
        bot = supervisor.bots.get(deployment_id)
    except Rejected:
        raise _refusal("bot_not_found") from None
    if bot.status is not BotState.RUNNING:
        raise _refusal("bot_not_alive")
    return bot


def _refusal(word: str) -> Exception:
    refused: Exception = socketio.exceptions.ConnectionRefusedError(f"model_runner.{word}")
    return refused
