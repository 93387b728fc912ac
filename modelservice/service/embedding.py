"""The one process that embeds sentences for all trainings, bots and test runs."""

import logging
import time
from pathlib import Path

from modelservice import settings
from modelservice.service.launching import Ceilings, Job, Launcher
from modelservice.service.processes import Child
from modelservice.service.runtimes.calm import CalmRuntime
from modelservice.service.store import Store

log = logging.getLogger(__name__)

LOG_ID = "embeddings"
_COMMAND = ("-m", "modelservice.embeddings")
# One that ends at once is not started again at once.
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 60.0


class EmbeddingProcess:
    """Started again when it ends; meanwhile assistants understand by their words alone."""

    def __init__(self, store: Store, launcher: Launcher) -> None:
        self._store = store
        self._launcher = launcher
        self._child: Child | None = None
        self._started_at = 0.0
        self._pause = _FIRST_PAUSE_SECONDS

    @property
    def children(self) -> list[Child]:
        return [] if self._child is None else [self._child]

    @property
    def state(self) -> str:
        """For the health document."""
        if settings.EMBEDDINGS == "none":
            return "none"
        return "running" if self._child is not None and self._child.alive else "not running"

    def refresh(self) -> None:
        """Start it if it should run and does not.

        :raises OSError:
        """
        if settings.EMBEDDINGS == "none":
            return
        if self._child is not None:
            if self._child.alive:
                return
            log.warning("the embedding process has ended; its log is %s", self._log_file)
            self._launcher.forget(self._child)
            self._child = None
            self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)
        if time.monotonic() - self._started_at >= self._pause:
            self._started_at = time.monotonic()
            self._child = self._launcher.start(self._job())

    @property
    def _log_file(self) -> Path:
        return self._store.log_file(LOG_ID)

    def _job(self) -> Job:
        directory = settings.EMBEDDING_SOCKET.parent
        directory.mkdir(exist_ok=True)
        return Job(
            [*CalmRuntime.python, *_COMMAND, str(settings.EMBEDDING_SOCKET)],
            directory=directory,
            log_file=self._log_file,
            ceilings=Ceilings(settings.EMBEDDING_MEMORY_MB, 0),
            variables={
                "PYTHONPATH": str(settings.CODE_DIRECTORY),
                **settings.EMBEDDING_VARIABLES,
            },
        )

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop(settings.STOP_SECONDS)
            self._launcher.forget(self._child)
            self._child = None
