"""The ASGI lifespan: what an application starts with its server, and ends with it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]


async def live(
    receive: Receive,
    send: Send,
    start: Callable[[], Awaitable[None]],
    stop: Callable[[], Awaitable[None]],
) -> None:
    """The application's side: `start` when the server begins, `stop` when it ends."""
    await receive()
    try:
        await start()
    except Exception as error:
        log.exception("the application cannot be started")
        await send({"type": "lifespan.startup.failed", "message": str(error)})
        return
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await stop()
    await send({"type": "lifespan.shutdown.complete"})


class Lifespan:
    """The server's side. Call `start` and `stop` in its event loop."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> bool:
        """Whether the application has started."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}}
        running = self._application(scope, self._incoming.get, self._outgoing.put)
        self._task = asyncio.ensure_future(running)
        return await self._exchange("startup") == "lifespan.startup.complete"

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            await self._exchange("shutdown")

    async def _exchange(self, what: str) -> str | None:
        """The type of the application's answer; None if it ended without one."""
        assert self._task is not None  # noqa: S101  `start` has made it
        await self._incoming.put({"type": f"lifespan.{what}"})
        answer = asyncio.ensure_future(self._outgoing.get())
        await asyncio.wait({answer, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return str(answer.result()["type"])
        answer.cancel()
        if not self._task.cancelled() and (error := self._task.exception()):
            log.error("the application failed at %s", what, exc_info=error)
        return None
