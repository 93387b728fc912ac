"""What is deleted for good: conversations that are too old, and everything of one person."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast

from studio.assistants.models import Assistant
from studio.conversations.models import (
    Conversation,
    ConversationFlow,
    DeadLetter,
    Event,
    Session,
    WaitingEvent,
)
from studio.conversations.partitions import drop_before

_BATCH = 100
_OF_CONVERSATION: tuple[type[models.Model], ...] = (
    *(Event, Session, ConversationFlow, Conversation.tags.through),
)


@dataclass
class Removed:
    conversations: int = 0
    events: int = 0
    waiting_events: int = 0
    dead_letters: int = 0
    months: int = 0

    def __bool__(self) -> bool:
        return any(vars(self).values())

    def __str__(self) -> str:
        told = [f"{count} {name.replace('_', ' ')}" for name, count in vars(self).items() if count]
        return ", ".join(told) or "nothing"


def expire(before: datetime) -> Removed:
    """Conversations whose first event is older go as a whole, and what was set aside so long ago.

    In batches that lock little and wait for nobody: the ingestion goes on, and several may do
    this at once. Whole months of events go without a look at their rows.
    """
    removed = Removed(months=_drop_months(before))
    while _expire_some(before, removed):
        pass
    removed.waiting_events, _ = WaitingEvent.objects.filter(at__lt=before).delete()
    removed.dead_letters, _ = DeadLetter.objects.filter(at__lt=before).delete()
    return removed


def _drop_months(before: datetime) -> int:
    """A conversation with an event in a month that ends before is older than that itself."""
    try:
        return len(drop_before(before))
    except OperationalError:
        return 0  # somebody reads the table for long; its rows are deleted one by one


@transaction.atomic
def _expire_some(before: datetime, removed: Removed) -> bool:
    rows = Conversation.objects.order_by("started_at").filter(started_at__lt=before)
    locked = rows.select_for_update(skip_locked=True)
    ids = list(locked.values_list("pk", flat=True)[:_BATCH])
    _delete(ids, removed)
    return bool(ids)


def _delete(ids: list[Any], removed: Removed) -> None:
    for model in _OF_CONVERSATION:
        count, _ = model._default_manager.filter(conversation__in=ids).delete()
        if model is Event:
            removed.events += count
    Conversation.objects.filter(pk__in=ids).delete()
    removed.conversations += len(ids)


@transaction.atomic
def forget(sender_id: str, assistant_name: str | None = None) -> Removed:
    """All that is stored of a sender, with one assistant or with all of them."""
    removed = Removed()
    rows = Conversation.objects.filter(sender_id=sender_id)
    if assistant_name is not None:
        rows = rows.filter(assistant__in=_assistants(assistant_name))
    locked = rows.order_by("pk").select_for_update(of=("self",))
    _delete(list(locked.values_list("pk", flat=True)), removed)
    names = None if assistant_name is None else _names(assistant_name)
    waiting = [row.pk for row in _waiting(sender_id) if _is_of(row.data, sender_id, names)]
    removed.waiting_events, _ = WaitingEvent.objects.filter(pk__in=waiting).delete()
    letters = [letter for letter, payload in _letters() if _may_be_of(payload, sender_id, names)]
    removed.dead_letters, _ = DeadLetter.objects.filter(pk__in=letters).delete()
    return removed


def _assistants(name: str) -> QuerySet[Assistant]:
    return Assistant.objects.filter(Q(name=name) | Q(configured_id=name))


def _names(name: str) -> set[str]:
    """What events may call this assistant."""
    found = {name}
    for row in _assistants(name):
        found |= {str(row.pk), row.name, row.configured_id}
    return found - {""}


def _waiting(sender_id: str) -> QuerySet[WaitingEvent]:
    """Those in whose text the sender occurs."""
    text = Cast("data", models.TextField())
    needle = json.dumps(sender_id, ensure_ascii=False)
    return WaitingEvent.objects.annotate(raw=text).filter(raw__contains=needle)


def _letters() -> Iterator[tuple[int, bytes]]:
    rows = DeadLetter.objects.order_by("pk").values_list("pk", "payload")
    for pk, payload in rows.iterator(chunk_size=50):
        yield pk, bytes(payload)


def _may_be_of(payload: bytes, sender_id: str, names: set[str] | None) -> bool:
    """What cannot be read belongs to whoever and whatever is named in it."""
    try:
        body = json.loads(payload)
    except (ValueError, RecursionError):
        is_named = names is None or any(name.encode() in payload for name in names)
        return sender_id.encode() in payload and is_named
    return isinstance(body, dict) and _is_of(body, sender_id, names)


def _is_of(body: dict[str, Any], sender_id: str, names: set[str] | None) -> bool:
    metadata = body.get("metadata")
    named = metadata.get("assistant_id") if isinstance(metadata, dict) else None
    return body.get("sender_id") == sender_id and (names is None or named in names)
