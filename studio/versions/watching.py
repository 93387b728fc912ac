"""One look at everything that runs at the model service, and what follows from it."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from modelservice.common.guard import errors_logged
from modelservice.wire import BotState, TrainingState
from studio.common import health
from studio.common.errors import DomainError
from studio.model_service import client as model_service
from studio.model_service.errors import ModelServiceUnavailable
from studio.versions.lifecycle import RUNNING, Status
from studio.versions.models import Version
from studio.versions.publish import publish_version
from studio.versions.services import (
    error_document,
    stop_bots_of_deleted,
    version_deploy,
    version_move,
)
from studio.versions.signals import model_known
from studio.versions.training_log import LogReader, error_of, progress_of, warnings_of

log = logging.getLogger(__name__)
_logs = LogReader()

REPLICA = uuid4()
_PART = "model service"
LEASE = timedelta(seconds=10)
# A version is submitted in the request that makes it; one that still waits was cut off.
_QUEUED_TOO_LONG = timedelta(seconds=60)
# A server that misses so many is taken to be away.
_MISSED_ROUNDS = 3


def watch_running() -> int:
    """Advance every running version that this replica holds; returns how many there are."""
    leased = _lease(REPLICA)
    _logs.keep_only({name for each in leased for name in (str(each.pk), each.deployment)})
    for version in leased:
        try:
            _WATCH[version.status](version)
        except ModelServiceUnavailable as error:
            log.warning("version %s: %s", version.pk, error.detail)
            break  # the others would wait for the same service, each until its time-out
        except Exception:
            log.exception("version %s cannot be looked at; the others are", version.pk)
    return len(leased)


class Bystander:
    """Somebody who waits for a version, in a process that is no server.

    The look of a server is the better one: it tells the pages that are open. Only where no server
    has looked for some of its rounds does this process look itself.
    """

    def __init__(self) -> None:
        self._began = timezone.now()

    def look(self, version: Version) -> None:
        rounds = timedelta(milliseconds=_MISSED_ROUNDS * settings.TRAINING_POLLING_INTERVAL_MS)
        watched_until = max(self._began, version.lease_until or self._began)
        if version.lease_owner == REPLICA or timezone.now() - watched_until > rounds:
            watch_running()


def watch_bots() -> None:
    """A ready version whose bot is gone becomes inactive, with the reason if it did not just
    fall asleep. A model service that does not answer is a problem of Studio's health."""
    ready = list(Version.objects.filter(status=Status.READY))
    try:
        bots = {bot["deployment_id"]: bot for bot in model_service.bot_states()}
    except ModelServiceUnavailable as error:
        log.warning("bots cannot be looked at: %s", error.detail)
        health.report(_PART, "The model service does not answer. Training and chats have to wait.")
        return
    health.report(_PART, None)
    with errors_logged(log, "a look at the bots of deleted assistants"):
        stop_bots_of_deleted()
    for version in ready:
        with errors_logged(log, f"a look at the bot of version {version.pk}"):
            _watch_bot(version, bots.get(version.deployment))


def _watch_bot(version: Version, bot: BotState | None) -> None:
    if bot is None:
        reason: str | None = "The model service no longer knows the assistant that ran."
    elif bot["status"] == "running":
        return
    else:
        reason = bot.get("error")
    version_move(version, Status.INACTIVE, error=error_document(reason) if reason else None)


def _lease(owner: UUID) -> list[Version]:
    """Lease running versions that no other replica has leased."""
    now = timezone.now()
    free = Q(lease_owner=owner) | Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    running = Version.objects.filter(status__in=RUNNING)
    running.filter(free).update(lease_owner=owner, lease_until=now + LEASE)
    rows = running.filter(lease_owner=owner, lease_until__gt=now)
    return list(rows.select_related("commit__branch__parent", "created_by").defer("log"))


def _watch_queued(version: Version) -> None:
    if timezone.now() - version.created_at > _QUEUED_TOO_LONG:
        error = error_document("The training was interrupted before it began. Start it again.")
        version_move(version, Status.FAILED, error=error)


def _watch_training(version: Version) -> None:
    name = str(version.pk)
    state = model_service.training_state(name, _logs.offset(name))
    if state is not None and state["status"] not in {"queued", "running"}:
        # Its whole log is fetched and stored once, at its end.
        state = model_service.training_state(name)
        _logs.forget(name)
    if state is None:
        error = error_document("The model service was restarted during the training.")
        version_move(version, Status.FAILED, error=error)
    elif state["status"] in {"queued", "running"}:
        _note_progress(version, state)
    elif state["status"] == "done":
        _note_progress(version, state)
        version.log = state.get("logs", "")
        version.save(update_fields=["log"])
        _note_model(version, state)
        _deploy(version)
    elif state["status"] == "stopped":
        version_move(version, Status.STOPPED, log=state.get("logs", ""))
    else:
        text = state.get("logs", "")
        version_move(version, Status.FAILED, log=text, error=_error(state, version))


def _note_progress(version: Version, state: TrainingState) -> None:
    new = _logs.new_of(str(version.pk), state)
    known = max(version.progress, state["progress"]), version.phase
    values = {
        **dict(zip(("progress", "phase"), progress_of(new) or known, strict=True)),
        "runtime": state.get("runtime") or version.runtime,
        "queue_position": state.get("position"),
        "warnings": list(dict.fromkeys([*version.warnings, *warnings_of(new)])),
    }
    changed = [name for name, value in values.items() if getattr(version, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(version, name, values[name])
    version.save(update_fields=changed)
    publish_version(version)


def _note_model(version: Version, state: TrainingState) -> None:
    """Rasa's own service does not send it."""
    version.model_format = state.get("model_format")
    version.save(update_fields=["model_format"])
    model_id = state.get("model_id")
    if model_id and model_id != version.model_id:
        version.model_id = model_id
        version.save(update_fields=["model_id"])
        model_known.send(Version, version=version)


def _deploy(version: Version) -> None:
    try:
        version_deploy(version)
    except ModelServiceUnavailable:
        raise
    except DomainError as error:
        # The model is there: it can be started later, when there is room.
        if version_move(version, Status.DEPLOYING):
            version_move(version, Status.INACTIVE, error=error_document(error.detail))


def _watch_deploying(version: Version) -> None:
    name = version.deployment
    state = model_service.bot_state(name, _logs.offset(name))
    if state is not None:
        _logs.new_of(name, state)
        if state["status"] == "stopped":
            state = model_service.bot_state(name)
    if state is None:
        error = error_document("The model service was restarted while the assistant started.")
        version_move(version, Status.INACTIVE, error=error)
    elif state["status"] == "running":
        version_move(version, Status.READY, progress=100, phase="")
    elif state["status"] == "stopped":
        text = state.get("logs", "")
        error = _error(state, version)
        version.model_format = state.get("model_format") or version.model_format
        # Its model is whole, and can still be downloaded.
        end = Status.INACTIVE if version.train_again else Status.FAILED
        log = f"{version.log}\n{text}"
        version_move(version, end, log=log, error=error, model_format=version.model_format)


def _error(state: TrainingState | BotState, version: Version) -> dict[str, Any]:
    """The error found in the log, with the service's own message where it sends one."""
    found = dict(error_of(state.get("logs", ""), version.flows))
    return {**found, "message": state.get("error") or found["message"]}


_WATCH: dict[str, Callable[[Version], None]] = {
    Status.QUEUED: _watch_queued,
    Status.TRAINING: _watch_training,
    Status.DEPLOYING: _watch_deploying,
}
