"""The stored content as a project: for exports and copies."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from modelservice.project import model
from modelservice.project.file_roles import what_is
from modelservice.project.model import Kind, Project, SourceFile, Text, TextKind
from studio.content.models import Blob, Branch, Item
from studio.content.selectors.revisions import tree_at

_TEXTS = {
    kind.value: TextKind(kind.value) for kind in (Kind.CONFIG, Kind.ENDPOINTS, Kind.CREDENTIALS)
}
_BATCH = 500
# kind, key, path, position, id of the blob
Row = tuple[str, str, str, int, int]


class _Blob(NamedTuple):
    """What a project needs of a blob; rows are read several times as fast as models."""

    body: Any
    text: str | None
    content: bytes | None
    base_id: int | None


def project_of(
    branch: Branch, flows: Collection[str] | None = None, number: int | None = None
) -> Project:
    """Everything that an import of it would need, at the head or at commit `number`.

    `flows` limits the flows, not the domain.
    """
    rows = [
        row
        for row in rows_of(branch, number)
        if flows is None or row[0] != Kind.FLOW or row[1] in flows
    ]
    return project_of_rows(rows)


def rows_of(branch: Branch, number: int | None = None) -> list[Row]:
    if number is None or number == branch.head:
        items = Item.objects.filter(branch=branch).order_by("position", "id")
        return list(items.values_list("kind", "key", "path", "position", "blob_id"))
    entries = [
        (entry.kind, entry.key, entry.path, entry.position, entry.blob_id or 0)
        for entry in tree_at(branch, number).values()
    ]
    return sorted(entries, key=lambda row: row[3])


def project_of_rows(rows: Collection[Row]) -> Project:
    project = Project()
    blobs = _blobs(row[4] for row in rows)
    bases = _blobs(blob.base_id for blob in blobs.values() if blob.base_id is not None)
    for kind, key, path, position, blob_id in rows:
        blob = blobs[blob_id]
        if kind in _TEXTS:
            if blob.body or path:
                project.texts[_TEXTS[kind]] = Text(key, str(blob.body))
        elif kind == Kind.FILE:
            project.kept.append(model.KeptFile(key, bytes(blob.content or b""), what_is(key)))
        elif kind == Kind.SOURCE:
            project.sources.append(source_of(key, blob.body))
        else:
            item = model.Item(Kind(kind), key, blob.body, path or None, position)
            _give_text(item, blob, bases)
            project.items.append(item)
    return project


def _give_text(item: model.Item, blob: _Blob, bases: dict[int, _Blob]) -> None:
    if blob.base_id is None:
        item.text = blob.text
        return
    base = bases[blob.base_id]
    item.base = model.Item(item.kind, item.key, base.body, text=base.text)
    # Made by an export before; comments of the base are in it.
    item.text = blob.text


def source_body(source: SourceFile) -> dict[str, Any]:
    """The body of an item of the kind `source`."""
    return {
        "segments": [part if isinstance(part, str) else [*part] for part in source.segments],
        "digests": [[*digest] for digest in source.digests],
    }


def source_of(path: str, body: dict[str, Any]) -> SourceFile:
    return SourceFile(
        path,
        [part if isinstance(part, str) else (part[0], part[1]) for part in body["segments"]],
        [(kind, key, digest) for kind, key, digest in body["digests"]],
    )


def _blobs(ids: Iterable[int]) -> dict[int, _Blob]:
    wanted = [*{*ids}]
    found: dict[int, _Blob] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Blob.objects.filter(pk__in=wanted[start : start + _BATCH])
        for pk, *fields in rows.values_list("pk", *_Blob._fields):
            found[pk] = _Blob(*fields)
    return found
