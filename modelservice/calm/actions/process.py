"""Custom actions of the project's own module, in a process beside the assistant.

The assistant starts it at the first action, by a command that it is given; it knows neither the
sandbox nor the Python of that command. What runs is `modelservice/children/action_executor.py`,
which has the protocol.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from modelservice.calm.actions.answers import ActionAnswer, read_answer
from modelservice.calm.actions.http_server import ActionServerAbsent, HttpActions, call_body
from modelservice.calm.actions.running import Ended, RunningProcess, wrote_too_much
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure, ActionRejected, CalmError

logger = logging.getLogger(__name__)
# Of a project's folder this is not for its actions; the rest is copied.
_LEFT_OUT = shutil.ignore_patterns(
    "endpoints.yml", "credentials.yml", "models", "tmp", "__pycache__", ".*"
)


@dataclass(frozen=True, slots=True)
class ProcessSettings:
    """How actions are run, from the file that `--actions` names.

    `command` takes the descriptor of its socket as its last argument and runs in `directory`, a
    copy of `source` that actions may write up to `megabytes`. An action has `seconds`. `remedy`
    says what to do about a missing module.
    """

    command: list[str]
    source: str
    directory: str
    seconds: float
    megabytes: int
    remedy: str


def has_module(settings: ProcessSettings, module: str) -> bool:
    """Whether the project brings the module."""
    place = Path(settings.source, *module.split("."))
    return place.is_dir() or place.with_suffix(".py").is_file()


def read_settings(path: Path) -> ProcessSettings | str:
    """The settings, or why actions are not run here. Raises `CalmError`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if "problem" in content:
            return str(content["problem"])
        return ProcessSettings(
            **{each.name: content[each.name] for each in fields(ProcessSettings)}
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CalmError(f"{path}: cannot be read ({error})") from error


class ActionProcess:
    """Starts the process when it is needed, and again after it has ended."""

    beside_stubs = True

    def __init__(self, settings: ProcessSettings, module: str) -> None:
        self._settings = settings
        self._module = module
        self._running: RunningProcess | None = None
        # What is wrong with the module stays wrong: the project's files do not change.
        self._failure: str | None = None
        self._starting = asyncio.Lock()

    async def problem(self) -> str | None:
        return self._failure

    async def close(self) -> None:
        if self._running is not None:
            await self._running.end("the assistant ends")
            self._running = None

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        try:
            running = await self._started(assistant)
            frame = await running.ask(name, call_body(name, tracker))
        except Ended as end:
            raise ActionFailure(f"custom action '{name}' failed: {end}") from end
        except OSError as error:
            raise ActionFailure(f"custom action '{name}' cannot be run: {error}") from error
        if "rejected" in frame:
            raise ActionRejected(str(frame["rejected"]))
        if "failed" in frame:
            raise ActionFailure(f"custom action '{name}' failed: {frame['failed']}")
        return read_answer(name, frame.get("answer"))

    async def _started(self, assistant: Assistant) -> RunningProcess:
        async with self._starting:
            if self._failure is not None:
                raise Ended(self._failure)
            if self._running is not None:
                await self._running.settled()
            if self._running is None or self._running.ended:
                await asyncio.to_thread(self._copy_project)
                running = RunningProcess(
                    Path(self._settings.directory),
                    seconds=self._settings.seconds,
                    megabytes=self._settings.megabytes,
                )
                await running.start(self._settings.command)
                self._running = running
                ready = await running.begin(self._opening(assistant))
                if "failed" in ready:
                    await running.end("its module cannot be imported")
                    self._failure = str(ready["failed"])
                    raise Ended(self._failure)
            return self._running

    def _opening(self, assistant: Assistant) -> Mapping[str, Any]:
        remedy = self._settings.remedy
        return {"module": self._module, "domain": assistant.domain.raw, "remedy": remedy}

    def _copy_project(self) -> None:
        """What actions have written stays while the assistant runs, unless it was too much."""
        target = Path(self._settings.directory)
        if wrote_too_much(target, self._settings.megabytes):
            shutil.rmtree(target, ignore_errors=True)
        if not target.exists():
            draft = target.with_name(f"{target.name}.draft")
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(self._settings.source, draft, ignore=_LEFT_OUT, symlinks=True)
            (draft / "tmp").mkdir()
            draft.rename(target)


class ServerOrModule:
    """Asks the action server on this machine, and runs the project's module while none is there."""

    beside_stubs = True

    def __init__(self, server: HttpActions, process: ActionProcess) -> None:
        self._server = server
        self._process = process

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        try:
            return await self._server.call(name, tracker, assistant)
        except ActionServerAbsent:
            return await self._process.call(name, tracker, assistant)

    async def problem(self) -> str | None:
        return await self._server.problem() and await self._process.problem()

    async def close(self) -> None:
        await self._server.close()
        await self._process.close()
