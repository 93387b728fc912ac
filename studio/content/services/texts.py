"""Writes to config.yml and endpoints.yml."""

from collections.abc import Iterable

from django.db import transaction

from modelservice.project.config_text import config_facts, read_map
from modelservice.project.errors import ProjectError
from modelservice.project.model import Kind
from studio.assistants.models import Assistant
from studio.common.errors import Invalid
from studio.content.errors import RevisionConflict
from studio.content.merge import merge
from studio.content.models import MAIN, Branch, Item
from studio.content.selectors.documents import conflict_document
from studio.content.selectors.items import text_get
from studio.content.selectors.revisions import body_at
from studio.content.selectors.texts import text_document
from studio.content.services.blobs import Value
from studio.content.services.write import Author, Change, commit, lock


@transaction.atomic
def text_update(*, branch: Branch, kind: Kind, content: str, revision: int, author: Author) -> Item:
    """:raises Invalid: not a YAML map; names the line
    :raises RevisionConflict: somebody changed the same lines after `revision`
    """
    branch = lock(branch)
    stored = text_get(branch, kind)
    if stored.revision != revision:
        base = body_at(branch, kind, stored.key, revision)
        merged = merge(base, content, stored.blob.body)
        if merged.conflicts:
            raise RevisionConflict(
                "Somebody else changed this file after you opened it.",
                current=text_document(stored, with_secrets=True),
                conflicts=[conflict_document(conflict) for conflict in merged.conflicts],
            )
        content = merged.body
    check_text(stored.key, content)
    change = Change(kind.value, stored.key, Value(content))
    commit(branch=branch, author=author, changes=[change], autosave=True)
    copy_facts(branch, [change])
    return text_get(branch, kind)


def check_text(path: str, content: str) -> None:
    try:
        read_map(content, path)
    except ProjectError as error:
        finding = error.findings[0]
        raise Invalid(
            finding.message,
            errors=[{"field": "text", "line": finding.line or 1, "message": finding.message}],
        ) from error


def copy_facts(branch: Branch, changes: Iterable[Change]) -> None:
    """Keep what the assistant's row repeats of its config.yml, where these change that of main."""
    for change in changes:
        if change.kind == Kind.CONFIG and change.value is not None and branch.name == MAIN:
            facts = config_facts(str(change.value.body))
            Assistant.objects.filter(pk=branch.assistant_id).update(
                language=facts.language,
                additional_languages=facts.additional_languages,
                configured_id=facts.assistant_id,
            )
