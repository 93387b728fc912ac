"""Trainings: accepted, run as a child process, ended with a model or with a reason."""

import asyncio
import logging
import shutil
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from modelservice import settings
from modelservice.service import names, processes
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import TrainingState, may_move
from modelservice.service.processes import Child, Handle
from modelservice.service.runtimes import Runtimes
from modelservice.service.store import Store, checked_id, write_parts

log = logging.getLogger(__name__)

PLACES = {
    "domain": "domain.yml",
    "credentials": "credentials.yml",
    "endpoints": "endpoints.yml",
    "config": "config.yml",
    "flows": "data/flows.yml",
    "nlu": "data/nlu.yml",
    "stories": "data/stories.yml",
    "rules": "data/rules.yml",
}


@dataclass
class Training:
    training_id: str
    assistant_id: str
    client_id: str
    model_name: str
    runtime: str
    log_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: TrainingState = TrainingState.RUNNING
    child: Child | None = None

    @property
    def progress(self) -> int:
        return 100 if self.status in {TrainingState.DONE, TrainingState.ERROR} else 0

    def as_json(self) -> dict[str, Any]:
        """Public state; what the working directory keeps is this plus log id and process."""
        return {
            "training_id": self.training_id,
            "assistant_id": self.assistant_id,
            "client_id": self.client_id,
            "progress": self.progress,
            "model_name": self.model_name,
            "status": self.status.value,
            "runtime": self.runtime,
        }


class Trainings:
    """All trainings that this working directory knows. Used from the event loop only."""

    def __init__(self, store: Store, runtimes: Runtimes) -> None:
        self._store = store
        self._runtimes = runtimes
        self._all: dict[str, Training] = {}

    def load(self) -> None:
        """Take up what an earlier life of the service left."""
        for state in self._store.states("trainings"):
            training = Training(
                training_id=state["training_id"],
                assistant_id=state["assistant_id"],
                client_id=state["client_id"],
                model_name=state["model_name"],
                runtime=state["runtime"],
                log_id=state["log_id"],
                status=TrainingState(state["status"]),
            )
            if state.get("process"):
                training.child = Child(Handle(**state["process"]))
            self._all[training.training_id] = training

    def list_of(self, assistant_id: str) -> list[Training]:
        return [each for each in self._all.values() if each.assistant_id == assistant_id]

    def get(self, training_id: str) -> Training:
        try:
            return self._all[training_id]
        except KeyError:
            raise Rejected(404, "Training not found") from None

    @property
    def running(self) -> list[Training]:
        return [each for each in self._all.values() if each.status is TrainingState.RUNNING]

    async def start(self, body: dict[str, Any]) -> Training:
        """
        :raises Rejected: 429 and 507 come before everything else, as in Rasa's service
        """
        if len(self.running) >= settings.MAX_PARALLEL_TRAININGS:
            limit = settings.MAX_PARALLEL_TRAININGS
            raise Rejected(
                429,
                f"Too many parallel training requests, above the limit of {limit}. "
                "Retry when one has finished.",
            )
        require_disk(self._store)
        training_id = checked_id(body.get("id"), "Training id")
        assistant_id = checked_id(body.get("assistant_id"), "Assistant id")
        if training_id in self._all:
            raise Rejected(409, "Training with this id already exists")
        data = _data_of(body)
        training = Training(
            training_id=training_id,
            assistant_id=assistant_id,
            client_id=str(body.get("client_id", "")),
            model_name=names.model_name(datetime.now(UTC)),
            runtime=self._runtimes.for_training(data).name,
        )
        self._all[training_id] = training
        directory = self._store.training_directory(training_id)
        try:
            await asyncio.to_thread(write_parts, directory, data, PLACES)
            training.child = self._spawn(training)
        except (Rejected, OSError):
            del self._all[training_id]
            shutil.rmtree(directory, ignore_errors=True)
            raise
        self._save(training)
        log.info("training %s started, model %s", training_id, training.model_name)
        return training

    def _spawn(self, training: Training) -> Child:
        directory = self._store.training_directory(training.training_id)
        runtime = self._runtimes.get(training.runtime)
        variables = processes.child_variables(directory, settings.CHILD_VARIABLES)
        return processes.start(
            runtime.train_arguments(
                training.model_name, domain="domain.yml", output=directory / "models"
            ),
            directory=directory,
            log_file=self._store.logs / f"{training.log_id}.txt",
            variables={**variables, **runtime.variables()},
        )

    async def stop(self, training: Training) -> None:
        if not may_move(training.status, TrainingState.STOPPED):
            return
        training.status = TrainingState.STOPPED
        if training.child is not None:
            await training.child.stop(settings.STOP_SECONDS)
        self._finish(training)

    def refresh(self) -> None:
        """Note what has ended. Called by the supervisor several times a second."""
        for training in self.running:
            if training.child is None or training.child.alive:  # None: its files are being written
                continue
            produced = self._produced(training)
            code = training.child.returncode
            # An adopted process leaves no exit code; then the whole model is the proof.
            done = produced.exists() and code in {0, None}
            if done:
                produced.replace(self._store.model(training.model_name))
            training.status = TrainingState.DONE if done else TrainingState.ERROR
            self._finish(training)
            log.info("training %s ended: %s", training.training_id, training.status)

    def _produced(self, training: Training) -> Path:
        directory = self._store.training_directory(training.training_id)
        return directory / "models" / f"{training.model_name}.tar.gz"

    def _finish(self, training: Training) -> None:
        shutil.rmtree(self._store.training_directory(training.training_id), ignore_errors=True)
        self._save(training)

    def _save(self, training: Training) -> None:
        child = training.child
        running = training.status is TrainingState.RUNNING
        process = child.handle.as_json() if child is not None and running else None
        state = {**training.as_json(), "log_id": training.log_id, "process": process}
        self._store.save_state("trainings", training.training_id, state)

    async def stop_all(self) -> None:
        await asyncio.gather(*(self.stop(training) for training in self.running))


def require_disk(store: Store) -> None:
    needed = settings.MIN_REQUIRED_DISCSPACE_MB
    if store.free_megabytes() < needed:
        raise Rejected(507, f"Less than {needed} MB of disk space are free")


def _data_of(body: dict[str, Any]) -> dict[str, Any]:
    config = body.get("bot_config")
    data = config.get("data") if isinstance(config, dict) else None
    if not isinstance(data, dict):
        raise Rejected(400, "bot_config.data is required")
    return data
