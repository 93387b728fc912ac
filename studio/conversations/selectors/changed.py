"""Which conversations have changed since the last look."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from studio.conversations.models import Conversation

# A time is written before its transaction is visible, so that a later one may be seen first.
_MAY_COME_LATE = timedelta(seconds=5)


class ChangedConversations:
    """Times are compared with one another only: clocks of other machines may be off."""

    def __init__(self) -> None:
        self._is_first = True
        self._since: datetime | None = None
        self._told: dict[UUID, datetime] = {}

    def look(self) -> dict[UUID, list[UUID]]:
        """Ids by assistant. The first look tells nothing."""
        first, self._is_first = self._is_first, False
        if first:
            self._since = Conversation.objects.aggregate(newest=Max("changed_at"))["newest"]
        rows = Conversation.objects.order_by().filter(assistant__deleted_at__isnull=True)
        if self._since is not None:
            rows = rows.filter(changed_at__gte=self._since - _MAY_COME_LATE)
        found: dict[UUID, datetime] = {}
        changed: dict[UUID, list[UUID]] = defaultdict(list)
        for pk, assistant_id, changed_at in rows.values_list("pk", "assistant", "changed_at"):
            found[pk] = changed_at
            if not first and self._told.get(pk) != changed_at:
                changed[assistant_id].append(pk)
        self._told = found
        self._since = max(found.values(), default=self._since)
        return changed
