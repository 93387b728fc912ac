"""The one way in for events: everything of a batch in one transaction, its offset included."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import transaction

from studio.conversations import dead_letters, event_store, waiting
from studio.conversations.batches import ConversationBatch, Routed, batches_by_conversation
from studio.conversations.dead_letters import RejectedEvent
from studio.conversations.derive import TimedEvent, apply_events, reset_derived
from studio.conversations.errors import EventsForgotten
from studio.conversations.event_store import event_writer, insert_rows, save_conversations
from studio.conversations.incoming_rows import IncomingEvent, incoming
from studio.conversations.models import Conversation, ConversationFlow, Event, EventSource
from studio.conversations.routing import Route, Router
from studio.conversations.sessions import Sessions

__all__ = [
    "IncomingEvent",
    "Position",
    "RejectedEvent",
    "adopt_waiting",
    "incoming",
    "position_of",
    "position_of_partition",
    "write_again",
    "write_batch",
]


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
    first_offset: int,
    next_offset: int,
    on_io_wait: Callable[[], None] = lambda: None,
) -> None:
    """Store events that are not stored yet; writing the same batch twice changes nothing.

    Every event of the source lies before `first_offset`, in the batch or after it. `on_io_wait` is
    called when the rest of the work is mostly done by the database.

    :raises EventsForgotten: the database has lost events before `first_offset`
    """
    event_store.do_not_wait_for_the_disk()
    source = EventSource.objects.select_for_update().get(pk=source_id)
    if source.offset < first_offset:
        raise EventsForgotten(
            f"{source.name} is stored up to {source.offset} only, and not to {first_offset}"
        )
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
            payload = orjson.dumps(event.body)
            dead.append(RejectedEvent(event.offset, payload, "The event names no assistant."))
    _write_events(source.pk, routed, on_io_wait)
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


def _write_events(
    source_id: int, routed: Routed, on_io_wait: Callable[[], None] = lambda: None
) -> None:
    """Events first, and while the database is busy with them, what they tell of their
    conversations. A conversation with late events is derived again from all of its events."""
    batches = batches_by_conversation(routed)
    if not batches:
        return
    late = [batch.conversation for batch in batches if batch.is_late]
    on_time = [batch for batch in batches if not batch.is_late]
    older = [batch.conversation for batch in batches if not batch.is_new]
    sessions = Sessions(older)
    with event_writer(source_id, _moments(batches)) as write:
        on_io_wait()
        for batch in batches:
            write(batch.conversation.pk, batch.events)
        for batch in on_time:
            timed_events = batch.timed_events
            if not batch.is_new:
                apply_events(batch.conversation, timed_events)
            sessions.apply(batch.conversation, timed_events)
    for conversation in late:
        reset_derived(conversation)
        apply_events(conversation, _from_the_beginning(conversation))
        sessions.forget(conversation)
        sessions.apply(conversation, _from_the_beginning(conversation))
    sessions.save()
    save_conversations(older)
    _note_flows(batches)


def _from_the_beginning(conversation: Conversation) -> Iterator[TimedEvent]:
    stored = Event.objects.filter(conversation=conversation).order_by("at", "id")
    return stored.values_list("data", "at").iterator(chunk_size=1000)


def _moments(batches: Sequence[ConversationBatch]) -> set[datetime]:
    """One of every month that there are events of, or more."""
    found = set()
    for batch in batches:
        first, last = batch.events[0].at, batch.events[-1].at
        found.add(first)
        if (first.year, first.month) != (last.year, last.month):
            found |= {event.at for event in batch.events}
    return found


def _note_flows(batches: Sequence[ConversationBatch]) -> None:
    insert_rows(
        ConversationFlow,
        [
            ConversationFlow(conversation=batch.conversation, flow_id=flow[:255])
            for batch in batches
            for flow in sorted(set(batch.conversation.flows) - batch.flows_before)
        ],
    )
