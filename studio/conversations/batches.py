"""Groups a batch by conversation: the locked row, and the events that are not stored yet."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.utils import timezone

from studio.conversations.derive import TimedEvent, apply_events
from studio.conversations.event_store import begin_conversations, known_fingerprints
from studio.conversations.incoming_rows import IncomingEvent
from studio.conversations.models import Conversation
from studio.conversations.routing import Route

Routed = Sequence[tuple[Route, IncomingEvent]]
# The number of an assistant (a UUID is hashed by Python code, its number is not), and a sender.
Key = tuple[int, str]
_at = attrgetter("at")


@dataclass(slots=True)
class ConversationBatch:
    """The part of a batch that belongs to one conversation. `events` are sorted by time and not
    stored yet."""

    conversation: Conversation
    events: list[IncomingEvent]
    flows_before: frozenset[str] = frozenset()
    # Created by this batch, with everything derived from its events.
    is_new: bool = False

    @property
    def is_late(self) -> bool:
        """Whether an event is older than one that is stored: then everything is derived again."""
        past = not self.is_new and self.conversation.event_count > 0
        return past and self.events[0].at < self.conversation.last_event_at

    @property
    def timed_events(self) -> list[TimedEvent]:
        return [(event.body, event.at) for event in self.events]


@dataclass(slots=True)
class _Group:
    """Events of one sender in the order of arrival."""

    route: Route
    events: list[IncomingEvent]


def batches_by_conversation(routed: Routed) -> list[ConversationBatch]:
    """The batch of each conversation that gets new events. The rows are locked; missing ones are
    created.

    Rows are locked in a fixed order, so that two consumers cannot deadlock.
    """
    groups = _grouped(routed)
    batches = _known(groups)
    missing = {key: groups[key] for key in sorted(groups.keys() - batches.keys())}
    if missing:
        batches |= _begun(missing)
        # Another consumer created these at the same time.
        batches |= _known({key: missing[key] for key in missing.keys() - batches.keys()})
    return [batch for batch in batches.values() if batch.events]


def _grouped(routed: Routed) -> dict[Key, _Group]:
    groups: dict[Key, _Group] = {}
    for route, event in routed:
        key = (route.assistant_id.int, event.body["sender_id"])
        group = groups.get(key)
        if group is None:
            groups[key] = _Group(route, [event])
            continue
        group.events.append(event)
        if route.version_id is not None:
            group.route = route
    return groups


def _known(groups: Mapping[Key, _Group]) -> dict[Key, ConversationBatch]:
    """Batches of conversations that exist."""
    found = _locked(groups) if groups else {}
    stored = _stored(found, groups)
    now = timezone.now()
    batches = {}
    for key, conversation in found.items():
        group = groups[key]
        conversation.version_id = group.route.version_id or conversation.version_id
        conversation.changed_at = now
        events = _in_order(group.events, stored.get(conversation.pk, set()))
        batches[key] = ConversationBatch(conversation, events, frozenset(conversation.flows))
    return batches


def _begun(groups: Mapping[Key, _Group]) -> dict[Key, ConversationBatch]:
    """Batches of conversations that did not exist; they are inserted with their derived values.
    Those that another consumer inserted first are left out."""
    batches = {key: _new(key, group) for key, group in groups.items()}
    made = begin_conversations([batch.conversation for batch in batches.values()])
    return {key: batch for key, batch in batches.items() if batch.conversation.pk in made}


def _new(key: Key, group: _Group) -> ConversationBatch:
    events = _in_order(group.events, set())
    conversation = Conversation(
        assistant_id=group.route.assistant_id,
        sender_id=key[1],
        version_id=group.route.version_id,
        started_at=events[0].at,
        last_event_at=events[0].at,
    )
    batch = ConversationBatch(conversation, events, is_new=True)
    apply_events(conversation, batch.timed_events)
    return batch


def _locked(keys: Collection[Key]) -> dict[Key, Conversation]:
    rows = Conversation.objects.select_for_update().filter(
        assistant__in={UUID(int=key[0]) for key in keys}, sender_id__in={key[1] for key in keys}
    )
    stored = {(row.assistant_id.int, row.sender_id): row for row in rows.order_by("pk")}
    return {key: row for key, row in stored.items() if key in keys}


def _stored(
    found: Mapping[Key, Conversation], groups: Mapping[Key, _Group]
) -> dict[UUID, set[int | None]]:
    """Fingerprints of stored events in the time range of the new ones, by conversation."""
    older = [key for key, conversation in found.items() if conversation.event_count]
    moments = [event.at for key in older for event in groups[key].events]
    if not moments:
        return defaultdict(set)
    return known_fingerprints([found[key].pk for key in older], min(moments), max(moments))


def _in_order(events: Sequence[IncomingEvent], seen: set[int | None]) -> list[IncomingEvent]:
    """Sorted by time, without duplicates and without events that are stored."""
    unseen = []
    for event in events:
        if event.fingerprint not in seen:
            seen.add(event.fingerprint)
            unseen.append(event)
    unseen.sort(key=_at)
    return unseen
