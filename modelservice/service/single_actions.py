"""Single runs of a project's custom action: its code as it is now in, what it did out.

Rasa's model service has nothing like it. A run is a child like an assistant's, with the same walls
around it and around its actions; nothing of it is kept.
"""

import asyncio
import json
import logging
import re
import shutil
import time
import uuid
from pathlib import Path
from typing import Any

from modelservice import settings
from modelservice.calm.actions.running import OUTPUT_MARK
from modelservice.service.actions import COPY_FOLDER, ActionRuns
from modelservice.service.errors import Rejected
from modelservice.service.launching import Ceilings, Job, Launcher
from modelservice.service.processes import Child
from modelservice.service.runtimes import Runtimes
from modelservice.service.runtimes.calm import RESULT_FILE, SLOTS_FILE
from modelservice.service.store import Store, write_parts

log = logging.getLogger(__name__)

KIND = "actions"
# Somebody waits for it in a page.
ACTION_SECONDS = 10.0
# With the start of the processes and the imports of the project.
RUN_SECONDS = 30.0
MAX_PARALLEL = 4
MAX_OUTPUT_CHARACTERS = 100_000
MAX_RESULT_BYTES = 4_000_000
_POLL_SECONDS = 0.05
_PLACES = {"domain": "domain.yml", "config": "config.yml", "endpoints": "endpoints.yml"}
# What rasa-sdk says of each class when it starts.
_NOISE = f"{OUTPUT_MARK}INFO rasa_sdk.executor: "
# An option of the command line is no action.
_NAME = re.compile(r"[^\s\0-][^\0]{0,499}")
# How the executor ends its sentence of a failure.
_PLACE = re.compile(r"([^\s()]+\.py), line (\d+)")


class SingleActions:
    """Used from the event loop only."""

    def __init__(
        self, store: Store, runtimes: Runtimes, launcher: Launcher, actions: ActionRuns
    ) -> None:
        self._store = store
        self._runtimes = runtimes
        self._launcher = launcher
        self._actions = actions
        self._running = 0
        self._children: dict[str, Child] = {}

    @property
    def children(self) -> list[Child]:
        return list(self._children.values())

    async def run(self, body: dict[str, Any]) -> dict[str, Any]:
        """What the action did; see `modelservice.wire.ActionRun`.

        :raises Rejected: 429 where as many run as may
        """
        name, slots = body.get("action"), body.get("slots", {})
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise Rejected(400, "action is required, the name of one")
        if not isinstance(slots, dict):
            raise Rejected(400, "slots must be a map of names to values")
        config = body.get("bot_config")
        if not isinstance(config, dict):
            raise Rejected(400, "bot_config must be a map of names to base64 texts")
        if self._running >= MAX_PARALLEL:
            message = f"Too many actions run, above the limit of {MAX_PARALLEL}."
            raise Rejected(429, f"{message} Retry when one has finished.")
        self._store.require_disk()
        self._running += 1
        run_id = uuid.uuid4().hex
        directory = self._store.directory(KIND, run_id)
        try:
            self._store.make()
            await asyncio.to_thread(_prepare, directory, config, slots)
            readable = await self._actions.prepare(directory)
            self._children[run_id] = self._spawn(directory, name, readable)
            return await self._watched(self._children[run_id], directory)
        finally:
            self._running -= 1
            await asyncio.shield(self._end(run_id, directory))

    def _spawn(self, directory: Path, name: str, readable: list[Path]) -> Child:
        runtime = self._runtimes.calm
        return self._launcher.start(
            Job(
                runtime.action_arguments(directory, name, ACTION_SECONDS),
                directory=directory,
                log_file=_log_file(directory),
                ceilings=Ceilings(settings.BOT_MEMORY_MB, settings.BOT_CPUS),
                variables=runtime.variables(),
                readable=readable,
            )
        )

    async def _watched(self, child: Child, directory: Path) -> dict[str, Any]:
        deadline = time.monotonic() + RUN_SECONDS
        while child.alive:
            if time.monotonic() > deadline:
                return _answer(directory, f"it took more than {RUN_SECONDS:g} seconds")
            await asyncio.sleep(_POLL_SECONDS)
        return await asyncio.to_thread(_answer, directory)

    async def _end(self, run_id: str, directory: Path) -> None:
        child = self._children.get(run_id)
        if child is not None:
            if child.alive:
                await child.stop(settings.STOP_SECONDS)
            self._launcher.forget(child)
        self._children.pop(run_id, None)
        await asyncio.to_thread(shutil.rmtree, directory, ignore_errors=True)


def _prepare(directory: Path, config: dict[str, Any], slots: dict[str, Any]) -> None:
    directory.mkdir(parents=True)
    write_parts(directory, config, _PLACES)
    (directory / SLOTS_FILE).write_text(json.dumps(slots), encoding="utf-8")


def _log_file(directory: Path) -> Path:
    return directory / ".log.txt"


def _answer(directory: Path, problem: str | None = None) -> dict[str, Any]:
    output, said = _output(_log_file(directory))
    result = None if problem else _result(directory / RESULT_FILE)
    if result is None:
        result = {"events": [], "problems": [], "rejected": False, "seconds": None}
        result["problem"] = problem or said or "its process ended before it answered"
    place = _PLACE.findall(str(result["problem"] or ""))
    file, line = place[-1] if place else (None, None)
    return {**result, "file": file, "line": None if line is None else int(line), "output": output}


def _result(path: Path) -> dict[str, Any] | None:
    """None where the process has written none that can be passed on."""
    try:
        if path.stat().st_size > MAX_RESULT_BYTES:
            return None
        # NaN is no JSON, and read as null.
        found = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda _: None)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _output(path: Path) -> tuple[str, str]:
    """What the actions printed, with their tracebacks, and the last error of the runtime."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "", ""
    printed = [
        line.removeprefix(OUTPUT_MARK)
        for line in lines
        if line.startswith(OUTPUT_MARK) and not line.startswith(_NOISE)
    ]
    errors = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    # In tracebacks, the folder of the copy of the project.
    output = "\n".join(printed).replace(f"{path.parent / COPY_FOLDER}/", "")
    return output[-MAX_OUTPUT_CHARACTERS:], errors[-1] if errors else ""
