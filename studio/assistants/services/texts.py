"""Writes to config.yml and endpoints.yml."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from modelservice.project.config_text import config_facts, read_map
from modelservice.project.errors import ProjectError
from modelservice.project.model import TextKind
from studio.accounts.models import User
from studio.assistants.errors import RevisionConflict
from studio.assistants.models import Assistant, Change, ProjectText
from studio.assistants.selectors.documents import text_document
from studio.assistants.services.changes import Author, record_change
from studio.common.errors import Invalid


@transaction.atomic
def text_update(*, text: ProjectText, content: str, revision: int, user: User) -> ProjectText:
    """:raises Invalid: not a YAML map; names the line"""
    _check(text.path, content)
    stored = ProjectText.objects.select_for_update().get(pk=text.pk)
    if stored.revision != revision:
        raise RevisionConflict(
            "Somebody else changed this file after you opened it.", current=text_document(stored)
        )
    before = stored.text
    stored.text = content
    stored.revision += 1
    stored.updated_at = timezone.now()
    stored.updated_by = user
    stored.save()
    if stored.kind == TextKind.CONFIG:
        _copy_facts(stored.assistant_id, content)
    record_change(
        assistant=stored.assistant,
        author=Author(user),
        kind=stored.kind,
        item=stored.path,
        action=Change.Action.UPDATED,
        before=before,
        after=content,
        revision=stored.revision,
    )
    return stored


def _check(path: str, content: str) -> None:
    try:
        read_map(content, path)
    except ProjectError as error:
        finding = error.findings[0]
        raise Invalid(
            finding.message,
            errors=[{"field": "text", "line": finding.line or 1, "message": finding.message}],
        ) from error


def _copy_facts(assistant_id: UUID, config: str) -> None:
    facts = config_facts(config)
    Assistant.objects.filter(pk=assistant_id).update(
        language=facts.language,
        additional_languages=facts.additional_languages,
        configured_id=facts.assistant_id,
    )
