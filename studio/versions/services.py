"""Writes to versions: start, stop, wake, delete."""

import logging
from collections.abc import Collection
from typing import Any, Unpack

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.audit.models import Action, Detail
from studio.audit.services import record
from studio.common.errors import DomainError, Invalid
from studio.content.models import Branch
from studio.content.selectors.history import commit_get
from studio.content.services.write import close, lock
from studio.model_service import client as model_service
from studio.versions.errors import NotPossibleNow, TrainAgain, TrainingRunning
from studio.versions.lifecycle import RUNNING, TRAINING, Status, may_move
from studio.versions.models import Version
from studio.versions.publish import publish_deleted, publish_version
from studio.versions.selection import select_flows
from studio.versions.trained_content import content_of
from studio.versions.training_input import TrainingInput, training_input

log = logging.getLogger(__name__)


def version_start(
    *, branch: Branch, flows: Collection[str] | None, name: str, note: str, user: User | None
) -> Version:
    """Have the newest commit trained.

    :raises TrainingRunning: a training of this assistant is under way
    :raises FlowHasErrors: a chosen flow has errors
    :raises DomainError: the model service is full or away; no version is left behind then
    """
    assistant = branch.assistant
    if Version.objects.filter(assistant=assistant, status__in=TRAINING).exists():
        raise TrainingRunning("Wait for the running training to end, or stop it.")
    return _train(_create(branch, flows, name, note, user))


def version_train_again(*, version: Version, user: User | None) -> Version:
    """Have what a version was trained of trained once more, as a new version.

    :raises TrainingRunning: a training of this assistant is under way
    :raises DomainError: the model service is full or away; no version is left behind then
    """
    again = _insert(
        version.assistant,
        commit=version.commit,
        flows=version.flows,
        name=version.name,
        note=version.note,
        created_by=user,
    )
    return _train(again)


def _train(version: Version) -> Version:
    try:
        model_name = model_service.start_training(
            training_id=str(version.pk),
            assistant_id=str(version.assistant_id),
            config=input_of(version).training_config(),
        )
    except DomainError:
        version.delete()
        raise
    except model_service.Refused as refusal:
        version_move(version, Status.FAILED, error=error_document(refusal.message))
        return version
    version_move(version, Status.TRAINING, model_name=model_name)
    return version


@transaction.atomic
def _create(
    branch: Branch, flows: Collection[str] | None, name: str, note: str, user: User | None
) -> Version:
    # Nobody writes between the choice of flows and the commit that they are of.
    branch = lock(branch)
    selection = select_flows(branch, flows)
    commit = commit_get(branch, branch.head)
    close(commit)
    return _insert(
        branch.assistant,
        selection.warnings,
        commit=commit,
        flows=selection.flows,
        name=name,
        note=note,
        created_by=user,
    )


def _insert(assistant: Assistant, warnings: Collection[str] = (), **values: Any) -> Version:
    """With the next number, and the warnings of its content."""
    last = Version.objects.filter(assistant=assistant).aggregate(last=Max("number"))["last"]
    try:
        with transaction.atomic():
            number = (last or 0) + 1
            version = Version.objects.create(assistant=assistant, number=number, **values)
            audit(Action.VERSION_TRAINED, version)
    except IntegrityError as error:
        raise TrainingRunning("Somebody else has just started a training.") from error
    left_out = content_of(version).documents.left_out
    version.warnings = [
        *warnings,
        *input_of(version).warnings,
        *(
            f"{path} was left out: it is no UTF-8 text, or all together are long."
            for path in left_out
        ),
    ]
    version.save(update_fields=["warnings"])
    return version


def input_of(version: Version) -> TrainingInput:
    """The files that the model service is given for this version."""
    deployment = version.deployment or _deployment_id(version, 1)
    return training_input(
        content_of(version),
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
    if version.train_again:
        raise TrainAgain("Another release made its model. Train it again.")
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
        publish_deleted(version)
        version.delete()


def stop_bots_of(assistant: Assistant) -> None:
    """Stop what runs of an assistant that is gone: trainings and bots.

    Where the model service is away, the watch over bots does it later.
    """
    _stop_all(Version.objects.filter(assistant=assistant))


def stop_bots_of_deleted() -> None:
    """The same for every deleted assistant."""
    _stop_all(Version.objects.filter(assistant__deleted_at__isnull=False))


def _stop_all(versions: QuerySet[Version]) -> None:
    rows = versions.filter(status__in={*RUNNING, Status.READY})
    for version in rows.select_related("assistant", "created_by", "commit__branch__parent"):
        try:
            version_stop(version=version)
        except DomainError as problem:
            log.warning("version %s of a deleted assistant runs on: %s", version.pk, problem)


def versions_purge(assistant: Assistant) -> None:
    """Forget the versions of an assistant that is purged.

    Their models stay until `manage.py model_service clean` removes what no version names.
    """
    Version.objects.filter(assistant=assistant).delete()


def audit(action: Action, version: Version, **detail: Unpack[Detail]) -> None:
    name = f"{version.assistant.name} {version.number}"
    detail["assistant"] = str(version.assistant_id)
    record(action, target_id=version.pk, target=name, **detail)


def error_document(message: str) -> dict[str, Any]:
    return {"message": message, "detail": "", "flow": None, "log_line": None}
