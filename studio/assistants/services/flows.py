"""Writes that concern flows only: rename with references, duplicate, overrides of patterns."""

from copy import deepcopy
from typing import Any

from django.db import IntegrityError, transaction

from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.assistants.errors import NameTaken, RevisionConflict
from studio.assistants.models import Assistant, Primitive
from studio.assistants.selectors.access import primitive_find
from studio.assistants.selectors.documents import item_document
from studio.assistants.selectors.references import FLOW_KINDS
from studio.assistants.services.changes import Author
from studio.assistants.services.primitives import (
    lock_at_revision,
    new_batch,
    primitive_create,
    primitive_delete,
    primitive_update,
)


def flow_duplicate(*, flow: Primitive, user: User) -> Primitive:
    """A copy under a free id, with “copy” in name and description: both must be unique."""
    taken = set(
        Primitive.objects.filter(
            assistant=flow.assistant, kind=Kind.FLOW, deleted_at__isnull=True
        ).values_list("key", flat=True)
    )
    number = 1
    while (key := f"{flow.key}_copy{number if number > 1 else ''}") in taken:
        number += 1
    suffix = f" (copy {number})" if number > 1 else " (copy)"
    body = deepcopy(flow.body)
    for field in ("name", "description"):
        if isinstance(body.get(field), str):
            body[field] += suffix
    return primitive_create(
        assistant=flow.assistant,
        kind=Kind.FLOW,
        key=key,
        body=body,
        author=Author(user, f"Copied from “{flow.key}”"),
    )


@transaction.atomic
def flow_rename(*, flow: Primitive, key: str, revision: int, user: User) -> Primitive:
    """Give a flow another id; links and calls of other flows follow, in the same transaction."""
    stored = lock_at_revision(flow, revision)
    if key == stored.key:
        return stored
    author = new_batch(user, f"“{stored.key}” is now called “{key}”")
    old, body, path, position = stored.key, stored.body, stored.source_path, stored.position
    primitive_delete(primitive=stored, revision=revision, author=author)
    renamed = primitive_create(
        assistant=flow.assistant,
        kind=Kind.FLOW,
        key=key,
        body=_with_target(key, body, old, key),
        author=author,
    )
    # It stays where it stood in its file.
    Primitive.objects.filter(pk=renamed.pk).update(source_path=path, position=position)
    renamed.refresh_from_db()
    _follow(flow.assistant, old, key, author)
    return renamed


def _follow(assistant: Assistant, old: str, new: str, author: Author) -> None:
    others = Primitive.objects.select_for_update().filter(
        assistant=assistant, kind__in=FLOW_KINDS, deleted_at__isnull=True
    )
    for other in others.exclude(key=new):
        names = [*other.summary["links"], *other.summary["calls"]]
        if any(reference["name"] == old for reference in names):
            primitive_update(
                primitive=other,
                body=_with_target(other.key, other.body, old, new),
                revision=other.revision,
                author=author,
            )


def _with_target(flow_id: str, body: Any, old: str, new: str) -> Any:
    copied = deepcopy(body)
    for step in read_flow(flow_id, copied).steps:
        for relation in ("link", "call"):
            if step.body.get(relation) == old:
                step.body[relation] = new
    return copied


@transaction.atomic
def system_flow_update(
    *, assistant: Assistant, key: str, body: Any, revision: int, author: Author
) -> Primitive:
    """Revision 0 makes the override of a default pattern."""
    stored = primitive_find(assistant, Kind.SYSTEM_FLOW, key)
    if stored is not None:
        if revision == 0:
            detail = "Somebody else has customised this system flow in the meantime."
            raise RevisionConflict(detail, current=item_document(stored))
        return primitive_update(primitive=stored, body=body, revision=revision, author=author)
    try:
        return primitive_create(
            assistant=assistant, kind=Kind.SYSTEM_FLOW, key=key, body=body, author=author
        )
    except (NameTaken, IntegrityError) as error:
        detail = "Somebody else has customised this system flow in the meantime."
        raise RevisionConflict(detail) from error
