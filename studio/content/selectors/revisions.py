"""Items as they were: at a commit, at a revision that was read, before they were removed."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import Max, Q, QuerySet

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.content.deltas import from_delta, state_text
from studio.content.merge import MISSING
from studio.content.models import Blob, Branch, Draft, Entry

_BATCH = 500


def line_of(branch: Branch, number: int | None = None) -> list[tuple[Branch, int]]:
    """(branch, number of the last commit) from `branch` back to the one that it began from."""
    found = []
    here: Branch | None = branch
    last = branch.head if number is None else number
    while here is not None:
        found.append((here, last))
        last = min(last, here.start)
        here = here.parent
    return found


def entries_of(branch: Branch, kind: str, key: str, number: int | None = None) -> QuerySet[Entry]:
    """All that was set for one item, up to commit `number`, the newest first."""
    wanted = Q(pk__in=[])
    for here, last in line_of(branch, number):
        after = here.start if here.parent_id is not None else 0
        wanted |= Q(branch=here, number__lte=last, number__gt=after)
    return Entry.objects.filter(wanted, kind=kind, key=key).order_by("-number", "-id")


def entry_at(branch: Branch, kind: str, key: str, number: int) -> Entry | None:
    """What the item was at commit `number`; None where it was not there yet."""
    return entries_of(branch, kind, key, number).select_related("blob").first()


def tree_at(branch: Branch, number: int | None = None) -> dict[Identity, Entry]:
    """The newest entry of every item that was there at commit `number`; by default, at the head.

    The entries come without their blobs.
    """
    ids: list[int] = []
    seen: set[Identity] = set()
    for here, last in line_of(branch, number):
        rows = Entry.objects.filter(branch=here, number__lte=last).order_by()
        newest = rows.values("kind", "key").annotate(newest=Max("id"))
        for kind, key, pk in newest.values_list("kind", "key", "newest"):
            if (kind, key) not in seen:
                seen.add((kind, key))
                ids.append(pk)
    tree: dict[Identity, Entry] = {}
    for start in range(0, len(ids), _BATCH):
        some = Entry.objects.filter(pk__in=ids[start : start + _BATCH], blob__isnull=False)
        tree.update({(entry.kind, entry.key): entry for entry in some})
    return tree


def bodies_of(blob_ids: Iterable[int]) -> dict[int, Any]:
    """Blob id to body."""
    wanted = [*set(blob_ids)]
    found: dict[int, Any] = {}
    for start in range(0, len(wanted), _BATCH):
        rows = Blob.objects.filter(pk__in=wanted[start : start + _BATCH])
        found.update(rows.values_list("pk", "body"))
    return found


def body_at(branch: Branch, kind: Kind, key: str, revision: int) -> Any:
    """The body that a reader had at `revision`; MISSING where the item was not there, or where
    that state was an autosave of more than a day ago."""
    entry = entry_at(branch, kind, key, revision)
    draft = _draft_of(branch, kind, key, revision)
    if draft is not None:
        return json.loads(draft)
    return MISSING if entry is None or entry.blob is None else entry.blob.body


def file_text_at(branch: Branch, path: str, revision: int) -> Any:
    """The same of the text of a file."""
    entry = entry_at(branch, Kind.FILE, path, revision)
    draft = _draft_of(branch, Kind.FILE, path, revision)
    if draft is not None:
        return draft
    if entry is None or entry.blob is None:
        return MISSING
    return state_text(None, bytes(entry.blob.content or b""))


def _draft_of(branch: Branch, kind: Kind, key: str, revision: int) -> str | None:
    """A state that autosaves of the same commit replaced since."""
    later = Draft.objects.filter(entry__kind=kind, entry__key=key, number__gte=revision)
    asked = later.filter(entry__branch__in=[here for here, _last in line_of(branch)])
    first = asked.filter(number=revision).select_related("entry__blob").first()
    if first is None or first.entry.blob is None:
        return None
    text = state_text(first.entry.blob.body, first.entry.blob.content)
    for draft in asked.filter(entry=first.entry).order_by("-number"):
        text = from_delta(bytes(draft.delta), text)
    return text


def removed_entry(branch: Branch, kind: Kind, key: str) -> Entry | None:
    """What the item was before it was removed last; None where it never was removed."""
    newest = list(entries_of(branch, kind, key).select_related("blob", "blob__base")[:2])
    return newest[1] if len(newest) > 1 and newest[0].blob_id is None else None


def removed_entries(branch: Branch, kind: Kind) -> list[tuple[Entry, Entry]]:
    """(its last entry with a blob, the entry that removed it) of items that are gone."""
    gone = _newest_of_kind(branch, kind)
    pairs = []
    for key, entry in gone.items():
        before = removed_entry(branch, kind, key)
        if before is not None:
            pairs.append((before, entry))
    return pairs


def _newest_of_kind(branch: Branch, kind: Kind) -> dict[str, Entry]:
    """The entries that removed an item, and are its newest."""
    found: dict[str, Entry] = {}
    seen: set[str] = set()
    for here, last in line_of(branch):
        rows = Entry.objects.filter(branch=here, kind=kind, number__lte=last).order_by()
        newest = dict(rows.values("key").annotate(newest=Max("id")).values_list("key", "newest"))
        fresh = {key: pk for key, pk in newest.items() if key not in seen}
        seen |= fresh.keys()
        entries = Entry.objects.filter(blob__isnull=True, pk__in=[*fresh.values()])
        for entry in entries.select_related("commit__author"):
            found[entry.key] = entry
    return found
