"""Answers 503 when the system gives no more threads."""

import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

log = logging.getLogger(__name__)

Message = MutableMapping[str, Any]
Application = Callable[[Any, Any, Any], Awaitable[None]]
_TEXT = json.dumps(
    {"message": "The model service can start no thread or process now; retry in a while"}
).encode()
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(_TEXT))]


def on_resource_exhausted(application: Application) -> Application:
    """Django needs a thread for every answer. Without one the answer is a 503 that says so."""

    async def guarded(scope: Any, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        begun = False

        async def send_noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await application(scope, receive, send_noted)
        except RuntimeError as error:
            if "thread" not in str(error):
                raise
            log.error("no thread for %s: %s", scope.get("path"), error)
            if not begun:
                head = {"type": "http.response.start", "status": 503, "headers": _HEADERS}
                await send(head)
                await send({"type": "http.response.body", "body": _TEXT})

    return guarded
