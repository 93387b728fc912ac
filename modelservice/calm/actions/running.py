"""One life of the process that runs custom actions: asked, watched, ended."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import os
import shutil
import signal
import socket
import sys
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from modelservice.calm.errors import CalmError

logger = logging.getLogger(__name__)
# For its imports, however little an action may take.
START_SECONDS = 60.0
# How often it is looked at while an action runs.
_POLL_SECONDS = 0.5
_END_SECONDS = 1.0
_END_POLL_SECONDS = 0.01
# How often its files are looked at behind an action.
_CHECK_SECONDS = 1.0
# More output of one action than this is no help to anybody.
MAX_OUTPUT_BYTES = 1_000_000
_MAX_LINE_BYTES = 64 * 1024
_MAX_FRAME_BYTES = 4_000_000
# Before each line that actions print, in the log of the assistant.
OUTPUT_MARK = "[actions] "
# Of the assistant's environment: they name its own Python and folders.
_NOT_PASSED_ON = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
_STARTING = "the start"
# In the environment of all that one process has started: its own word.
_MARK = "CALM_ACTIONS"
Frame = Mapping[str, Any]


class Ended(CalmError):
    """The process ended before it answered; the text says why and is the end of a sentence."""


class RunningProcess:
    """`seconds` is what an action may take, `megabytes` what is written at most."""

    def __init__(self, directory: Path, *, seconds: float, megabytes: int) -> None:
        self._directory = directory
        self._seconds = seconds
        self._megabytes = megabytes
        self._word = uuid.uuid4().hex
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[str, asyncio.Future[Frame]]] = {}
        self._printed = 0
        self._checking: asyncio.Task[None] | None = None
        self._checked_at = 0.0
        self.ended = False

    async def start(self, command: Sequence[str]) -> None:
        """Raises `OSError`."""
        own, given = socket.socketpair()
        with given:
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *command,
                    str(given.fileno()),
                    cwd=self._directory,
                    env=self._environment(),
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                    pass_fds=(given.fileno(),),
                    start_new_session=True,
                )
            except OSError:
                own.close()
                raise
        reader, self._writer = await asyncio.open_unix_connection(sock=own)
        self._tasks = [
            asyncio.create_task(self._read_frames(reader)),
            asyncio.create_task(self._pass_output_on()),
        ]

    def _environment(self) -> dict[str, str]:
        passed = {key: value for key, value in os.environ.items() if key not in _NOT_PASSED_ON}
        own = {"HOME": self._directory, "TMPDIR": self._directory / "tmp", _MARK: self._word}
        return {**passed, **{key: str(value) for key, value in own.items()}}

    async def begin(self, opening: Frame) -> Frame:
        """The answer to the first frame. Raises `Ended`."""
        return await self._exchange(0, _STARTING, opening)

    async def ask(self, name: str, call: Frame) -> Frame:
        """The answer to a call. Raises `Ended`."""
        number = next(self._numbers)
        if not self._waiting:
            self._printed = 0
        return await self._exchange(number, name, {"id": number, "call": call})

    async def _exchange(self, number: int, name: str, frame: Frame) -> Frame:
        if self.ended or self._writer is None:
            raise Ended("its process has ended")
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (name, answer)
        body = json.dumps(frame).encode()
        self._writer.write(len(body).to_bytes(4, "big") + body)
        try:
            return await self._watched(name, answer)
        finally:
            self._waiting.pop(number, None)

    async def _watched(self, name: str, answer: asyncio.Future[Frame]) -> Frame:
        seconds = START_SECONDS if name == _STARTING else self._seconds
        deadline = time.monotonic() + seconds
        while not answer.done():
            left = deadline - time.monotonic()
            if left <= 0:
                what = "does not start" if name == _STARTING else "did not answer"
                await self.end(f"it {what} within {seconds:g} seconds", by=name)
                break
            await asyncio.wait({answer}, timeout=min(left, _POLL_SECONDS))
            if not answer.done():
                await self._check_files()
        if time.monotonic() - self._checked_at > _CHECK_SECONDS:
            # Beside what goes on: a large project takes longer than a short action.
            self._checked_at = time.monotonic()
            self._checking = asyncio.create_task(self._check_files())
        return await answer

    async def settled(self) -> None:
        """Until the files of the latest action have been looked at."""
        if self._checking is not None:
            await asyncio.wait({self._checking})

    async def _check_files(self) -> None:
        """End the process if more was written than may be; the next one gets a new copy. Which
        action wrote it is not known: several may run, and earlier ones have written, too."""
        excess = await asyncio.to_thread(wrote_too_much, self._directory, self._megabytes)
        if self.ended or not excess:
            return
        gone = self._directory.with_name(f"{self._directory.name}.gone")
        shutil.rmtree(gone, ignore_errors=True)
        with contextlib.suppress(OSError):
            self._directory.rename(gone)
        reason = f"the project's actions wrote more than {self._megabytes} MB"
        logger.error("the actions are ended: %s", reason)
        await self.end(reason)
        await asyncio.to_thread(shutil.rmtree, gone, ignore_errors=True)

    async def _read_frames(self, reader: asyncio.StreamReader) -> None:
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                if length > _MAX_FRAME_BYTES:
                    await self.end("its process sent what is no answer")
                    return
                frame = json.loads(await reader.readexactly(length))
                _, answer = self._waiting.get(frame.get("id", 0), ("", None))
                if answer is not None and not answer.done():
                    answer.set_result(frame)
        except (asyncio.IncompleteReadError, OSError):
            await self.end(await self._how_it_ended())
        except (ValueError, AttributeError, TypeError):
            await self.end("its process sent what is no answer")

    async def _how_it_ended(self) -> str:
        """The socket is closed; that the process ends with it is not sure."""
        code = await self._exit_code()
        if code is None:
            return "it closed the connection to the assistant"
        if code < 0:
            return f"its process was ended by signal {-code}; it may have needed too much memory"
        return f"it ended its process (exit code {code})"

    async def _exit_code(self) -> int | None:
        """None if it lives on for a second. That is looked at, for waiting for it goes on as long
        as anything else has its output open."""
        deadline = time.monotonic() + _END_SECONDS
        while self._process is not None and time.monotonic() < deadline:
            if self._process.returncode is not None:
                return self._process.returncode
            await asyncio.sleep(_END_POLL_SECONDS)
        return None

    async def _pass_output_on(self) -> None:
        """Each line with a mark, to the log of the assistant."""
        stream = self._process.stdout if self._process else None
        rest = b""
        while stream is not None and (data := await stream.read(_MAX_LINE_BYTES)):
            self._printed += len(data)
            *lines, rest = (rest + data).split(b"\n")
            if len(rest) > _MAX_LINE_BYTES:
                lines, rest = [*lines, rest], b""
            _write_lines(lines)
            if self._printed > MAX_OUTPUT_BYTES:
                await self.end(f"it printed more than {MAX_OUTPUT_BYTES // 1_000_000} MB")
                return
        if rest:
            _write_lines([rest])

    async def end(self, reason: str, *, by: str | None = None) -> None:
        """Kill the process and all that it has started; what waits for an answer is told why.

        `by` names the action whose fault it is, None if that is not known.
        """
        if self.ended:
            return
        self.ended = True
        for name, answer in self._waiting.values():
            if not answer.done():
                other = by is not None and name != by
                answer.set_exception(Ended(f"action '{by}': {reason}" if other else reason))
        if self._writer is not None:
            self._writer.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await asyncio.to_thread(_kill_marked, f"{_MARK}={self._word}")
            await self._exit_code()
        current = asyncio.current_task()
        others = [task for task in self._tasks if task is not current]
        # What it printed last is in the pipe.
        if others:
            await asyncio.wait(others, timeout=_END_SECONDS)
        for task in others:
            task.cancel()


def wrote_too_much(directory: Path, megabytes: int) -> bool:
    """Whether all files below a folder take more of the disk; 0 is no ceiling."""
    if not megabytes:
        return False
    room = megabytes * 1_000_000
    for folder, _, names in os.walk(directory):
        for name in names:
            with contextlib.suppress(OSError):
                room -= (Path(folder) / name).lstat().st_blocks * 512
        if room < 0:
            return True
    return False


def _kill_marked(mark: str) -> None:
    """What has left the group of its process still has the mark in its environment."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                os.kill(int(folder.name), signal.SIGKILL)


def _write_lines(lines: Sequence[bytes]) -> None:
    for line in lines:
        sys.stdout.write(f"{OUTPUT_MARK}{line.decode('utf-8', 'replace')}\n")
    sys.stdout.flush()
