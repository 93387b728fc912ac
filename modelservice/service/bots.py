"""Bots: a model in a running process, reachable on a port of this machine."""

import asyncio
import logging
import shutil
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from modelservice import settings
from modelservice.common import request_ids
from modelservice.common.model_format import MODEL_FORMAT
from modelservice.service.actions import ActionRuns
from modelservice.service.errors import Failed, Rejected
from modelservice.service.event_files import event_file
from modelservice.service.launching import Ceilings, Job, Launcher
from modelservice.service.lifecycle import BotState, bot_may_move
from modelservice.service.metrics import BOT_START_SECONDS, BOTS
from modelservice.service.models import Models
from modelservice.service.ports import free_port, listens
from modelservice.service.processes import Child, Handle, ended
from modelservice.service.requests import BotRequest
from modelservice.service.runtimes import Runtime, Runtimes
from modelservice.service.runtimes.project import model_format
from modelservice.service.store import Store

log = logging.getLogger(__name__)

KIND = "bots"
PROBE_SECONDS = 2.0
# A language model may have to be asked.
PARSE_SECONDS = 20.0
# Somebody else may take a port between our choice and the bot's.
_MAX_STARTS = 3
_PORT_TAKEN = "address already in use"


@dataclass
class Bot:
    deployment_id: str
    model_name: str
    runtime: Runtime
    port: int = 0
    log_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: BotState = BotState.QUEUED
    returncode: int | None = None
    error: str | None = None
    # Of a model of our runtime, once it was looked at.
    model_format: int | None = None
    child: Child | None = None
    starts: int = 0
    started_at: float = field(default_factory=time.monotonic)
    last_active_at: float = field(default_factory=time.monotonic)
    open_chats: int = 0
    # What its actions need, besides what its runtime does.
    readable: list[Path] = field(default_factory=list)
    preparing: "asyncio.Task[None] | None" = None
    # Of the request that asked for it; forgotten at a restart.
    request_id: str = field(default_factory=request_ids.current)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def idle_seconds(self) -> float:
        return time.monotonic() - self.last_active_at


class Bots:
    """All bots that this working directory knows. Used from the event loop only."""

    def __init__(
        self,
        store: Store,
        runtimes: Runtimes,
        launcher: Launcher,
        models: Models,
        actions: ActionRuns,
    ) -> None:
        self._store = store
        self._runtimes = runtimes
        self._launcher = launcher
        self._models = models
        self._actions = actions
        self._all: dict[str, Bot] = {}
        self._unsaved: set[str] = set()

    def load(self) -> None:
        """Read the records of an earlier run; the next refresh finishes bots that have died."""
        for state in self._store.states(KIND):
            bot = Bot(
                deployment_id=state["deployment_id"],
                model_name=state["model_name"],
                runtime=self._runtimes.known(state["runtime"]),
                port=state["port"],
                log_id=state["log_id"],
                status=BotState(state["status"]),
                returncode=state["returncode"],
                error=state["error"],
            )
            self._all[bot.deployment_id] = bot
            if bot.status is BotState.STOPPED:
                continue
            if state["process"]:
                bot.child = Child(self._directory(bot), Handle(**state["process"]))
            else:
                self._finish(bot, "The model service was restarted before the assistant ran.")

    @property
    def children(self) -> list[Child]:
        return [bot.child for bot in self.living if bot.child is not None]

    @property
    def known_directories(self) -> set[str]:
        return {bot.deployment_id for bot in self.living}

    def list_all(self) -> list[Bot]:
        return list(self._all.values())

    def get(self, deployment_id: str) -> Bot:
        try:
            return self._all[deployment_id]
        except KeyError:
            raise Rejected(404, "Bot not found") from None

    @property
    def living(self) -> list[Bot]:
        return [bot for bot in self._all.values() if bot.status is not BotState.STOPPED]

    async def start(self, request: BotRequest) -> Bot:
        """
        :raises Rejected:
        :raises OSError: nothing of it is left then
        """
        idle = self._check_room()
        self._store.require_disk()
        if request.deployment_id in self._all:
            raise Rejected(409, "Bot with this deployment id already exists")
        bot = Bot(request.deployment_id, request.model_name, self._runtimes.calm)
        self._all[bot.deployment_id] = bot
        try:
            self._store.make()
            await self._models.require(request.model_name)
            self._save(bot)  # so that a crash from here on is reported after the restart
            await asyncio.to_thread(request.write, self._directory(bot))
            if idle is not None:
                log.info(
                    "bot %s makes room for %s",
                    idle.deployment_id,
                    bot.deployment_id,
                    extra=_ids(bot),
                )
                await self.stop(idle, "The assistant made room for another one.")
        except (Rejected, OSError):
            self._drop(bot)
            raise
        bot.preparing = asyncio.create_task(self._prepare(bot))
        return bot

    async def deploy(self, deployment_id: str, model_name: str, project: Path) -> None:
        """Start a bot from a project's folder, in the place of one of the same name.

        :raises Rejected:
        :raises OSError:
        """
        if known := self._all.get(deployment_id):
            await self.forget(known)
        await self.start(BotRequest(deployment_id, model_name, project))

    def _check_room(self) -> Bot | None:
        """Whom to stop for a new bot; None when there is room.

        :raises Rejected: 429
        """
        limit = settings.MAX_PARALLEL_BOT_RUNS
        if len(self.living) < limit:
            return None
        idle = [bot for bot in self.living if self._may_be_evicted(bot)]
        if idle:
            return max(idle, key=lambda bot: bot.idle_seconds)
        raise Rejected(
            429,
            f"Too many parallel bot runs, above the limit of {limit}. "
            "Stop one, or retry when one has fallen asleep.",
        )

    def _may_be_evicted(self, bot: Bot) -> bool:
        threshold = settings.EVICT_IDLE_SECONDS
        return (
            threshold > 0
            and bot.status is BotState.RUNNING
            and bot.idle_seconds > threshold
            and not bot.open_chats
        )

    async def _prepare(self, bot: Bot) -> None:
        """Bring the model, then start the process."""
        try:
            model = await self._models.fetch(bot.model_name)
            bot.runtime = await asyncio.to_thread(self._runtimes.for_model, model)
            await self._check_format(bot, model)
            # A copy, not a link: a bot may change its file without harm to others.
            target = self._directory(bot) / "models" / model.name
            await asyncio.to_thread(shutil.copyfile, model, target)
            await asyncio.to_thread(self._adapt, bot)
            bot.readable = await self._actions.prepare(self._directory(bot))
            if bot.status is BotState.QUEUED:
                self._spawn(bot)
        except (Rejected, Failed, OSError) as problem:
            text = problem.message if isinstance(problem, Rejected) else str(problem)
            self._finish(bot, f"The assistant cannot be started: {text}")
        finally:
            bot.preparing = None

    async def _check_format(self, bot: Bot, model: Path) -> None:
        """
        :raises Failed: another release of our runtime made it
        """
        if bot.runtime is self._runtimes.calm:
            bot.model_format = await asyncio.to_thread(model_format, model)
        if bot.model_format not in {None, MODEL_FORMAT}:
            raise Failed("another release made its model. Train it again.")

    def _adapt(self, bot: Bot) -> None:
        """Give the files the form that the runtime of the model knows."""
        file = self._directory(bot) / "credentials.yml"
        file.write_text(bot.runtime.credentials(file.read_text(encoding="utf-8")), encoding="utf-8")

    def _spawn(self, bot: Bot) -> None:
        bot.starts += 1
        first, last = settings.BOT_PORTS
        taken = {other.port for other in self.living}
        bot.port = free_port(taken, numbers=range(first, last + 1))
        bot.child = self._launcher.start(self._job(bot))
        self._save(bot)
        log.info("bot %s started with model %s", bot.deployment_id, bot.model_name, extra=_ids(bot))

    def _job(self, bot: Bot) -> Job:
        directory = self._directory(bot)
        events = event_file(directory / "endpoints.yml")
        return Job(
            bot.runtime.run_arguments(directory, bot.port),
            directory=directory,
            log_file=self._store.log_file(bot.log_id),
            ceilings=Ceilings(settings.BOT_MEMORY_MB, settings.BOT_CPUS),
            variables=bot.runtime.variables(),
            readable=[*bot.runtime.readable(), *bot.readable],
            writable=[events] if events else [],
            port=bot.port,
        )

    async def refresh(self, http: aiohttp.ClientSession) -> None:
        for bot in self.living:
            if bot.child is None or bot.preparing is not None:
                continue
            if not bot.child.alive:
                self._ended(bot, bot.child)
            elif bot.status is BotState.QUEUED:
                await self._probe(bot, bot.child, http)
            elif bot.idle_seconds > settings.MODEL_INACTIVE_AFTER_SECONDS:
                log.info("bot %s falls asleep", bot.deployment_id, extra=_ids(bot))
                await self.stop(bot)
        for deployment_id in list(self._unsaved):
            self._save(self._all[deployment_id])

    def _ended(self, bot: Bot, child: Child) -> None:
        """Its process is gone: start again on another port if that was the reason, else stop."""
        self._launcher.forget(child)
        text = self._store.log_text(bot.log_id)
        if (
            bot.status is BotState.QUEUED
            and bot.starts < _MAX_STARTS
            and _PORT_TAKEN in text.lower()
        ):
            try:
                self._spawn(bot)
            except OSError as problem:
                self._finish(bot, f"The assistant cannot be started: {problem}")
            return
        reason = bot.runtime.error(text) if child.returncode else None
        self._finish(bot, reason or ended("assistant", child.returncode))

    async def _probe(self, bot: Bot, child: Child, http: aiohttp.ClientSession) -> None:
        """It runs when it answers, and it is really the one that answers."""
        try:
            timeout = aiohttp.ClientTimeout(total=PROBE_SECONDS)
            async with http.get(bot.address + bot.runtime.ready_path, timeout=timeout) as answer:
                answers = answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            answers = False
        if answers and listens(child.handle.pid, bot.port):
            if bot_may_move(bot.status, BotState.RUNNING):
                bot.status = BotState.RUNNING
                bot.last_active_at = time.monotonic()
                self._save(bot)
                BOT_START_SECONDS.labels(bot.runtime.name).observe(
                    time.monotonic() - bot.started_at
                )
                log.info("bot %s is ready on port %s", bot.deployment_id, bot.port, extra=_ids(bot))
        elif time.monotonic() - bot.started_at > settings.READY_SECONDS:
            limit = f"{settings.READY_SECONDS:g} seconds"
            await self.stop(bot, f"The assistant did not answer within {limit}.")

    async def parse(self, bot: Bot, text: str) -> dict[str, Any]:
        """What it says that it would understand; it stays awake for it.

        :raises Rejected: it does not run
        :raises Failed: it does not answer, or in another way
        """
        return await self._asked(bot, "parse", {"text": text})

    async def prompt(self, bot: Bot, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """A template as it would be sent in a conversation; `wanted` is what `/model/prompt` takes.

        :raises Rejected: it does not run, or is another runtime's
        :raises Failed: it does not answer, or in another way
        """
        if bot.runtime.name != "calm":
            raise Rejected(409, "Only Studio's own runtime shows a prompt before it is sent.")
        return await self._asked(bot, "prompt", wanted)

    async def _asked(self, bot: Bot, what: str, body: Mapping[str, Any]) -> dict[str, Any]:
        if bot.status is not BotState.RUNNING:
            raise Rejected(409, "The assistant is not running.")
        bot.last_active_at = time.monotonic()
        url = f"{bot.address}/model/{what}"
        timeout = aiohttp.ClientTimeout(total=PARSE_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.post(url, json=body, headers=request_ids.passed_on()) as answer,
            ):
                parsed = await answer.json() if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
            log.warning("bot %s has no %s: %s", bot.deployment_id, what, problem)
            message = f"The assistant did not answer within {PARSE_SECONDS:g} seconds."
            raise Failed(message) from problem
        if not isinstance(parsed, dict):
            raise Failed(f"The assistant does not {what}: it answered {answer.status}.")
        return parsed

    async def stop(self, bot: Bot, error: str | None = None) -> None:
        if not bot_may_move(bot.status, BotState.STOPPED):
            return
        bot.status = BotState.STOPPED
        if bot.preparing is not None:
            bot.preparing.cancel()
        if bot.child is not None:
            await bot.child.stop(settings.STOP_SECONDS)
            self._launcher.forget(bot.child)
        self._finish(bot, error)

    def _finish(self, bot: Bot, error: str | None = None) -> None:
        bot.status, bot.error = BotState.STOPPED, error
        bot.returncode = bot.child.returncode if bot.child else None
        shutil.rmtree(self._directory(bot), ignore_errors=True)
        self._save(bot)
        BOTS.labels(bot.runtime.name).inc()
        code = bot.returncode
        log.info(
            "bot %s has stopped, exit code %s %s",
            bot.deployment_id,
            code,
            error or "",
            extra=_ids(bot),
        )

    def _drop(self, bot: Bot) -> None:
        del self._all[bot.deployment_id]
        shutil.rmtree(self._directory(bot), ignore_errors=True)
        self._store.drop_state(KIND, bot.deployment_id)

    def _directory(self, bot: Bot) -> Path:
        return self._store.directory(KIND, bot.deployment_id)

    def _save(self, bot: Bot) -> None:
        """A record that cannot be written now is written later; answers use what is in memory."""
        alive = bot.child is not None and bot.status is not BotState.STOPPED
        state: dict[str, Any] = {
            "deployment_id": bot.deployment_id,
            "model_name": bot.model_name,
            "port": bot.port,
            "runtime": bot.runtime.name,
            "log_id": bot.log_id,
            "status": bot.status.value,
            "returncode": bot.returncode,
            "error": bot.error,
            "process": bot.child.handle.as_json() if bot.child and alive else None,
        }
        try:
            self._store.save_state(KIND, bot.deployment_id, state)
            self._unsaved.discard(bot.deployment_id)
        except OSError as error:
            if bot.deployment_id not in self._unsaved:
                log.error("bot %s cannot be recorded: %s", bot.deployment_id, error)
            self._unsaved.add(bot.deployment_id)

    async def forget(self, bot: Bot) -> None:
        """Stop it if it runs, and keep nothing of it. Its id may be used again."""
        await self.stop(bot)
        self._all.pop(bot.deployment_id, None)
        self._unsaved.discard(bot.deployment_id)
        self._store.drop_state(KIND, bot.deployment_id)
        self._store.log_file(bot.log_id).unlink(missing_ok=True)

    async def stop_all(self) -> None:
        await asyncio.gather(*(self.stop(bot) for bot in self.living))


def _ids(bot: Bot) -> dict[str, str]:
    """Fields of a log line."""
    return {
        "deployment_id": bot.deployment_id,
        "model_name": bot.model_name,
        "request_id": bot.request_id,
    }
