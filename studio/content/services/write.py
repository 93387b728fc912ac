"""The one way in which content changes: a commit on a branch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from modelservice.project.checks.content import Identity
from studio.accounts.models import User
from studio.accounts.permissions import MissingPermission
from studio.accounts.roles import Permission
from studio.assistants.models import Assistant
from studio.common.bulk import insert_rows
from studio.common.errors import NotFound
from studio.content.deltas import delta_to, state_text
from studio.content.errors import BranchProtected
from studio.content.models import (
    MAIN,
    Blob,
    Branch,
    Commit,
    Door,
    Draft,
    Editor,
    Entry,
    Item,
)
from studio.content.rights import is_setting
from studio.content.services.blobs import Value, blob_forget, blobs_store
from studio.content.services.derivation import COUNTS, rederive
from studio.content.services.publishing import Action, Told, publish_commit

# Autosaves of one author and one item become one commit for so long, and each replaced state is
# kept for saves that were read at it.
SQUASH_FOR = timedelta(minutes=10)
KEEP_DRAFTS_FOR = timedelta(days=1)
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, by which way, and why; and whether their roles let them edit settings."""

    user: User | None
    door: Door = Door.REST
    message: str = ""
    may_change_settings: bool = True

    @property
    def person(self) -> dict[str, str] | None:
        return None if self.user is None else {"id": str(self.user.pk), "name": str(self.user)}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one item; no `value`: it is removed.

    `path` and `position` None leave it where it is; a new item goes behind all others. `sent` is
    the body as its writer had it in front, where merging with others' work made another of it.
    """

    kind: str
    key: str
    value: Value | None
    path: str | None = None
    position: int | None = None
    sent: Any = None

    @property
    def identity(self) -> Identity:
        return self.kind, self.key


@dataclass(slots=True)
class _Write:
    """One write under way; the branch is locked."""

    branch: Branch
    author: Author
    now: datetime
    judge_translations: bool = True
    items: dict[Identity, Item] = field(default_factory=dict)
    blobs: dict[str, Blob] = field(default_factory=dict)
    last_position: int | None = None

    def is_new(self, change: Change) -> bool:
        """Whether the change would change anything."""
        item = self.items.get(change.identity)
        if change.value is None or item is None:
            return change.value is not None or item is not None
        return (
            item.blob.digest != change.value.digest
            or (change.path is not None and change.path != item.path)
            or (change.position is not None and change.position != item.position)
        )

    def placed(self, change: Change) -> Change:
        """The change with the path and position that its item will have."""
        item = self.items.get(change.identity)
        path, position = change.path, change.position
        if path is None:
            path = item.path if item is not None else ""
        if position is None:
            position = item.position if item is not None else self._next_position()
        return replace(change, path=path, position=position)

    def _next_position(self) -> int:
        if self.last_position is None:
            newest = Item.objects.filter(branch=self.branch).order_by("-position").first()
            self.last_position = newest.position if newest is not None else -1
        self.last_position += 1
        return self.last_position

    def entry(self, change: Change, commit: Commit) -> dict[str, Any]:
        return {
            "commit": commit.pk,
            "branch": self.branch.pk,
            "number": commit.number,
            "kind": change.kind,
            "key": change.key,
            "blob": None if change.value is None else self.blobs[change.value.digest].pk,
            "path": change.path or "",
            "position": change.position or 0,
        }


def lock(branch: Branch) -> Branch:
    """Writes to a branch follow one another; to be called first, inside a transaction.

    :raises NotFound: it was deleted meanwhile
    """
    rows = Branch.objects.select_for_update().select_related("assistant")
    locked = rows.filter(pk=branch.pk).first()
    if locked is None:
        raise NotFound(f"The branch “{branch.name}” was deleted meanwhile.")
    return locked


@transaction.atomic
def commit(
    *,
    branch: Branch,
    author: Author,
    changes: Sequence[Change],
    autosave: bool = False,
    merged: Commit | None = None,
    judge_translations: bool = True,
) -> Commit | None:
    """Write `changes` as one commit; None where they change nothing.

    An autosave becomes one with the autosave before it, where nothing stands between or refers to
    that one. `merged` is the newest commit of a branch that is merged in. Translations whose text
    is another now are outdated, but where texts only change places or come back
    (`judge_translations` false).

    :raises BranchProtected: the branch takes merges only
    :raises MissingPermission: settings would change, and the author may not edit them
    """
    return commit_locked(
        branch=lock(branch),
        author=author,
        changes=changes,
        autosave=autosave,
        merged=merged,
        judge_translations=judge_translations,
    )


def commit_locked(
    *,
    branch: Branch,
    author: Author,
    changes: Sequence[Change],
    autosave: bool = False,
    merged: Commit | None = None,
    known: Mapping[Identity, Item] | None = None,
    judge_translations: bool = True,
) -> Commit | None:
    """The same, for who has locked the branch; `known` are the items in question, with their
    blobs, where they were read since. Their rows are brought up to the commit."""
    if branch.protected and author.door != Door.MERGE:
        detail = f"The branch “{branch.name}” is protected: it takes merges only."
        raise BranchProtected(detail)
    write = _Write(branch, author, timezone.now(), judge_translations)
    write.items = _items_of(branch, changes) if known is None else dict(known)
    changes = [write.placed(change) for change in changes if write.is_new(change)]
    if not changes and merged is None:
        return None
    if not author.may_change_settings and any(is_setting(*one.identity) for one in changes):
        raise MissingPermission(Permission.SETTINGS_EDIT, author.user)
    values = [change.value for change in changes if change.value is not None]
    write.blobs = blobs_store(branch.assistant_id, values)
    replaced = _squash(write, changes[0]) if autosave and len(changes) == 1 else None
    if replaced is None:
        made = _append(write, changes, autosave=autosave, merged=merged)
    else:
        made, old_blob = replaced
    told = _materialise(write, made, changes)
    if replaced is not None:
        blob_forget(old_blob)
    _stamp(write)
    publish_commit(branch, author.person, told)
    return made


def _items_of(branch: Branch, changes: Sequence[Change]) -> dict[Identity, Item]:
    rows = Item.objects.filter(branch=branch).select_related("blob").defer("blob__content")
    if len(changes) == 1:
        rows = rows.filter(kind=changes[0].kind, key=changes[0].key)
    elif branch.head == 0:
        return {}
    elif len(changes) <= _BATCH // 2:
        rows = rows.filter(key__in={change.key for change in changes})
    wanted = {change.identity for change in changes}
    return {(item.kind, item.key): item for item in rows if (item.kind, item.key) in wanted}


def _append(
    write: _Write, changes: Sequence[Change], *, autosave: bool, merged: Commit | None
) -> Commit:
    branch = write.branch
    Draft.objects.filter(entry__branch=branch, at__lt=write.now - KEEP_DRAFTS_FOR).delete()
    branch.head += 1
    made = Commit.objects.create(
        branch=branch,
        number=branch.head,
        author=write.author.user,
        door=write.author.door,
        message=write.author.message,
        at=write.now,
        began_at=write.now,
        open=autosave and len(changes) == 1,
        merged=merged,
    )
    insert_rows(Entry, [write.entry(change, made) for change in changes])
    return made


def _squash(write: _Write, change: Change) -> tuple[Commit, int] | None:
    """Put this autosave into the newest commit; None where that one cannot take it.

    Returns the commit and the id of the blob that it held before.
    """
    item = write.items.get(change.identity)
    newest = Commit.objects.filter(branch=write.branch, number=write.branch.head, open=True).first()
    if newest is None or item is None or change.value is None or item.revision != newest.number:
        return None
    author = write.author
    same_author = newest.author_id == (author.user.pk if author.user else None)
    if not same_author or newest.door != author.door or author.message != newest.message:
        return None
    if write.now - newest.began_at > SQUASH_FOR:
        return None
    entry = Entry.objects.get(commit=newest)
    old = item.blob
    value = change.value
    delta = delta_to(state_text(old.body, old.content), state_text(value.body, value.content))
    Draft.objects.create(entry=entry, number=newest.number, delta=delta, at=write.now)
    write.branch.head += 1
    newest.number, newest.at = write.branch.head, write.now
    newest.save(update_fields=["number", "at"])
    entry.number, entry.blob = newest.number, write.blobs[change.value.digest]
    entry.save(update_fields=["number", "blob"])
    return newest, old.pk


def close(made: Commit) -> None:
    """Something refers to this commit from now on: later autosaves leave it alone."""
    Commit.objects.filter(pk=made.pk, open=True).update(open=False)


def newest_commit(branch: Branch) -> Commit | None:
    return Commit.objects.filter(branch=branch, number=branch.head).first()


def _materialise(write: _Write, made: Commit, changes: Sequence[Change]) -> list[Told]:
    """Bring the items at the head, and what is derived of them, up to the commit."""
    told: list[Told] = []
    written: list[tuple[Item, Any]] = []
    removed: list[Item] = []
    for change in changes:
        item = write.items.get(change.identity)
        told.append(Told(change.kind, change.key, made.number, _action(write, change)))
        if change.value is None:
            if item is not None:
                removed.append(item)
            continue
        item = item or Item(branch=write.branch, kind=change.kind, key=change.key)
        item.blob = write.blobs[change.value.digest]
        item.revision = made.number
        item.path, item.position = change.path or "", change.position or 0
        item.updated_at, item.updated_by = write.now, write.author.user
        written.append((item, change.value.body))
    sent = {change.identity: change.sent for change in changes if change.sent is not None}
    rederive(
        write.branch,
        written=written,
        removed=removed,
        sent=sent,
        judge_translations=write.judge_translations,
    )
    return told


def _action(write: _Write, change: Change) -> Action:
    if change.value is None:
        return "deleted"
    if change.identity in write.items:
        return "updated"
    return "restored" if write.author.door == Door.RESTORE else "created"


def _stamp(write: _Write) -> None:
    """When and by whom the branch and its assistant were written to last."""
    branch, user = write.branch, write.author.user
    branch.save(update_fields=["head", *COUNTS])
    values: dict[str, Any] = {"updated_at": write.now, "updated_by": user}
    Assistant.objects.filter(pk=branch.assistant_id).update(**values)
    if user is not None:
        Editor.objects.bulk_create(
            [Editor(assistant_id=branch.assistant_id, user=user, at=write.now)],
            update_conflicts=True,
            unique_fields=["assistant", "user"],
            update_fields=["at"],
        )


def main_of(assistant: Assistant) -> Branch:
    return Branch.objects.get(assistant=assistant, name=MAIN)
