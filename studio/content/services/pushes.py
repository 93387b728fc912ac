"""Pushes: what the Rasa CLI sends, as one commit on top of what others have changed since."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from modelservice.project.checks.content import Identity
from modelservice.project.errors import ProjectError
from modelservice.project.model import Project, Text, TextKind
from modelservice.project.parts import Parts, Sent, read_parts
from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.content.errors import BranchProtected, ImportFailed, InUse, PushRefused, import_failed
from studio.content.merge import MISSING, Conflict, merge, resolve, same
from studio.content.models import MAIN, Branch, Checkout, Commit, Door, Item
from studio.content.pushed import Known, Pushed, State, pushed_items
from studio.content.selectors.conflict_sentences import conflict_sentence
from studio.content.selectors.project import rows_of
from studio.content.services.blobs import Value, edited_value
from studio.content.services.branches import branch_create, branch_delete
from studio.content.services.checkouts import (
    NOT_SENT,
    Different,
    base_of_push,
    checkout_record,
    last_push,
)
from studio.content.services.items import blobs_with_bases
from studio.content.services.projects import project_store
from studio.content.services.texts import copy_facts
from studio.content.services.write import Author, Change, commit_locked, lock

_NOT_IN_BRANCH = re.compile(r"[^A-Za-z0-9._-]+")
_EMPTY_FILE = "{}\n"
_BATCH = 500
_TEXTS = {kind.value for kind in TextKind}
Bodies = dict[Identity, tuple[Pushed, Any]]


@dataclass(frozen=True, slots=True)
class Done:
    """What a push did: its commit, None where nothing was new, and a sentence for each field that
    others had changed, too, and that is the sender's now."""

    commit: Commit | None = None
    overridden: Sequence[str] = ()


@dataclass(slots=True)
class _Merge:
    """What becomes of the pushed items: their bodies on the branch, and fields that both changed.

    `ours` is what the sender's files hold where the branch will hold something else.
    """

    bodies: dict[Identity, tuple[Pushed, Any]] = field(default_factory=dict)
    conflicts: list[tuple[Identity, Any, Conflict]] = field(default_factory=list)
    ours: dict[Identity, Different | None] = field(default_factory=dict)


def _read(parts: Parts) -> Sent:
    """:raises ImportFailed: with every finding; files are named as in a project of the CLI"""
    try:
        return read_parts(parts)
    except ProjectError as error:
        raise import_failed(error) from error


@transaction.atomic
def upload(*, name: str, parts: Parts, user: User) -> Assistant:
    """A new assistant of what was sent.

    :raises ImportFailed: there is no flow and no domain in it
    :raises NameTaken: somebody was quicker
    """
    project = _read(parts).project
    if not project.items:
        raise ImportFailed("There is no flow, no domain and no training data in what was sent.")
    author = Author(user, Door.CLI, "Uploaded")
    assistant = project_store(project=_whole(project), name=name, author=author)
    branch = Branch.objects.get(assistant=assistant, name=MAIN)
    checkout_record(branch=branch, user=user, sent=parts)
    return assistant


def _whole(project: Project) -> Project:
    """The CLI cannot fetch a project without endpoints."""
    if TextKind.ENDPOINTS not in project.texts:
        project.texts[TextKind.ENDPOINTS] = Text("endpoints.yml", _EMPTY_FILE)
    return project


def push(*, branch: Branch, parts: Parts, author: Author, force: bool = False) -> Done:
    """Write what the sender changed since their last pull or push.

    What others changed since stays. Where both changed one field nothing is written, and the
    sender's content is kept on a branch of its own; with `force` that field is the sender's.

    :raises PushRefused: with a sentence for each such field
    :raises BranchProtected: the branch takes merges only
    """
    user = author.user
    assert user is not None  # noqa: S101  pushes come from people
    last = last_push(branch, user)
    new = _new_parts(parts, last)
    if not new.texts() and not new.prompts:
        return Done()
    sent = _read(new)  # before the lock: it takes long
    with transaction.atomic():
        branch = lock(branch)
        if last_push(branch, user) != last:
            sent = _read(parts)
        base, number = base_of_push(branch, user, sent)
        pushed = pushed_items(base, sent)
        items = _items_at_head(branch, pushed)
        merged = _merged(items, base, pushed, force=force)
        sentences = [
            conflict_sentence(identity, body, conflict, items.get(identity))
            for identity, body, conflict in merged.conflicts
        ]
        if force or not sentences:
            made = _write(branch, author, merged, items)
            ours = {**_left_alone(branch, base, pushed), **merged.ours}
            checkout_record(branch=branch, user=user, sent=parts, different=ours)
            return Done(made, sentences)
        if branch.protected:
            raise BranchProtected(f"The branch “{branch.name}” is protected: it takes merges only.")
        kept = _keep(branch, number, base, pushed, author)
    address = f"{settings.PUBLIC_URL}/assistants/{branch.assistant_id}/branches/{kept.name}/merge"
    count = len(sentences)
    what = "One field was" if count == 1 else f"{count} fields were"
    raise PushRefused(
        f"Nothing was pushed. {what} changed by others and by you.",
        sentences=sentences,
        branch=kept.name,
        address=address,
    )


def _new_parts(parts: Parts, last: Checkout | None) -> Parts:
    """Without what the sender pushed last in the same words."""
    known = last.digests if last is not None else {}
    return parts.without([name for name, own in parts.digests().items() if known.get(name) == own])


def _items_at_head(branch: Branch, wanted: Collection[Identity]) -> dict[Identity, Item]:
    found: dict[Identity, Item] = {}
    keys = [key for _kind, key in wanted]
    for start in range(0, len(keys), _BATCH):
        rows = Item.objects.filter(branch=branch, key__in=keys[start : start + _BATCH])
        rows = rows.select_related("blob", "updated_by").defer("blob__content", "blob__text")
        found.update({(item.kind, item.key): item for item in rows})
    return {identity: item for identity, item in found.items() if identity in wanted}


def _merged(
    items: dict[Identity, Item], base: State, pushed: dict[Identity, Pushed], *, force: bool
) -> _Merge:
    """With `force` a field that both changed is as it was sent."""
    found = _Merge()
    for identity, one in pushed.items():
        item, known = items.get(identity), base.get(identity)
        before = MISSING if known is None else known.body
        here = MISSING if item is None else item.blob.body
        merged = merge(before, here, one.body)
        found.conflicts.extend((identity, merged.body, each) for each in merged.conflicts)
        if merged.conflicts and not force:
            continue
        body = resolve(merged, ["theirs"] * len(merged.conflicts))
        found.bodies[identity] = (one, body)
        if one.body is MISSING and body is not MISSING:
            found.ours[identity] = None
        elif one.body is not MISSING and not same(body, one.body):
            found.ours[identity] = Different(one.path, one.body)
    return found


def _left_alone(
    branch: Branch, base: State, pushed: Collection[Identity]
) -> dict[Identity, Different | None]:
    """What others changed, as it is in the sender's files."""
    here = {
        (kind, key): blob
        for kind, key, _path, _position, blob in rows_of(branch)
        if kind not in NOT_SENT and (kind, key) not in pushed
    }
    found: dict[Identity, Different | None] = {}
    for identity, blob in here.items():
        known = base.get(identity)
        if known is None or known.blob_id != blob:
            found[identity] = _as_known(known)
    for identity, known in base.items():
        if identity not in here and identity not in pushed:
            found[identity] = _as_known(known)
    return found


def _as_known(known: Known | None) -> Different | None:
    return None if known is None else Different(known.path, blob_id=known.blob_id)


def _changes(items: Mapping[Identity, Item], bodies: Bodies) -> list[Change]:
    """Comments and layout come from what the items were."""
    blobs = blobs_with_bases([items[one].blob_id for one in bodies if one in items])
    changes = []
    for identity, (one, body) in bodies.items():
        item = items.get(identity)
        if body is MISSING:
            changes.append(Change(*identity, None))
        elif item is None:
            changes.append(Change(*identity, Value(body), one.path))
        elif item.kind in _TEXTS:
            changes.append(Change(*identity, Value(body), item.path or one.path))
        else:
            value = edited_value(body, blobs[item.blob_id])
            changes.append(Change(*identity, value, sent=one.body))
    return changes


def _write(
    branch: Branch, author: Author, merged: _Merge, items: dict[Identity, Item]
) -> Commit | None:
    changes = _changes(items, merged.bodies)
    made = commit_locked(branch=branch, author=author, changes=changes)
    copy_facts(branch, changes)
    return made


def _keep(
    branch: Branch, number: int, base: State, pushed: dict[Identity, Pushed], author: Author
) -> Branch:
    """The sender's changes on a branch that begins where they began."""
    name = _free_name(branch, author)
    kept = branch_create(parent=branch, name=name, number=number, user=author.user)
    items = _items_at_head(kept, pushed)
    bodies: Bodies = {}
    for identity, one in pushed.items():
        item, known = items.get(identity), base.get(identity)
        before = MISSING if known is None else known.body
        here = MISSING if item is None else item.blob.body
        merged = merge(before, here, one.body)
        bodies[identity] = (one, one.body if merged.conflicts else merged.body)
    commit_locked(branch=lock(kept), author=author, changes=_changes(items, bodies))
    return kept


def _free_name(branch: Branch, author: Author) -> str:
    """`push-of-ana`; that of an earlier refused push makes room where nothing stands on it."""
    person = _NOT_IN_BRANCH.sub("-", str(author.user.username if author.user else "")).strip("-.")
    wanted = f"push-of-{person or 'somebody'}"[:90]
    rows = Branch.objects.filter(assistant=branch.assistant_id)
    number = 1
    while True:
        name = wanted if number == 1 else f"{wanted}-{number}"
        old = rows.filter(name=name).first()
        if old is None:
            return name
        try:
            with transaction.atomic():
                branch_delete(branch=old)
        except InUse:
            number += 1
        else:
            return name
