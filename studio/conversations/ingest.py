"""The one way in for events: everything of a batch in one transaction, its offset included."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from studio.conversations.derive import apply_event
from studio.conversations.models import (
    Conversation,
    ConversationFlow,
    DeadLetter,
    Event,
    EventSource,
    Session,
)
from studio.conversations.routing import Route, Router
from studio.conversations.sessions import Sessions

__all__ = ["IncomingEvent", "Position", "RejectedEvent", "position_of", "write_batch"]

_MAX_DEAD = 10_000
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Position:
    """How far a source was read; `source_id` names it in `write_batch`."""

    source_id: int
    offset: int


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """`body` has `sender_id`, `event` and `timestamp` (epoch seconds) of the right types."""

    offset: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RejectedEvent:
    offset: int
    content: str
    reason: str


def position_of(*, name: str, identity: str, size: int) -> Position:
    """Where to read on in a file of `size` bytes; a file that was cut begins as a new source."""
    rows = EventSource.objects.filter(name=name, identity__startswith=identity)
    source = rows.order_by("-id").first()
    if source is None or source.offset > size:
        source = EventSource.objects.create(name=name, identity=f"{identity}:{rows.count()}")
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
    for event in events:
        if event.offset < source.offset:
            continue
        route = router.route(event.body)
        if route is None:
            reason = "The event names no assistant that Studio knows."
            dead.append(RejectedEvent(event.offset, str(event.body), reason))
        else:
            routed.append((route, event))
    _write_events(source, routed)
    _write_dead(source, dead)
    if next_offset > source.offset:
        source.offset = next_offset
        source.save(update_fields=["offset"])


def _write_events(source: EventSource, routed: Sequence[tuple[Route, IncomingEvent]]) -> None:
    conversations = _conversations(routed)
    sessions = Sessions(conversations.values())
    rows = []
    for route, event in routed:
        conversation = conversations[route.assistant_id, event.body["sender_id"]]
        if route.version_id is not None:
            conversation.version_id = route.version_id
        apply_event(conversation, event.body)
        session = sessions.session_for(conversation, event.body, moment(event.body))
        rows.append(_row(source, conversation, session, event))
    sessions.save()
    Event.objects.bulk_create(rows, batch_size=_BATCH)
    _save_conversations(list(conversations.values()))


def _conversations(
    routed: Sequence[tuple[Route, IncomingEvent]],
) -> dict[tuple[Any, str], Conversation]:
    """The conversation of every (assistant, sender), locked; new ones are made."""
    first: dict[tuple[Any, str], Conversation] = {}
    for route, event in routed:
        key = (route.assistant_id, event.body["sender_id"])
        if key not in first:
            at = moment(event.body)
            first[key] = Conversation(
                assistant_id=key[0], sender_id=key[1], started_at=at, last_event_at=at
            )
    Conversation.objects.bulk_create(first.values(), ignore_conflicts=True, batch_size=_BATCH)
    stored = Conversation.objects.select_for_update().filter(
        assistant__in={key[0] for key in first}, sender_id__in={key[1] for key in first}
    )
    found = {(row.assistant_id, row.sender_id): row for row in stored.order_by("pk")}
    return {key: found[key] for key in first}


def _row(
    source: EventSource, conversation: Conversation, session: Session, event: IncomingEvent
) -> Event:
    body = event.body
    at = moment(body)
    conversation.event_count += 1
    conversation.started_at = min(conversation.started_at, at)
    conversation.last_event_at = max(conversation.last_event_at, at)
    metadata = body.get("metadata") or {}
    return Event(
        conversation=conversation,
        session=session,
        position=conversation.event_count,
        type=body["event"][:64],
        at=at,
        text=_text(body.get("text")),
        name=_text(body.get("name"), 500),
        value=body.get("value"),
        flow_id=_text(body.get("flow_id") or metadata.get("active_flow"), 255),
        step_id=_text(body.get("step_id") or metadata.get("step_id"), 500),
        data=body,
        source=source,
        source_offset=event.offset,
    )


def _save_conversations(conversations: Sequence[Conversation]) -> None:
    fields = [
        *("version", "channel", "is_test", "language", "title", "started_at", "last_event_at"),
        *("event_count", "message_count", "user_message_count", "outcome", "flows"),
        *("open_flows", "slots"),
    ]
    Conversation.objects.bulk_update(conversations, fields, batch_size=100)
    ConversationFlow.objects.bulk_create(
        (
            ConversationFlow(conversation=conversation, flow_id=flow[:255])
            for conversation in conversations
            for flow in conversation.flows
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )


def _write_dead(source: EventSource, dead: Sequence[RejectedEvent]) -> None:
    DeadLetter.objects.bulk_create(
        (
            DeadLetter(
                source=source,
                source_offset=letter.offset,
                content=letter.content[:_MAX_DEAD].replace("\0", ""),
                reason=letter.reason[:500],
            )
            for letter in dead
        ),
        ignore_conflicts=True,
        batch_size=_BATCH,
    )


def moment(body: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(body["timestamp"], UTC)


def _text(value: Any, limit: int | None = None) -> str | None:
    """PostgreSQL stores no NUL in texts; `data` keeps it escaped."""
    return value.replace("\0", "")[:limit] if isinstance(value, str) else None
