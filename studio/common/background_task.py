"""Tasks that run beside the server, in its event loop, from its start to its end."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)
RESTART_SECONDS = 5.0
_CANCEL_SECONDS = 0.5


class BackgroundTask:
    """`run` once per server. An error of it is logged, and it is started again after a pause."""

    def __init__(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self._run = run
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Call it inside the server's event loop."""
        self._task = asyncio.get_running_loop().create_task(self._keep_running())

    async def stop(self) -> None:
        """Also where a cancellation is lost: `asyncio.wait_for` of Python 3.11 and `sync_to_async`
        swallow one that comes as what they wait for is done."""
        while self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_CANCEL_SECONDS)
        self._task = None

    async def _keep_running(self) -> None:
        while True:
            try:
                await self._run()
            except Exception:
                log.exception("%s failed; it starts again in %g s", self.name, RESTART_SECONDS)
            await asyncio.sleep(RESTART_SECONDS)
