"""Daphne, which reads a request whole before anybody is asked about it, with a limit to that."""

from typing import Any

from daphne import server
from daphne.http_protocol import HTTPFactory, WebRequest

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


class Server(server.Server):  # type: ignore[misc]
    """Daphne's, with requests of a bounded length."""

    def run(self) -> None:
        server.HTTPFactory = LimitedFactory  # the one place where it can be said
        super().run()
