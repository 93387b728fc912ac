"""Watches trainings and bots from the server's event loop.

Polls fast while something has just begun and slower the longer it lasts; `wake` makes it fast
again.
"""

import asyncio
import logging
import time

from django.conf import settings

from modelservice.common.guard import errors_logged
from studio.common.background_task import BackgroundTask
from studio.common.threads import OwnThreads
from studio.versions.watching import watch_bots, watch_running

log = logging.getLogger(__name__)

FIRST_DELAY = 0.15
_GROWTH = 1.3
# Both looks wait for the model service, which may hang.
_threads = OwnThreads("monitor")


class Monitor:
    """One loop of looks; the server of this process runs it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """From any thread, and also where no server runs."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def run(self) -> None:
        self._loop, self._woken = asyncio.get_running_loop(), asyncio.Event()
        delay = FIRST_DELAY
        bots_due = 0.0
        while True:
            if time.monotonic() >= bots_due:
                await self._look_at_bots()
                bots_due = time.monotonic() + settings.MODEL_POLLING_INTERVAL_MS / 1000
            running = await self._look_at_running()
            slowest = settings.TRAINING_POLLING_INTERVAL_MS / 1000
            delay = min(delay * _GROWTH, slowest) if running else slowest
            try:
                await asyncio.wait_for(self._woken.wait(), delay)
            except TimeoutError:
                continue
            self._woken.clear()
            delay = FIRST_DELAY

    @staticmethod
    async def _look_at_bots() -> None:
        with errors_logged(log, "a look at the bots"):
            await _threads.run(watch_bots)

    @staticmethod
    async def _look_at_running() -> int:
        with errors_logged(log, "a look at what is trained and started"):
            return await _threads.run(watch_running)
        return 0


_monitor = Monitor()
wake = _monitor.wake
task = BackgroundTask("the monitor of trainings and bots", _monitor.run)
