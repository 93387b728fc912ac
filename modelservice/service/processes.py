"""Child processes: started from argument lists, known by pid and start time, ended for sure."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

log = logging.getLogger(__name__)

KILL_SECONDS = 2.0
POLL_SECONDS = 0.02
# What a child may know of our environment. No secret of Studio is ever among it.
_PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "RASA_LICENSE", "RASA_PRO_LICENSE", "RASA_ENVIRONMENT", "OPENAI_API_KEY",
)  # fmt: skip


@dataclass(frozen=True)
class Handle:
    """A process that outlives us: the pid alone is no identity, pids are used again."""

    pid: int
    started_at: float

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Child:
    """A process that we started, or one that an earlier life of this service started."""

    def __init__(self, handle: Handle, popen: subprocess.Popen[bytes] | None = None) -> None:
        self.handle = handle
        self._popen = popen
        self.returncode: int | None = None

    @property
    def alive(self) -> bool:
        """Also notes the exit code; that of an adopted process is not known and stays None."""
        if self._popen is not None:
            self.returncode = self._popen.poll()
            return self.returncode is None
        return is_same_process(self.handle)

    async def stop(self, grace_seconds: float) -> None:
        """TERM to the whole group, then KILL; each has its deadline."""
        for number, seconds in ((signal.SIGTERM, grace_seconds), (signal.SIGKILL, KILL_SECONDS)):
            if not self.alive:
                break
            self._signal(number)
            for _ in range(int(seconds / POLL_SECONDS)):
                if not self.alive:
                    break
                await asyncio.sleep(POLL_SECONDS)
        # The leader is gone; what it may have left in its group goes too.
        self._signal(signal.SIGKILL)
        if self.alive:
            log.error("process %s survived SIGKILL", self.handle.pid)

    def kill(self) -> None:
        """Without waiting; for a process that nobody will ask about again."""
        if self.alive:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.handle.pid, number)


def start(
    arguments: Sequence[str], *, directory: Path, log_file: Path, variables: dict[str, str]
) -> Child:
    """Start a child in a session of its own, without a terminal, writing only to `log_file`."""
    with log_file.open("ab") as output:
        popen = subprocess.Popen(
            list(arguments),
            cwd=directory,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            close_fds=True,
        )
    try:
        started_at = psutil.Process(popen.pid).create_time()
    except psutil.NoSuchProcess:  # it ended at once; poll() will say how
        started_at = 0.0
    return Child(Handle(popen.pid, started_at), popen)


def is_same_process(handle: Handle) -> bool:
    try:
        process = psutil.Process(handle.pid)
        return (
            abs(process.create_time() - handle.started_at) < 0.5
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def child_variables(home: Path, further: Sequence[str]) -> dict[str, str]:
    """The environment of a child, from an allow-list."""
    names = {*_PASSED_ON, *further}
    passed = {name: os.environ[name] for name in sorted(names) if name in os.environ}
    return {**passed, "HOME": str(home), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
