"""Reads of versions, as JSON documents of the REST contract."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.common.errors import NotFound
from studio.model_service import client as model_service
from studio.versions.lifecycle import TRAINED, TRAINING, Status
from studio.versions.models import Version
from studio.versions.training_log import told_warnings

Document = dict[str, Any]
# In place of the name of a version.
LATEST = "latest"


def versions(
    assistant: Assistant, *, search: str = "", mine: User | None = None, named: bool = False
) -> QuerySet[Version]:
    rows = Version.objects.filter(assistant=assistant).select_related("created_by")
    rows = rows.defer("log")
    if search:
        matches = Q(name__icontains=search) | Q(note__icontains=search)
        if search.isdecimal():
            matches |= Q(number=int(search[:9]))
        rows = rows.filter(matches)
    if mine is not None:
        rows = rows.filter(created_by=mine)
    return rows.exclude(name="") if named else rows


def all_versions() -> QuerySet[Version]:
    """Of all assistants, without their logs; for commands."""
    return Version.objects.select_related("assistant").defer("log")


def model_names() -> list[str]:
    """Of every model that a version names."""
    rows = Version.objects.exclude(model_name="").values_list("model_name", flat=True)
    return list(rows)


def assistant_of_deployment(deployment: str) -> UUID:
    """The assistant whose version runs, or ran, as this deployment."""
    rows = Version.objects.filter(deployment=deployment).exclude(deployment="")
    found = rows.values_list("assistant", flat=True).first()
    if found is None:
        raise NotFound("There is no such assistant.")
    return found


def version_get(assistant: Assistant, version_id: UUID) -> Version:
    rows = Version.objects.select_related("assistant", "created_by", "commit__branch__parent")
    rows = rows.defer("log")
    version = rows.filter(assistant=assistant, pk=version_id).first()
    if version is None:
        raise NotFound("There is no such version.")
    return version


def version_named(assistant: Assistant, name: str, *, trained: bool = True) -> Version:
    """A version by its name, or by its number; `latest` is the newest one.

    Of several with one name it is the newest. `trained`: only of those that were trained.
    """
    rows = Version.objects.filter(assistant=assistant)
    if trained:
        rows = rows.filter(status__in=TRAINED)
    if name != LATEST:
        wanted = Q(name=name)
        if name.isdecimal():
            wanted |= Q(number=int(name[:9]))
        rows = rows.filter(wanted)
    rows = rows.select_related("assistant", "created_by", "commit__branch__parent").defer("log")
    version = rows.order_by("-number").first()
    if version is None:
        what = "trained version" if trained else "version"
        raise NotFound(
            f"There is no {what}." if name == LATEST else f"There is no {what} “{name}”."
        )
    return version


class LogPart(NamedTuple):
    """`begins` and `ends` are bytes of the log; it begins at 0 where all before is void."""

    text: str
    begins: int
    ends: int


def log_part(version: Version, offset: int) -> LogPart:
    """What follows on so many bytes while it is trained, from the model service; else all of it.

    :raises ModelServiceUnavailable:
    """
    if version.status not in TRAINING:
        return LogPart(version.log, 0, len(version.log.encode()))
    state = model_service.training_state(str(version.pk), offset)
    if state is None:
        return LogPart("", 0, 0)
    text = state.get("logs", "")
    ends = state.get("log_offset", len(text.encode()))
    return LogPart(text, state.get("log_from", 0), ends)


def running_log(version: Version) -> str:
    """The end of what its running assistant, or the last one that ran, has written.

    :raises ModelServiceUnavailable:
    """
    state = model_service.bot_state(version.deployment) if version.deployment else None
    return "" if state is None else state.get("logs", "")


def model_chunks(version: Version) -> Iterator[bytes]:
    """The trained model, piece by piece.

    :raises NotFound: the model service has none of this version
    :raises ModelServiceUnavailable:
    """
    chunks = model_service.model_chunks(version.model_name) if version.model_name else None
    if chunks is None:
        raise NotFound("The model service has no model of this version.")
    return chunks


def newest_trained(assistant: Assistant) -> Version | None:
    rows = Version.objects.filter(assistant=assistant, status__in=TRAINED)
    return rows.select_related("commit__branch__parent").order_by("-number").first()


def version_document(version: Version, socket_origin: str = "") -> Document:
    """`socket_origin` is `ws://host` of the browser; without it `chat_url` is a path."""
    ended = version.finished_at or timezone.now()
    running = version.status in {Status.QUEUED, Status.TRAINING, Status.DEPLOYING}
    person = version.created_by
    return {
        "id": version.pk,
        "number": version.number,
        "name": version.name,
        "note": version.note,
        "status": version.status,
        "progress": version.progress,
        "phase": version.phase or None,
        "error": version.error,
        "warnings": told_warnings(version.warnings, version.flows),
        "chat_url": _chat_url(version, socket_origin),
        "flows": version.flows,
        "runtime": version.runtime,
        "queue_position": version.queue_position,
        "model_name": version.model_name,
        "train_again": version.train_again,
        "created_at": version.created_at,
        "created_by": None if person is None else {"id": person.pk, "name": str(person)},
        "finished_at": version.finished_at,
        "duration_seconds": (
            round((ended - version.created_at).total_seconds(), 1)
            if version.finished_at or running
            else None
        ),
    }


def newest_briefs(
    assistant_ids: Collection[UUID],
) -> tuple[dict[UUID, Document], dict[UUID, Document]]:
    """Brief of the newest version, and of the newest ready one, by assistant."""
    rows = Version.objects.filter(assistant__in=assistant_ids)
    return _briefs(rows), _briefs(rows.filter(status=Status.READY))


def _briefs(rows: QuerySet[Version]) -> dict[UUID, Document]:
    newest = rows.order_by().values("assistant_id").annotate(newest=Max("number"))
    wanted = Q(pk__in=[])
    for row in newest:
        wanted |= Q(assistant=row["assistant_id"], number=row["newest"])
    columns = ("id", "assistant_id", "number", "status", "progress", "error")
    return {
        row["assistant_id"]: {
            "id": row["id"],
            "number": row["number"],
            "status": row["status"],
            "progress": row["progress"],
            "error_message": row["error"]["message"] if row["error"] else None,
        }
        for row in Version.objects.filter(wanted).values(*columns)
    }


def _chat_url(version: Version, socket_origin: str) -> str | None:
    if version.status != Status.READY or not version.deployment:
        return None
    return f"{socket_origin}/talk/{version.deployment}/"
