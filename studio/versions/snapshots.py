"""Snapshots: what a training reads, immutable and named by its content."""

import hashlib
import json
from collections.abc import Collection
from typing import Any, NotRequired, TypedDict

from modelservice.project.model import Kind
from studio.assistants.models import Assistant
from studio.versions.documents import documents_of
from studio.versions.models import Snapshot


class SnapshotItem(TypedDict):
    kind: str
    key: str
    body: Any
    source_path: str


class SnapshotContent(TypedDict):
    items: list[SnapshotItem]
    texts: dict[str, str]
    # Only where there are any: the digests of snapshots without them stay what they were.
    documents: NotRequired[dict[str, str]]


def snapshot_take(assistant: Assistant, flows: Collection[str]) -> Snapshot:
    """Of the assistant as it is now, with these flows; equal content is stored once."""
    content = snapshot_content(assistant, flows)
    snapshot, _created = Snapshot.objects.get_or_create(
        assistant=assistant, digest=digest_of(content), defaults={"content": content}
    )
    return snapshot


def snapshot_content(assistant: Assistant, flows: Collection[str]) -> SnapshotContent:
    living = assistant.primitives.filter(deleted_at__isnull=True)
    items = [
        SnapshotItem(kind=kind, key=key, body=body, source_path=path)
        for kind, key, body, path in living.values_list("kind", "key", "body", "source_path")
        if kind != Kind.FLOW or key in flows
    ]
    texts = dict(assistant.texts.values_list("kind", "text"))
    content = SnapshotContent(items=items, texts=texts)
    documents = documents_of(assistant).texts
    if documents:
        content["documents"] = documents
    return content


def digest_of(content: SnapshotContent) -> str:
    """sha256 of the canonical JSON; the order of items and keys is part of the content."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def bodies_of(content: SnapshotContent, *kinds: str) -> dict[str, Any]:
    return {item["key"]: item["body"] for item in content["items"] if item["kind"] in kinds}
