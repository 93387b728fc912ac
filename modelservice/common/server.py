"""Daphne with limits: the server of the backend and of the model service.

Bodies of requests are bounded, see `body_limits`. Sending to a WebSocket waits while the other end
does not read, and reading from it waits while the application is behind.
"""

import asyncio
import sys
from typing import Any

import daphne.server  # installs the asyncio reactor, before anybody looks at it
from daphne.endpoints import build_endpoint_description_strings
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from modelservice.common.body_limits import BodyLimits, limited_factory
from modelservice.common.lifespan import Lifespan

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


class Server(daphne.server.Server):  # type: ignore[misc]
    """Daphne's, with the limits."""

    def __init__(
        self, application: Any, *, host: str, port: int, limits: BodyLimits, **options: Any
    ) -> None:
        endpoints = build_endpoint_description_strings(host=host, port=port)
        super().__init__(application=application, endpoints=endpoints, **options)
        self._limits = limits
        self._failed = False
        self._lifespan: Lifespan

    def run(self) -> None:
        # The one place where it can be said.
        daphne.server.HTTPFactory = limited_factory(self._limits)
        daphne.server.WebSocketFactory = LimitedWebSockets
        reactor.callWhenRunning(lambda: asyncio.ensure_future(self._begin()))
        reactor.addSystemEventTrigger("before", "shutdown", self._finish)  # type: ignore[arg-type]  # twisted's types are of another reactor
        super().run()
        if self._failed:
            sys.exit(1)

    async def _begin(self) -> None:
        self._lifespan = Lifespan(self.application)
        if not await self._lifespan.start():
            self._failed = True
            self.stop()

    def _finish(self) -> "Deferred[None]":
        """Twisted ends when the application has."""
        return Deferred.fromFuture(asyncio.ensure_future(self._lifespan.stop()))

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send":
            await protocol.brake.released.wait()
