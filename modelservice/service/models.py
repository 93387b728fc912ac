"""Models: whole archives in the working directory, and their copies in cloud storage."""

import asyncio
import logging
import tarfile
import time
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol, TypeVar

from modelservice import settings
from modelservice.service.errors import Failed, Rejected
from modelservice.service.store import Store
from modelservice.storage import ModelStorage, NotStored, StorageProblem

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_PIECE_BYTES = 1024 * 1024
_THREADS = 8
_LONGEST_PAUSE = 20  # times the first


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Models:
    """Used from the event loop only; the storage's calls block and run in threads."""

    def __init__(self, store: Store, storage: ModelStorage | None) -> None:
        self._store = store
        self._storage = storage
        # Models that storage did not take, with the time of the next try.
        self._waiting: dict[str, float] = {}
        self._delay = settings.UPLOAD_RETRY_SECONDS
        # The error of storage at the start, or at the last upload.
        self.problem: str | None = None
        # Its own, so that a storage that hangs holds up nothing else.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="storage")
        self._retrying: asyncio.Task[None] | None = None

    def load(self) -> None:
        now = time.monotonic()
        self._waiting = dict.fromkeys(self._store.waiting_uploads(), now)

    async def check(self) -> None:
        """Check that storage can be read and written; `problem` then has its error, if any."""
        if self._storage is None:
            return
        try:
            await self._in_thread(self._storage.check)
        except StorageProblem as problem:
            self.problem = str(problem)
            log.error("storage cannot be used: %s", problem)

    @property
    def storage_name(self) -> str | None:
        return self._storage.name if self._storage else None

    @property
    def waiting(self) -> list[str]:
        return list(self._waiting)

    def stop(self) -> None:
        """Cancel uploads and checks; called when the process ends."""
        if self._storage is not None:
            self._storage.stop()

    async def _in_thread(self, call: Callable[..., Result], *arguments: object) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, call, *arguments)

    async def upload(self, name: str) -> None:
        """Copy a model to storage, if there is one.

        :raises Failed: it is kept here, and uploaded later
        """
        if self._storage is None:
            return
        # Noted first: after a crash it is simply uploaded again.
        self._store.note_upload(name)
        try:
            await self._in_thread(self._storage.upload, self._store.model(name), name)
        except StorageProblem as problem:
            self.problem = str(problem)
            self._waiting[name] = time.monotonic() + self._delay
            log.error("model %s is not in storage: %s", name, problem)
            raise Failed(
                f"The model is trained, but storage did not take it: {problem} "
                "It is kept here and will be uploaded again; then it can be started."
            ) from problem
        self.problem = None
        self._uploaded(name)

    def _uploaded(self, name: str) -> None:
        self._waiting.pop(name, None)
        self._store.drop_upload(name)

    async def fetch(self, name: str) -> Path:
        """The model's file, brought from storage if it is not here.

        :raises Rejected: 404
        :raises Failed: storage has it, or may have, and does not give it
        """
        file = self._store.model(name)
        if file.exists():
            return file
        if self._storage is None:
            raise Rejected(404, f"Model with name '{name}' could not be found.")
        try:
            await self._in_thread(self._storage.download, name, file)
        except NotStored:
            raise Rejected(404, f"Model with name '{name}' could not be found.") from None
        except StorageProblem as problem:
            raise Failed(f"Storage does not give the model: {problem}") from problem
        return file

    async def put(self, name: str, archive: Readable) -> None:
        """Keep a model that somebody brings back, in the place of one of that name.

        :raises Rejected: it is no whole archive, or there is no room
        :raises Failed: cloud storage does not take it; it is kept here, and uploaded later
        """
        self._store.make()
        self._store.require_disk()
        file = self._store.model(name)
        unfinished = file.with_name(f".{file.name}.given")
        try:
            await asyncio.to_thread(_write, archive, unfinished)
            if not await asyncio.to_thread(is_whole, unfinished):
                raise Rejected(400, "The body must be a whole model, a tar.gz")
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
        await self.upload(name)

    async def require(self, name: str) -> None:
        """
        :raises Rejected: 404 when the model is neither here nor in storage; 503
        """
        if self._store.model(name).exists():
            return
        size = None
        if self._storage is not None:
            try:
                size = await self._in_thread(self._storage.size, name)
            except StorageProblem as problem:
                raise Rejected(503, f"Storage cannot be asked for the model: {problem}") from None
        if size is None:
            raise Rejected(404, f"Model with name '{name}' could not be found.")

    def refresh(self) -> None:
        """Retry failed uploads, one at a time, with growing pauses."""
        due = [name for name, moment in self._waiting.items() if moment <= time.monotonic()]
        idle = self._retrying is None or self._retrying.done()
        if due and idle and self._storage is not None:
            self._retrying = asyncio.create_task(self._retry(due[0]))

    async def _retry(self, name: str) -> None:
        if not self._store.model(name).exists():
            log.error("model %s is gone before storage took it", name)
            self._uploaded(name)
            return
        try:
            await self.upload(name)
        except Failed:
            longest = settings.UPLOAD_RETRY_SECONDS * _LONGEST_PAUSE
            self._delay = min(self._delay * 2, longest)
        else:
            self._delay = settings.UPLOAD_RETRY_SECONDS
            log.info("model %s is in storage now", name)


def _write(archive: Readable, path: Path) -> None:
    with path.open("wb") as file:
        while piece := archive.read(_PIECE_BYTES):
            file.write(piece)


def is_whole(archive: Path) -> bool:
    """Whether an archive can be read to its end; a killed process leaves half of one."""
    try:
        with tarfile.open(archive, "r:gz") as model:
            return bool(model.getmembers())
    except (OSError, EOFError, tarfile.TarError, zlib.error):
        return False
