"""Writes to versions: start, stop, wake, delete."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.audit.models import Action
from studio.audit.services import record
from studio.common.errors import DomainError, Invalid
from studio.versions import model_service
from studio.versions.documents import documents_of
from studio.versions.errors import NotPossibleNow, TrainingRunning
from studio.versions.lifecycle import RUNNING, TRAINING, Status, may_move
from studio.versions.models import Snapshot, Version
from studio.versions.publish import publish_version
from studio.versions.selection import Selection, select_flows
from studio.versions.snapshots import snapshot_take
from studio.versions.training_input import TrainingInput, training_input


def version_start(
    *, assistant: Assistant, flows: Collection[str] | None, name: str, note: str, user: User
) -> Version:
    """Take a snapshot and have it trained.

    :raises TrainingRunning: a training of this assistant is under way
    :raises FlowHasErrors: a chosen flow has errors
    :raises DomainError: the model service is full or away; no version is left behind then
    """
    if Version.objects.filter(assistant=assistant, status__in=TRAINING).exists():
        raise TrainingRunning("Wait for the running training to end, or stop it.")
    version = _create(assistant, select_flows(assistant, flows), name, note, user)
    try:
        model_name = model_service.start_training(
            training_id=str(version.pk),
            assistant_id=str(assistant.pk),
            config=input_of(version).training_config(),
        )
    except DomainError:
        _forget(version)
        raise
    except model_service.Refused as refusal:
        version_move(version, Status.FAILED, error=error_document(refusal.message))
        return version
    version_move(version, Status.TRAINING, model_name=model_name)
    return version


@transaction.atomic
def _create(
    assistant: Assistant, selection: Selection, name: str, note: str, user: User
) -> Version:
    last = Version.objects.filter(assistant=assistant).aggregate(last=Max("number"))["last"]
    try:
        with transaction.atomic():
            version = Version.objects.create(
                assistant=assistant,
                number=(last or 0) + 1,
                name=name,
                note=note,
                snapshot=snapshot_take(assistant, selection.flows),
                flows=selection.flows,
                created_by=user,
            )
            audit(Action.VERSION_TRAINED, version)
    except IntegrityError as error:
        raise TrainingRunning("Somebody else has just started a training.") from error
    left_out = documents_of(assistant).left_out
    version.warnings = [
        *selection.warnings,
        *input_of(version).warnings,
        *(
            f"{path} was left out: it is no UTF-8 text, or all together are long."
            for path in left_out
        ),
    ]
    version.save(update_fields=["warnings"])
    return version


def _forget(version: Version) -> None:
    snapshot_id = version.snapshot_id
    version.delete()
    Snapshot.objects.filter(pk=snapshot_id, versions__isnull=True).delete()


def input_of(version: Version) -> TrainingInput:
    """The files that the model service is given for this version."""
    deployment = version.deployment or _deployment_id(version, 1)
    return training_input(
        version.snapshot.content,
        assistant_id=str(version.assistant_id),
        events_file=str(settings.EVENTS_DIR / f"{deployment}.jsonl"),
        reads_kafka=bool(settings.KAFKA_BROKER_ADDRESS),
    )


def version_move(version: Version, status: str, **values: Any) -> bool:
    """Move a version on if nobody else did; `version` then has the new values."""
    if not may_move(version.status, status):
        return False
    if status in {Status.FAILED, Status.STOPPED} or (
        status in {Status.READY, Status.INACTIVE} and version.finished_at is None
    ):
        values["finished_at"] = timezone.now()
    if status not in TRAINING:
        values["queue_position"] = None
    rows = Version.objects.filter(pk=version.pk, status=version.status)
    if not rows.update(status=status, **values):
        return False
    version.refresh_from_db()
    publish_version(version)
    return True


def version_deploy(version: Version) -> None:
    """Start a bot for a trained version; it moves to `deploying`.

    :raises DomainError: the model service is full or away; the version stays as it was
    """
    number = version.deployments + 1
    version.deployment = _deployment_id(version, number)
    settings.EVENTS_DIR.mkdir(parents=True, exist_ok=True)
    try:
        model_service.start_bot(
            deployment_id=version.deployment,
            model_name=version.model_name,
            config=input_of(version).bot_config(),
        )
    except model_service.Refused as refusal:
        raise NotPossibleNow(refusal.message) from refusal
    moved = version_move(
        version,
        Status.DEPLOYING,
        deployment=version.deployment,
        deployments=number,
        phase="start",
        error=None,
    )
    if not moved:  # somebody stopped the version in the meantime
        model_service.stop_bot(version.deployment)


def _deployment_id(version: Version, number: int) -> str:
    return f"{version.pk}-{number}"


def version_activate(*, version: Version) -> Version:
    if version.status in {Status.READY, Status.DEPLOYING}:
        return version
    if not may_move(version.status, Status.DEPLOYING):
        raise NotPossibleNow("Only a version that was trained can be started.")
    version_deploy(version)
    audit(Action.VERSION_STARTED, version)
    return version


def version_stop(*, version: Version) -> Version:
    """Stop a training, or the bot of a version that is starting or ready."""
    if version.status in TRAINING:
        model_service.stop_training(str(version.pk))
        version_move(version, Status.STOPPED)
    elif version.status in {Status.DEPLOYING, Status.READY}:
        model_service.stop_bot(version.deployment)
        _rest_by_hand(version)
    else:
        raise NotPossibleNow("This version is not running.")
    audit(Action.VERSION_STOPPED, version)
    return version


def _rest_by_hand(version: Version) -> None:
    reason = error_document("It was stopped by hand.")
    if version_move(version, Status.INACTIVE, error=reason):
        return
    # The watch over all bots was faster, and takes an end without a reason for sleep.
    asleep = Version.objects.filter(pk=version.pk, status=Status.INACTIVE, error__isnull=True)
    asleep.update(error=reason)
    version.refresh_from_db()
    publish_version(version)


def version_describe(*, version: Version, values: dict[str, str]) -> Version:
    """`values` may hold name and note."""
    limit = 128
    if len(values.get("name", "")) > limit:
        raise Invalid(f"A name has at most {limit} characters.")
    Version.objects.filter(pk=version.pk).update(**values)
    version.refresh_from_db()
    audit(Action.VERSION_UPDATED, version, fields=[*values])
    publish_version(version)
    return version


def version_delete(*, version: Version) -> None:
    if version.status in RUNNING:
        raise NotPossibleNow("Stop this version before you delete it.")
    if version.status == Status.READY:
        model_service.stop_bot(version.deployment)
    with transaction.atomic():
        audit(Action.VERSION_DELETED, version)
        _forget(version)


def audit(action: Action, version: Version, **detail: Any) -> None:
    name = f"{version.assistant.name} {version.number}"
    record(action, target_id=version.pk, target=name, assistant=str(version.assistant_id), **detail)


def error_document(message: str) -> dict[str, Any]:
    return {"message": message, "detail": "", "flow": None, "log_line": None}
