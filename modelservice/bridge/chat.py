"""One browser in one chat."""

import asyncio
import logging
import re
import time
import uuid
from typing import Any

import aiohttp

from modelservice.bridge import frames
from modelservice.bridge.identity import (
    IdentityAway,
    NotAllowed,
    NotAuthenticated,
    Visitor,
    verifier,
)
from modelservice.bridge.line import Acknowledged, Event, Line, LineDown, http_session
from modelservice.bridge.outbox import Outbox, TooSlow
from modelservice.service.bots import Bot
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import BotState
from modelservice.service.supervisor import supervisor

log = logging.getLogger(__name__)

AUTHENTICATE_SECONDS = 10
_ADDRESS = re.compile(r"/talk/(?P<deployment>[A-Za-z0-9_-]+)/?")
CONFIRM_SECONDS = 5
RELAYED = frozenset({"bot_message", "tracker", "stubs", "error", "voice_error"})


async def chat(scope: Any, receive: Any, send: Any) -> None:
    """ASGI application of `/talk/<deployment>`."""
    found = _ADDRESS.fullmatch(scope["path"])
    if found is None:
        await send({"type": "websocket.close"})
        return
    one = Chat(found["deployment"], send)
    try:
        while (message := await receive())["type"] != "websocket.disconnect":
            await one.heard(message)
            await asyncio.sleep(0)  # what is to be sent has its turn while a browser floods
    finally:
        await one.leave()


class Chat:
    """Nothing but `authenticate` is heard before the visitor is known; the connection lives no
    longer than the token, which the client renews with a second `authenticate`."""

    def __init__(self, deployment_id: str, send: Any) -> None:
        self._deployment_id = deployment_id
        self._send = send
        self._outbox = Outbox(send)
        self._tasks = {asyncio.create_task(self._outbox.run())}
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._bot: Bot | None = None
        self._line: Line | None = None
        self._visitor: Visitor | None = None
        self._session_id = ""
        self._ending = False

    async def heard(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.connect":
            await self._send({"type": "websocket.accept"})
            self._in(AUTHENTICATE_SECONDS, "expiry", self._expired)
        elif not self._ending:
            await self._heard(message.get("text") or "")

    async def leave(self) -> None:
        self._ending = True
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()
        if self._line is not None:
            await self._line.close()
        if self._bot is not None:
            self._bot.open_chats -= 1

    async def _heard(self, text: str) -> None:
        try:
            frame = frames.parse(text)
        except frames.BadFrame as error:
            self._tell({"type": "error", "code": "bad_frame", "message": str(error)})
            return
        if frame["type"] == "ping":
            self._tell({"type": "pong"})
        elif frame["type"] == "authenticate":
            await self._authenticate(frame)
        elif self._line is None:
            self._end(frames.NOT_AUTHENTICATED)
        else:
            await self._tell_bot(frame, self._line)

    async def _authenticate(self, frame: frames.Authenticate) -> None:
        try:
            visitor = await verifier().visitor(frame["token"])
        except (NotAuthenticated, NotAllowed, IdentityAway) as refusal:
            self._refuse(refusal)
            return
        if self._visitor is not None and self._visitor.subject != visitor.subject:
            self._end(frames.NOT_AUTHENTICATED)  # nobody takes over the chat of another
            return
        self._visitor = visitor
        self._in(visitor.expires_at - time.time(), "expiry", self._expired)
        self._in(verifier().check_seconds, "check", self._check_soon)
        if self._line is None:
            await self._join(frame)

    def _refuse(self, refusal: Exception) -> None:
        if isinstance(refusal, IdentityAway):
            self._tell({"type": "error", "code": "identity_unavailable", "message": str(refusal)})
            self._end(frames.TRY_AGAIN)
        elif isinstance(refusal, NotAllowed):
            self._end(frames.NOT_ALLOWED)
        else:
            self._end(frames.NOT_AUTHENTICATED)

    async def _join(self, frame: frames.Authenticate) -> None:
        try:
            bot = supervisor.bots.get(self._deployment_id)
        except Rejected:
            self._end(frames.NO_SUCH_BOT)
            return
        if bot.status is not BotState.RUNNING:
            self._end(frames.BOT_GONE)
            return
        self._session_id = frame["session_id"] or uuid.uuid4().hex
        request: dict[str, Any] = {"session_id": self._session_id}
        if frame["is_voice"]:
            request |= {"is_voice": True}
        line: Line | None = None
        try:
            line = await Line.open(bot.address, bot.runtime.socket_path)
            async with asyncio.timeout(CONFIRM_SECONDS):
                await line.emit("session_request", request, acknowledged=True)
                early, confirmation = await _confirmation(line)
        except (LineDown, TimeoutError) as error:
            log.warning("bot %s does not take a chat: %s", bot.deployment_id, error)
            if line is not None:
                await line.close()
            self._end(frames.BOT_GONE)
            return
        self._bot, self._line = bot, line
        bot.open_chats += 1
        before = None if bot.runtime.sends_tracker else await self._tracker(bot, frame)
        known = before is not None or confirmation.pop("known") is True
        self._tell({"type": "session_confirm", "session_id": self._session_id,
                    **confirmation, "known": known})  # fmt: skip
        if before is not None:
            self._tell(frames.of_bot("tracker", before))
        for event in early:
            self._relay(bot, event)
        self._tasks.add(asyncio.create_task(self._listen(bot, line)))

    async def _tell_bot(self, frame: frames.BotFrame, line: Line) -> None:
        bot = self._bot
        assert bot is not None  # noqa: S101  it comes with the line
        event, body = frames.to_bot(frame, self._session_id, bot.model_name)
        try:
            await line.emit(event, body, acknowledged=not bot.runtime.sends_tracker)
        except LineDown:
            self._end(frames.BOT_GONE)

    async def _listen(self, bot: Bot, line: Line) -> None:
        try:
            while not self._ending:
                heard = await line.next()
                if isinstance(heard, Event):
                    self._relay(bot, heard)
                elif tracker := await self._tracker(bot):
                    self._tell(frames.of_bot("tracker", tracker))
        except LineDown:
            self._end(frames.BOT_GONE)

    def _relay(self, bot: Bot, event: Event) -> None:
        if event.name == "bot_message":
            bot.last_active_at = time.monotonic()
        if event.name in RELAYED:
            self._tell(frames.of_bot(event.name, event.payload))

    async def _tracker(
        self, bot: Bot, frame: frames.Authenticate | None = None
    ) -> dict[str, Any] | None:
        """Of a runtime that sends none by itself. None when `frame` begins a conversation: asking
        for one that is not there would make it."""
        if frame is not None and frame["session_id"] is None:
            return None
        url = f"{bot.address}/conversations/{self._session_id}/tracker"
        try:
            timeout = aiohttp.ClientTimeout(total=CONFIRM_SECONDS)
            async with http_session().get(url, timeout=timeout) as answer:
                tracker = await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("bot %s gives no tracker: %s", bot.deployment_id, error)
            return None
        if not isinstance(tracker, dict):
            return None
        said = any(event.get("event") == "user" for event in tracker.get("events") or [])
        return tracker if said else None

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

    def _tell(self, frame: dict[str, Any]) -> None:
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


async def _confirmation(line: Line) -> tuple[list[Event], dict[str, Any]]:
    """What the bot says until it acknowledges the session, and what it confirms."""
    early: list[Event] = []
    confirmed: dict[str, Any] = {}
    while True:
        heard = await line.next()
        if isinstance(heard, Acknowledged):
            return early, {**confirmed, "known": heard.answer}
        if heard.name != "session_confirm":
            early.append(heard)
        elif isinstance(heard.payload, dict) and "sample_rate" in heard.payload:
            confirmed = {"sample_rate": heard.payload["sample_rate"]}
