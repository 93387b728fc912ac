"""Trainings: accepted, run as a child process, ended with a model or with a reason."""

import asyncio
import logging
import shutil
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from modelservice import settings
from modelservice.common import request_ids
from modelservice.service import names
from modelservice.service.caches import Caches
from modelservice.service.errors import Failed, Rejected
from modelservice.service.launching import Ceilings, Job, Launcher
from modelservice.service.lifecycle import TrainingState, training_may_move
from modelservice.service.metrics import TRAINING_SECONDS, TRAININGS
from modelservice.service.models import Models, is_whole
from modelservice.service.processes import Child, Handle, ended
from modelservice.service.requests import TrainingRequest
from modelservice.service.runtimes import Runtimes
from modelservice.service.runtimes.project import model_format, model_id
from modelservice.service.store import Store
from modelservice.service.training import Training

log = logging.getLogger(__name__)

KIND = "trainings"
_NICE = 10  # conversations come first
# Starts a bot from the folder of a project: its id, the model's name, the folder.
Deploy = Callable[[str, str, Path], Awaitable[None]]


class Trainings:
    """All trainings that this working directory knows. Used from the event loop only."""

    def __init__(
        self,
        store: Store,
        runtimes: Runtimes,
        launcher: Launcher,
        models: Models,
        deploy: Deploy,
    ) -> None:
        self._store = store
        self._runtimes = runtimes
        self._launcher = launcher
        self._models = models
        self._deploy = deploy
        self._caches = Caches(store.base / "caches")
        self._all: dict[str, Training] = {}
        # Those whose record could not be written, a full disk for one.
        self._unsaved: set[str] = set()

    def load(self) -> None:
        """Take up what an earlier life of the service left."""
        for state in self._store.states(KIND):
            training = Training(
                training_id=state["training_id"],
                assistant_id=state["assistant_id"],
                client_id=state["client_id"],
                model_name=state["model_name"],
                runtime=state["runtime"],
                status=TrainingState(state["status"]),
                log_id=state["log_id"],
                error=state["error"],
                model_id=state.get("model_id"),
                model_format=state.get("model_format"),
                began_at=state["began_at"],
                deploy=state.get("deploy", False),
                prepared=state["prepared"],
            )
            self._all[training.training_id] = training
            if state["process"]:
                training.child = Child(self._directory(training), Handle(**state["process"]))
            if training.ended or training.child is not None:
                continue
            if not (training.status is TrainingState.QUEUED and training.prepared):
                self._finish(training, TrainingState.ERROR, "The model service was restarted.")

    @property
    def children(self) -> list[Child]:
        return [each.child for each in self.running if each.child is not None]

    @property
    def known_directories(self) -> set[str]:
        return {each.training_id for each in self._all.values() if not each.ended}

    def list_all(self) -> list[Training]:
        return list(self._all.values())

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

    @property
    def queued(self) -> list[Training]:
        """In the order in which they will be run."""
        return [each for each in self._all.values() if each.status is TrainingState.QUEUED]

    def position(self, training: Training) -> int | None:
        """1 is next; None for one that does not wait."""
        return self.queued.index(training) + 1 if training in self.queued else None

    def check_room(self) -> TrainingState:
        """What a new training would be.

        :raises Rejected: 429 or 507; they come before everything else, as in Rasa's service
        """
        state = TrainingState.RUNNING
        if self.queued or len(self.running) >= settings.MAX_PARALLEL_TRAININGS:
            state = TrainingState.QUEUED
            if len(self.queued) >= settings.TRAINING_QUEUE_SIZE:
                limit = settings.MAX_PARALLEL_TRAININGS
                raise Rejected(
                    429,
                    f"Too many parallel training requests, above the limit of {limit}. "
                    "Retry when one has finished.",
                )
        self._store.require_disk()
        return state

    async def start(self, request: TrainingRequest) -> Training:
        """
        :raises Rejected:
        :raises OSError: nothing of it is left then
        """
        state = self.check_room()
        if known := self._all.get(request.training_id):
            return await self._again(known, request)
        training = Training(
            training_id=request.training_id,
            assistant_id=request.assistant_id,
            client_id=request.client_id,
            model_name=request.fixed_model_name or self._new_name(),
            runtime=self._runtimes.calm.name,
            status=state,
            deploy=request.deploy,
        )
        self._all[training.training_id] = training
        directory = self._directory(training)
        try:
            self._store.make()
            self._save(
                training
            )  # first, so that a crash from here on is reported after the restart
            await asyncio.to_thread(request.write, directory)
            runtime = await asyncio.to_thread(self._runtimes.for_training, directory)
            training.runtime = runtime.name
            if problem := runtime.problem():
                raise Rejected(400, problem)
            await asyncio.to_thread(self._caches.seed, training.assistant_id, directory)
            training.prepared = True
            if training.status is TrainingState.RUNNING:
                training.child = self._launcher.start(self._job(training))
            if not training.ended:
                self._save(training)
        except (Rejected, OSError):
            self._drop(training)
            raise
        ids = {"training_id": training.training_id, "model_name": training.model_name}
        log.info(
            "training %s %s, model %s",
            training.training_id,
            state,
            training.model_name,
            extra=ids,
        )
        return training

    async def _again(self, known: Training, request: TrainingRequest) -> Training:
        """An id is good once, but for a project that is to be deployed again.

        :raises Rejected:
        """
        if not request.deploy:
            raise Rejected(409, "Training with this id already exists")
        if not known.deploy:
            raise Rejected(400, "Existing was not deploy=true")
        if known.ended:
            if known.status is not TrainingState.DONE:
                raise Rejected(409, "Training with this id has ended without a model")
            directory = self._directory(known)
            if directory.exists():
                raise Rejected(409, "It is being deployed already")
            try:
                await asyncio.to_thread(request.write, directory)
                await self._start_bot(known)
            finally:
                shutil.rmtree(directory, ignore_errors=True)
        return known

    async def _start_bot(self, training: Training) -> None:
        """Of the project that has been trained. A failure is written to the training's log."""
        try:
            await self._deploy(training.training_id, training.model_name, self._directory(training))
        except (Rejected, Failed, OSError) as problem:
            text = problem.message if isinstance(problem, Rejected) else str(problem)
            with self._store.log_file(training.log_id).open("a", encoding="utf-8") as log_file:
                log_file.write(f"not deployed: {text}\n")

    def _new_name(self) -> str:
        taken = {each.model_name for each in self._all.values()}
        while (name := names.model_name(datetime.now(UTC))) in taken:
            pass
        return name

    def _drop(self, training: Training) -> None:
        if training.child is not None:
            training.child.kill()
        del self._all[training.training_id]
        shutil.rmtree(self._directory(training), ignore_errors=True)
        self._store.drop_state(KIND, training.training_id)

    def _job(self, training: Training) -> Job:
        directory = self._directory(training)
        runtime = self._runtimes.get(training.runtime)
        domain = "domain" if (directory / "domain").is_dir() else "domain.yml"
        return Job(
            runtime.train_arguments(
                training.model_name, domain=domain, output=directory / "models"
            ),
            directory=directory,
            log_file=self._store.log_file(training.log_id),
            ceilings=Ceilings(
                settings.TRAINING_MEMORY_MB,
                settings.TRAINING_CPUS,
                cpu_seconds=round(settings.TRAINING_SECONDS * 2),
                nice=_NICE,
            ),
            variables=runtime.variables(),
            readable=runtime.readable(),
        )

    async def stop(self, training: Training, error: str | None = None) -> None:
        """It ends as stopped, or with `error`."""
        state = TrainingState.ERROR if error else TrainingState.STOPPED
        if not training_may_move(training.status, state):
            return
        if training.ending is not None:  # its model is being put away
            training.ending.cancel()
        training.status, training.error = state, error
        if training.child is not None:
            await training.child.stop(settings.STOP_SECONDS)
            self._launcher.forget(training.child)
        self._finish(training, state, error)

    async def refresh(self) -> None:
        """Note what has ended, start what waits. Called by the supervisor many times a second."""
        for training in self.running:
            if training.child is None or training.ending is not None:
                continue
            if not training.child.alive:
                training.ending = asyncio.create_task(self._end(training, training.child))
            elif time.time() - training.began_at > settings.TRAINING_SECONDS:
                limit = f"{settings.TRAINING_SECONDS:g} seconds"
                await self.stop(training, f"The training took longer than {limit}.")
        free = settings.MAX_PARALLEL_TRAININGS - len(self.running)
        for training in self.queued[: max(free, 0)]:
            if training.prepared:
                self._begin(training)
        for training_id in list(self._unsaved):
            self._save(self._all[training_id])

    def _begin(self, training: Training) -> None:
        training.began_at = time.time()
        try:
            training.child = self._launcher.start(self._job(training))
        except (Rejected, OSError) as error:
            self._finish(training, TrainingState.ERROR, f"The training cannot be started: {error}")
            return
        training.status = TrainingState.RUNNING
        self._save(training)

    async def _end(self, training: Training, child: Child) -> None:
        """Its process has ended: keep the model, or say why there is none."""
        request_ids.go_on(training.request_id)
        self._launcher.forget(child)
        error: str | None = None
        state = TrainingState.ERROR
        try:
            kept = await asyncio.to_thread(self._keep_model, training, child.returncode)
            training.model_id = await asyncio.to_thread(model_id, kept)
            training.model_format = await asyncio.to_thread(model_format, kept)
            await self._models.upload(training.model_name)
        except Failed as failure:
            error = str(failure)
        except OSError as problem:
            error = f"The model cannot be kept: {problem}"
        else:
            state = TrainingState.DONE
            if training.deploy:
                await self._start_bot(training)
        self._finish(training, state, error)

    def _keep_model(self, training: Training, code: int | None) -> Path:
        """Where it is kept.

        :raises Failed:
        :raises OSError:
        """
        directory = self._directory(training)
        produced = directory / "models" / f"{training.model_name}.tar.gz"
        kept = self._store.model(training.model_name)
        # An adopted process leaves no exit code; then the whole model is the proof. The last life
        # of this service may have put it away already.
        if code in {0, None} and is_whole(produced):
            produced.replace(kept)
            self._caches.keep(training.assistant_id, directory)
            return kept
        if code is None and not produced.exists() and is_whole(kept):
            return kept
        text = self._store.log_text(training.log_id)
        raise Failed(self._runtimes.get(training.runtime).error(text) or _reason(code))

    def _finish(self, training: Training, state: TrainingState, error: str | None = None) -> None:
        training.status, training.error = state, error
        training.ending = None
        shutil.rmtree(self._directory(training), ignore_errors=True)
        self._save(training)
        TRAININGS.labels(state.value, training.runtime).inc()
        TRAINING_SECONDS.labels(training.runtime).observe(time.time() - training.began_at)
        ids = {"training_id": training.training_id, "request_id": training.request_id}
        log.info("training %s ended: %s %s", training.training_id, state, error or "", extra=ids)

    def _directory(self, training: Training) -> Path:
        return self._store.directory(KIND, training.training_id)

    def _save(self, training: Training) -> None:
        """A record that cannot be written now is written later; answers use what is in memory."""
        child = training.child
        running = training.status is TrainingState.RUNNING
        state = {
            "training_id": training.training_id,
            "assistant_id": training.assistant_id,
            "client_id": training.client_id,
            "model_name": training.model_name,
            "runtime": training.runtime,
            "status": training.status.value,
            "log_id": training.log_id,
            "error": training.error,
            "model_id": training.model_id,
            "model_format": training.model_format,
            "began_at": training.began_at,
            "deploy": training.deploy,
            "prepared": training.prepared,
            "process": child.handle.as_json() if child is not None and running else None,
        }
        try:
            self._store.save_state(KIND, training.training_id, state)
            self._unsaved.discard(training.training_id)
        except OSError as error:
            if training.training_id not in self._unsaved:
                log.error("training %s cannot be recorded: %s", training.training_id, error)
            self._unsaved.add(training.training_id)

    async def forget(self, training: Training) -> None:
        """Stop it if it runs, and keep nothing of it but its model."""
        await self.stop(training)
        self._all.pop(training.training_id, None)
        self._unsaved.discard(training.training_id)
        self._store.drop_state(KIND, training.training_id)
        self._store.log_file(training.log_id).unlink(missing_ok=True)

    async def stop_all(self) -> None:
        """Those that wait are taken up again by the next life of the service."""
        await asyncio.gather(*(self.stop(each) for each in self.running))


def _reason(code: int | None) -> str:
    if code == 0:
        return "The training ended without a model."
    if code is None:
        return "The training ended while the model service was away, without a whole model."
    return ended("training", code)
