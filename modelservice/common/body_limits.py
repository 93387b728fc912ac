"""Requests of Daphne whose bodies are refused before they are read.

Daphne reads a body whole before the application is asked about it. Here a body that is longer than
anybody may send is asked about first: who sends it, and how much that one may send. The line is not
read from meanwhile. A body that comes too slowly is refused, too.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, NamedTuple

from daphne.http_protocol import HTTPFactory, WebRequest

log = logging.getLogger(__name__)

# From the first line of a request to the end of its head, and from there to the first of its body.
HEAD_SECONDS = 20
BODY_SECONDS = 30
# Pace below which a body is refused once that time is over.
_BYTES_PER_SECOND = 50_000
# What comes after a refusal is read and dropped for so long, for many clients read no answer before
# they have sent everything.
_LINGER_SECONDS = 3

Headers = list[tuple[bytes, bytes]]


class Refusal(NamedTuple):
    status: int
    content_type: str
    body: bytes


class BodyLimits(NamedTuple):
    """`allowed` is called with path and headers (names in lower case) of a request with more than
    `free_bytes`: it answers how many bytes are taken, or why none are. `refused` makes the answer
    to a body that is too long (413) or too slow (408)."""

    free_bytes: int
    allowed: Callable[[str, Headers], Awaitable[int | Refusal]]
    refused: Callable[[int, str], Refusal]


class LimitedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    limits: BodyLimits

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arrived = 0
        self._most = self.limits.free_bytes
        self._asking: asyncio.Task[None] | None = None
        self._over = False  # it is refused, or read to its end
        self._head_at: float | None = None
        self._timer = self._later(HEAD_SECONDS, self._check_pace)

    def gotLength(self, length: int | None) -> None:  # noqa: N802  twisted's name
        super().gotLength(length)
        self._head_at = time.monotonic()
        if length is not None and length > self._most:
            self._ask(length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  twisted's name
        if self._over:
            return
        self._arrived += len(data)
        super().handleContentChunk(data)
        if self._arrived > self._most:
            self._ask(self._arrived)

    def process(self) -> Any:
        """The body is here whole."""
        self._timer.cancel()
        refused, self._over = self._over, True
        if not refused:
            return super().process()
        self._hang_up()
        return None

    def connectionLost(self, reason: Any) -> None:  # noqa: N802  twisted's name
        self._over = True
        self._timer.cancel()
        super().connectionLost(reason)

    def _ask(self, length: int) -> None:
        if self._asking is None:
            self.channel._networkProducer.pauseProducing()
            self._asking = asyncio.ensure_future(self._decide(length))
        elif self._asking.done() and not self._over:
            self._refuse_long()

    async def _decide(self, length: int) -> None:
        path = self.channel._path.partition(b"?")[0].decode("latin-1")
        raw = self.requestHeaders.getAllRawHeaders()
        headers = [(name.lower(), value) for name, values in raw for value in values]
        try:
            answer = await self.limits.allowed(path, headers)
        except Exception:
            log.exception("the limit of %s cannot be found out", path)
            answer = self.limits.refused(503, "This cannot be taken now. Try again in a moment.")
        if self._over or self.channel is None:
            return
        if isinstance(answer, Refusal):
            self._refuse(answer)
        else:
            self._most = answer
            if max(length, self._arrived) > answer:
                self._refuse_long()
        self.channel._networkProducer.resumeProducing()

    def _refuse_long(self) -> None:
        megabytes = f"{self._most / 1024 / 1024:.3g} MB"
        self._refuse(self.limits.refused(413, f"The body has more than {megabytes}"))

    def _refuse(self, refusal: Refusal) -> None:
        self._over = True
        method, path = self.channel._command, self.channel._path.partition(b"?")[0]
        log.info("%r %r refused with %d", method, path, refusal.status)
        head = (
            f"HTTP/1.1 {refusal.status} Refused\r\nContent-Type: {refusal.content_type}\r\n"
            f"Connection: close\r\nContent-Length: {len(refusal.body)}\r\n\r\n"
        )
        self.channel.transport.write(head.encode("latin-1") + refusal.body)
        self._timer.cancel()
        self._timer = self._later(_LINGER_SECONDS, self._hang_up)

    def _hang_up(self) -> None:
        if self.channel is not None:
            self.channel.loseConnection()

    @staticmethod
    def _later(seconds: float, what: Callable[[], None]) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(seconds, what)

    def _check_pace(self) -> None:
        """End a request whose head is late, or whose body comes below the least pace."""
        if self._over or self.channel is None:
            return
        if self._head_at is None:
            self._over = True
            self._hang_up()
            return
        waited = time.monotonic() - self._head_at
        allowed = BODY_SECONDS + self._arrived / _BYTES_PER_SECOND
        if waited >= allowed:
            self._refuse(self.limits.refused(408, "The body comes too slowly"))
        else:
            self._timer = self._later(allowed - waited, self._check_pace)


def limited_factory(limits: BodyLimits) -> type[HTTPFactory]:
    """The class of Daphne's factory whose requests have these limits."""
    request = type("Request", (LimitedRequest,), {"limits": limits})

    class LimitedFactory(HTTPFactory):  # type: ignore[misc]
        def buildProtocol(self, addr: Any) -> Any:  # noqa: N802  twisted's name
            protocol = super().buildProtocol(addr)
            # Django reads forms. Twisted would read each once more, and answers one that is broken
            # with an empty 400.
            protocol.requestFactory = partial(request, parsePOSTFormSubmission=False)
            return protocol

    return LimitedFactory
