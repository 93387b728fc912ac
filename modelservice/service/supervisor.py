"""The one object that owns trainings, bots and test runs, and the loop that keeps them true."""

import asyncio
import contextlib
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import aiohttp

from modelservice import settings
from modelservice.common.guard import errors_logged
from modelservice.service import bots, e2e_runs, single_actions, trainings
from modelservice.service.actions import ActionRuns
from modelservice.service.bots import Bots
from modelservice.service.e2e_runs import E2eRuns
from modelservice.service.embedding import LOG_ID, EmbeddingProcess
from modelservice.service.launching import Launcher
from modelservice.service.lifecycle import BotState
from modelservice.service.models import Models
from modelservice.service.processes import Child
from modelservice.service.runtimes import Runtimes
from modelservice.service.single_actions import SingleActions
from modelservice.service.store import Store
from modelservice.service.trainings import Trainings
from modelservice.service.watching import excess, trim_log, use_of
from modelservice.storage import ModelStorage, storage_from_environment

log = logging.getLogger(__name__)

STARTING_SECONDS = 0.02
BUSY_SECONDS = 0.05
IDLE_SECONDS = 0.25
WATCH_SECONDS = 1.0
_THREADS = 8


def _storage() -> ModelStorage | None:
    return storage_from_environment(patience_seconds=settings.STORAGE_PATIENCE_SECONDS)


def _have_threads(loop: asyncio.AbstractEventLoop) -> None:
    """Start the threads of the loop now: later there may be none to be had."""
    threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="worker")
    together = threading.Barrier(_THREADS)
    for _ in range(_THREADS):
        threads.submit(together.wait)
    loop.set_default_executor(threads)


class Supervisor:
    def __init__(self) -> None:
        self.store = Store(settings.BASE_DIRECTORY)
        self.runtimes = Runtimes(settings.RASA_OPEN_SOURCE, settings.RASA_PRO)
        self.launcher = Launcher(settings.BASE_DIRECTORY)
        self.models = Models(self.store, _storage())
        self.actions = ActionRuns(settings.BASE_DIRECTORY, self.launcher)
        self.bots = Bots(self.store, self.runtimes, self.launcher, self.models, self.actions)
        self.trainings = Trainings(
            self.store, self.runtimes, self.launcher, self.models, self.bots.deploy
        )
        self.e2e_runs = E2eRuns(self.store, self.runtimes, self.launcher, self.actions)
        self.single_actions = SingleActions(self.store, self.runtimes, self.launcher, self.actions)
        self.embedding = EmbeddingProcess(self.store, self.launcher)
        self._task: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._watched_at = 0.0
        self._load()

    def _load(self) -> None:
        """Go on where an earlier life ended; whatever it left half made is cleared away."""
        self.trainings.load()
        self.bots.load()
        self.e2e_runs.load()
        self.models.load()
        self.launcher.sweep(self.children)
        for kind, known in (
            (trainings.KIND, self.trainings.known_directories),
            (bots.KIND, self.bots.known_directories),
            (e2e_runs.KIND, self.e2e_runs.known_directories),
            (single_actions.KIND, set()),
        ):
            self.store.sweep(kind, known)
        self.store.sweep_models()
        self.actions.environments.sweep()

    @property
    def children(self) -> list[Child]:
        return [
            *self.trainings.children,
            *self.bots.children,
            *self.e2e_runs.children,
            *self.single_actions.children,
            *self.actions.environments.children,
            *self.embedding.children,
        ]

    async def start(self) -> None:
        """Start the loop of looks in the running event loop."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    def wake(self) -> None:
        """Something has begun that will be ready sooner than the next look at rest."""
        self._woken.set()

    async def _run(self) -> None:
        _have_threads(asyncio.get_running_loop())
        self._checking = asyncio.create_task(self.models.check())
        async with aiohttp.ClientSession() as http:
            while True:
                await self._look(http)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._pause)
                self._woken.clear()

    async def _look(self, http: aiohttp.ClientSession) -> None:
        """Errors are logged, each by itself; the loop continues."""
        with errors_logged(log, "a look at the trainings"):
            await self.trainings.refresh()
        with errors_logged(log, "a look at the bots"):
            await self.bots.refresh(http)
        with errors_logged(log, "a look at the test runs"):
            await self.e2e_runs.refresh()
        with errors_logged(log, "a look at the models"):
            self.models.refresh()
        if time.monotonic() - self._watched_at >= WATCH_SECONDS:
            self._watched_at = time.monotonic()
            with errors_logged(log, "a look at warm children and orphans"):
                self.launcher.warm.refill()
                self.launcher.reap(self.children)
            with errors_logged(log, "a look at the embeddings"):
                self.embedding.refresh()
            with errors_logged(log, "a look at what children use"):
                await self._watch()

    async def _watch(self) -> None:
        """Hold children to their ceilings, and their logs to theirs."""
        for training in self.trainings.running:
            if training.child is not None and training.ending is None:
                use = await asyncio.to_thread(use_of, training.child)
                if problem := excess(use, settings.TRAINING_MEMORY_MB):
                    await self.trainings.stop(training, problem)
                trim_log(self.store.log_file(training.log_id))
        for bot in self.bots.living:
            if bot.child is not None:
                use = await asyncio.to_thread(use_of, bot.child)
                if problem := excess(use, settings.BOT_MEMORY_MB):
                    await self.bots.stop(bot, problem)
                trim_log(self.store.log_file(bot.log_id))
        for run in self.e2e_runs.running:
            trim_log(self.store.log_file(run.log_id))
        trim_log(self.store.log_file(LOG_ID))

    @property
    def _pause(self) -> float:
        if any(bot.status is BotState.QUEUED for bot in self.bots.living):
            return STARTING_SECONDS
        living = self.trainings.running or self.bots.living or self.e2e_runs.running
        return BUSY_SECONDS if living else IDLE_SECONDS

    async def stop(self) -> None:
        """End every child. Their states are saved as stopped, for the next start."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.models.stop()
        await asyncio.gather(
            self.trainings.stop_all(), self.bots.stop_all(), self.e2e_runs.stop_all()
        )
        await self.embedding.stop()
        self.launcher.close()


supervisor = Supervisor()
