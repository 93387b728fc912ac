"""What a batch has of each conversation: its row, locked, and the events that are new to it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.utils import timezone

from studio.conversations.arriving import IncomingEvent
from studio.conversations.derive import Told, apply_events
from studio.conversations.event_store import begin_conversations, known_fingerprints
from studio.conversations.models import Conversation
from studio.conversations.routing import Route

Routed = Sequence[tuple[Route, IncomingEvent]]
# The number of an assistant (a UUID is hashed by Python code, its number is not), and a sender.
Key = tuple[int, str]
_at = attrgetter("at")


@dataclass(slots=True)
class Talk:
    """`events` are in the order of their time, and none of them is stored."""

    conversation: Conversation
    events: list[IncomingEvent]
    flows_before: frozenset[str] = frozenset()
    # Made by this batch, with all that its events tell.
    is_new: bool = False

    @property
    def is_late(self) -> bool:
        """Whether it changes the past."""
        past = not self.is_new and self.conversation.event_count > 0
        return past and self.events[0].at < self.conversation.last_event_at

    @property
    def told(self) -> list[Told]:
        return [(event.body, event.at) for event in self.events]


@dataclass(slots=True)
class _Group:
    """Events of one sender in the order in which they came."""

    route: Route
    events: list[IncomingEvent]


def talks_of(routed: Routed) -> list[Talk]:
    """Those that have something new. Each conversation is locked; missing ones are made.

    Always in the same order, so that two consumers wait for one another and never both.
    """
    groups = _grouped(routed)
    talks = _known(groups)
    missing = {key: groups[key] for key in sorted(groups.keys() - talks.keys())}
    if missing:
        talks |= _begun(missing)
        # Made by another consumer in this moment.
        talks |= _known({key: missing[key] for key in missing.keys() - talks.keys()})
    return [talk for talk in talks.values() if talk.events]


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


def _known(groups: Mapping[Key, _Group]) -> dict[Key, Talk]:
    """Of conversations that there are."""
    found = _locked(groups) if groups else {}
    stored = _stored(found, groups)
    now = timezone.now()
    talks = {}
    for key, conversation in found.items():
        group = groups[key]
        conversation.version_id = group.route.version_id or conversation.version_id
        conversation.changed_at = now
        events = _in_order(group.events, stored.get(conversation.pk, set()))
        talks[key] = Talk(conversation, events, frozenset(conversation.flows))
    return talks


def _begun(groups: Mapping[Key, _Group]) -> dict[Key, Talk]:
    """Of conversations that did not exist, stored as their events tell them; without those that
    somebody else has made meanwhile."""
    talks = {key: _new(key, group) for key, group in groups.items()}
    made = begin_conversations([talk.conversation for talk in talks.values()])
    return {key: talk for key, talk in talks.items() if talk.conversation.pk in made}


def _new(key: Key, group: _Group) -> Talk:
    events = _in_order(group.events, set())
    conversation = Conversation(
        assistant_id=group.route.assistant_id,
        sender_id=key[1],
        version_id=group.route.version_id,
        started_at=events[0].at,
        last_event_at=events[0].at,
    )
    talk = Talk(conversation, events, is_new=True)
    apply_events(conversation, talk.told)
    return talk


def _locked(keys: Collection[Key]) -> dict[Key, Conversation]:
    rows = Conversation.objects.select_for_update().filter(
        assistant__in={UUID(int=key[0]) for key in keys}, sender_id__in={key[1] for key in keys}
    )
    stored = {(row.assistant_id.int, row.sender_id): row for row in rows.order_by("pk")}
    return {key: row for key, row in stored.items() if key in keys}


def _stored(
    found: Mapping[Key, Conversation], groups: Mapping[Key, _Group]
) -> dict[UUID, set[int | None]]:
    """Fingerprints of events that may be among these, by conversation."""
    older = [key for key, conversation in found.items() if conversation.event_count]
    moments = [event.at for key in older for event in groups[key].events]
    if not moments:
        return defaultdict(set)
    return known_fingerprints([found[key].pk for key in older], min(moments), max(moments))


def _in_order(events: Sequence[IncomingEvent], seen: set[int | None]) -> list[IncomingEvent]:
    """By time, without those that were seen or came twice."""
    unseen = []
    for event in events:
        if event.fingerprint not in seen:
            seen.add(event.fingerprint)
            unseen.append(event)
    unseen.sort(key=_at)
    return unseen
