"""Bots: a model in a running process, reachable on a port of this machine."""

import asyncio
import logging
import os
import shutil
import socket
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from modelservice import settings
from modelservice.service import processes
from modelservice.service.errors import Rejected
from modelservice.service.lifecycle import BotState, may_move
from modelservice.service.processes import Child, Handle
from modelservice.service.runtimes import Runtime, Runtimes
from modelservice.service.store import Store, checked_id, write_parts
from modelservice.service.trainings import require_disk

log = logging.getLogger(__name__)

PLACES = {"config": "config.yml", "endpoints": "endpoints.yml", "credentials": "credentials.yml"}
PROBE_SECONDS = 2.0


@dataclass
class Bot:
    deployment_id: str
    model_name: str
    port: int
    runtime: Runtime
    log_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status: BotState = BotState.QUEUED
    returncode: int | None = None
    child: Child | None = None
    started_at: float = field(default_factory=time.monotonic)
    last_active_at: float = field(default_factory=time.monotonic)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Bots:
    """All bots that this working directory knows. Used from the event loop only."""

    def __init__(self, store: Store, runtimes: Runtimes) -> None:
        self._store = store
        self._runtimes = runtimes
        self._all: dict[str, Bot] = {}

    def load(self) -> None:
        """Take up what an earlier life of the service left; the next refresh buries the dead."""
        for state in self._store.states("bots"):
            bot = Bot(
                deployment_id=state["deployment_id"],
                model_name=state["model_name"],
                port=state["port"],
                runtime=self._runtimes.get(state["runtime"]),
                log_id=state["log_id"],
                status=BotState(state["status"]),
                returncode=state["returncode"],
            )
            if state.get("process"):
                bot.child = Child(Handle(**state["process"]))
            self._all[bot.deployment_id] = bot

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

    async def start(self, body: dict[str, Any]) -> Bot:
        limit = settings.MAX_PARALLEL_BOT_RUNS
        if len(self.living) >= limit:
            raise Rejected(
                429,
                f"Too many parallel bot runs, above the limit of {limit}. "
                "Stop one, or retry when one has fallen asleep.",
            )
        require_disk(self._store)
        deployment_id = checked_id(body.get("deployment_id"), "Deployment id")
        if deployment_id in self._all:
            raise Rejected(409, "Bot with this deployment id already exists")
        model_name = body.get("model_name")
        if not isinstance(model_name, str) or not model_name:
            raise Rejected(400, "Model name is required")
        model = self._store.model(model_name)
        if not model.exists():
            raise Rejected(404, f"Model with name '{model_name}' could not be found.")
        runtime = await asyncio.to_thread(self._runtimes.for_model, model)
        bot = Bot(deployment_id, model_name, self._free_port(), runtime)
        self._all[deployment_id] = bot
        try:
            await asyncio.to_thread(self._prepare, bot, model, body.get("bot_config") or {})
            bot.child = self._spawn(bot)
        except (Rejected, OSError):
            del self._all[deployment_id]
            shutil.rmtree(self._store.bot_directory(deployment_id), ignore_errors=True)
            raise
        self._save(bot)
        log.info("bot %s started with model %s", deployment_id, model_name)
        return bot

    def _prepare(self, bot: Bot, model: Path, config: dict[str, Any]) -> None:
        directory = self._store.bot_directory(bot.deployment_id)
        shutil.rmtree(directory, ignore_errors=True)
        (directory / "models").mkdir(parents=True)
        write_parts(directory, config, PLACES)
        os.link(model, directory / "models" / model.name)

    def _spawn(self, bot: Bot) -> Child:
        directory = self._store.bot_directory(bot.deployment_id)
        variables = processes.child_variables(directory, settings.CHILD_VARIABLES)
        return processes.start(
            bot.runtime.run_arguments(directory, bot.port),
            directory=directory,
            log_file=self._store.logs / f"{bot.log_id}.txt",
            variables={**variables, **bot.runtime.variables()},
        )

    def _free_port(self) -> int:
        """A port that nobody listens on and that none of our bots was promised."""
        taken = {bot.port for bot in self.living}
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = int(probe.getsockname()[1])
            if port not in taken:
                return port

    async def refresh(self, http: aiohttp.ClientSession) -> None:
        for bot in self.living:
            if bot.child is None:  # its files are being written
                continue
            if not bot.child.alive:
                self._ended(bot)
            elif bot.status is BotState.QUEUED:
                await self._probe(bot, http)
            elif time.monotonic() - bot.last_active_at > settings.MODEL_INACTIVE_AFTER_SECONDS:
                log.info("bot %s falls asleep", bot.deployment_id)
                await self.stop(bot)

    async def _probe(self, bot: Bot, http: aiohttp.ClientSession) -> None:
        """It runs when it answers, not when it was started."""
        try:
            timeout = aiohttp.ClientTimeout(total=PROBE_SECONDS)
            async with http.get(bot.address + bot.runtime.ready_path, timeout=timeout) as answer:
                if answer.status == 200 and may_move(bot.status, BotState.RUNNING):
                    bot.status = BotState.RUNNING
                    bot.last_active_at = time.monotonic()
                    self._save(bot)
                    log.info("bot %s is ready on port %s", bot.deployment_id, bot.port)
                    return
        except (aiohttp.ClientError, TimeoutError):
            pass  # not yet; the deadline below ends the waiting
        if time.monotonic() - bot.started_at > settings.READY_SECONDS:
            log.error("bot %s was not ready in time", bot.deployment_id)
            await self.stop(bot)

    async def stop(self, bot: Bot) -> None:
        if not may_move(bot.status, BotState.STOPPED):
            return
        bot.status = BotState.STOPPED
        if bot.child is not None:
            await bot.child.stop(settings.STOP_SECONDS)
        self._ended(bot)

    def _ended(self, bot: Bot) -> None:
        bot.status = BotState.STOPPED
        bot.returncode = bot.child.returncode if bot.child else None
        shutil.rmtree(self._store.bot_directory(bot.deployment_id), ignore_errors=True)
        self._save(bot)
        log.info("bot %s has stopped, exit code %s", bot.deployment_id, bot.returncode)

    def _save(self, bot: Bot) -> None:
        alive = bot.child is not None and bot.status is not BotState.STOPPED
        state = {
            "deployment_id": bot.deployment_id,
            "model_name": bot.model_name,
            "port": bot.port,
            "runtime": bot.runtime.name,
            "log_id": bot.log_id,
            "status": bot.status.value,
            "returncode": bot.returncode,
            "process": bot.child.handle.as_json() if bot.child and alive else None,
        }
        self._store.save_state("bots", bot.deployment_id, state)

    async def stop_all(self) -> None:
        await asyncio.gather(*(self.stop(bot) for bot in self.living))
