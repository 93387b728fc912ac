"""What is deleted for good: conversations that are too old, and everything of one person.

Each deletion and its entry in the activity record are one transaction: neither is there alone.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import OperationalError, models, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Cast
from django.utils.crypto import salted_hmac

from studio.assistants.models import Assistant
from studio.audit.models import Action
from studio.audit.services import record
from studio.conversations.models import (
    Conversation,
    ConversationFlow,
    DeadLetter,
    Event,
    Session,
    WaitingEvent,
)
from studio.conversations.partitions import drop_before

_BATCH = 1000
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

    def add(self, other: "Removed") -> None:
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    def counts(self) -> dict[str, Any]:
        """Of what is there, for the record."""
        return {name: count for name, count in vars(self).items() if count}


def expire(before: datetime) -> Removed:
    """Conversations whose first event is older go as a whole, and what was set aside so long ago.

    In batches that lock little and wait for nobody: the ingestion goes on, and several may do
    this at once. Whole months of events go without a look at their rows: each month is in the
    record, and each event with the conversation that it belonged to.
    """
    removed = Removed(months=_drop_months(before))
    for step in (_expire_conversations, _expire_set_aside):
        while some := step(before):
            removed.add(some)
    return removed


def _drop_months(before: datetime) -> int:
    """A conversation with an event in a month that ends before is older than that itself."""
    try:
        return len(drop_before(before, lambda: _recorded(before, Removed(months=1))))
    except OperationalError:
        return 0  # somebody reads the table for long; its rows are deleted one by one


@transaction.atomic
def _expire_conversations(before: datetime) -> Removed:
    rows = Conversation.objects.order_by("started_at").filter(started_at__lt=before)
    return _recorded(before, _delete(rows.select_for_update(skip_locked=True)[:_BATCH]))


@transaction.atomic
def _expire_set_aside(before: datetime) -> Removed:
    waiting, _ = WaitingEvent.objects.filter(at__lt=before).delete()
    letters, _ = DeadLetter.objects.filter(at__lt=before).delete()
    return _recorded(before, Removed(waiting_events=waiting, dead_letters=letters))


def _recorded(before: datetime, removed: Removed) -> Removed:
    if removed:
        record(Action.CONVERSATIONS_EXPIRED, before=before.isoformat(), **removed.counts())
    return removed


def _delete(conversations: QuerySet[Conversation]) -> Removed:
    """Their events are counted as each conversation does: some have gone with their month."""
    counts = dict(conversations.values_list("pk", "event_count"))
    for model in _OF_CONVERSATION:
        model._default_manager.filter(conversation__in=counts).delete()
    Conversation.objects.filter(pk__in=counts).delete()
    return Removed(conversations=len(counts), events=sum(counts.values()))


def person(sender_id: str) -> str:
    """What the record calls a sender: always the same, and nobody can tell who it is.

    The record is kept when the person is to be forgotten, so it must not hold the sender's id,
    which often is a number of a phone or an address. A bare hash of one is found by trying all of
    them; this one takes the secret key of this Studio. Whoever has both can prove that an entry is
    about a sender: deleting again tells the name anew. With another key, there are other names.
    """
    return salted_hmac("studio.audit.person", sender_id, algorithm="sha256").hexdigest()[:32]


@transaction.atomic
def forget(sender_id: str, assistant_name: str | None = None) -> Removed:
    """All that is stored of a sender, with one assistant or with all of them.

    That nothing was there is recorded, too: it proves that nothing was left.
    """
    rows = Conversation.objects.filter(sender_id=sender_id)
    if assistant_name is not None:
        rows = rows.filter(assistant__in=_assistants(assistant_name))
    removed = _delete(rows.order_by("pk").select_for_update(of=("self",)))
    names = None if assistant_name is None else _names(assistant_name)
    waiting = [row.pk for row in _waiting(sender_id) if _is_of(row.data, sender_id, names)]
    removed.waiting_events, _ = WaitingEvent.objects.filter(pk__in=waiting).delete()
    letters = [letter for letter, payload in _letters() if _may_be_of(payload, sender_id, names)]
    removed.dead_letters, _ = DeadLetter.objects.filter(pk__in=letters).delete()
    where: dict[str, Any] = {} if assistant_name is None else {"assistant": assistant_name}
    record(Action.PERSON_FORGOTTEN, target=person(sender_id), **where, **removed.counts())
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


def conversations_of_assistant_delete(assistant: Assistant) -> Removed:
    """Everything that was said to an assistant that is purged, in batches."""
    removed = Removed()
    while some := _delete_some(assistant):
        removed.add(some)
    return removed


@transaction.atomic
def _delete_some(assistant: Assistant) -> Removed:
    return _delete(Conversation.objects.filter(assistant=assistant).order_by()[:_BATCH])
