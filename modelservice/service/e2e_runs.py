"""Runs of end-to-end tests: a trained model and test files in, the runner's JSON out.

Rasa's model service has nothing like it; what we add is kept apart from what it has.
"""

import asyncio
import json
import logging
import shutil
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelservice import settings
from modelservice.service.actions import ActionRuns
from modelservice.service.errors import Rejected
from modelservice.service.launching import Ceilings, Job, Launcher
from modelservice.service.lifecycle import TrainingState
from modelservice.service.processes import Child, Handle
from modelservice.service.runtimes import Runtimes
from modelservice.service.runtimes.project import maker_version
from modelservice.service.store import Store, checked_id, write_parts, write_texts

log = logging.getLogger(__name__)

KIND = "tests"
EVERYTHING = "."
# Backends fetch a result and then delete the run; older results than these are deleted.
KEPT_RUNS = 20
MAX_FILES = 1000
MAX_FILE_CHARACTERS = 10_000_000
MAX_PATH = 1000
MAX_RESULT_BYTES = 10_000_000
_SUFFIXES = (".yml", ".yaml")
_RESULT = "result.json"
_PROJECT = "project"
_STOPPED = "The run was stopped."


@dataclass
class E2eRun:
    test_id: str
    model_name: str
    log_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: TrainingState = TrainingState.RUNNING
    problem: str | None = None
    child: Child | None = None
    started_at: float = field(default_factory=time.monotonic)

    def as_json(self) -> dict[str, Any]:
        return {
            "test_id": self.test_id,
            "model_name": self.model_name,
            "status": self.status.value,
            "problem": self.problem,
        }


class E2eRuns:
    """All runs that this working directory knows. Used from the event loop only."""

    def __init__(
        self, store: Store, runtimes: Runtimes, launcher: Launcher, actions: ActionRuns
    ) -> None:
        self._store = store
        self._runtimes = runtimes
        self._launcher = launcher
        self._actions = actions
        self._all: dict[str, E2eRun] = {}

    def load(self) -> None:
        """Read the records of an earlier run. A run that had not ended counts as failed."""
        for state in sorted(self._store.states(KIND), key=lambda each: each["saved_at"]):
            run = E2eRun(
                test_id=state["test_id"],
                model_name=state["model_name"],
                log_id=state["log_id"],
                status=TrainingState(state["status"]),
                problem=state["problem"],
            )
            self._all[run.test_id] = run
            if run.status is TrainingState.RUNNING:
                if state["process"]:
                    Child(
                        self._store.directory(KIND, run.test_id), Handle(**state["process"])
                    ).kill()
                self._end(run, TrainingState.ERROR, "The model service was restarted meanwhile.")

    def get(self, test_id: str) -> E2eRun:
        try:
            return self._all[test_id]
        except KeyError:
            raise Rejected(404, "Test run not found") from None

    @property
    def running(self) -> list[E2eRun]:
        return [each for each in self._all.values() if each.status is TrainingState.RUNNING]

    @property
    def children(self) -> list[Child]:
        return [run.child for run in self.running if run.child is not None]

    @property
    def known_directories(self) -> set[str]:
        """Results are kept in theirs."""
        return set(self._all)

    def result(self, run: E2eRun) -> Any:
        """What the runner wrote, None if there is none (yet)."""
        return _read(self._result_file(run)) if run.status is TrainingState.DONE else None

    async def start(self, body: dict[str, Any]) -> E2eRun:
        """
        :raises Rejected: as trainings do; 404 is never among it, it means that a model service
            has no such route
        """
        limit = settings.MAX_PARALLEL_TRAININGS
        if len(self.running) >= limit:
            message = f"Too many parallel test runs, above the limit of {limit}."
            raise Rejected(429, f"{message} Retry when one has finished.")
        self._store.require_disk()
        test_id = checked_id(body.get("id"), "Test id")
        if test_id in self._all:
            raise Rejected(409, "Test run with this id already exists")
        model = self._model(body.get("model_name"))
        path, files = _checked_files(body)
        run = E2eRun(test_id, str(body["model_name"]))
        self._all[test_id] = run
        directory = self._store.directory(KIND, test_id)
        try:
            self._store.make()
            await asyncio.to_thread(self._prepare, directory, files, body.get("bot_config") or {})
            readable = await self._actions.prepare(directory)
            if run.status is not TrainingState.RUNNING:
                raise Rejected(409, "Test run was stopped before it began")
            run.child = self._spawn(run, model, path, readable)
        except (Rejected, OSError):
            self._all.pop(test_id, None)
            shutil.rmtree(directory, ignore_errors=True)
            raise
        self._save(run)
        log.info("test run %s started with model %s", test_id, run.model_name)
        return run

    def _model(self, name: object) -> Path:
        if not isinstance(name, str) or not name:
            raise Rejected(400, "Model name is required")
        try:
            model = self._store.model(name)
        except Rejected as refusal:
            raise Rejected(400, refusal.message) from None
        if not model.exists():
            raise Rejected(400, f"Model with name '{name}' could not be found.")
        if maker_version(model) is not None:
            raise Rejected(400, "Rasa made this model: end-to-end tests run with our CALM runtime")
        return model

    @staticmethod
    def _prepare(directory: Path, files: dict[str, str], config: dict[str, Any]) -> None:
        shutil.rmtree(directory, ignore_errors=True)
        write_parts(directory, config, {"endpoints": "endpoints.yml"})
        write_texts(directory / _PROJECT, files, kind="test file", suffixes=_SUFFIXES)

    def _spawn(self, run: E2eRun, model: Path, path: str, actions: list[Path]) -> Child:
        directory = self._store.directory(KIND, run.test_id)
        result = self._result_file(run)
        return self._launcher.start(
            Job(
                self._runtimes.calm.test_arguments(directory, path, model, result),
                directory=directory,
                folder=_PROJECT,
                log_file=self._log_file(run),
                ceilings=Ceilings(settings.BOT_MEMORY_MB, settings.BOT_CPUS),
                variables=self._runtimes.calm.variables(),
                readable=[model, *actions],
            )
        )

    async def forget(self, run: E2eRun) -> None:
        """Stop it if it runs, and keep nothing of it."""
        await self._stop(run, TrainingState.STOPPED, _STOPPED)
        self._all.pop(run.test_id, None)
        self._store.drop_state(KIND, run.test_id)
        shutil.rmtree(self._store.directory(KIND, run.test_id), ignore_errors=True)
        self._log_file(run).unlink(missing_ok=True)

    async def _stop(self, run: E2eRun, status: TrainingState, problem: str) -> None:
        """The state is set at once; the process may take until its deadline to end."""
        if run.status is not TrainingState.RUNNING:
            return
        run.status = status
        run.problem = problem
        if run.child is not None:
            await run.child.stop(settings.STOP_SECONDS)
            self._launcher.forget(run.child)
        self._end(run, status, problem)

    async def refresh(self) -> None:
        """Note what has ended, and end what takes too long."""
        for run in self.running:
            if run.child is None:  # its files are being written
                continue
            if not run.child.alive:
                self._launcher.forget(run.child)
                self._ended(run)
            elif time.monotonic() - run.started_at > settings.TEST_SECONDS:
                limit = f"{settings.TEST_SECONDS:g} seconds"
                await self._stop(run, TrainingState.ERROR, f"The tests took more than {limit}.")
        for run in list(self._all.values())[:-KEPT_RUNS]:
            if run.status is not TrainingState.RUNNING:
                await self.forget(run)

    def _ended(self, run: E2eRun) -> None:
        result = self._result_file(run)
        if not result.exists():
            self._end(run, TrainingState.ERROR, _last_line(self._store.log_text(run.log_id)))
        elif result.stat().st_size > MAX_RESULT_BYTES:
            limit = MAX_RESULT_BYTES // 1_000_000
            self._end(run, TrainingState.ERROR, f"The result is larger than {limit} MB.")
        elif _read(result) is None:
            self._end(run, TrainingState.ERROR, "The runner was ended while it wrote its result.")
        else:
            self._end(run, TrainingState.DONE)

    def _end(self, run: E2eRun, status: TrainingState, problem: str | None = None) -> None:
        """Of its files the result stays, if it has one."""
        run.status = status
        run.problem = problem
        directory = self._store.directory(KIND, run.test_id)
        if status is TrainingState.DONE:
            _remove_all_but(self._result_file(run))
        else:
            shutil.rmtree(directory, ignore_errors=True)
        self._save(run)
        log.info("test run %s ended: %s", run.test_id, status)

    def _save(self, run: E2eRun) -> None:
        running = run.status is TrainingState.RUNNING and run.child is not None
        process = run.child.handle.as_json() if run.child and running else None
        more = {"log_id": run.log_id, "saved_at": time.time(), "process": process}
        self._store.save_state(KIND, run.test_id, {**run.as_json(), **more})

    def _result_file(self, run: E2eRun) -> Path:
        return self._store.directory(KIND, run.test_id) / _RESULT

    def _log_file(self, run: E2eRun) -> Path:
        return self._store.log_file(run.log_id)

    async def stop_all(self) -> None:
        await asyncio.gather(
            *(self._stop(run, TrainingState.STOPPED, _STOPPED) for run in self.running)
        )


def _remove_all_but(file: Path) -> None:
    """In its folder."""
    for path in file.parent.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        elif path != file:
            path.unlink(missing_ok=True)


def _checked_files(body: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """What to run (`.`, a file, or `file::case`) of which files."""
    files = body.get("files")
    if not isinstance(files, dict) or not files:
        raise Rejected(400, "files is required, a map of paths to texts")
    if not all(isinstance(text, str) for text in files.values()):
        raise Rejected(400, "files must be a map of paths to texts")
    if len(files) > MAX_FILES or sum(map(len, files.values())) > MAX_FILE_CHARACTERS:
        limit = MAX_FILE_CHARACTERS // 1_000_000
        raise Rejected(413, f"At most {MAX_FILES} test files of {limit} MB together can be run")
    path = body.get("path", EVERYTHING)
    if not isinstance(path, str) or len(path) > MAX_PATH or "\0" in path:
        raise Rejected(400, f"path must be a text of at most {MAX_PATH} characters")
    if path != EVERYTHING and path.partition("::")[0] not in files:
        raise Rejected(400, "path must be one of files, with ::case for one of its cases")
    return path, files


def _last_line(text: str) -> str:
    """The runner's last words name what is wrong with a test file."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ")[:2000] if lines else "The runner ended without a word."


def _read(result: Path) -> Any:
    """None for what is no JSON. NaN is no JSON either, so it is read as null."""
    try:
        return json.loads(result.read_text(encoding="utf-8"), parse_constant=lambda _: None)
    except ValueError:
        return None
