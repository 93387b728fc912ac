"""JSON documents of stored rows, in the shapes of the REST contract."""

from typing import Any

from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.content.merge import MISSING, Conflict
from studio.content.models import Item

Document = dict[str, Any]


def person(user: User | None) -> Document | None:
    return None if user is None else {"id": user.pk, "name": str(user)}


def item_document(item: Item) -> Document:
    """One item with its whole body, as GET of the item answers."""
    return {
        "id": item.key,
        "kind": item.kind,
        "revision": item.revision,
        "body": item.blob.body,
        "source_path": item.path or None,
        "updated_at": item.updated_at,
        "updated_by": person(item.updated_by),
        "problems": item.problems,
    }


def default_document(kind: Kind, key: str, body: Any) -> Document:
    """The same of something that the runtime has itself; it is at revision 0."""
    return {
        "id": key,
        "kind": kind.value,
        "revision": 0,
        "body": body,
        "source_path": None,
        "updated_at": None,
        "updated_by": None,
        "problems": [],
    }


def conflict_document(conflict: Conflict) -> Document:
    """A value that is not there on one side has no key."""
    values = {"base": conflict.base, "mine": conflict.mine, "theirs": conflict.theirs}
    there = {name: value for name, value in values.items() if value is not MISSING}
    return {"pointer": [*conflict.pointer], **there}
