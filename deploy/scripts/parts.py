"""The processes of `make up`: started again when they end by themselves, ended in order."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

# Longer than the servers give requests that are in hand.
STOP_SECONDS = 25
# A part that ends more often within this time is given up, and with it all of Studio.
MOST_ENDS = 5
WITHIN_SECONDS = 60
# The first end is answered at once, each further one later.
_PAUSE_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class Part:
    """One process. It gets TERM when this one is killed, so that nothing goes on alone."""

    def __init__(
        self, name: str, log: Path, variables: dict[str, str], arguments: Sequence[str], cwd: Path
    ) -> None:
        self.name = name
        self.log = log
        self._variables = variables
        self._arguments = arguments
        self._cwd = cwd
        self._ends: list[float] = []
        self._ended_at = ""
        self._start_at: float | None = None
        self.start()

    def start(self) -> None:
        self._start_at = None
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, *self._arguments],
                cwd=self._cwd,
                env={**os.environ, **self._variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches only us; we end them in order
                preexec_fn=_end_with_us,  # noqa: PLW1509  there are no threads here
            )

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def given_up(self) -> bool:
        return self.ended and len(self._ends) > MOST_ENDS

    def look(self) -> None:
        """Start it again if it has ended, unless it is given up."""
        now = time.monotonic()
        self._ends = [each for each in self._ends if now - each < WITHIN_SECONDS]
        if not self.ended:
            return
        if self._start_at is None:
            self._ends.append(now)
            self._ended_at = f"{datetime.now().astimezone():%H:%M:%S}"
            self._start_at = now + _PAUSE_SECONDS * (len(self._ends) - 1)
            self._say(f"The {self.name} has ended with code {self.process.returncode}.")
        if not self.given_up and now >= self._start_at:
            self.start()
            self._say(f"The {self.name} is started again; its log is {self.log}.")

    @property
    def problem(self) -> str | None:
        """The text for the pages, for a minute after its end."""
        if not self._ends:
            return None
        state = "is started again" if self.ended else "was started again"
        return f"The {self.name} ended at {self._ended_at} and {state}."

    def _say(self, text: str) -> None:
        print(text, flush=True)
        with self.log.open("a", encoding="utf-8") as output:
            output.write(f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} make up: {text}\n")


def _end_with_us() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def look_after(parts: Sequence[Part], problems_file: Path) -> None:
    """Until one is given up; `problems_file` has the problem of each part that has one."""
    written: dict[str, str] | None = None
    while not any(part.given_up for part in parts):
        for part in parts:
            part.look()
        problems = {part.name: part.problem for part in parts if part.problem}
        if problems != written:
            written = problems
            _write_whole(problems_file, json.dumps(written))
        time.sleep(0.2)


def _write_whole(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def end(parts: Sequence[Part]) -> None:
    for part in parts:
        if not part.ended:
            part.process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for part in parts:
        try:
            part.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The {part.name} does not end by itself; it is killed.", flush=True)
            part.process.kill()
            part.process.wait()
