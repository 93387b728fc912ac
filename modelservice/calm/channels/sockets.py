"""Socket.IO channels: `socketio`, `studio_chat` and `inspector` of credentials.yml."""

from __future__ import annotations

import json
import logging
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from aiohttp import web

from modelservice.calm.channels.bot import Bot
from modelservice.calm.channels.formats import socket_messages
from modelservice.calm.channels.rest import health
from modelservice.calm.channels.tracker_feed import TrackerFeed
from modelservice.calm.dialogue.events import Event
from modelservice.calm.errors import CalmError
from modelservice.calm.turns.turn import UserMessage
from modelservice.common import tracing


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Imports in here do not find the modules, as if they were not installed."""
    known = {name: sys.modules[name] for name in modules if name in sys.modules}
    sys.modules.update(dict.fromkeys(modules))  # type: ignore[arg-type]  # None refuses an import
    try:
        yield
    finally:
        for name in modules:
            del sys.modules[name]
        sys.modules.update(known)


# The package brings its clients and its managers along, and these all of `requests` and `redis`, if
# they are there: 12 MB and 150 ms that each running assistant would pay for nothing.
with _without("requests", "redis"):
    import socketio

logger = logging.getLogger(__name__)
# A user's message may be this long (1 MB text and some JSON around it).
MAX_MESSAGE_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class SocketSettings:
    """A channel of credentials.yml with its event names; `path` is the Engine.IO path."""

    channel: str
    user_event: str
    bot_event: str
    session_persistence: bool
    path: str
    confirms_with_object: bool


_DEFAULTS: dict[str, dict[str, Any]] = {
    "socketio": {"events": ("user_uttered", "bot_uttered"), "persistence": False},
    "studio_chat": {"events": ("user_uttered", "bot_uttered"), "persistence": False},
    "inspector": {"events": ("user_message", "bot_message"), "persistence": True},
}
_PATHS = {"inspector": "/inspector.io"}


def socket_settings(credentials: Mapping[str, Any]) -> list[SocketSettings]:
    """The Socket.IO channels that credentials.yml names."""
    found = []
    for channel, defaults in _DEFAULTS.items():
        if channel not in credentials:
            continue
        given = credentials[channel] or {}
        user_event, bot_event = defaults["events"]
        found.append(
            SocketSettings(
                channel=channel,
                user_event=str(given.get("user_message_evt", user_event)),
                bot_event=str(given.get("bot_message_evt", bot_event)),
                session_persistence=bool(given.get("session_persistence", defaults["persistence"])),
                path=str(given.get("socketio_path", _PATHS.get(channel, "/socket.io"))),
                confirms_with_object=channel == "inspector",
            )
        )
    return found


def add_sockets(
    app: web.Application,
    bot: Bot,
    credentials: Mapping[str, Any],
    *,
    allowed_origins: list[str],
) -> None:
    """All Socket.IO channels. Those on one path share a server and are told apart by the names of
    their events; what belongs to the connection follows the last of them."""
    servers: dict[str, tuple[socketio.AsyncServer, TrackerFeed]] = {}
    for settings in socket_settings(credentials):
        if settings.path not in servers:
            server = socketio.AsyncServer(
                async_mode="aiohttp",
                cors_allowed_origins=_origins(allowed_origins),
                max_http_buffer_size=MAX_MESSAGE_BYTES,
            )
            server.attach(app, socketio_path=settings.path.strip("/"))
            servers[settings.path] = (server, TrackerFeed())
        SocketChannel(bot, settings, *servers[settings.path]).add_to(app)


class SocketChannel:
    """One channel on a Socket.IO server; a conversation's room is its session id."""

    def __init__(
        self,
        bot: Bot,
        settings: SocketSettings,
        server: socketio.AsyncServer,
        trackers: TrackerFeed,
    ) -> None:
        self._bot = bot
        self._settings = settings
        self._server = server
        self._trackers = trackers

    def add_to(self, app: web.Application) -> None:
        for event, handler in (
            ("session_request", self._session_request),
            (self._settings.user_event, self._user_message),
            ("update_tracker", self._update_tracker),
            ("set_slot", self._set_slot),
            ("stub_action", self._stub_action),
        ):
            self._server.on(event, _traced(event, handler))
        self._server.on("disconnect", self._disconnect)
        app.router.add_get(f"/webhooks/{self._settings.channel}/", health)

    async def send(self, sender_id: str, event: Event) -> None:
        for message in socket_messages(event):
            await self._server.emit(self._settings.bot_event, message, room=sender_id)

    async def _session_request(self, sid: str, data: Any = None) -> bool:
        """Acknowledged with whether the conversation exists already. With `tracker_updates` the
        client gets of each later tracker only what is new."""
        request = data if isinstance(data, Mapping) else {}
        session_id = str(request.get("session_id") or uuid.uuid4().hex)
        if request.get("tracker_updates") is True:
            self._trackers.follow(sid)
        if self._settings.session_persistence:
            await self._server.enter_room(sid, session_id)
        confirmation: Any = session_id
        if self._settings.confirms_with_object:
            confirmation = {"session_id": session_id}
        await self._server.emit("session_confirm", confirmation, room=sid)
        known = session_id in self._bot.conversations
        if known:
            # A turn may hold the conversation for long; the acknowledgement does not wait for it.
            self._server.start_background_task(self._send_state, sid, session_id)
        return known

    async def _send_state(self, sid: str, session_id: str) -> None:
        async with self._errors_told(sid):
            await self._send_tracker(session_id, only=sid)
            stubs = await self._bot.stubs(session_id)
            if stubs:
                await self._send_stubs(session_id, stubs)

    async def _user_message(self, sid: str, data: Any) -> None:
        if not isinstance(data, Mapping):
            await self._error(sid, "a user message must be an object", "ValueError", _order(data))
            return
        sender_id = sid
        if self._settings.session_persistence:
            if not data.get("session_id"):
                logger.warning("a message without a session id is dropped")
                return
            sender_id = str(data["session_id"])
            await self._server.enter_room(sid, sender_id)
        message = UserMessage(
            text=str(data.get("message") or ""),
            channel=self._settings.channel,
            metadata=_metadata(data.get("metadata")),
        )
        async with self._errors_told(sid):
            await self._bot.handle(sender_id, message, self)
            await self._send_tracker(sender_id)

    async def _update_tracker(self, sid: str, data: Any) -> None:
        events = data.get("events") if isinstance(data, Mapping) else None
        if not isinstance(events, list) or not data.get("sender_id"):
            await self._error(
                sid, "update_tracker needs sender_id and events", "ValueError", _order(data)
            )
            return
        sender_id = str(data["sender_id"])
        async with self._errors_told(sid):
            await self._bot.replace(sender_id, events, self)
            await self._send_tracker(sender_id)

    async def _set_slot(self, sid: str, data: Any) -> None:
        if not isinstance(data, Mapping) or not {"session_id", "slot", "value"} <= set(data):
            await self._error(
                sid, "set_slot needs session_id, slot and value", "ValueError", _order(data)
            )
            return
        sender_id = str(data["session_id"])
        async with self._errors_told(sid, data):
            await self._bot.set_slot(sender_id, str(data["slot"]), data["value"], self)
            await self._send_tracker(sender_id, answering={sid: _order(data)})

    async def _stub_action(self, sid: str, data: Any) -> None:
        answer = data.get("answer") if isinstance(data, Mapping) else None
        complete = isinstance(data, Mapping) and {"session_id", "action"} <= set(data)
        if not complete or not (answer is None or isinstance(answer, Mapping)):
            message = "stub_action needs session_id, action, and as answer an object or null"
            await self._error(sid, message, "ValueError", _order(data))
            return
        sender_id = str(data["session_id"])
        async with self._errors_told(sid, data):
            stubs = await self._bot.stub(sender_id, str(data["action"]), answer)
            await self._send_stubs(sender_id, stubs, answering={sid: _order(data)})

    @asynccontextmanager
    async def _errors_told(
        self, sid: str, data: Mapping[str, Any] = MappingProxyType({})
    ) -> AsyncIterator[None]:
        """Whatever goes wrong is said to the client: the socket must stay usable."""
        try:
            yield
        except CalmError as error:
            await self._error(sid, str(error), type(error).__name__, _order(data))
        except Exception as error:
            logger.exception("an event of a client failed")
            await self._error(sid, str(error), type(error).__name__, _order(data))

    async def _send_stubs(
        self,
        sender_id: str,
        stubs: Mapping[str, Any],
        *,
        answering: Mapping[str, dict[str, str]] = MappingProxyType({}),
    ) -> None:
        for sid in self._participants(sender_id):
            await self._server.emit("stubs", {"stubs": stubs, **answering.get(sid, {})}, to=sid)

    async def _send_tracker(
        self,
        sender_id: str,
        *,
        answering: Mapping[str, dict[str, str]] = MappingProxyType({}),
        only: str | None = None,
    ) -> None:
        """To every connection of the conversation, or `only` one. `answering` has the id of the
        order that a connection waits for. The conversation is held meanwhile, so that no update
        overtakes another."""
        async with self._bot.conversations.locked(sender_id) as tracker:
            for sid in self._participants(sender_id):
                if only in (None, sid):
                    body = self._trackers.message(sid, tracker) | answering.get(sid, {})
                    await self._server.emit("tracker", body, to=sid)

    def _participants(self, sender_id: str) -> list[str]:
        return [sid for sid, _ in self._server.manager.get_participants("/", sender_id)]

    async def _disconnect(self, sid: str, _: Any = None) -> None:
        self._trackers.leave(sid)

    async def _error(
        self, sid: str, message: str, exception: str, order: Mapping[str, str]
    ) -> None:
        body = {"message": message, "error": message, "exception": exception, **order}
        await self._server.emit("error", body, room=sid)


def _traced(
    event: str, handler: Callable[[str, Any], Awaitable[Any]]
) -> Callable[..., Awaitable[Any]]:
    async def handled(sid: str, data: Any = None) -> Any:
        with tracing.span(f"assistant: {event}", "CONSUMER", data):
            return await handler(sid, data)

    return handled


def _order(data: object) -> dict[str, str]:
    """The `id` of what a client asked for; the answer to it carries it."""
    order = data.get("id") if isinstance(data, Mapping) else None
    return {"id": order} if isinstance(order, str) else {}


def _origins(allowed: list[str]) -> list[str] | str | None:
    """As Engine.IO wants it: None allows only the server's own origin."""
    return "*" if "*" in allowed else allowed or None


def _metadata(value: Any) -> dict[str, Any]:
    """Metadata may come as an object or as the JSON text of one."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return dict(value) if isinstance(value, Mapping) else {}
