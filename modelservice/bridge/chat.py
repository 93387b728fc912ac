"""One browser in one chat."""

import asyncio
import logging
import re
import time
from typing import Any

import aiohttp

from modelservice.bridge import frames
from modelservice.bridge.bot_connection import (
    Acknowledged,
    BotConnection,
    ConnectionLost,
    Event,
    http_session,
)
from modelservice.bridge.identity import (
    IdentityAway,
    NotAllowed,
    NotAuthenticated,
    Visitor,
    verifier,
)
from modelservice.bridge.outbox import Outbox, TooSlow
from modelservice.bridge.sender_ids import sender_ids
from modelservice.bridge.tracker_updates import TrackerUpdates
from modelservice.service.bots import Bot
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import BotState
from modelservice.service.supervisor import supervisor

log = logging.getLogger(__name__)

AUTHENTICATE_SECONDS = 10
_ADDRESS = re.compile(r"/talk/(?P<deployment>[A-Za-z0-9_-]+)/?")
CONFIRM_SECONDS = 5
RELAYED = frozenset({"bot_message", "stubs", "error", "voice_error"})


async def chat(scope: Any, receive: Any, send: Any) -> None:
    """ASGI application of `/talk/<deployment>`."""
    found = _ADDRESS.fullmatch(scope["path"])
    if found is None:
        await send({"type": "websocket.close"})
        return
    one = Chat(found["deployment"], send)
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            await one.on_event(message)
            await asyncio.sleep(0)  # what is to be sent has its turn while a browser floods
    finally:
        await one.leave()


class Chat:
    """Takes nothing but `authenticate` before the visitor is known. The connection lives no longer
    than the token, which the client renews with a second `authenticate`."""

    def __init__(self, deployment_id: str, send: Any) -> None:
        self._deployment_id = deployment_id
        self._send = send
        self._outbox = Outbox(send)
        self._tasks = {asyncio.create_task(self._outbox.run())}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._bot: Bot | None = None
        self._connection: BotConnection | None = None
        self._visitor: Visitor | None = None
        self._sender_id = ""
        self._updates = TrackerUpdates()
        self._ending = False

    async def on_event(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.connect":
            await self._send({"type": "websocket.accept"})
            self._in(AUTHENTICATE_SECONDS, "expiry", self._expired)
        elif not self._ending:
            await self._on_frame(message.get("text") or "")

    async def leave(self) -> None:
        self._ending = True
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self._connection is not None:
            await self._connection.close()
        if self._bot is not None:
            self._bot.open_chats -= 1

    async def _on_frame(self, text: str) -> None:
        try:
            frame = frames.parse(text)
        except frames.BadFrame as error:
            order = {} if error.order is None else {"id": error.order}
            bad = {"type": "error", "code": "bad_frame", "message": str(error), **order}
            self._send_to_browser(bad)
            return
        if frame["type"] == "ping":
            self._send_to_browser({"type": "pong"})
        elif frame["type"] == "authenticate":
            await self._authenticate(frame)
        elif self._connection is None:
            self._end(frames.NOT_AUTHENTICATED)
        else:
            await self._forward_to_bot(frame, self._connection)

    async def _authenticate(self, frame: frames.Authenticate) -> None:
        try:
            visitor = await verifier().visitor(frame["token"], self._deployment_id)
        except (NotAuthenticated, NotAllowed, IdentityAway) as refusal:
            self._refuse(refusal)
            return
        if self._visitor is not None and self._visitor.subject != visitor.subject:
            self._end(frames.NOT_AUTHENTICATED)  # nobody takes over the chat of another
            return
        self._visitor = visitor
        self._in(visitor.expires_at - time.time(), "expiry", self._expired)
        self._in(verifier().check_seconds, "check", self._check_soon)
        if self._connection is None:
            await self._join(frame, visitor)

    def _refuse(self, refusal: Exception) -> None:
        if isinstance(refusal, IdentityAway):
            away = {"type": "error", "code": "identity_unavailable", "message": str(refusal)}
            self._send_to_browser(away)
            self._end(frames.TRY_AGAIN)
        elif isinstance(refusal, NotAllowed):
            self._end(frames.NOT_ALLOWED)
        else:
            self._end(frames.NOT_AUTHENTICATED)

    async def _join(self, frame: frames.Authenticate, visitor: Visitor) -> None:
        wanted = frame["session_id"]
        if wanted is not None and not sender_ids().belongs(wanted, visitor.subject):
            self._end(frames.NOT_ALLOWED)  # another person began this chat
            return
        try:
            bot = supervisor.bots.get(self._deployment_id)
        except Rejected:
            self._end(frames.NO_SUCH_BOT)
            return
        if bot.status is not BotState.RUNNING:
            self._end(frames.BOT_GONE)
            return
        self._sender_id = wanted or sender_ids().new(visitor.subject)
        request: dict[str, Any] = {"session_id": self._sender_id, "tracker_updates": True}
        if frame["is_voice"]:
            request |= {"is_voice": True}
        connection: BotConnection | None = None
        try:
            connection = await BotConnection.open(bot.address, bot.runtime.socket_path)
            async with asyncio.timeout(CONFIRM_SECONDS):
                await connection.emit("session_request", request, acknowledged=True)
                early, confirmation = await _confirmation(connection)
        except (ConnectionLost, TimeoutError) as error:
            log.warning("bot %s does not accept a chat: %s", bot.deployment_id, error)
            if connection is not None:
                await connection.close()
            self._end(frames.BOT_GONE)
            return
        self._bot, self._connection = bot, connection
        bot.open_chats += 1
        before = None if bot.runtime.sends_tracker else await self._tracker(bot, frame)
        known = before is not None or confirmation.pop("known") is True
        self._send_to_browser({"type": "session_confirm", "session_id": self._sender_id,
                               **confirmation, "known": known})  # fmt: skip
        if before is not None:
            self._send_tracker(before)
        for event in early:
            self._relay(bot, event)
        self._tasks.add(asyncio.create_task(self._listen(bot, connection)))

    async def _forward_to_bot(self, frame: frames.BotFrame, connection: BotConnection) -> None:
        bot = self._bot
        assert bot is not None  # noqa: S101  it comes with the connection
        if frame["type"] == "update_tracker":
            self._updates.reset()
        event, body = frames.to_bot(frame, self._sender_id, bot.model_name)
        try:
            await connection.emit(event, body, acknowledged=not bot.runtime.sends_tracker)
        except ConnectionLost:
            self._end(frames.BOT_GONE)

    async def _listen(self, bot: Bot, connection: BotConnection) -> None:
        try:
            while not self._ending:
                received = await connection.receive()
                if isinstance(received, Event):
                    self._relay(bot, received)
                elif tracker := await self._tracker(bot):
                    self._send_tracker(tracker)
        except ConnectionLost:
            self._end(frames.BOT_GONE)

    def _relay(self, bot: Bot, event: Event) -> None:
        if event.name == "bot_message":
            bot.last_active_at = time.monotonic()
        if event.name == "tracker":
            self._send_tracker(event.payload)
        elif event.name in RELAYED:
            self._send_to_browser(frames.of_bot(event.name, event.payload))

    def _send_tracker(self, tracker: object) -> None:
        self._send_to_browser(self._updates.of(frames.of_bot("tracker", tracker)))

    async def _tracker(
        self, bot: Bot, frame: frames.Authenticate | None = None
    ) -> dict[str, Any] | None:
        """Of a runtime that sends none by itself. None when `frame` begins a conversation: asking
        for one that is not there would make it."""
        if frame is not None and frame["session_id"] is None:
            return None
        url = f"{bot.address}/conversations/{self._sender_id}/tracker"
        try:
            timeout = aiohttp.ClientTimeout(total=CONFIRM_SECONDS)
            async with http_session().get(url, timeout=timeout) as answer:
                tracker = await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("bot %s gives no tracker: %s", bot.deployment_id, error)
            return None
        if not isinstance(tracker, dict):
            return None
        begun = any(event.get("event") == "user" for event in tracker.get("events") or [])
        return tracker if begun else None

    def _check_soon(self) -> None:
        self._tasks.add(asyncio.create_task(self._check()))

    async def _check(self) -> None:
        """Whether the identity server still stands by the token."""
        assert self._visitor is not None  # noqa: S101  it is what is checked
        try:
            await verifier().check(self._visitor)
        except (NotAuthenticated, NotAllowed) as refusal:
            self._refuse(refusal)
            return
        except IdentityAway as problem:
            log.warning("a token cannot be checked now: %s", problem)
        self._in(verifier().check_seconds, "check", self._check_soon)
        self._tasks = {task for task in self._tasks if not task.done()}

    def _in(self, seconds: float, name: str, what: Any) -> None:
        if timer := self._timers.get(name):
            timer.cancel()
        if not self._ending:
            loop = asyncio.get_running_loop()
            self._timers[name] = loop.call_later(max(seconds, 0), what)

    def _expired(self) -> None:
        self._end(frames.NOT_AUTHENTICATED)

    def _send_to_browser(self, frame: dict[str, Any]) -> None:
        if self._ending:
            return
        try:
            self._outbox.put(frames.written(frame))
        except TooSlow:
            self._ending = True
            # Past all that waits, which will not be read.
            closing = self._send({"type": "websocket.close", "code": frames.TOO_SLOW})
            self._tasks.add(asyncio.create_task(closing))

    def _end(self, code: int) -> None:
        if not self._ending:
            self._ending = True
            self._outbox.close(code)


async def _confirmation(connection: BotConnection) -> tuple[list[Event], dict[str, Any]]:
    """The bot's events until it acknowledges the session, and what it confirms."""
    early: list[Event] = []
    confirmed: dict[str, Any] = {}
    while True:
        received = await connection.receive()
        if isinstance(received, Acknowledged):
            return early, {**confirmed, "known": received.answer}
        if received.name != "session_confirm":
            early.append(received)
        elif isinstance(received.payload, dict) and "sample_rate" in received.payload:
            confirmed = {"sample_rate": received.payload["sample_rate"]}
