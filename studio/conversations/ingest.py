"""The one way in for events: everything of a batch in one transaction, its offset included."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.conversations import dead_letters, waiting
from studio.conversations.arriving import ArrivingEvent, IncomingEvent, arriving, moment
from studio.conversations.dead_letters import RejectedEvent
from studio.conversations.derive import apply_event, begin_anew
from studio.conversations.event_store import insert_events, save_conversations, without_known
from studio.conversations.models import Conversation, ConversationFlow, Event, EventSource
from studio.conversations.routing import Route, Router
from studio.conversations.sessions import Sessions

__all__ = [
    "IncomingEvent",
    "Position",
    "RejectedEvent",
    "adopt_waiting",
    "position_of",
    "position_of_partition",
    "write_again",
    "write_batch",
]

_BATCH = 500
Routed = Sequence[tuple[Route, IncomingEvent]]


@dataclass(frozen=True, slots=True)
class Position:
    """How far a source was read; `source_id` names it in `write_batch`."""

    source_id: int
    offset: int


def position_of(*, name: str, identity: str, size: int) -> Position:
    """Where to read on in a file of `size` bytes; a file that was cut begins as a new source."""
    rows = EventSource.objects.filter(name=name, identity__startswith=identity)
    source = rows.order_by("-id").first()
    if source is None or source.offset > size:
        source = EventSource.objects.create(name=name, identity=f"{identity}:{rows.count()}")
    return Position(source.pk, source.offset)


def position_of_partition(*, name: str, identity: str) -> Position:
    """Where to read on in a partition; `identity` is of the topic, so that one that was made anew
    begins at its beginning."""
    source, _created = EventSource.objects.get_or_create(name=name, identity=identity)
    return Position(source.pk, source.offset)


@transaction.atomic
def write_batch(
    *,
    source_id: int,
    events: Sequence[IncomingEvent],
    rejected: Sequence[RejectedEvent],
    next_offset: int,
) -> None:
    """Store events that are not stored yet; writing the same batch twice changes nothing."""
    source = EventSource.objects.select_for_update().get(pk=source_id)
    dead = [letter for letter in rejected if letter.offset >= source.offset]
    router = Router(source.name)
    routed: list[tuple[Route, IncomingEvent]] = []
    unknown: list[tuple[str, IncomingEvent]] = []
    for event in events:
        if event.offset < source.offset:
            continue
        route = router.route(event.body)
        if isinstance(route, Route):
            routed.append((route, event))
        elif route:
            unknown.append((route, event))
        else:
            dead.append(
                RejectedEvent(event.offset, event.text.encode(), "The event names no assistant.")
            )
    _write_events(source.pk, routed)
    waiting.keep(source.pk, unknown)
    dead_letters.keep(source.pk, dead)
    if next_offset > source.offset:
        source.offset = next_offset
        source.save(update_fields=["offset"])


@transaction.atomic
def write_again(*, source_id: int, event: IncomingEvent) -> bool:
    """Store an event that was set aside when its source was read; False: it has no assistant."""
    source = EventSource.objects.select_for_update().get(pk=source_id)
    route = Router(source.name).route(event.body)
    if isinstance(route, Route):
        _write_events(source.pk, [(route, event)])
    elif route:
        waiting.keep(source.pk, [(route, event)])
    return route is not None


def adopt_waiting() -> int:
    """Take in events that waited for assistants that are known now; returns how many."""
    count = 0
    while batch := waiting.adoptable():
        with transaction.atomic():
            rows = waiting.take(batch)
            for source_id, events in rows.items():
                _write_events(source_id, events)
            count += sum(map(len, rows.values()))
    return count


def _write_events(source_id: int, routed: Routed) -> None:
    if not routed:
        return
    conversations = _conversations(routed)
    found = [
        arriving(conversations[route.assistant_id, event.body["sender_id"]].pk, event)
        for route, event in routed
    ]
    fresh = without_known(found)
    insert_events(source_id, fresh)
    by_id = {conversation.pk: conversation for conversation in conversations.values()}
    for route, event in routed:
        if route.version_id is not None:
            conversations[route.assistant_id, event.body["sender_id"]].version_id = route.version_id
    _derive(by_id, fresh)


def _derive(conversations: dict[UUID, Conversation], events: Sequence[ArrivingEvent]) -> None:
    """What events tell of their conversations; a conversation whose past has changed is told anew
    from its beginning."""
    of_conversation: dict[UUID, list[ArrivingEvent]] = defaultdict(list)
    for event in sorted(events, key=lambda each: each.order):
        of_conversation[event.conversation_id].append(event)
    touched = [conversations[key] for key in of_conversation]
    sessions = Sessions(touched)
    now = timezone.now()
    flows_before = {row.pk: frozenset(row.flows) for row in touched}
    for conversation in touched:
        mine = of_conversation[conversation.pk]
        bodies: Iterable[tuple[dict[str, Any], datetime]]
        if conversation.event_count and mine[0].at < conversation.last_event_at:
            begin_anew(conversation)
            sessions.forget(conversation)
            stored = Event.objects.filter(conversation=conversation).order_by("at", "id")
            rows = stored.values_list("data", "at").iterator(chunk_size=1000)
            bodies = ((body, at) for body, at in rows)
        else:
            bodies = ((event.event.body, event.at) for event in mine)
        for body, at in bodies:
            apply_event(conversation, body, at)
            sessions.apply(conversation, body, at)
        conversation.changed_at = now
    sessions.save()
    save_conversations(touched)
    ConversationFlow.objects.bulk_create(
        (
            ConversationFlow(conversation=conversation, flow_id=flow[:255])
            for conversation in touched
            for flow in sorted(set(conversation.flows) - flows_before[conversation.pk])
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )


def _conversations(routed: Routed) -> dict[tuple[UUID, str], Conversation]:
    """The conversation of every (assistant, sender), locked; new ones are made.

    Always in the same order, so that two consumers wait for one another and never both.
    """
    first: dict[tuple[UUID, str], Conversation] = {}
    for route, event in routed:
        key = (route.assistant_id, event.body["sender_id"])
        if key not in first:
            at = moment(event.body)
            first[key] = Conversation(
                assistant_id=key[0], sender_id=key[1], started_at=at, last_event_at=at
            )
    found = _locked(first)
    missing = sorted(key for key in first if key not in found)
    if missing:
        Conversation.objects.bulk_create(
            [first[key] for key in missing], ignore_conflicts=True, batch_size=_BATCH
        )
        found |= _locked(missing)
    return found


def _locked(keys: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], Conversation]:
    wanted = set(keys)
    rows = Conversation.objects.select_for_update().filter(
        assistant__in={key[0] for key in wanted}, sender_id__in={key[1] for key in wanted}
    )
    stored = {(row.assistant_id, row.sender_id): row for row in rows.order_by("pk")}
    return {key: row for key, row in stored.items() if key in wanted}
