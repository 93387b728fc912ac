"""Daphne with limits.

It reads a request whole before anybody is asked about it, and takes what is sent to a WebSocket, or
comes from one, without an end. Here requests have a bounded length, sending waits while the other
end does not read, and reading waits while the application is behind.
"""

import asyncio
from typing import Any

from daphne import server
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from modelservice import settings

_REFUSAL = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s"
)


class LimitedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """Refuses what is too long when that is known, by its head or while it arrives."""

    _arrived = 0
    _refused = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802  twisted's name
        super().gotLength(length)
        if length is not None and length > settings.MAX_BODY_MB * 1024 * 1024:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  twisted's name
        self._arrived += len(data)
        if self._arrived > settings.MAX_BODY_MB * 1024 * 1024:
            self._refuse()
        if not self._refused:
            super().handleContentChunk(data)

    def _refuse(self) -> None:
        if self._refused:
            return
        self._refused = True
        text = b'{"message": "The body has more than %d MB"}' % settings.MAX_BODY_MB
        self.channel.transport.write(_REFUSAL % (len(text), text))
        self.channel.loseConnection()


class LimitedFactory(HTTPFactory):  # type: ignore[misc]
    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  twisted's name
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        return protocol


# Frames of a browser that the application has not taken yet.
_MOST_UNREAD = 32
_LOOK_SECONDS = 0.05
# For the reason of a closing to arrive at somebody who is behind.
_CLOSE_SECONDS = 10


class Brake:
    """What twisted calls a producer: it is told when the other end does not read, and when it
    does again."""

    def __init__(self) -> None:
        self.released = asyncio.Event()
        self.released.set()

    def pauseProducing(self) -> None:  # noqa: N802  twisted's name
        self.released.clear()

    def resumeProducing(self) -> None:  # noqa: N802  twisted's name
        self.released.set()

    stopProducing = resumeProducing  # noqa: N815  twisted's name


class LimitedWebSocket(WebSocketProtocol):  # type: ignore[misc]
    def onOpen(self) -> None:  # noqa: N802  autobahn's name
        super().onOpen()
        self.brake = Brake()
        self.transport.unregisterProducer()  # that of the HTTP request
        self.transport.registerProducer(self.brake, streaming=True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: FBT001, N802, N803  autobahn's names
        super().onMessage(payload, isBinary)
        if self.application_queue.qsize() >= _MOST_UNREAD:
            self.transport.pauseProducing()
            self._read_on_later()

    def _read_on_later(self) -> None:
        asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._read_on)

    def _read_on(self) -> None:
        if self.application_queue.qsize() < _MOST_UNREAD:
            self.transport.resumeProducing()
        elif self.state == self.STATE_OPEN:
            self._read_on_later()


class LimitedWebSockets(WebSocketFactory):  # type: ignore[misc]
    protocol = LimitedWebSocket

    def setProtocolOptions(self, **options: Any) -> None:  # noqa: N802  autobahn's name
        super().setProtocolOptions(closeHandshakeTimeout=_CLOSE_SECONDS, **options)


class Server(server.Server):  # type: ignore[misc]
    """Daphne's, with the limits."""

    def run(self) -> None:
        server.HTTPFactory = LimitedFactory  # the one place where it can be said
        server.WebSocketFactory = LimitedWebSockets
        super().run()

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send":
            await protocol.brake.released.wait()
