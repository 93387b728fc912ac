"""One browser in one chat."""

import asyncio
import contextlib
import logging
import time
import uuid
from typing import Any

import socketio
from channels.generic.websocket import AsyncWebsocketConsumer

from modelservice.bridge import frames
from modelservice.bridge.identity import NotAllowed, NotAuthenticated, Verifier, Visitor
from modelservice.service.bots import Bot
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import BotState
from modelservice.service.supervisor import supervisor

log = logging.getLogger(__name__)

AUTHENTICATE_SECONDS = 10
RELAYED = ("bot_message", "tracker", "stubs", "error")

_verifier = Verifier()


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Nothing but `authenticate` is heard before the visitor is known; the connection lives no
    longer than the token, which the client renews with a second `authenticate`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bot: Bot | None = None
        self.client: socketio.AsyncClient | None = None
        self.session_id = ""
        self.early: list[dict[str, Any]] = []
        self.deadline: asyncio.TimerHandle | None = None
        self.closing = False

    async def connect(self) -> None:
        await self.accept()
        self._expire_in(AUTHENTICATE_SECONDS)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            frame = frames.parse(text_data or "")
        except frames.BadFrame as error:
            await self._send({"type": "error", "code": "bad_frame", "message": str(error)})
            return
        if frame["type"] == "ping":
            await self._send({"type": "pong"})
        elif frame["type"] == "authenticate":
            await self._authenticate(frame)
        elif self.client is None:
            await self._end(frames.NOT_AUTHENTICATED)
        else:
            await self._tell_bot(frame)

    async def disconnect(self, code: int) -> None:
        self.closing = True
        if self.deadline is not None:
            self.deadline.cancel()
        if self.client is not None:
            await self.client.disconnect()

    async def _authenticate(self, frame: frames.Authenticate) -> None:
        try:
            visitor = await _verifier.visitor(frame["token"])
        except NotAuthenticated:
            await self._end(frames.NOT_AUTHENTICATED)
            return
        except NotAllowed:
            await self._end(frames.NOT_ALLOWED)
            return
        self._expire_at(visitor)
        if self.client is not None:  # only renewed
            return
        self.session_id = frame["session_id"] or uuid.uuid4().hex
        await self._join()

    async def _join(self) -> None:
        try:
            bot = supervisor.bots.get(self.scope["url_route"]["kwargs"]["deployment"])
        except Rejected:
            await self._end(frames.NO_SUCH_BOT)
            return
        if bot.status is not BotState.RUNNING:
            await self._end(frames.BOT_GONE)
            return
        client = socketio.AsyncClient(reconnection=False)
        for event in RELAYED:
            client.on(event, self._relay(event, bot))
        client.on("disconnect", self._bot_left)
        try:
            await client.connect(
                bot.address,
                transports=["websocket"],
                socketio_path=bot.runtime.socket_path,
                wait_timeout=5,
            )
            known = await client.call("session_request", {"session_id": self.session_id}, timeout=5)
        except (socketio.exceptions.ConnectionError, socketio.exceptions.TimeoutError) as error:
            log.warning("bot %s does not take a chat: %s", bot.deployment_id, error)
            await client.disconnect()
            await self._end(frames.BOT_GONE)
            return
        self.bot, self.client = bot, client
        confirmation = {"type": "session_confirm", "session_id": self.session_id}
        await self._send({**confirmation, "known": known is True})
        for frame in self.early:
            await self._send(frame)

    async def _tell_bot(
        self, frame: frames.UserMessage | frames.SetSlot | frames.StubAction
    ) -> None:
        assert self.client is not None  # noqa: S101  the caller has looked
        event, body = frames.to_bot(frame)
        try:
            await self.client.emit(event, {**body, "session_id": self.session_id})
        except socketio.exceptions.SocketIOError:
            await self._bot_left()

    def _relay(self, event: str, bot: Bot) -> Any:
        async def relay(payload: object = None) -> None:
            if event == "bot_message":
                bot.last_active_at = time.monotonic()
            frame = frames.of_bot(event, payload)
            if self.client is None:  # nothing comes before the confirmation
                self.early.append(frame)
            else:
                await self._send(frame)

        return relay

    async def _bot_left(self, *_: Any) -> None:
        if not self.closing:
            await self._end(frames.BOT_GONE)

    def _expire_at(self, visitor: Visitor) -> None:
        self._expire_in(visitor.expires_at - time.time())

    def _expire_in(self, seconds: float) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
        loop = asyncio.get_running_loop()
        self.deadline = loop.call_later(max(seconds, 0), self._expired)

    def _expired(self) -> None:
        self._ending = asyncio.ensure_future(self._end(frames.NOT_AUTHENTICATED))

    async def _send(self, frame: dict[str, Any]) -> None:
        if not self.closing:
            await self.send(text_data=frames.written(frame))

    async def _end(self, code: int) -> None:
        self.closing = True
        with contextlib.suppress(RuntimeError):  # the browser may have left in the meantime
            await self.close(code=code)
