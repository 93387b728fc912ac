"""Branches: begun, renamed, protected, deleted, merged."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import RestrictedError

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.assistants.errors import NameTaken
from studio.common.errors import FieldProblem, Invalid
from studio.content.errors import InUse, MergeConflict
from studio.content.merge import MISSING, Conflict, Decision, Edited, Merged, merge, resolve
from studio.content.models import MAIN, Blob, Branch, Commit, Entry, Item, Reference
from studio.content.selectors.documents import conflict_document
from studio.content.selectors.revisions import bodies_of, line_of, tree_at
from studio.content.services.blobs import BLOB_HOLDERS, edited_value
from studio.content.services.derivation import rebuild
from studio.content.services.item_texts import texts_copy
from studio.content.services.items import blobs_with_bases, changes_to, check_body
from studio.content.services.texts import copy_facts
from studio.content.services.write import Author, Change, close, commit, lock, newest_commit

NAME = re.compile(r"(?!.*//)(?!.*[/.]$)[A-Za-z0-9][A-Za-z0-9._/-]{0,99}")
NAME_RULE = "A branch name has letters, digits and . _ - / in it, 100 at most."
_BATCH = 500


@transaction.atomic
def branch_create(*, parent: Branch, name: str, number: int | None, user: User | None) -> Branch:
    """A branch that begins at commit `number` of `parent`, by default at its newest one."""
    check_name(name)
    parent = lock(parent)
    start = parent.head if number is None else number
    if not 0 < start <= parent.head:
        raise Invalid(f"The branch “{parent.name}” has no commit {start}.")
    try:
        with transaction.atomic():
            branch = Branch.objects.create(
                assistant=parent.assistant,
                name=name,
                parent=parent,
                start=start,
                head=start,
                created_by=user,
            )
    except IntegrityError as error:
        raise NameTaken(f"There is already a branch “{name}”.") from error
    began = Commit.objects.filter(branch=parent, number=start).first()
    if began is not None:
        close(began)
    if start == parent.head:
        _copy_head(parent, branch)
    else:
        rebuild_items(branch)
    return branch


def _copy_head(parent: Branch, branch: Branch) -> None:
    """The parent's items as they are, with all that is derived of them."""
    items = list(Item.objects.filter(branch=parent).order_by("id"))
    old = [item.pk for item in items]
    for item in items:
        item.pk, item.branch = None, branch
    Item.objects.bulk_create(items, batch_size=_BATCH)
    ids = dict(zip(old, (item.pk for item in items), strict=True))
    texts_copy(parent, branch, ids)
    references = list(Reference.objects.filter(branch=parent).order_by("id"))
    for reference in references:
        reference.pk, reference.branch = None, branch
        reference.item_id = ids[reference.item_id]
    Reference.objects.bulk_create(references, batch_size=_BATCH)
    counts = ("flow_count", "error_count", "warning_count")
    Branch.objects.filter(pk=branch.pk).update(**{name: getattr(parent, name) for name in counts})


def rebuild_items(branch: Branch) -> None:
    """Make the items of a branch, and what is derived of them, from its entries."""
    entries = tree_at(branch)
    blobs = Blob.objects.in_bulk([entry.blob_id for entry in entries.values() if entry.blob_id])
    commits = _commits_of(branch, {entry.commit_id for entry in entries.values()})
    made = []
    for entry in sorted(entries.values(), key=lambda entry: entry.position):
        blob, began = blobs[entry.blob_id or 0], commits[entry.commit_id]
        item = Item(
            branch=branch,
            kind=entry.kind,
            key=entry.key,
            blob=blob,
            revision=entry.number,
            path=entry.path,
            position=entry.position,
            updated_at=began.at,
            updated_by_id=began.author_id,
        )
        made.append((item, blob.body))
    rebuild(branch, made)


def _commits_of(branch: Branch, ids: set[int]) -> dict[int, Commit]:
    lines = [here for here, _last in line_of(branch)]
    rows = Commit.objects.filter(branch__in=lines)
    return {made.pk: made for made in rows if made.pk in ids}


@transaction.atomic
def branch_update(*, branch: Branch, values: Mapping[str, Any]) -> Branch:
    """`values` may hold name and protected."""
    branch = lock(branch)
    if branch.name == MAIN and values.get("name", MAIN) != MAIN:
        raise Invalid("The branch “main” keeps its name.")
    if "name" in values:
        check_name(values["name"])
    for name, value in values.items():
        setattr(branch, name, value)
    try:
        with transaction.atomic():
            branch.save(update_fields=[*values])
    except IntegrityError as error:
        raise NameTaken(f"There is already a branch “{branch.name}”.") from error
    return branch


@transaction.atomic
def branch_delete(*, branch: Branch) -> None:
    """With its commits; blobs that nothing else refers to go, too.

    :raises InUse: it is main, or other branches begin at it
    """
    branch = lock(branch)
    if branch.name == MAIN:
        raise InUse("The branch “main” cannot be deleted.")
    children = [child.name for child in Branch.objects.filter(parent=branch)]
    if children:
        detail = f"The branch “{children[0]}” begins at “{branch.name}”."
        raise InUse(detail)
    own = Entry.objects.filter(branch=branch, blob__isnull=False)
    blobs = set(own.values_list("blob", flat=True))
    try:
        with transaction.atomic():
            branch.delete()
    except RestrictedError as error:
        detail = f"A version was trained from the branch “{branch.name}”."
        raise InUse(detail) from error
    blobs_prune(blobs)


def blobs_prune(ids: Iterable[int]) -> None:
    """Delete those of these blobs that nothing refers to."""
    waiting = sorted(set(ids), reverse=True)
    for start in range(0, len(waiting), _BATCH):
        some = set(waiting[start : start + _BATCH])
        for model, name in BLOB_HOLDERS:
            rows = model._default_manager.filter(**{f"{name}__in": some})
            some -= set(rows.values_list(name, flat=True))
        Blob.objects.filter(pk__in=some).delete()


def check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        message = NAME_RULE
        raise Invalid(message, errors=[FieldProblem(field="name", message=message)])


@dataclass(frozen=True, slots=True)
class ItemConflict:
    """One field of one item that both branches changed; `body` is the joined one, where it is."""

    kind: str
    key: str
    conflict: Conflict
    body: Any

    @property
    def name(self) -> tuple[str, str, tuple[str | int, ...]]:
        return self.kind, self.key, self.conflict.pointer


@dataclass(slots=True)
class BranchMerge:
    """What a merge would write, and what it has to ask.

    `taken` are items as one branch has them, `joined` those that both have a part in: their body,
    the entry whose comments and layout it keeps, and the body of the branch that is merged.
    """

    taken: dict[Identity, Entry | None] = field(default_factory=dict)
    joined: dict[Identity, tuple[Any, Entry, Any]] = field(default_factory=dict)
    conflicts: list[ItemConflict] = field(default_factory=list)

    def changes(self) -> list[Change]:
        ids = [entry.blob_id for _body, entry, _sent in self.joined.values() if entry.blob_id]
        blobs = blobs_with_bases(ids)
        joined = [
            Change(
                *identity,
                edited_value(body, blobs[entry.blob_id or 0]),
                path=entry.path,
                sent=sent,
            )
            for identity, (body, entry, sent) in self.joined.items()
        ]
        return [*changes_to(self.taken), *joined]


Resolutions = Mapping[tuple[str, str, tuple[str | int, ...]], Decision]


@transaction.atomic
def branch_merge(
    *, source: Branch, into: Branch, resolutions: Resolutions, author: Author
) -> Commit:
    """Bring what `source` changed since the two parted into `into`, as one commit.

    Where both changed one field, `resolutions` says what stands: "mine" is `into`'s, "theirs" is
    `source`'s, "before" is what it was when they parted.

    :raises MergeConflict: a field is not decided yet; nothing is written
    :raises Invalid: an item would not be one with the values that were given
    """
    if source.pk == into.pk:
        raise Invalid("A branch cannot be merged into itself.")
    in_order = sorted((source, into), key=lambda branch: branch.pk)
    locked = {branch.pk: lock(branch) for branch in in_order}
    source, into = locked[source.pk], locked[into.pk]
    found = merge_of(source, into, resolutions)
    if found.conflicts:
        count = len(found.conflicts)
        detail = f"{count} {'field was' if count == 1 else 'fields were'} changed in both branches."
        raise MergeConflict(
            detail, conflicts=[conflict_of_item(conflict) for conflict in found.conflicts]
        )
    newest = newest_commit(source) or _start_of(source)
    if newest is not None:
        close(newest)
    changes = found.changes()
    made = commit(branch=into, author=author, changes=changes, merged=newest)
    assert made is not None  # noqa: S101  a merge is a commit, even if it changes nothing
    copy_facts(into, changes)
    return made


def _start_of(branch: Branch) -> Commit | None:
    return Commit.objects.filter(branch=branch.parent, number=branch.start).first()


def conflict_of_item(found: ItemConflict) -> dict[str, Any]:
    return {"kind": found.kind, "key": found.key, **conflict_document(found.conflict)}


def merge_of(source: Branch, into: Branch, resolutions: Resolutions) -> BranchMerge:
    base = base_of(source, into)
    mine, theirs = tree_at(into), tree_at(source)
    result = BranchMerge()
    changed = [
        identity
        for identity in {**base, **theirs}
        if _mark(base.get(identity)) != _mark(theirs.get(identity))
        and _mark(mine.get(identity)) != _mark(theirs.get(identity))
    ]
    bodies = bodies_of(
        entry.blob_id
        for identity in changed
        for entry in (base.get(identity), mine.get(identity), theirs.get(identity))
        if entry is not None and entry.blob_id is not None
    )
    for identity in changed:
        three = (base.get(identity), mine.get(identity), theirs.get(identity))
        _merge_item(identity, three, bodies, resolutions, result)
    return result


def _mark(entry: Entry | None) -> tuple[int | None, str] | None:
    return None if entry is None else (entry.blob_id, entry.path)


def _merge_item(
    identity: Identity,
    three: tuple[Entry | None, Entry | None, Entry | None],
    bodies: dict[int, Any],
    resolutions: Resolutions,
    result: BranchMerge,
) -> None:
    base, mine, theirs = three
    kind, key = identity
    if _mark(base) == _mark(mine):  # only the other side touched it
        result.taken[identity] = theirs
        return
    merged = _merged_bodies(kind, three, bodies)
    # Nobody can be asked about the lines around items.
    questions = [] if kind == Kind.SOURCE else merged.conflicts
    asked = [ItemConflict(kind, key, conflict, merged.body) for conflict in questions]
    open_ones = [one for one in asked if one.name not in resolutions]
    if open_ones:
        result.conflicts.extend(open_ones)
        return
    decisions = [resolutions[one.name] for one in asked]
    body = resolve(merged, decisions or ["mine"] * len(merged.conflicts))
    if body is MISSING:
        result.taken[identity] = None
    elif kind == Kind.FILE:
        result.taken[identity] = _file_of(body, three)
    else:
        if any(isinstance(decision, Edited) for decision in decisions):
            check_body(Kind(kind), body)
        here = mine or theirs
        assert here is not None  # noqa: S101  a body that is there came from one of them
        sent = None if theirs is None else bodies[theirs.blob_id or 0]
        result.joined[identity] = (body, here, sent)


def _file_of(mark: Any, three: tuple[Entry | None, Entry | None, Entry | None]) -> Entry:
    for entry in three:
        if entry is not None and _mark(entry) == mark:
            return entry
    raise Invalid("A file cannot be edited here: take it as it is on one of the sides.")


def _merged_bodies(
    kind: str, three: tuple[Entry | None, Entry | None, Entry | None], bodies: dict[int, Any]
) -> Merged:
    def body(entry: Entry | None) -> Any:
        if entry is None:
            return MISSING
        return _mark(entry) if kind == Kind.FILE else bodies[entry.blob_id or 0]

    return merge(*(body(entry) for entry in three))


def base_of(source: Branch, into: Branch) -> dict[Identity, Entry]:
    """The content at the newest commit that both branches have in them.

    That is where they parted, or what was merged from one into the other last.
    """
    merged = _last_merged(source, into)
    if merged is not None:
        return tree_at(*merged)
    reached = {here.pk: last for here, last in line_of(into)}
    for here, last in line_of(source):
        if here.pk in reached:
            return tree_at(here, min(last, reached[here.pk]))
    return {}


def _last_merged(source: Branch, into: Branch) -> tuple[Branch, int] | None:
    """The newest state of `source` that was merged into `into`, or the other way round."""
    rows = Commit.objects.filter(merged__isnull=False).select_related("merged__branch", "branch")
    there = rows.filter(branch=into, merged__branch=source).order_by("-number").first()
    back = rows.filter(branch=source, merged__branch=into).order_by("-number").first()
    candidates = []
    if there is not None and there.merged is not None:
        candidates.append((there.at, (there.merged.branch, there.merged.number)))
    if back is not None and back.merged is not None:
        candidates.append((back.at, (back.merged.branch, back.merged.number)))
    return max(candidates, key=lambda pair: pair[0])[1] if candidates else None
