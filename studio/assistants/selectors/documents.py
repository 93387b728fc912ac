"""JSON documents of stored rows, in the shapes of the REST contract."""

from typing import Any

from studio.accounts.models import User
from studio.assistants.models import Change, Primitive, ProjectText
from studio.assistants.selectors.validation import problems_of_item


def person(user: User | None) -> dict[str, Any] | None:
    return None if user is None else {"id": user.pk, "name": str(user)}


def item_document(primitive: Primitive) -> dict[str, Any]:
    """One item with its whole body, as GET of the item answers."""
    return {
        "id": primitive.key,
        "kind": primitive.kind,
        "revision": primitive.revision,
        "body": primitive.body,
        "source_path": primitive.source_path or None,
        "updated_at": primitive.updated_at,
        "updated_by": person(primitive.updated_by),
        "problems": [] if primitive.deleted_at else problems_of_item(primitive),
    }


def text_document(text: ProjectText) -> dict[str, Any]:
    return {
        "text": text.text,
        "revision": text.revision,
        "updated_at": text.updated_at,
        "updated_by": person(text.updated_by),
    }


def change_document(change: Change) -> dict[str, Any]:
    return {
        "id": change.pk,
        "kind": change.kind,
        "item": change.item,
        "action": change.action,
        "before": change.before,
        "after": change.after,
        "revision": change.revision,
        "actor": person(change.actor),
        "at": change.at,
        "reason": change.reason,
    }
