"""What a merge would do, before it is done."""

from collections.abc import Mapping
from typing import Any

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.content.merge import MISSING
from studio.content.models import Branch, Commit, Entry
from studio.content.secrets import masked_body
from studio.content.selectors.branches import branch_document
from studio.content.selectors.conflict_sentences import conflict_place
from studio.content.selectors.documents import conflict_document, person
from studio.content.selectors.history import item_difference
from studio.content.selectors.revisions import bodies_of, tree_at
from studio.content.services.branches import BranchMerge, ItemConflict, merge_of

Document = dict[str, Any]
_DRAWN = {Kind.FLOW, Kind.SYSTEM_FLOW}


def merge_preview(source: Branch, into: Branch, *, with_secrets: bool) -> Document:
    """`conflicts` are the fields that both changed; each names who changed it on either side.
    `flows` are those with conflicts, joined; `changes` come along by themselves."""
    found = merge_of(source, into, {})
    mine, theirs = tree_at(into), tree_at(source)
    commits = Commit.objects.select_related("author").in_bulk(
        {
            tree[conflict.kind, conflict.key].commit_id
            for conflict in found.conflicts
            for tree in (mine, theirs)
            if (conflict.kind, conflict.key) in tree
        }
    )
    return {
        "source": branch_document(source),
        "into": branch_document(into),
        "conflicts": [
            _conflict(conflict, (mine, theirs), commits, with_secrets=with_secrets)
            for conflict in found.conflicts
        ],
        "flows": _flows(found),
        "changes": _changes(found, mine, with_secrets=with_secrets),
    }


def _conflict(
    found: ItemConflict,
    sides: tuple[Mapping[Identity, Entry], Mapping[Identity, Entry]],
    commits: Mapping[int, Commit],
    *,
    with_secrets: bool,
) -> Document:
    identity = (found.kind, found.key)
    step, field = conflict_place(found.body, found.conflict)
    values = conflict_document(found.conflict)
    if not with_secrets:
        values = {
            name: value if name == "pointer" else masked_body(found.kind, value)
            for name, value in values.items()
        }
    made = [commits.get(side[identity].commit_id) if identity in side else None for side in sides]
    return {
        "kind": found.kind,
        "key": found.key,
        "step": step,
        "field": field,
        **values,
        "mine_by": _changed_by(made[0]),
        "theirs_by": _changed_by(made[1]),
    }


def _flows(found: BranchMerge) -> list[Document]:
    bodies = {(one.kind, one.key): one.body for one in found.conflicts if one.kind in _DRAWN}
    return [
        {"kind": kind, "key": key, "body": body}
        for (kind, key), body in bodies.items()
        if body is not MISSING
    ]


def _changed_by(made: Commit | None) -> Document | None:
    return None if made is None else {"author": person(made.author), "at": made.at}


def _changes(
    found: BranchMerge, mine: Mapping[Identity, Entry], *, with_secrets: bool
) -> list[Document]:
    blobs = [mine[one].blob_id for one in [*found.taken, *found.joined] if one in mine]
    blobs += [entry.blob_id for entry in found.taken.values() if entry is not None]
    bodies = bodies_of(blob for blob in blobs if blob is not None)

    def body_of(entry: Entry | None) -> Any:
        return MISSING if entry is None else bodies[entry.blob_id or 0]

    after = {one: body_of(entry) for one, entry in found.taken.items()}
    after |= {one: body for one, (body, _entry, _sent) in found.joined.items()}
    documents = []
    for (kind, key), body in after.items():
        before = body_of(mine.get((kind, key)))
        if kind != Kind.SOURCE:
            shown = (before, body) if with_secrets else _masked(kind, before, body)
            documents.append(item_difference(kind, key, *shown))
    return documents


def _masked(kind: str, *bodies: Any) -> tuple[Any, ...]:
    return tuple(body if body is MISSING else masked_body(kind, body) for body in bodies)
