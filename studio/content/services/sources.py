"""What follows an item that gets another name: its place in its file, and bodies that name it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.content.models import Branch, Item
from studio.content.selectors.items import item_find
from studio.content.services.blobs import Value, edited_value
from studio.content.services.write import Change


def renamed_source(branch: Branch, path: str, names: Mapping[Identity, Identity]) -> list[Change]:
    """The change by which the file at `path` names items at their places by their new names."""
    source = item_find(branch, Kind.SOURCE, path)
    if source is None:
        return []
    body = source.blob.body
    new = {old: [*renamed] for old, renamed in names.items()}
    segments = [
        part if isinstance(part, str) else new.get((part[0], part[1]), part)
        for part in body["segments"]
    ]
    if segments == body["segments"]:
        return []
    return [Change(Kind.SOURCE.value, path, Value({**body, "segments": segments}))]


def followed(items: QuerySet[Item], in_item: Callable[[str, str, Any], Any]) -> list[Change]:
    """The changes of those of `items` whose bodies `in_item` (kind, key, body) makes others."""
    changes = []
    for item in items.select_related("blob", "blob__base"):
        body = in_item(item.kind, item.key, item.blob.body)
        if body != item.blob.body:
            changes.append(Change(item.kind, item.key, edited_value(body, item.blob)))
    return changes
