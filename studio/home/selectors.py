"""Lists of assistants, with what the home page tells of each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from studio.accounts.models import User
from studio.accounts.roles import Permission
from studio.assistants.access import permissions_in_each, visible_assistants
from studio.assistants.models import Assistant
from studio.content.models import MAIN, Branch, Editor
from studio.content.selectors.documents import person
from studio.conversations.selectors.counts import conversations_since
from studio.versions.selectors import newest_briefs

_EDITORS = 5
Document = dict[str, Any]


def assistants(user: User, *, search: str = "", deleted: bool = False) -> QuerySet[Assistant]:
    rows = visible_assistants(user, Permission.ASSISTANT_VIEW)
    rows = rows.filter(deleted_at__isnull=not deleted).select_related("updated_by")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(description__icontains=search))
    return rows.order_by("-updated_at", "name")


def assistant_document(assistant: Assistant, user: User) -> Document:
    return assistant_documents([assistant], user)[0]


def assistant_documents(rows: Iterable[Assistant], user: User) -> list[Document]:
    """As `user` sees them. A fixed number of queries, however many there are."""
    rows = list(rows)
    ids = [row.pk for row in rows]
    main = {
        branch.assistant_id: branch
        for branch in Branch.objects.filter(assistant__in=ids, name=MAIN)
    }
    newest, ready = newest_briefs(ids)
    conversations = conversations_since(ids, timezone.now() - timedelta(days=7))
    editors = _editors(ids)
    held = permissions_in_each(user, rows)
    return [
        {
            "id": row.pk,
            "name": row.name,
            "description": row.description,
            "language": row.language,
            "additional_languages": row.additional_languages,
            "icon": row.icon,
            "members_only": row.members_only,
            "permissions": sorted(held[row.pk] or ()),
            "flow_count": main[row.pk].flow_count if row.pk in main else 0,
            "conversation_count_7_days": conversations.get(row.pk, 0),
            "latest_version": newest.get(row.pk),
            "ready_version": ready.get(row.pk),
            "editors": editors[row.pk],
            "problems": None if row.deleted_at else _problems(main.get(row.pk)),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "updated_by": person(row.updated_by),
            "deleted_at": row.deleted_at,
            "purge_at": _purge_at(row),
        }
        for row in rows
    ]


def _purge_at(row: Assistant) -> datetime | None:
    """When a deleted assistant goes for good; None where it is kept."""
    days: int = settings.STUDIO_PURGE_DELETED_AFTER_DAYS
    return row.deleted_at + timedelta(days=days) if row.deleted_at and days else None


def _problems(branch: Branch | None) -> dict[str, int]:
    if branch is None:
        return {"errors": 0, "warnings": 0}
    return {"errors": branch.error_count, "warnings": branch.warning_count}


def _editors(ids: list[UUID]) -> dict[UUID, list[Document | None]]:
    """Up to five people who changed the assistant in the last 30 days, the latest first."""
    recent = Editor.objects.filter(
        assistant__in=ids, at__gte=timezone.now() - timedelta(days=30)
    ).select_related("user")
    found: dict[UUID, list[Document | None]] = defaultdict(list)
    for editor in recent.order_by("-at"):
        of_one = found[editor.assistant_id]
        if len(of_one) < _EDITORS:
            of_one.append(person(editor.user))
    return found
