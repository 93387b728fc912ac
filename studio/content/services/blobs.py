"""Storing what items hold, once for each assistant."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, OuterRef

from studio.common.bulk import insert_rows
from studio.content.deltas import body_text
from studio.content.models import Blob, CheckoutItem, Entry, Item

_BATCH = 500
# Every column that refers to a blob.
BLOB_HOLDERS: tuple[tuple[type[Model], str], ...] = (
    (Entry, "blob"),
    (Item, "blob"),
    (Blob, "base"),
    (CheckoutItem, "blob"),
)


@dataclass(frozen=True, slots=True)
class Value:
    """What an item is to hold: a body, perhaps with the text it was read from, or bytes.

    `base` is the blob that the body is an edit of, where that one has a text.
    """

    body: Any = None
    text: str | None = None
    content: bytes | None = None
    base: Blob | None = None
    # As `modelservice.project.model.digest_of` says of an item; of a file, of its bytes.
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", self._digest())

    def _digest(self) -> str:
        if self.content is not None:
            return hashlib.sha256(b"file\0" + self.content).hexdigest()
        stands_in = self.base.digest if self.base is not None else self.text or ""
        whole = f"{body_text(self.body)}\0{stands_in}"
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def edited_value(body: Any, previous: Blob | None) -> Value:
    """A new body for an item: comments and layout come from where it had a text last."""
    if previous is None:
        return Value(body)
    base = previous.base if previous.base_id is not None else previous
    return Value(body, base=base if base is not None and base.text is not None else None)


def blobs_store(assistant_id: UUID, values: Iterable[Value]) -> dict[str, Blob]:
    """Digest to blob; what is there already is not stored again, whoever stores it just now."""
    wanted = {value.digest: value for value in values}
    rows = (_row(assistant_id, digest, value) for digest, value in wanted.items())
    insert_rows(Blob, rows, or_ignore=True)
    found: dict[str, Blob] = {}
    digests = [*wanted]
    for start in range(0, len(digests), _BATCH):
        stored = Blob.objects.filter(
            assistant=assistant_id, digest__in=digests[start : start + _BATCH]
        )
        found.update({blob.digest: blob for blob in stored.defer("body", "text", "content")})
    return found


def _row(assistant_id: UUID, digest: str, value: Value) -> dict[str, Any]:
    return {
        "assistant": assistant_id,
        "digest": digest,
        "body": value.body,
        "text": value.text,
        "content": value.content,
        "base": None if value.base is None else value.base.pk,
    }


def blob_forget(blob_id: int) -> None:
    """Delete a blob that nothing refers to any more."""
    used = (
        Exists(model._default_manager.filter(**{name: OuterRef("pk")}))
        for model, name in BLOB_HOLDERS
    )
    unused = Blob.objects.filter(*(~exists for exists in used), pk=blob_id)
    unused._raw_delete(unused.db)
