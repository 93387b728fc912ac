"""Writes to assistants as a whole."""

import re
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from modelservice.project.model import Project, Text, TextKind
from modelservice.project.project_reader import DEFAULT_CONFIG, read_files
from modelservice.project.yaml_writer import to_yaml
from studio.accounts.models import User
from studio.assistants.models import Assistant, Change
from studio.assistants.selectors.export import project_of
from studio.assistants.selectors.samples import Sample
from studio.assistants.services.changes import ASSISTANT, Author, record_change
from studio.assistants.services.exports import exports_forget
from studio.assistants.services.imports import project_store
from studio.assistants.services.names import check_name, name_taken
from studio.audit.models import Action
from studio.audit.services import record as audit

_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@transaction.atomic
def assistant_create(*, name: str, language: str, user: User) -> Assistant:
    """An empty assistant with a simple config.yml."""
    slug = _NOT_IN_ID.sub("-", name.lower()).strip("-") or "assistant"
    # Through YAML, so that a code such as `no` stays a text.
    config = DEFAULT_CONFIG.format(language=to_yaml(language).split("\n", 1)[0], assistant_id=slug)
    project = Project(
        texts={
            TextKind.CONFIG: Text("config.yml", config),
            TextKind.ENDPOINTS: Text("endpoints.yml", ""),
        }
    )
    return project_store(project=project, name=name, author=Author(user))


def assistant_create_from_sample(*, name: str, sample: Sample, user: User) -> Assistant:
    """Through the same code as an import, so that samples prove it."""
    root = Path(settings.SAMPLES_DIR) / sample.id
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "sample.json"
    }
    return project_store(
        project=read_files(files),
        name=name,
        author=Author(user, f"Made from the sample “{sample.name}”"),
        description=sample.description,
        icon=sample.icon,
    )


def assistant_duplicate(*, assistant: Assistant, name: str, user: User) -> Assistant:
    return project_store(
        project=project_of(assistant),
        name=name,
        author=Author(user, f"Copied from “{assistant.name}”"),
        description=assistant.description,
        icon=assistant.icon,
    )


@transaction.atomic
def assistant_update(*, assistant: Assistant, values: dict[str, str], user: User) -> Assistant:
    """`values` may hold name, description and icon."""
    stored = Assistant.objects.select_for_update().get(pk=assistant.pk)
    before = {field: getattr(stored, field) for field in values}
    for field, value in values.items():
        setattr(stored, field, check_name(value) if field == "name" else value)
    try:
        with transaction.atomic():
            stored.save(update_fields=[*values])
    except IntegrityError as error:
        raise name_taken(stored.name) from error
    _record(stored, Author(user), Change.Action.UPDATED, before, values)
    audit(Action.ASSISTANT_UPDATED, target_id=stored.pk, target=stored.name, fields=[*values])
    return stored


@transaction.atomic
def assistant_delete(*, assistant: Assistant, user: User) -> None:
    """Soft: its name becomes free, its content stays until somebody restores it."""
    Assistant.objects.filter(pk=assistant.pk).update(deleted_at=timezone.now())
    before = {"name": assistant.name}
    _record(assistant, Author(user), Change.Action.DELETED, before, None)
    audit(Action.ASSISTANT_DELETED, target_id=assistant.pk, target=assistant.name)
    transaction.on_commit(partial(exports_forget, assistant.pk))


@transaction.atomic
def assistant_restore(*, assistant: Assistant, user: User) -> Assistant:
    stored = Assistant.objects.select_for_update().get(pk=assistant.pk)
    if stored.deleted_at is None:
        return stored
    stored.deleted_at = None
    try:
        with transaction.atomic():
            stored.save(update_fields=["deleted_at"])
    except IntegrityError as error:
        raise name_taken(stored.name) from error
    _record(stored, Author(user), Change.Action.RESTORED, None, {"name": stored.name})
    audit(Action.ASSISTANT_RESTORED, target_id=stored.pk, target=stored.name)
    return stored


def _record(
    assistant: Assistant, author: Author, action: Change.Action, before: Any, after: Any
) -> None:
    record_change(
        assistant=assistant,
        author=author,
        kind=ASSISTANT,
        item=str(assistant.pk),
        action=action,
        before=before,
        after=after,
        revision=0,
    )
