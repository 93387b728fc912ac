"""Live updates: a browser authenticates, subscribes to assistants and receives their changes."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from modelservice.common.personal_tokens import is_personal
from studio.accounts.models import User
from studio.accounts.permissions import MissingPermission, Permission, permissions_of
from studio.accounts.realm import IdentityUnavailable, InvalidToken
from studio.accounts.tokens import verify_access_token
from studio.assistants.access import access, holds_anywhere
from studio.common.errors import NotFound
from studio.common.live_messages import EVERYTHING, group_of
from studio.common.metrics import LIVE_MESSAGES, LIVE_SECONDS
from studio.common.threads import OwnThreads
from studio.live.tail import tail

NOT_AUTHENTICATED = 4401
IDENTITY_UNAVAILABLE = 4503
BAD_MESSAGE = 4400
TOO_SLOW = 4408
AUTHENTICATE_WITHIN = 5.0
SEND_WITHIN = 4.0
_MAX_SUBSCRIPTIONS = 100
_REMEMBER_SECONDS = 10.0
# The keys of the identity server are fetched there, which may take until a time-out.
_threads = OwnThreads("authenticate", 4)


class LiveConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """See the REST and live contract; every frame is a map with a `type`."""

    required_permission = Permission.ASSISTANT_VIEW

    _user: User | None = None
    _deadline: asyncio.TimerHandle | None = None
    _groups: set[str]
    # (assistant, permission) to what the door said, and until when that is good.
    _entered: dict[tuple[str, Permission], tuple[float, bool]]

    async def connect(self) -> None:
        self._groups = set()
        self._entered = {}
        await self.accept()
        self._close_in(AUTHENTICATE_WITHIN)

    async def disconnect(self, code: int) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        for group in self._groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        tail.forget(self.conversations_changed)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        try:
            await super().receive(text_data=text_data, bytes_data=bytes_data, **kwargs)
        except ValueError:
            await self.close(BAD_MESSAGE)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        kind = content.get("type") if isinstance(content, dict) else None
        if kind == "authenticate":
            await self._authenticate(str(content.get("token", "")))
        elif self._user is None:
            await self.close(NOT_AUTHENTICATED)
        elif kind == "subscribe":
            await self._subscribe(str(content.get("assistant", "")))
        elif kind == "ping":
            await self.send_json({"type": "pong"})
        else:
            await self._error("invalid", "This message is not understood.")

    async def live_message(self, event: dict[str, Any]) -> None:
        message = event["message"]
        assistant = str(message["assistant"])
        if message["type"] == "assistant.changed":  # its members, perhaps
            self._entered = {
                key: kept for key, kept in self._entered.items() if key[0] != assistant
            }
        if await self._may(assistant, self.required_permission):
            await self.send_json(self._with_socket_url(message))
            LIVE_MESSAGES.labels(message["type"]).inc()
            # By the clock of the backend that published it, which may be another.
            LIVE_SECONDS.observe(max(0.0, time.time() - event.get("at", time.time())))

    async def conversations_changed(self, message: dict[str, Any]) -> None:
        """Close where it cannot be sent: the browser comes back and asks for what it missed."""
        if not await self._may(str(message["assistant"]), Permission.CONVERSATION_VIEW):
            return
        try:
            await asyncio.wait_for(self.send_json(message), SEND_WITHIN)
        except TimeoutError:
            await self.close(TOO_SLOW)
            return
        LIVE_MESSAGES.labels(message["type"]).inc()

    async def _authenticate(self, token: str) -> None:
        try:
            self._user = await _threads.run(verify_access_token, token)
        except InvalidToken:
            await self.close(NOT_AUTHENTICATED)
            return
        except IdentityUnavailable:
            await self.close(IDENTITY_UNAVAILABLE)
            return
        self._close_in(_seconds_left(token))
        await self.send_json({"type": "authenticated"})

    async def _subscribe(self, assistant: str) -> None:
        if not await self._holds(assistant):
            await self._error("permission_denied", "Your roles do not allow this.")
            return
        group = EVERYTHING if assistant == "*" else _group(assistant)
        if group is None or len(self._groups) >= _MAX_SUBSCRIPTIONS:
            await self._error("invalid", "Name an assistant by its id, or * for all.")
            return
        self._groups.add(group)
        await self.channel_layer.group_add(group, self.channel_name)
        if group != EVERYTHING and await self._may(assistant, Permission.CONVERSATION_VIEW):
            await tail.watch(UUID(assistant), self.conversations_changed)
        await self.send_json({"type": "subscribed", "assistant": assistant})

    async def _holds(self, assistant: str) -> bool:
        """Whether they may watch this assistant, or, of all, any; what they may see of it is asked
        again with every message."""
        assert self._user is not None  # noqa: S101  checked where messages come in
        if self.required_permission in permissions_of(self._user):
            return True
        return await _threads.run(holds_anywhere, self._user, self.required_permission)

    async def _may(self, assistant: str, permission: Permission) -> bool:
        """Whether the door lets them in, as of a few seconds ago."""
        now = time.monotonic()
        key = (assistant, permission)
        known = self._entered.get(key)
        if known is None or known[0] < now:
            assert self._user is not None  # noqa: S101  checked where messages come in
            allowed = await _threads.run(_is_let_in, self._user, assistant, permission)
            known = self._entered[key] = (now + _REMEMBER_SECONDS, allowed)
        return known[1]

    async def _error(self, code: str, message: str) -> None:
        await self.send_json({"type": "error", "code": code, "message": message})

    def _close_in(self, seconds: float) -> None:
        """Close as not authenticated, unless a fresh token comes before."""
        if self._deadline is not None:
            self._deadline.cancel()
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(max(seconds, 0.0), self._expire)

    def _expire(self) -> None:
        self._closing = asyncio.ensure_future(self.close(NOT_AUTHENTICATED))

    def _with_socket_url(self, message: dict[str, Any]) -> dict[str, Any]:
        """`chat_url` is published as a path; only the socket knows the browser's origin."""
        version = message.get("version")
        if not version or not version["chat_url"]:
            return message
        headers = dict(self.scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        proxied = settings.TRUSTED_PROXIES and headers.get(b"x-forwarded-proto", b"") == b"https"
        secure = proxied or self.scope.get("scheme") == "wss"
        url = f"{'wss' if secure else 'ws'}://{host}{version['chat_url']}"
        return {**message, "version": {**version, "chat_url": url}}


def _is_let_in(user: User, assistant: str, permission: Permission) -> bool:
    """Deleted assistants too: that they are gone is told to those who watched them."""
    try:
        access(user, UUID(assistant), permission, deleted=True)
    except (MissingPermission, NotFound):
        return False
    return True


def _group(assistant: str) -> str | None:
    try:
        return group_of(UUID(assistant))
    except ValueError:
        return None


def _seconds_left(token: str) -> float:
    """Until a token that was verified just now has to be sent again: `exp`. A personal one may be
    revoked before its end, so it has to as often as those of the sign-in."""
    if is_personal(token):
        return float(settings.ACCESS_TOKEN_SECONDS)
    claims = jwt.decode(token, options={"verify_signature": False})
    return float(claims["exp"]) - datetime.now(UTC).timestamp()
