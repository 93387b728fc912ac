"""Writes to single items of content."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from modelservice.project.checks.content import Identity
from modelservice.project.checks.defaults import RESPONSES
from modelservice.project.model import Kind
from modelservice.project.structure import check_item, oversized, unstorable
from modelservice.project.yaml_reader import Path
from studio.assistants.errors import NameTaken
from studio.common.errors import FieldProblem, Invalid, NotFound
from studio.content.errors import InUse, RevisionConflict, TooLarge
from studio.content.merge import MISSING, merge
from studio.content.models import Blob, Branch, Commit, Entry, Item
from studio.content.selectors.documents import conflict_document, item_document
from studio.content.selectors.items import item_find, item_get
from studio.content.selectors.references import places_using
from studio.content.selectors.revisions import body_at, removed_entry
from studio.content.services.blobs import Value, edited_value
from studio.content.services.placement import path_for
from studio.content.services.write import Author, Change, commit, commit_locked, lock

_BATCH = 500
_IDENTIFIER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
ID_PATTERNS = {
    Kind.FLOW: _IDENTIFIER,
    Kind.SYSTEM_FLOW: re.compile(r"pattern_[A-Za-z0-9_]+"),
    # Any word: those of retrieval intents have a slash, and they may be of any script.
    Kind.RESPONSE: re.compile(r"[^\x00-\x20\x7f]+"),
    Kind.SLOT: re.compile(r"[A-Za-z_][A-Za-z0-9_-]*"),
    # Those of retrieval intents have a slash; marks and payloads end at brackets and braces.
    Kind.INTENT: re.compile(r"[^\x00-\x20\x7f/@{}()\[\]]+(/[^\x00-\x20\x7f/@{}()\[\]]+)?"),
    Kind.ENTITY: re.compile(r"[^\x00-\x20\x7f/@:{}()\[\]\"]+"),
    # Of the training data: entries that are lists of words.
    Kind.NLU: re.compile(r"(synonym|lookup|regex):[^\x00-\x1f\x7f]*[^\x00-\x20\x7f]"),
    Kind.PROMPT: re.compile(r"prompts/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.jinja2"),
}
_GUARDED = {Kind.SLOT, Kind.RESPONSE, Kind.ACTION}


@transaction.atomic
def item_create(*, branch: Branch, kind: Kind, key: str, body: Any, author: Author) -> Item:
    check_key(kind, key)
    check_body(kind, body)
    branch = lock(branch)
    if item_find(branch, kind, key) is not None:
        raise name_taken(kind, key)
    change = Change(kind.value, key, Value(body), path=path_for(branch, kind, key))
    commit(branch=branch, author=author, changes=[change])
    return item_get(branch, kind, key)


@transaction.atomic
def item_update(
    *, branch: Branch, kind: Kind, key: str, body: Any, revision: int, author: Author
) -> Item:
    """Save a body that was made from the one at `revision`.

    What somebody else changed since is merged in, where both did not change one field.

    :raises RevisionConflict: they did; carries the stored item and the fields in question
    """
    check_body(kind, body)
    branch = lock(branch)
    item = item_find(branch, kind, key)
    sent = None
    if item is None or item.revision != revision:
        sent = body
        base = body_at(branch, kind, key, revision)
        body = _merged(item, noun(kind), key, base=base, mine=body)
        if body is not MISSING:
            check_body(kind, body)
    if item is None or body is MISSING:
        raise NotFound(f"There is no {noun(kind)} “{key}”.")
    if _unchanged(item, body):
        return item
    change = Change(kind.value, key, edited_value(body, item.blob), sent=sent)
    commit_locked(
        branch=branch,
        author=author,
        changes=[change],
        autosave=True,
        known={change.identity: item},
    )
    item.blob.body = body
    return item


def _unchanged(item: Item, body: Any) -> bool:
    """Also in the order of keys, which an export keeps."""
    stored = item.blob.body
    return bool(stored == body) and json.dumps(stored) == json.dumps(body)


def _merged(item: Item | None, noun: str, key: str, *, base: Any, mine: Any) -> Any:
    """`item` is what is stored now; None: it was deleted."""
    if item is None and base is MISSING:
        raise NotFound(f"There is no {noun} “{key}”.")
    merged = merge(base, mine, MISSING if item is None else item.blob.body)
    if not merged.conflicts:
        return merged.body
    who = str(item.updated_by) if item is not None and item.updated_by else "Somebody"
    detail = f"{who} changed this after you opened it."
    if item is None:
        detail = f"Somebody deleted this {noun} after you opened it."
    raise RevisionConflict(
        detail,
        current=None if item is None else item_document(item),
        merged=None if merged.body is MISSING else merged.body,
        conflicts=[conflict_document(conflict) for conflict in merged.conflicts],
    )


@transaction.atomic
def item_delete(
    *, branch: Branch, kind: Kind, key: str, revision: int | None, author: Author
) -> Commit | None:
    """:raises RevisionConflict: it was changed after `revision`"""
    branch = lock(branch)
    item = item_get(branch, kind, key)
    if revision is not None:
        check_revision(item, revision)
    check_unused(branch, kind, key)
    return commit(branch=branch, author=author, changes=[Change(kind.value, key, None)])


@transaction.atomic
def items_delete(*, branch: Branch, items: Mapping[Identity, int], author: Author) -> Commit | None:
    """Delete several items, each as its reader saw it at a revision, in one commit.

    :raises RevisionConflict: one was changed after that
    :raises InUse: one is still used by flows; nothing is deleted
    """
    branch = lock(branch)
    changes = []
    for (kind, key), revision in items.items():
        check_revision(item_get(branch, Kind(kind), key), revision)
        check_unused(branch, Kind(kind), key)
        changes.append(Change(kind, key, None))
    return commit(branch=branch, author=author, changes=changes)


def check_unused(branch: Branch, kind: Kind, key: str) -> None:
    """:raises InUse: flows use it, and the runtime has none of that name to take its place"""
    if kind not in _GUARDED or (kind is Kind.RESPONSE and key in RESPONSES):
        return
    used_by = places_using(branch, kind, key)
    if used_by:
        detail = f"The {noun(kind)} “{key}” is still used by flows."
        raise InUse(detail, used_by=used_by)


@transaction.atomic
def item_restore(*, branch: Branch, kind: Kind, key: str, author: Author) -> Item:
    """Bring an item back as it was when it was deleted; its name must be free."""
    branch = lock(branch)
    if item_find(branch, kind, key) is not None:
        raise NameTaken(f"There is another {noun(kind)} “{key}” by now.")
    entry = removed_entry(branch, kind, key)
    if entry is None:
        raise NotFound(f"There is no deleted {noun(kind)} “{key}”.")
    commit(branch=branch, author=author, changes=changes_to({(kind.value, key): entry}))
    return item_get(branch, kind, key)


def value_of(blob: Blob) -> Value:
    """The same content once more."""
    return Value(
        body=blob.body,
        text=None if blob.base_id is not None else blob.text,
        content=None if blob.content is None else bytes(blob.content),
        base=blob.base,
    )


def changes_to(entries: Mapping[Identity, Entry | None]) -> list[Change]:
    """The changes that make items what they were in these entries, with their texts; None: gone."""
    ids = [entry.blob_id for entry in entries.values() if entry is not None and entry.blob_id]
    blobs = blobs_with_bases(ids)
    changes = []
    for identity, entry in entries.items():
        if entry is None or entry.blob_id is None:
            changes.append(Change(*identity, None))
        else:
            value = value_of(blobs[entry.blob_id])
            changes.append(Change(*identity, value, entry.path, entry.position))
    return changes


def blobs_with_bases(ids: Sequence[int]) -> dict[int, Blob]:
    found: dict[int, Blob] = {}
    for start in range(0, len(ids), _BATCH):
        rows = Blob.objects.select_related("base").filter(pk__in=ids[start : start + _BATCH])
        found.update({blob.pk: blob for blob in rows})
    return found


def copy_name(branch: Branch, kind: Kind, key: str) -> tuple[str, int]:
    """A free name for a copy, derived from its own, and which copy it is, from 1 on."""
    taken = set(Item.objects.filter(branch=branch, kind=kind).values_list("key", flat=True))
    number = 1
    while (copy := f"{key}_copy{number if number > 1 else ''}") in taken:
        number += 1
    return copy, number


def name_taken(kind: Kind, key: str) -> NameTaken:
    return NameTaken(f"There is already a {noun(kind)} “{key}”.")


def check_revision(item: Item, revision: int) -> None:
    """:raises RevisionConflict: the item was changed after `revision`"""
    if item.revision != revision:
        who = str(item.updated_by) if item.updated_by else "Somebody"
        detail = f"{who} changed this after you opened it."
        raise RevisionConflict(detail, current=item_document(item), conflicts=[])


def check_body(kind: Kind, body: Any) -> None:
    check_size(body)
    errors = [
        FieldProblem(field=pointer(path), message=message)
        for path, message in check_item(kind, body)
    ]
    if errors:
        raise Invalid(errors[0]["message"], errors=errors)


def check_size(body: Any) -> None:
    """What an import refuses is refused here too: huge texts, deep nesting, broken characters."""
    finding = next(oversized(body), None)
    if finding is not None:
        path, message = finding
        raise TooLarge(message, errors=[FieldProblem(field=pointer(path), message=message)])
    finding = next(unstorable(body), None)
    if finding is not None:
        path, message = finding
        raise Invalid(message, errors=[FieldProblem(field=pointer(path), message=message)])


def check_key(kind: Kind, key: str) -> None:
    """Keys of flows and prompts become paths of files on export."""
    pattern = ID_PATTERNS.get(kind)
    if pattern is not None and not pattern.fullmatch(key):
        message = f"“{key}” cannot be the name of a {noun(kind)}."
        raise Invalid(message, errors=[FieldProblem(field="id", message=message)])


def pointer(path: Path) -> str:
    return "/" + "/".join(map(str, ("body", *path)))


def noun(kind: Kind) -> str:
    return kind.value.replace("_", " ")
