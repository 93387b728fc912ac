"""One id for a request, in the log of every process that it passes through.

It comes with the header `X-Request-ID` or is made here, is answered back and passed on. What begins
in a request and outlives it (a training, a chat) logs under its id, too.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any

from modelservice.common import tracing

HEADER = "X-Request-ID"
_RAW = HEADER.lower().encode()
# Others' words end up in our logs: nothing that could pass for a line or a field of them.
_GOOD = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")

Application = Callable[..., Awaitable[None]]


def current() -> str:
    """Empty outside of requests."""
    return _current.get()


def passed_on() -> dict[str, str]:
    """Headers for a request that is made while another is answered."""
    request_id = current()
    return {**({HEADER: request_id} if request_id else {}), **tracing.passed_on()}


def go_on(request_id: str) -> None:
    """This task does what the request with this id asked for, long after it."""
    _current.set(request_id)


def begin(given: str) -> str:
    """From here on this task has this id, or a new one where it is none."""
    request_id = given if _GOOD.fullmatch(given) else secrets.token_hex(8)
    _current.set(request_id)
    return request_id


def with_request_ids(application: Application) -> Application:
    """Around an ASGI application: HTTP and WebSockets."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await application(scope, receive, send)
            return
        answered = begin(_given(scope["headers"])).encode()

        async def answering(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (_RAW, answered)]}
            await send(message)

        await application(scope, receive, answering)

    return wrapped


def _given(headers: Iterable[tuple[bytes, bytes]]) -> str:
    return next((value.decode("latin-1") for name, value in headers if name == _RAW), "")
