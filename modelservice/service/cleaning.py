"""Deletes models, trainings, bots and environments of actions that are no longer used."""

import asyncio
import shutil
import time
from dataclasses import dataclass, field
from typing import Any

from modelservice.service.errors import Rejected
from modelservice.service.supervisor import Supervisor

_SUFFIX = ".tar.gz"


@dataclass
class Cleaning:
    """Names of what was cleared away, or would be."""

    models: list[str] = field(default_factory=list)
    trainings: list[str] = field(default_factory=list)
    bots: list[str] = field(default_factory=list)
    environments: list[str] = field(default_factory=list)
    bytes: int = 0


@dataclass(frozen=True)
class CleanRequest:
    """Models that are not named in `keep`, ended trainings and bots with their logs, and Python
    environments of actions that nobody uses: all that are older than so many seconds."""

    keep: frozenset[str]
    older_than_seconds: float
    dry_run: bool


def clean_request(body: dict[str, Any]) -> CleanRequest:
    """
    :raises Rejected:
    """
    keep = body.get("keep_models")
    if not isinstance(keep, list) or not all(isinstance(name, str) for name in keep):
        raise Rejected(400, "keep_models is required, a list of model names")
    age = body.get("older_than_seconds", 0)
    if not isinstance(age, int | float) or isinstance(age, bool) or not 0 <= age < 10**10:
        raise Rejected(400, "older_than_seconds must be a number, 0 or more")
    dry_run = body.get("dry_run", False)
    if not isinstance(dry_run, bool):
        raise Rejected(400, "dry_run must be true or false")
    return CleanRequest(frozenset(keep), float(age), dry_run)


async def clean(supervisor: Supervisor, request: CleanRequest) -> Cleaning:
    """What runs, waits, or is not in storage yet is never touched."""
    cleaned = Cleaning()
    before = time.time() - request.older_than_seconds
    await _trainings(supervisor, request, before, cleaned)
    await _bots(supervisor, request, before, cleaned)
    needed = {*request.keep, *supervisor.models.waiting}
    needed |= {bot.model_name for bot in supervisor.bots.living}
    needed |= {each.model_name for each in supervisor.trainings.list_all() if not each.ended}
    for path in sorted(supervisor.store.models.glob(f"[!.]*{_SUFFIX}")):
        name = path.name.removesuffix(_SUFFIX)
        state = path.stat()
        if name not in needed and state.st_mtime <= before:
            cleaned.models.append(name)
            cleaned.bytes += state.st_size
            if not request.dry_run:
                path.unlink(missing_ok=True)
    directories = {child.directory for child in supervisor.children}
    for place in supervisor.actions.environments.unused(directories, before):
        cleaned.environments.append(place.name)
        cleaned.bytes += sum(path.lstat().st_size for path in place.rglob("*"))
        if not request.dry_run:
            await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
    return cleaned


async def _trainings(
    supervisor: Supervisor, request: CleanRequest, before: float, cleaned: Cleaning
) -> None:
    for training in supervisor.trainings.list_all():
        if training.ended and training.began_at <= before:
            cleaned.trainings.append(training.training_id)
            if not request.dry_run:
                await supervisor.trainings.forget(training)


async def _bots(
    supervisor: Supervisor, request: CleanRequest, before: float, cleaned: Cleaning
) -> None:
    living = supervisor.bots.living
    for bot in supervisor.bots.list_all():
        log = supervisor.store.log_file(bot.log_id)
        ended_at = log.stat().st_mtime if log.exists() else 0.0
        if bot not in living and ended_at <= before:
            cleaned.bots.append(bot.deployment_id)
            if not request.dry_run:
                await supervisor.bots.forget(bot)
