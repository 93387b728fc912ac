"""Which version spoke, where the events came before it was known."""

from typing import Any

from django.utils import timezone

from studio.conversations.models import Conversation, Event
from studio.versions.models import Version


def conversations_of_model(version: Version, **_signal: Any) -> None:
    """Give conversations without a version this one, where an event names its model.

    A model says nothing before its training begins, so that only what is newer is looked at.
    """
    since = version.created_at
    unknown = Conversation.objects.filter(
        assistant=version.assistant_id, version__isnull=True, last_event_at__gte=since
    )
    events = Event.objects.filter(
        conversation__in=unknown, at__gte=since, data__contains=version.model_id
    )
    found = {
        conversation
        for conversation, data in events.order_by().values_list("conversation", "data").iterator()
        if (data.get("metadata") or {}).get("model_id") == version.model_id
    }
    unknown.filter(pk__in=found).update(version=version, changed_at=timezone.now())
