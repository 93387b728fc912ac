"""The lines of files around items, when items get other names."""

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.content.models import Branch
from studio.content.selectors.items import item_find
from studio.content.services.blobs import Value
from studio.content.services.write import Change


def renamed_source(branch: Branch, path: str, old: Identity, new: Identity) -> list[Change]:
    """The change by which the file at `path` names the item at its place by its new name."""
    source = item_find(branch, Kind.SOURCE, path)
    if source is None or [*old] not in source.blob.body["segments"]:
        return []
    body = source.blob.body
    segments = [[*new] if part == [*old] else part for part in body["segments"]]
    return [Change(Kind.SOURCE.value, path, Value({**body, "segments": segments}))]
