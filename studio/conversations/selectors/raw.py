"""Conversations as bots published them, for programs (`rawConversations`)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from studio.assistants.models import Assistant
from studio.common.errors import Invalid
from studio.conversations.models import Conversation, Event, Tag

MOST = 1000


class RawPage(NamedTuple):
    """`total` is of all that fit the filters, not of this page; `events` are by conversation."""

    rows: list[Conversation]
    events: dict[UUID, list[Any]]
    total: int


def raw_conversations(
    assistant: Assistant,
    *,
    since: datetime | None,
    until: datetime | None,
    tags: Collection[str],
    limit: int,
    offset: int,
) -> RawPage:
    """The newest first; of those that said anything between `since` and `until`, with any of the
    tags."""
    if not 0 < limit <= MOST or offset < 0:
        raise Invalid(f"limit is from 1 to {MOST}, and offset not below 0.")
    rows = Conversation.objects.filter(assistant=assistant)
    if since is not None:
        rows = rows.filter(last_event_at__gte=since)
    if until is not None:
        rows = rows.filter(started_at__lte=until)
    if tags:
        rows = rows.filter(tags__name__in=tags).distinct()
    page = list(
        rows.prefetch_related("tags").order_by("-last_event_at", "-id")[offset : offset + limit]
    )
    return RawPage(page, _events(page), rows.count())


def _events(page: Sequence[Conversation]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    if page:
        # By their time as well, so that only those months are looked at.
        rows = Event.objects.filter(
            conversation__in=[row.pk for row in page],
            at__gte=min(row.started_at for row in page),
            at__lte=max(row.last_event_at for row in page),
        ).order_by("at", "id")
        for conversation, data in rows.values_list("conversation", "data").iterator(2000):
            found[conversation].append(data)
    return found


def tags_of(assistant: Assistant) -> QuerySet[Tag]:
    return Tag.objects.filter(assistant=assistant).order_by("name")
