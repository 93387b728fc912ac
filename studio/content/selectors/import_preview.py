"""What an import into an assistant would change."""

from typing import Any

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind, Project
from studio.content.merge import MISSING, same
from studio.content.models import Branch, Item
from studio.content.secrets import masked_body
from studio.content.selectors.history import item_difference
from studio.content.services.projects import Mode, import_changes


def import_preview(
    branch: Branch, project: Project, mode: Mode, *, with_secrets: bool
) -> list[dict[str, Any]]:
    """Differences item by item, in the vocabulary of compare; nothing is written."""
    stored = _stored(branch)
    found = []
    for change in import_changes(branch, project, mode):
        if change.kind == Kind.SOURCE:
            continue
        before = stored.get(change.identity, MISSING)
        after: Any = MISSING
        if change.value is not None:
            content = change.value.content
            after = change.value.body if content is None else content.hex()
        if same(before, after):
            continue
        if not with_secrets:
            before, after = (masked_body(change.kind, body) for body in (before, after))
        found.append(item_difference(change.kind, change.key, before, after))
    return found


def _stored(branch: Branch) -> dict[Identity, Any]:
    rows = Item.objects.filter(branch=branch).exclude(kind=Kind.SOURCE)
    columns = ("kind", "key", "blob__body", "blob__content")
    return {
        (kind, key): body if content is None else bytes(content).hex()
        for kind, key, body, content in rows.values_list(*columns)
    }
