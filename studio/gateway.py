"""`/talk/` on Studio's own origin, for set-ups without an ingress: passes frames through unread.

In production the ingress sends `/talk/` to the model service and this is not mounted.
"""

import asyncio
import contextlib
import logging

import aiohttp
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from modelservice.common import request_ids

log = logging.getLogger(__name__)

MAX_FRAME_BYTES = 4 * 1024 * 1024
# Daphne waits five seconds for a socket to be accepted.
_CONNECT_SECONDS = 4
_CLOSE_SECONDS = 2
# An open chat asks the model service so often for a sign of life, and waits half as long for it.
_HEARTBEAT_SECONDS = 10
# The model service does not answer, or left without a word. Codes below 3000 are not ours to send.
SERVICE_UNAVAILABLE = 4503
_OWN_CODES = range(3000, 5000)


class TalkGateway(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """One upstream socket per browser socket; what either side closes is closed on the other."""

    upstream: aiohttp.ClientWebSocketResponse | None = None
    session: aiohttp.ClientSession | None = None
    pump: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        deployment = self.scope["url_route"]["kwargs"]["deployment"]
        base = settings.TALK_UPSTREAM.replace("http", "ws", 1)
        self.session = aiohttp.ClientSession()
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                self.upstream = await self.session.ws_connect(
                    f"{base}/talk/{deployment}",
                    max_msg_size=MAX_FRAME_BYTES,
                    autoclose=False,
                    heartbeat=_HEARTBEAT_SECONDS,
                    headers=request_ids.passed_on(),
                    timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_SECONDS),
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            reason = str(error) or "it took too long"
            log.warning("model service does not answer for chat %s: %s", deployment, reason)
            await self.accept()
            await self.close(code=SERVICE_UNAVAILABLE)
            return
        await self.accept()
        self.pump = asyncio.create_task(self._pump(self.upstream))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.upstream is None or self.upstream.closed:
            return
        with contextlib.suppress(ConnectionResetError):
            await self.upstream.send_str(text_data or (bytes_data or b"").decode())

    async def disconnect(self, code: int) -> None:
        if self.pump is not None:
            self.pump.cancel()
        if self.upstream is not None:
            await self.upstream.close()
        if self.session is not None:
            await self.session.close()

    async def _pump(self, upstream: aiohttp.ClientWebSocketResponse) -> None:
        async for message in upstream:
            if message.type == aiohttp.WSMsgType.TEXT:
                await self.send(text_data=message.data)
        code = upstream.close_code
        await self.close(code=code if code in _OWN_CODES else SERVICE_UNAVAILABLE)
