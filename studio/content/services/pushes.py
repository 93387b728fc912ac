"""Pushes: what the Rasa CLI sends, as one commit on top of what others have changed since."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction

from modelservice.project.checks.content import Identity
from modelservice.project.errors import ProjectError
from modelservice.project.model import Kind, Project, Text, TextKind
from modelservice.project.parts import Parts, Sent, read_parts
from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.content.errors import BranchProtected, ImportFailed, InUse, PushRefused
from studio.content.merge import MISSING, Conflict, merge
from studio.content.models import MAIN, Branch, Commit, Door, Item
from studio.content.pushed import Known, Pushed, State, pushed_items, same_body
from studio.content.selectors.conflict_sentences import conflict_sentence
from studio.content.services.blobs import Value, edited_value
from studio.content.services.branches import branch_create, branch_delete
from studio.content.services.checkouts import base_of_push, checkout_record
from studio.content.services.items import blobs_with_bases
from studio.content.services.projects import project_store
from studio.content.services.texts import copy_facts
from studio.content.services.write import Author, Change, commit_locked, lock

_NOT_IN_BRANCH = re.compile(r"[^A-Za-z0-9._-]+")
_EMPTY_FILE = "{}\n"
_TEXTS = {kind.value for kind in TextKind}
Bodies = dict[Identity, tuple[Pushed, Any]]


@dataclass(slots=True)
class _Merge:
    """What becomes of the pushed items: their bodies on the branch, and fields that both changed.

    `ours` is what the sender's files hold where the branch will hold something else.
    """

    bodies: dict[Identity, tuple[Pushed, Any]] = field(default_factory=dict)
    conflicts: list[tuple[Identity, Any, Conflict]] = field(default_factory=list)
    ours: dict[Identity, Known | None] = field(default_factory=dict)


def sent_read(parts: Parts) -> Sent:
    """:raises ImportFailed: with every finding; files are named as in a project of the CLI"""
    try:
        return read_parts(parts)
    except ProjectError as error:
        raise ImportFailed(
            error.findings[0].message,
            errors=[finding.as_dict() for finding in error.findings],  # type: ignore[misc]  # same keys
        ) from error


@transaction.atomic
def upload(*, name: str, sent: Sent, user: User) -> Assistant:
    """A new assistant of what was sent.

    :raises ImportFailed: there is no flow and no domain in it
    :raises NameTaken: somebody was quicker
    """
    project = sent.project
    if not project.items:
        raise ImportFailed("There is no flow, no domain and no training data in what was sent.")
    author = Author(user, Door.CLI, "Uploaded")
    assistant = project_store(project=_whole(project), name=name, author=author)
    branch = Branch.objects.get(assistant=assistant, name=MAIN)
    checkout_record(branch=branch, user=user, pushed=True)
    return assistant


def _whole(project: Project) -> Project:
    """The CLI cannot fetch a project without endpoints."""
    if TextKind.ENDPOINTS not in project.texts:
        project.texts[TextKind.ENDPOINTS] = Text("endpoints.yml", _EMPTY_FILE)
    return project


def push(*, branch: Branch, sent: Sent, author: Author) -> Commit | None:
    """Write what the sender changed since their last pull or push; None where that is nothing.

    What others changed since stays. Where both changed one field nothing is written, and the
    sender's content is kept on a branch of its own.

    :raises PushRefused: with a sentence for each such field
    :raises BranchProtected: the branch takes merges only
    """
    assert author.user is not None  # noqa: S101  pushes come from people
    with transaction.atomic():
        branch = lock(branch)
        base, number = base_of_push(branch, author.user, sent)
        pushed = pushed_items(base, sent)
        items = _items_at_head(branch)
        merged = _merged(items, base, pushed)
        if not merged.conflicts:
            return _write(branch, author, merged, items)
        if branch.protected:
            raise BranchProtected(f"The branch “{branch.name}” is protected: it takes merges only.")
        sentences = [
            conflict_sentence(identity, body, conflict, items.get(identity))
            for identity, body, conflict in merged.conflicts
        ]
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


def _items_at_head(branch: Branch) -> dict[Identity, Item]:
    rows = Item.objects.filter(branch=branch).exclude(kind__in=[Kind.FILE, Kind.SOURCE])
    rows = rows.select_related("blob", "updated_by").defer("blob__content", "blob__text")
    return {(item.kind, item.key): item for item in rows}


def _merged(items: dict[Identity, Item], base: State, pushed: dict[Identity, Pushed]) -> _Merge:
    found = _Merge()
    for identity, one in pushed.items():
        item, known = items.get(identity), base.get(identity)
        before = MISSING if known is None else known.body
        here = MISSING if item is None else item.blob.body
        merged = merge(before, here, one.body)
        if merged.conflicts:
            found.conflicts.extend((identity, merged.body, each) for each in merged.conflicts)
            continue
        found.bodies[identity] = (one, merged.body)
        if one.body is MISSING or merged.body is MISSING or not _same(identity, merged.body, one):
            found.ours[identity] = None if one.body is MISSING else Known(one.body, one.path)
    for identity in {**items, **base}:
        if identity not in pushed and _changed_by_others(identity, items, base):
            found.ours[identity] = base.get(identity)
    return found


def _same(identity: Identity, body: Any, one: Pushed) -> bool:
    return same_body(*identity, body, one.body)


def _changed_by_others(identity: Identity, items: dict[Identity, Item], base: State) -> bool:
    item, known = items.get(identity), base.get(identity)
    if item is None or known is None:
        return (item is None) != (known is None)
    return bool(item.blob.body != known.body)


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
            changes.append(Change(*identity, edited_value(body, blobs[item.blob_id])))
    return changes


def _write(
    branch: Branch, author: Author, merged: _Merge, items: dict[Identity, Item]
) -> Commit | None:
    changes = _changes(items, merged.bodies)
    made = commit_locked(branch=branch, author=author, changes=changes)
    for change in changes:
        if change.kind == Kind.CONFIG and change.value is not None and branch.name == MAIN:
            copy_facts(branch.assistant_id, str(change.value.body))
    assert author.user is not None  # noqa: S101  as above
    checkout_record(branch=branch, user=author.user, pushed=True, different=merged.ours)
    return made


def _keep(
    branch: Branch, number: int, base: State, pushed: dict[Identity, Pushed], author: Author
) -> Branch:
    """The sender's changes on a branch that begins where they began."""
    name = _free_name(branch, author)
    kept = branch_create(parent=branch, name=name, number=number, user=author.user)
    items = _items_at_head(kept)
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
