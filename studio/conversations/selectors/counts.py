"""Counts that other pages show."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from studio.conversations.models import Conversation


def conversations_since(assistant_ids: Collection[UUID], since: datetime) -> dict[UUID, int]:
    rows = Conversation.objects.filter(assistant__in=assistant_ids, last_event_at__gte=since)
    counted = rows.order_by().values("assistant_id").annotate(count=Count("id"))
    return dict(counted.values_list("assistant_id", "count"))
