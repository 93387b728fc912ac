"""Child processes: identified by pid and start time, observed and stopped."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

log = logging.getLogger(__name__)

KILL_SECONDS = 2.0
POLL_SECONDS = 0.02
# Every process that a child starts inherits this from it: the child's directory.
MARK = "MODEL_SERVICE_CHILD"


@dataclass(frozen=True)
class Handle:
    """Identifies a process across restarts of the service; a pid alone is used again."""

    pid: int
    started_at: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, pid: int) -> "Handle":
        try:
            return cls(pid, psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:  # it ended at once; poll() will say how
            return cls(pid, 0.0)


class Child:
    """A process that we started, or one that an earlier life of this service started.

    `directory` is that of its training, bot or test run.
    """

    def __init__(
        self, directory: Path, handle: Handle, popen: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.directory = directory
        self.handle = handle
        self._popen = popen
        self._seen_alive = popen is not None
        self.returncode: int | None = None

    @property
    def alive(self) -> bool:
        """Also notes the exit code; that of an adopted process is not known and stays None."""
        if self._popen is not None:
            self.returncode = self._popen.poll()
            return self.returncode is None
        alive = is_same_process(self.handle)
        self._seen_alive |= alive
        return alive

    async def stop(self, grace_seconds: float) -> None:
        """TERM to the whole group, then KILL; each has its deadline."""
        descendants = self.descendants()
        for number, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, KILL_SECONDS)):
            if not self.alive:
                break
            self._signal(number)
            for _ in range(int(seconds / POLL_SECONDS)):
                if not self.alive:
                    break
                await asyncio.sleep(POLL_SECONDS)
        if self.alive:
            log.error("process %s survived SIGKILL", self.handle.pid)
        self.end_remains(descendants)

    def end_remains(self, descendants: Iterable[psutil.Process] = ()) -> None:
        """Kill what an ended process has started: its group, descendants, and by the mark."""
        if self._seen_alive:  # else its number may be somebody else's by now
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.handle.pid, signal.SIGKILL)
        for process in [*descendants, *marked(str(self.directory))]:
            with contextlib.suppress(psutil.Error):
                process.kill()

    def descendants(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self.handle.pid).children(recursive=True)
        except psutil.Error:
            return []

    def kill(self) -> None:
        """Send KILL without waiting; `alive` is false once it has ended."""
        descendants = self.descendants()
        self._signal(signal.SIGKILL)
        self.end_remains(descendants)

    def _signal(self, number: signal.Signals) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.handle.pid, number)


def ended(what: str, code: int | None) -> str:
    """A sentence on how a process ended that was not stopped; `code` as `Child` has it."""
    if code is None:
        return f"The {what} ended while the model service was away."
    if code < 0:
        return f"The {what} was ended by signal {-code}; it may have needed too much memory."
    return f"The {what} ended with exit code {code}."


def is_same_process(handle: Handle) -> bool:
    try:
        process = psutil.Process(handle.pid)
        return (
            abs(process.create_time() - handle.started_at) < 0.5
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def marked(directory: str) -> Iterator[psutil.Process]:
    """Processes that were started for this directory, or for one below it."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            mark = process.environ().get(MARK, "")
            if mark == directory or mark.startswith(f"{directory}/"):
                yield process
