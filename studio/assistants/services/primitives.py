"""Writes to single items of content."""

import re
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from modelservice.project.model import Kind
from modelservice.project.structure import check_item, oversized
from modelservice.project.yaml_reader import Path
from studio.accounts.models import User
from studio.assistants.errors import InUse, NameTaken, RevisionConflict, TooLarge
from studio.assistants.models import Assistant, Change, Primitive
from studio.assistants.selectors.documents import item_document
from studio.assistants.selectors.references import places_using
from studio.assistants.services.changes import Author, record_change
from studio.assistants.services.placement import path_for
from studio.assistants.summaries import summary_of
from studio.common.errors import FieldProblem, Invalid

_IDENTIFIER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_KEYS = {
    Kind.FLOW: _IDENTIFIER,
    Kind.SYSTEM_FLOW: re.compile(r"pattern_[A-Za-z0-9_]+"),
    Kind.SLOT: re.compile(r"[A-Za-z_][A-Za-z0-9_-]*"),
    Kind.PROMPT: re.compile(r"prompts/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.jinja2"),
}
_GUARDED = {Kind.SLOT, Kind.RESPONSE, Kind.ACTION}


@transaction.atomic
def primitive_create(
    *, assistant: Assistant, kind: Kind, key: str, body: Any, author: Author
) -> Primitive:
    check_key(kind, key)
    check_body(kind, body)
    last = Primitive.objects.filter(assistant=assistant).aggregate(last=Max("position"))["last"]
    try:
        with transaction.atomic():
            primitive = Primitive.objects.create(
                assistant=assistant,
                kind=kind,
                key=key,
                body=body,
                summary=summary_of(kind, key, body),
                position=(last or 0) + 1,
                source_path=path_for(assistant, kind, key),
                updated_by=author.user,
            )
    except IntegrityError as error:
        message = f"There is already a {noun(kind)} “{key}”."
        raise NameTaken(message) from error
    _record(primitive, author, Change.Action.CREATED, before=None, after=body)
    return primitive


@transaction.atomic
def primitive_update(
    *, primitive: Primitive, body: Any, revision: int, author: Author
) -> Primitive:
    """:raises RevisionConflict: `revision` is not the stored one; carries the stored item"""
    check_body(Kind(primitive.kind), body)
    stored = lock_at_revision(primitive, revision)
    before = stored.body
    stored.body = body
    stored.summary = summary_of(stored.kind, stored.key, body)
    _save(stored, author.user)
    _record(stored, author, Change.Action.UPDATED, before=before, after=body)
    return stored


@transaction.atomic
def primitive_delete(*, primitive: Primitive, revision: int | None, author: Author) -> None:
    stored = lock_at_revision(primitive, revision)
    if stored.kind in _GUARDED:
        used_by = places_using(stored.assistant_id, Kind(stored.kind), stored.key)
        if used_by:
            detail = f"The {noun(Kind(stored.kind))} “{stored.key}” is still used by flows."
            raise InUse(detail, used_by=used_by)
    stored.deleted_at = timezone.now()
    _save(stored, author.user)
    _record(stored, author, Change.Action.DELETED, before=stored.body, after=None)


@transaction.atomic
def primitive_restore(*, primitive: Primitive, author: Author) -> Primitive:
    """Bring a deleted item back; its name must be free."""
    stored = Primitive.objects.select_for_update().get(pk=primitive.pk)
    if stored.deleted_at is None:
        return stored
    stored.deleted_at = None
    try:
        with transaction.atomic():
            _save(stored, author.user)
    except IntegrityError as error:
        message = f"There is another {noun(Kind(stored.kind))} “{stored.key}” by now."
        raise NameTaken(message) from error
    _record(stored, author, Change.Action.RESTORED, before=None, after=stored.body)
    return stored


def lock_at_revision(primitive: Primitive, revision: int | None) -> Primitive:
    stored = (
        Primitive.objects.select_for_update()
        .filter(pk=primitive.pk, deleted_at__isnull=True)
        .first()
    )
    if stored is None or (revision is not None and stored.revision != revision):
        raise conflict(stored or primitive)
    return stored


def conflict(stored: Primitive) -> RevisionConflict:
    who = str(stored.updated_by) if stored.updated_by else "Somebody"
    return RevisionConflict(
        f"{who} changed this after you opened it.", current=item_document(stored)
    )


def check_body(kind: Kind, body: Any) -> None:
    check_size(body)
    errors = [
        FieldProblem(field=_pointer(path), message=message)
        for path, message in check_item(kind, body)
    ]
    if errors:
        raise Invalid(errors[0]["message"], errors=errors)


def check_size(body: Any) -> None:
    """What an import refuses is refused here too: huge texts, deep nesting, broken characters."""
    finding = next(oversized(body), None)
    if finding is not None:
        path, message = finding
        raise TooLarge(message, errors=[FieldProblem(field=_pointer(path), message=message)])


def check_key(kind: Kind, key: str) -> None:
    """Keys of flows and prompts become paths of files on export."""
    pattern = _KEYS.get(kind)
    if pattern is not None and not pattern.fullmatch(key):
        message = f"“{key}” cannot be the name of a {noun(kind)}."
        raise Invalid(message, errors=[FieldProblem(field="id", message=message)])


def _pointer(path: Path) -> str:
    return "/" + "/".join(map(str, ("body", *path)))


def noun(kind: Kind) -> str:
    return kind.value.replace("_", " ")


def _save(stored: Primitive, user: User | None) -> None:
    stored.revision += 1
    stored.updated_at = timezone.now()
    stored.updated_by = user
    stored.save()


def _record(
    primitive: Primitive, author: Author, action: Change.Action, *, before: Any, after: Any
) -> None:
    record_change(
        assistant=primitive.assistant,
        author=author,
        kind=primitive.kind,
        item=primitive.key,
        action=action,
        before=before,
        after=after,
        revision=primitive.revision,
    )


def new_batch(user: User | None, reason: str = "") -> Author:
    return Author(user, reason, uuid4())
