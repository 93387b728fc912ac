"""Lists of assistants, with what the home page tells of each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from modelservice.project.model import Kind
from studio.accounts.models import User
from studio.assistants.models import Assistant, Change
from studio.assistants.selectors.documents import person
from studio.assistants.selectors.validation import problem_totals
from studio.conversations.selectors.counts import conversations_since
from studio.versions.selectors import newest_briefs

_EDITORS = 5
Document = dict[str, Any]


def assistants(*, search: str = "", deleted: bool = False) -> QuerySet[Assistant]:
    rows = Assistant.objects.filter(deleted_at__isnull=not deleted).select_related("updated_by")
    if search:
        rows = rows.filter(Q(name__icontains=search) | Q(description__icontains=search))
    return rows.order_by("-updated_at", "name")


def assistant_document(assistant: Assistant) -> Document:
    return assistant_documents([assistant])[0]


def assistant_documents(rows: Iterable[Assistant]) -> list[Document]:
    rows = list(rows)
    ids = [row.pk for row in rows]
    flows = _flow_counts(ids)
    newest, ready = newest_briefs(ids)
    conversations = conversations_since(ids, timezone.now() - timedelta(days=7))
    editors = _editors(ids)
    return [
        {
            "id": row.pk,
            "name": row.name,
            "description": row.description,
            "language": row.language,
            "additional_languages": row.additional_languages,
            "icon": row.icon,
            "flow_count": flows.get(row.pk, 0),
            "conversation_count_7_days": conversations.get(row.pk, 0),
            "latest_version": newest.get(row.pk),
            "ready_version": ready.get(row.pk),
            "editors": editors[row.pk],
            "problems": None if row.deleted_at else problem_totals(row),
            "created_at": row.created_at,
            "updated_at": row.updated_at,
            "updated_by": person(row.updated_by),
            "deleted_at": row.deleted_at,
        }
        for row in rows
    ]


def _flow_counts(ids: list[UUID]) -> dict[UUID, int]:
    counted = (
        Assistant.objects.filter(pk__in=ids)
        .order_by()
        .annotate(
            flows=Count(
                "primitives",
                filter=Q(primitives__kind=Kind.FLOW, primitives__deleted_at__isnull=True),
            )
        )
    )
    return dict(counted.values_list("pk", "flows"))


def _editors(ids: list[UUID]) -> dict[UUID, list[Document | None]]:
    """Up to five people who changed the assistant in the last 30 days, the latest first."""
    recent = Change.objects.filter(
        assistant__in=ids, actor__isnull=False, at__gte=timezone.now() - timedelta(days=30)
    )
    pairs = list(
        recent.order_by()
        .values("assistant_id", "actor_id")
        .annotate(last=Max("id"))
        .order_by("-last")
    )
    people = User.objects.in_bulk({pair["actor_id"] for pair in pairs})
    editors: dict[UUID, list[Document | None]] = defaultdict(list)
    for pair in pairs:
        found = editors[pair["assistant_id"]]
        if len(found) < _EDITORS:
            found.append(person(people[pair["actor_id"]]))
    return editors
