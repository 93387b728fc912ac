"""Daphne with limits: the server of the backend and of the model service.

Bodies of requests are bounded, see `body_limits`. Sending to a WebSocket waits while the other end
does not read, and reading from it waits while the application is behind.

On TERM and INT nobody new is let in, requests in hand are answered, the application ends what it
has started, WebSockets are closed, and the process ends: also if a part of it does not want to.
"""

import asyncio
import logging
import os
import sys
from typing import Any

import daphne.server  # installs the asyncio reactor, before anybody looks at it
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from modelservice.common.body_limits import BodyLimits, limited_factory
from modelservice.common.lifespan import Lifespan

log = logging.getLogger(__name__)

# For requests in hand to be answered, and for the application to end what it has started.
DRAIN_SECONDS = 20.0
_LIFESPAN_SECONDS = 30
_CANCEL_SECONDS = 3
_GOING_AWAY = 1001
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

    def go_away(self) -> None:
        """Close it with the code of a server that ends, which `sendClose` does not let through."""
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=_GOING_AWAY)

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
        self._ending = False
        self._ports: list[Any] = []
        self._lifespan: Lifespan

    def run(self) -> None:
        """Until the process is told to end; does not return."""
        # The one place where it can be said.
        daphne.server.HTTPFactory = limited_factory(self._limits)
        daphne.server.WebSocketFactory = LimitedWebSockets
        reactor.callWhenRunning(lambda: asyncio.ensure_future(self._begin()))
        super().run()
        # A thread may still wait for another system that says nothing.
        logging.shutdown()
        sys.stdout.flush()
        os._exit(int(self._failed))

    async def _begin(self) -> None:
        self._lifespan = Lifespan(self.application)
        if not await self._lifespan.start():
            self._failed = True
            self.stop()

    def listen_success(self, port: Any) -> None:
        self._ports.append(port)
        super().listen_success(port)

    def kill_all_applications(self) -> "Deferred[None]":
        """What twisted waits for before it stops."""
        return Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
        self._ending = True
        for port in self._ports:
            port.stopListening()
        if not await self._all_end(self._applications(WebRequest), DRAIN_SECONDS):
            log.warning("requests are cut off: they took longer than %g s", DRAIN_SECONDS)
        lifespan = asyncio.ensure_future(self._lifespan.stop())
        if not await self._all_end({lifespan}, _LIFESPAN_SECONDS):
            log.error("the application has not ended within %g s", _LIFESPAN_SECONDS)
        for protocol in list(self.connections):
            if isinstance(protocol, LimitedWebSocket):
                protocol.go_away()
        left = self._applications(object)
        for application in left:
            application.cancel()
        await self._all_end(left, _CANCEL_SECONDS)

    def _applications(self, kind: type[Any]) -> "set[asyncio.Future[Any]]":
        """What runs for connections of this kind."""
        found = {
            connection.get("application_instance")
            for protocol, connection in self.connections.items()
            if isinstance(protocol, kind)
        }
        return {each for each in found if each is not None and not each.done()}

    @staticmethod
    async def _all_end(running: "set[asyncio.Future[Any]]", seconds: float) -> bool:
        if not running:
            return True
        _ended, left = await asyncio.wait(running, timeout=seconds)
        return not left

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        if self._ending and message["type"] == "http.response.start":
            # Who keeps the line for the next request would lose that one.
            message["headers"] = [*message.get("headers", ()), (b"Connection", b"close")]
            protocol.channel.persistent = False
        await super().handle_reply(protocol, message)
        if message["type"] == "websocket.send":
            await protocol.brake.released.wait()
