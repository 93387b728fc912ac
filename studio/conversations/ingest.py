"""The one way in for events: everything of a batch in one transaction, its offset included."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from studio.conversations import dead_letters, event_store, waiting
from studio.conversations.arriving import IncomingEvent, incoming
from studio.conversations.dead_letters import RejectedEvent
from studio.conversations.derive import apply_event, begin_anew
from studio.conversations.errors import EventsForgotten
from studio.conversations.event_store import (
    event_writer,
    insert_rows,
    known_fingerprints,
    save_conversations,
)
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

Routed = Sequence[tuple[Route, IncomingEvent]]
# Assistant and sender.
Key = tuple[int, str]
# An event and its time.
Told = tuple[dict[str, Any], datetime]


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
) -> None:
    """Store events that are not stored yet; writing the same batch twice changes nothing.

    Everything of the source lies before `first_offset`, or in the batch, or behind it.

    :raises EventsForgotten: what lies before it is not all in the database any more
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


@dataclass(slots=True)
class _Talk:
    """What a batch has of one conversation, in the order in which it came."""

    conversation: Conversation
    events: list[IncomingEvent]
    flows_before: frozenset[str]

    @property
    def is_late(self) -> bool:
        """Whether it changes the past; `events` are in the order of their time."""
        past = self.conversation.event_count > 0
        return past and self.events[0].at < self.conversation.last_event_at


def _write_events(source_id: int, routed: Routed) -> None:
    """Events first, and while the database is busy with them, what they tell of their
    conversations. A conversation whose past has changed is told anew from its beginning."""
    talks = _fresh(_talks(routed))
    if not talks:
        return
    for talk in talks:
        talk.events.sort(key=lambda each: each.at)
    late = [talk for talk in talks if talk.is_late]
    sessions = Sessions([talk.conversation for talk in talks])
    with event_writer(source_id, _moments(talks)) as write:
        for talk in talks:
            write(talk.conversation.pk, talk.events)
        for talk in talks:
            if not talk.is_late:
                _tell(
                    talk.conversation, sessions, [(event.body, event.at) for event in talk.events]
                )
    for talk in late:
        begin_anew(talk.conversation)
        sessions.forget(talk.conversation)
        stored = Event.objects.filter(conversation=talk.conversation).order_by("at", "id")
        rows = stored.values_list("data", "at").iterator(chunk_size=1000)
        _tell(talk.conversation, sessions, rows)
    sessions.save()
    save_conversations([talk.conversation for talk in talks])
    _note_flows(talks)


def _moments(talks: Sequence[_Talk]) -> set[datetime]:
    """One of every month that there are events of, or more."""
    found = set()
    for talk in talks:
        first, last = talk.events[0].at, talk.events[-1].at
        found.add(first)
        if (first.year, first.month) != (last.year, last.month):
            found |= {event.at for event in talk.events}
    return found


def _tell(conversation: Conversation, sessions: Sessions, told: Iterable[Told]) -> None:
    for body, at in told:
        apply_event(conversation, body, at)
        sessions.apply(conversation, body, at)


def _talks(routed: Routed) -> list[_Talk]:
    """The conversation of every (assistant, sender), locked; new ones are made.

    Always in the same order, so that two consumers wait for one another and never both.
    """
    groups: dict[Key, list[IncomingEvent]] = defaultdict(list)
    routes: dict[Key, Route] = {}
    for route, event in routed:
        # A UUID is hashed by Python code, its number is not.
        key = (route.assistant_id.int, event.body["sender_id"])
        groups[key].append(event)
        if key not in routes or route.version_id is not None:
            routes[key] = route
    found = _locked(groups)
    missing = sorted(key for key in groups if key not in found)
    if missing:
        made = [_new(key, routes[key], groups[key][0]) for key in missing]
        insert_rows(Conversation, made)
        found |= _locked(missing)
    now = timezone.now()
    talks = []
    for key, events in groups.items():
        conversation = found[key]
        conversation.version_id = routes[key].version_id or conversation.version_id
        conversation.changed_at = now
        flows = frozenset(conversation.flows)
        talks.append(_Talk(conversation, events, flows))
    return talks


def _new(key: Key, route: Route, event: IncomingEvent) -> Conversation:
    return Conversation(
        assistant_id=route.assistant_id,
        sender_id=key[1],
        started_at=event.at,
        last_event_at=event.at,
    )


def _locked(keys: Collection[Key]) -> dict[Key, Conversation]:
    rows = Conversation.objects.select_for_update().filter(
        assistant__in={UUID(int=key[0]) for key in keys}, sender_id__in={key[1] for key in keys}
    )
    stored = {(row.assistant_id.int, row.sender_id): row for row in rows.order_by("pk")}
    return {key: row for key, row in stored.items() if key in keys}


def _fresh(talks: Sequence[_Talk]) -> list[_Talk]:
    """Without events that are stored already, or that came twice."""
    older = [talk for talk in talks if talk.conversation.event_count]
    moments = [event.at for talk in older for event in talk.events]
    known: Mapping[UUID, set[int | None]] = {}
    if older:
        ids = [talk.conversation.pk for talk in older]
        known = known_fingerprints(ids, min(moments), max(moments))
    for talk in talks:
        seen = known.get(talk.conversation.pk, set())
        unseen = []
        for event in talk.events:
            if event.fingerprint not in seen:
                seen.add(event.fingerprint)
                unseen.append(event)
        talk.events = unseen
    return [talk for talk in talks if talk.events]


def _note_flows(talks: Sequence[_Talk]) -> None:
    insert_rows(
        ConversationFlow,
        [
            ConversationFlow(conversation=talk.conversation, flow_id=flow[:255])
            for talk in talks
            for flow in sorted(set(talk.conversation.flows) - talk.flows_before)
        ],
    )
