"""What a version was trained from: the content at its commit, with the flows that were chosen."""

from collections.abc import Collection
from typing import Any, NamedTuple

from modelservice.project.model import Kind
from studio.content.models import Branch
from studio.content.selectors.project import Row, rows_of
from studio.content.selectors.revisions import bodies_of as bodies_of_blobs
from studio.versions.documents import Documents, documents_of
from studio.versions.models import Version
from studio.versions.prompts import templates_of

_TEXTS = {Kind.CONFIG.value, Kind.ENDPOINTS.value, Kind.CREDENTIALS.value}
_NOT_ITEMS = {*_TEXTS, Kind.FILE.value, Kind.SOURCE.value}


class TrainedItem(NamedTuple):
    kind: str
    key: str
    body: Any


class TrainedContent(NamedTuple):
    """`texts` are config, endpoints and credentials by their kind; `templates` the prompts that
    these name, by path; `files` the kept files: path to the id of the blob."""

    items: list[TrainedItem]
    texts: dict[str, str]
    templates: dict[str, str]
    documents: Documents
    files: dict[str, int]


def content_of(version: Version) -> TrainedContent:
    return content_at(version.commit.branch, version.commit.number, version.flows)


def content_at(branch: Branch, number: int, flows: Collection[str]) -> TrainedContent:
    rows = [row for row in rows_of(branch, number) if _is_read(row, flows)]
    bodies = bodies_of_blobs(row[4] for row in rows if row[0] != Kind.FILE)
    texts = {row[0]: str(bodies[row[4]]) for row in rows if row[0] in _TEXTS}
    items = [
        TrainedItem(row[0], row[1], bodies[row[4]]) for row in rows if row[0] not in _NOT_ITEMS
    ]
    files = {row[1]: row[4] for row in rows if row[0] == Kind.FILE}
    prompts = {item.key: str(item.body["text"]) for item in items if item.kind == Kind.PROMPT}
    return TrainedContent(
        items,
        texts,
        templates_of(texts, prompts, files),
        documents_of(texts.get(Kind.CONFIG, ""), files),
        files,
    )


def _is_read(row: Row, flows: Collection[str]) -> bool:
    kind, key = row[0], row[1]
    return kind != Kind.SOURCE and (kind != Kind.FLOW or key in flows)


def bodies_of(content: TrainedContent, *kinds: str) -> dict[str, Any]:
    return {item.key: item.body for item in content.items if item.kind in kinds}
