"""The history of a branch: commits, what each changed, and what differs between two of them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.dateparse import parse_datetime

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.common.errors import Invalid, NotFound
from studio.content.diff import diff
from studio.content.merge import MISSING
from studio.content.models import Branch, Commit, Entry
from studio.content.secrets import masked_body
from studio.content.selectors.documents import person
from studio.content.selectors.revisions import bodies_of, entry_at, line_of, tree_at

Document = dict[str, Any]
# Kinds whose bodies no page shows: bytes, and lines around items.
_OPAQUE = {Kind.FILE.value, Kind.SOURCE.value}


def commits(branch: Branch, filters: Mapping[str, str]) -> QuerySet[Commit]:
    """Newest first, back through the branch that this one began from.

    `filters` may hold kind, key, author (id of a person), door, since, until (ISO 8601) and q
    (words of the message).
    """
    wanted = Q(pk__in=[])
    for here, last in line_of(branch):
        after = here.start if here.parent_id is not None else 0
        wanted |= Q(branch=here, number__lte=last, number__gt=after)
    rows = Commit.objects.filter(wanted).select_related("author", "merged__branch", "branch")
    entries = Entry.objects.filter(commit=OuterRef("pk"))
    named = {name: filters[name] for name in ("kind", "key") if filters.get(name)}
    if named:
        rows = rows.filter(Exists(entries.filter(**named)))
    if filters.get("author"):
        rows = rows.filter(author_id=_uuid(filters["author"]))
    if filters.get("door"):
        rows = rows.filter(door=filters["door"])
    if filters.get("since"):
        rows = rows.filter(at__gte=_moment("since", filters["since"]))
    if filters.get("until"):
        rows = rows.filter(at__lte=_moment("until", filters["until"]))
    for word in filters.get("q", "").split():
        rows = rows.filter(message__icontains=word)
    return rows


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("author must be the id of a person.") from error


def _moment(name: str, text: str) -> datetime:
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Invalid(f"{name} must be a time with its zone, such as 2026-01-31T12:00:00Z.")
    return found


def commit_get(branch: Branch, number: int) -> Commit:
    for here, last in line_of(branch):
        after = here.start if here.parent_id is not None else 0
        if after < number <= last:
            rows = Commit.objects.select_related("author", "merged__branch", "branch")
            found = rows.filter(branch=here, number=number).first()
            if found is not None:
                return found
    raise NotFound(f"The branch “{branch.name}” has no commit {number}.")


def commit_documents(rows: Iterable[Commit]) -> list[Document]:
    rows = list(rows)
    changed: dict[int, list[Document]] = {row.pk: [] for row in rows}
    # The lines around items go along with them; no page shows them.
    entries = Entry.objects.filter(commit__in=changed).exclude(kind=Kind.SOURCE).order_by("id")
    counts: dict[int, int] = dict.fromkeys(changed, 0)
    few = 20
    for commit_id, kind, key, blob in entries.values_list("commit_id", "kind", "key", "blob_id"):
        counts[commit_id] += 1
        if counts[commit_id] <= few:
            changed[commit_id].append({"kind": kind, "key": key, "removed": blob is None})
    return [
        {
            "number": row.number,
            "branch": row.branch.name,
            "author": person(row.author),
            "door": row.door,
            "message": row.message,
            "at": row.at,
            "merged": None
            if row.merged is None
            else f"{row.merged.branch.name}@{row.merged.number}",
            "items": changed[row.pk],
            "item_count": counts[row.pk],
        }
        for row in rows
    ]


def commit_document(made: Commit, *, with_secrets: bool) -> Document:
    """With what it changed, item by item."""
    pairs: dict[Identity, tuple[Entry | None, Entry | None]] = {}
    for entry in Entry.objects.filter(commit=made).order_by("id"):
        before = entry_at(made.branch, entry.kind, entry.key, made.number - 1)
        pairs[entry.kind, entry.key] = (before, entry)
    [document] = commit_documents([made])
    return {**document, "diff": differences(pairs, with_secrets=with_secrets)}


def compare(
    one: tuple[Branch, int], other: tuple[Branch, int], *, with_secrets: bool
) -> list[Document]:
    """What has to be done to the first commit to get the content of the second."""
    before, after = tree_at(*one), tree_at(*other)
    pairs = {
        identity: (before.get(identity), after.get(identity))
        for identity in {**before, **after}
        if _blob(before.get(identity)) != _blob(after.get(identity))
    }
    return differences(pairs, with_secrets=with_secrets)


def _blob(entry: Entry | None) -> int | None:
    return None if entry is None else entry.blob_id


def differences(
    pairs: Mapping[Identity, tuple[Entry | None, Entry | None]], *, with_secrets: bool
) -> list[Document]:
    """(before, after) of each item, as documents of differences."""
    bodies = bodies_of(
        blob
        for before, after in pairs.values()
        for blob in (_blob(before), _blob(after))
        if blob is not None
    )
    renamed = _renamed(pairs)
    found = []
    for (kind, key), (before, after) in pairs.items():
        if kind == Kind.SOURCE or (kind, key) in renamed.values():
            continue
        old_key = renamed.get((kind, key))
        first = before if old_key is None else pairs[old_key][0]
        one, other = (
            MISSING if blob is None else _shown(kind, bodies[blob], with_secrets=with_secrets)
            for blob in (_blob(first), _blob(after))
        )
        document = item_difference(kind, key, one, other)
        if old_key is not None:
            document |= {"action": "renamed", "before_key": old_key[1]}
        found.append(document)
    return found


def item_difference(kind: str, key: str, before: Any, after: Any) -> Document:
    action = "changed"
    if before is MISSING:
        action = "added"
    elif after is MISSING:
        action = "removed"
    # What is added or removed whole is told by that one word.
    fields = [] if action != "changed" or kind in _OPAQUE else diff(before, after)
    return {
        "kind": kind,
        "key": key,
        "action": action,
        "before_key": None,
        "changes": [difference.as_dict() for difference in fields],
    }


def _renamed(
    pairs: Mapping[Identity, tuple[Entry | None, Entry | None]],
) -> dict[Identity, Identity]:
    """New name to old name, of items that went and came with nearly the same body in one place."""
    gone = {
        (kind, before.path, before.position): (kind, key)
        for (kind, key), (before, after) in pairs.items()
        if before is not None and before.blob_id and (after is None or after.blob_id is None)
    }
    found: dict[Identity, Identity] = {}
    for (kind, key), (before, after) in pairs.items():
        came = (before is None or before.blob_id is None) and after is not None and after.blob_id
        if came and after is not None:
            old = gone.get((kind, after.path, after.position))
            if old is not None and kind not in _OPAQUE:
                found[kind, key] = old
    return found


def item_changes(branch: Branch, filters: Mapping[str, str]) -> QuerySet[Entry]:
    """What was done to single items, newest first. `filters`: kind, item and actor."""
    wanted = Q(pk__in=[])
    for here, last in line_of(branch):
        after = here.start if here.parent_id is not None else 0
        wanted |= Q(branch=here, number__lte=last, number__gt=after)
    rows = Entry.objects.filter(wanted).exclude(kind=Kind.SOURCE)
    rows = rows.select_related("commit__author", "branch", "branch__parent")
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("item"):
        rows = rows.filter(key=filters["item"])
    if filters.get("actor"):
        rows = rows.filter(commit__author_id=_uuid(filters["actor"]))
    return rows


def _shown(kind: str, body: Any, *, with_secrets: bool) -> Any:
    return body if with_secrets else masked_body(kind, body)


def item_change_documents(entries: Iterable[Entry], *, with_secrets: bool) -> list[Document]:
    entries = list(entries)
    before = {
        entry.pk: entry_at(entry.branch, entry.kind, entry.key, entry.number - 1)
        for entry in entries
    }
    bodies = bodies_of(
        blob
        for entry in entries
        for blob in (entry.blob_id, _blob(before[entry.pk]))
        if blob is not None
    )
    shown = partial(_shown, with_secrets=with_secrets)
    documents = []
    for entry in entries:
        one, other = (_blob(before[entry.pk]), entry.blob_id)
        made = entry.commit
        documents.append(
            {
                "id": entry.pk,
                "kind": entry.kind,
                "item": entry.key,
                "action": _action(made, one, other),
                "before": None if one is None else shown(entry.kind, bodies[one]),
                "after": None if other is None else shown(entry.kind, bodies[other]),
                "revision": entry.number,
                "actor": person(made.author),
                "at": made.at,
                "reason": made.message,
            }
        )
    return documents


def _action(made: Commit, before: int | None, after: int | None) -> str:
    if after is None:
        return "deleted"
    if made.door == "import":
        return "imported"
    if before is not None:
        return "updated"
    return "restored" if made.door == "restore" else "created"
