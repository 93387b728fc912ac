"""The one object that owns trainings, bots and test runs, and the loop that keeps them true."""

import asyncio
import logging

import aiohttp

from modelservice import settings
from modelservice.service.bots import Bots
from modelservice.service.e2e_runs import E2eRuns
from modelservice.service.runtimes import Runtimes
from modelservice.service.store import Store
from modelservice.service.trainings import Trainings

log = logging.getLogger(__name__)

BUSY_SECONDS = 0.05
IDLE_SECONDS = 0.5


class Supervisor:
    def __init__(self) -> None:
        store = Store(settings.BASE_DIRECTORY)
        runtimes = Runtimes()
        self.store = store
        self.runtimes = runtimes
        self.trainings = Trainings(store, runtimes)
        self.bots = Bots(store, runtimes)
        self.e2e_runs = E2eRuns(store, runtimes)
        self.trainings.load()
        self.bots.load()
        self.e2e_runs.load()
        self._task: asyncio.Task[None] | None = None

    def ensure_started(self) -> None:
        """Start the loop in the running event loop; daphne has no start-up hook."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    self.trainings.refresh()
                    await self.bots.refresh(http)
                    await self.e2e_runs.refresh()
                except OSError:
                    log.exception("the working directory cannot be written")
                await asyncio.sleep(BUSY_SECONDS if self._busy else IDLE_SECONDS)

    @property
    def _busy(self) -> bool:
        return bool(self.trainings.running or self.bots.living or self.e2e_runs.running)

    async def stop(self) -> None:
        """End every child. What is stopped here is told truthfully after a restart."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        await asyncio.gather(
            self.trainings.stop_all(), self.bots.stop_all(), self.e2e_runs.stop_all()
        )


supervisor = Supervisor()
