"""Writes that concern flows only: rename with references, duplicate, overrides of patterns."""

from copy import deepcopy
from typing import Any

from django.db import transaction

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind
from studio.content.errors import RevisionConflict
from studio.content.models import Branch, Item, Reference
from studio.content.selectors.documents import item_document
from studio.content.selectors.items import item_find, item_get
from studio.content.services.blobs import edited_value
from studio.content.services.items import (
    check_body,
    check_key,
    check_revision,
    copy_name,
    item_create,
    item_update,
    name_taken,
)
from studio.content.services.sources import renamed_source
from studio.content.services.write import Author, Change, commit, lock


def flow_duplicate(*, branch: Branch, key: str, author: Author) -> Item:
    """A copy under a free id, with “copy” in name and description: both must be unique.

    Intents start one flow only, so the copy is not started by those of the original.
    """
    flow = item_get(branch, Kind.FLOW, key)
    copy, number = copy_name(branch, Kind.FLOW, key)
    suffix = f" (copy {number})" if number > 1 else " (copy)"
    body = deepcopy(flow.blob.body)
    for field in ("name", "description"):
        if isinstance(body.get(field), str):
            body[field] += suffix
    body.pop("nlu_trigger", None)
    return item_create(branch=branch, kind=Kind.FLOW, key=copy, body=body, author=author)


@transaction.atomic
def flow_rename(*, branch: Branch, key: str, new: str, revision: int, author: Author) -> Item:
    """Give a flow another id; links and calls of other flows follow, in the same commit.

    :raises RevisionConflict: the flow was changed after `revision`
    """
    branch = lock(branch)
    flow = item_get(branch, Kind.FLOW, key)
    check_revision(flow, revision)
    if new == key:
        return flow
    check_key(Kind.FLOW, new)
    if item_find(branch, Kind.FLOW, new) is not None:
        raise name_taken(Kind.FLOW, new)
    body = _with_target(new, flow.blob.body, key, new)
    check_body(Kind.FLOW, body)
    changes = [
        Change(Kind.FLOW.value, key, None),
        # It stays where it stood in its file, and keeps its comments.
        Change(Kind.FLOW.value, new, edited_value(body, flow.blob), flow.path, flow.position),
        *renamed_source(branch, flow.path, {(Kind.FLOW.value, key): (Kind.FLOW.value, new)}),
        *_following(branch, key, new),
    ]
    commit(branch=branch, author=author, changes=changes)
    return item_get(branch, Kind.FLOW, new)


def _following(branch: Branch, old: str, new: str) -> list[Change]:
    naming = Reference.objects.filter(branch=branch, relation__in=("links", "calls"), name=old)
    flows = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS, pk__in=naming.values("item"))
    changes = []
    for flow in flows.exclude(key=old).select_related("blob", "blob__base"):
        body = _with_target(flow.key, flow.blob.body, old, new)
        changes.append(Change(flow.kind, flow.key, edited_value(body, flow.blob)))
    return changes


def _with_target(flow_id: str, body: Any, old: str, new: str) -> Any:
    copied = deepcopy(body)
    for step in read_flow(flow_id, copied).steps:
        for relation in ("link", "call"):
            if step.body.get(relation) == old:
                step.body[relation] = new
    return copied


@transaction.atomic
def system_flow_update(
    *, branch: Branch, key: str, body: Any, revision: int, author: Author
) -> Item:
    """Revision 0 makes the override of a default pattern."""
    branch = lock(branch)
    stored = item_find(branch, Kind.SYSTEM_FLOW, key)
    if revision > 0:
        return item_update(
            branch=branch,
            kind=Kind.SYSTEM_FLOW,
            key=key,
            body=body,
            revision=revision,
            author=author,
        )
    if stored is not None:
        detail = "Somebody else has customised this system flow in the meantime."
        raise RevisionConflict(detail, current=item_document(stored), conflicts=[])
    return item_create(branch=branch, kind=Kind.SYSTEM_FLOW, key=key, body=body, author=author)
