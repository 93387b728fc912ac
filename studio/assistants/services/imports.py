"""Storing a whole project at once: import, sample, copy."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from modelservice.project.config_text import ConfigFacts, config_facts
from modelservice.project.errors import ProjectError
from modelservice.project.model import Project, Text, TextKind
from modelservice.project.project_reader import DEFAULT_CONFIG, read_zip
from studio.accounts.models import User
from studio.assistants.errors import ImportFailed, TooLarge
from studio.assistants.models import (
    Assistant,
    Change,
    KeptFile,
    Primitive,
    ProjectText,
    SourceFile,
)
from studio.assistants.services.changes import Author, publish_assistant_changed
from studio.assistants.services.names import check_name, name_taken
from studio.assistants.summaries import summary_of
from studio.audit.models import Action
from studio.audit.services import record

_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Imported:
    assistant: Assistant
    project: Project


def assistant_import(*, content: bytes, name: str, user: User) -> Imported:
    """Read a zip and store it as a new assistant; nothing is left behind when it fails.

    :raises ImportFailed: with `errors`, each with file, line and item where known
    """
    if len(content) > settings.IMPORT_MAX_BYTES:
        megabytes = settings.IMPORT_MAX_BYTES // 1024 // 1024
        raise TooLarge(f"The zip is larger than {megabytes} MB.")
    try:
        project = read_zip(content)
    except ProjectError as error:
        raise ImportFailed(
            error.findings[0].message,
            errors=[finding.as_dict() for finding in error.findings],  # type: ignore[misc]  # same keys
        ) from error
    author = Author(user, "Imported")
    return Imported(project_store(project=project, name=name, author=author), project)


@transaction.atomic
def project_store(
    *, project: Project, name: str, author: Author, description: str = "", icon: str = ""
) -> Assistant:
    """:raises NameTaken: there is a living assistant of that name"""
    name = check_name(name)
    author = Author(author.user, author.reason, author.batch or uuid4())
    config = project.texts.get(TextKind.CONFIG)
    facts = config_facts(config.text) if config else ConfigFacts()
    try:
        with transaction.atomic():
            assistant = Assistant.objects.create(
                name=name,
                description=description,
                icon=icon,
                language=facts.language,
                additional_languages=facts.additional_languages,
                configured_id=facts.assistant_id,
                updated_by=author.user,
            )
    except IntegrityError as error:
        raise name_taken(name) from error
    _store_texts(assistant, project, author)
    _store_files(assistant, project)
    _store_items(assistant, project, author)
    record(
        Action.ASSISTANT_CREATED, target_id=assistant.pk, target=name, how=author.reason or "empty"
    )
    publish_assistant_changed(assistant)
    return assistant


def _store_texts(assistant: Assistant, project: Project, author: Author) -> None:
    simple = DEFAULT_CONFIG.format(language="en", assistant_id=f"assistant-{assistant.pk}")
    texts = {
        TextKind.CONFIG: Text("config.yml", simple),
        TextKind.ENDPOINTS: Text("endpoints.yml", ""),
        **project.texts,
    }
    ProjectText.objects.bulk_create(
        ProjectText(
            assistant=assistant,
            kind=kind,
            path=text.path,
            text=text.text,
            updated_by=author.user,
        )
        for kind, text in texts.items()
    )


def _store_files(assistant: Assistant, project: Project) -> None:
    SourceFile.objects.bulk_create(
        SourceFile(
            assistant=assistant,
            path=source.path,
            content=source.content,
            layout=source.layout,
            fingerprint=source.fingerprint,
        )
        for source in project.sources
    )
    KeptFile.objects.bulk_create(
        (
            KeptFile(
                assistant=assistant,
                path=kept.path,
                content=kept.content,
                size=len(kept.content),
                what=kept.what,
            )
            for kept in project.kept
        ),
        batch_size=_BATCH,
    )


def _store_items(assistant: Assistant, project: Project, author: Author) -> None:
    now = timezone.now()
    shared: dict[str, Any] = {"assistant": assistant}
    Primitive.objects.bulk_create(
        (
            Primitive(
                **shared,
                kind=item.kind,
                key=item.key,
                body=item.body,
                summary=summary_of(item.kind, item.key, item.body),
                position=item.position,
                source_path=item.source_path or "",
                created_at=now,
                updated_at=now,
                updated_by=author.user,
            )
            for item in project.items
        ),
        batch_size=_BATCH,
    )
    Change.objects.bulk_create(
        (
            Change(
                **shared,
                kind=item.kind,
                item=item.key,
                action=Change.Action.IMPORTED,
                after=item.body,
                revision=1,
                actor=author.user,
                at=now,
                reason=author.reason,
                batch=author.batch,
            )
            for item in project.items
        ),
        batch_size=_BATCH,
    )
