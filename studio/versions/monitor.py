"""Watches trainings and bots from the server's event loop.

Polls fast while something has just begun and slower the longer it lasts; `wake` makes it fast
again.
"""

import asyncio
import logging
import time

from django.conf import settings

from studio.common.threads import OwnThreads
from studio.versions.watching import watch_bots, watch_running

log = logging.getLogger(__name__)

FIRST_DELAY = 0.15
_GROWTH = 1.3
# Both looks wait for the model service, which may hang.
_threads = OwnThreads("monitor")


class Monitor:
    """One task in one event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._task = self._loop.create_task(self._run())

    def runs_here(self) -> bool:
        return self._loop is asyncio.get_running_loop() and not self._task.done()

    def wake(self) -> None:
        """From any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._woken.set)

    async def _run(self) -> None:
        delay = FIRST_DELAY
        bots_due = 0.0
        while True:
            running = await self._look(with_bots=time.monotonic() >= bots_due)
            if time.monotonic() >= bots_due:
                bots_due = time.monotonic() + settings.MODEL_POLLING_INTERVAL_MS / 1000
            slowest = settings.TRAINING_POLLING_INTERVAL_MS / 1000
            delay = min(delay * _GROWTH, slowest) if running else slowest
            try:
                await asyncio.wait_for(self._woken.wait(), delay)
            except TimeoutError:
                continue
            self._woken.clear()
            delay = FIRST_DELAY

    @staticmethod
    async def _look(*, with_bots: bool) -> int:
        try:
            if with_bots:
                await _threads.run(watch_bots)
            return await _threads.run(watch_running)
        except Exception:
            # Logged; the loop continues.
            log.exception("the monitor could not look at the model service")
            return 0


_monitor: Monitor | None = None


def ensure_started() -> None:
    """Start the monitor of the running event loop, once. Call it inside that loop."""
    global _monitor  # noqa: PLW0603  one per process
    if _monitor is None or not _monitor.runs_here():
        _monitor = Monitor()


def wake() -> None:
    """Something was started: look at it soon."""
    if _monitor is not None:
        _monitor.wake()
