"""Warm children: our CALM runtime, imported and waiting, so that a bot answers at once."""

import contextlib
import json
import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from modelservice import settings
from modelservice.children.launch import Orders, Sandbox

log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-m", "modelservice.children.warm")
# A process that has just been asked for is no faster than a cold one.
_WARM_AFTER_SECONDS = 0.5
# Refilling waits until the child that took the place has had the cores for itself.
_REFILL_AFTER_SECONDS = 2.0


class WarmPool:
    """At most `size` processes that wait. They end by themselves when this service does."""

    def __init__(
        self,
        directory: Path,
        size: int,
        variables: dict[str, str],
        closed_ports: list[tuple[int, int]],
    ) -> None:
        self._directory = directory
        self._command = (*_COMMAND, json.dumps(closed_ports))
        self._size = size
        self._variables = {**variables, "PYTHONPATH": str(settings.CODE_DIRECTORY)}
        self._waiting: list[tuple[float, subprocess.Popen[bytes]]] = []
        self._refill_at = 0.0

    @property
    def pids(self) -> set[int]:
        return {process.pid for _, process in self._waiting}

    def refill(self) -> None:
        """Start one process if there are fewer than `size`; called once a second."""
        self._waiting = [each for each in self._waiting if each[1].poll() is None]
        if len(self._waiting) >= self._size or time.monotonic() < self._refill_at:
            return
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            process = subprocess.Popen(
                self._command,
                cwd=self._directory,
                env=self._variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                close_fds=True,
            )
        except OSError as error:
            log.warning("no warm child can be started: %s", error)
            self._refill_at = time.monotonic() + _REFILL_AFTER_SECONDS * 5
            return
        self._waiting.append((time.monotonic(), process))
        self._refill_at = time.monotonic() + _WARM_AFTER_SECONDS

    def order(
        self,
        arguments: Sequence[str],
        directory: Path,
        log_file: Path,
        variables: dict[str, str],
        sandbox: Sandbox,
    ) -> subprocess.Popen[bytes] | None:
        """Have the longest waiting process do this; None when there is no warm one."""
        while self._waiting:
            born, process = self._waiting[0]
            if time.monotonic() - born < _WARM_AFTER_SECONDS:
                return None
            del self._waiting[0]
            self._refill_at = time.monotonic() + _REFILL_AFTER_SECONDS
            orders = Orders(
                arguments=list(arguments),
                directory=str(directory),
                log_file=str(log_file),
                variables=variables,
                sandbox={**sandbox, "closed_ports": None},  # it has applied these
            )
            if _hand_over(process, orders):
                return process
        return None

    def end(self) -> None:
        for _, process in self._waiting:
            with contextlib.suppress(OSError):
                process.kill()
            process.wait()
        self._waiting.clear()


def _hand_over(process: subprocess.Popen[bytes], orders: Orders) -> bool:
    assert process.stdin is not None  # noqa: S101  it was started with a pipe
    try:
        process.stdin.write(json.dumps(orders).encode() + b"\n")
        process.stdin.close()
    except OSError:
        process.kill()
        process.wait()
        return False
    return True
