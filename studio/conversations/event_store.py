"""Writes many events and conversations at once: by COPY on PostgreSQL, plainly elsewhere."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Field

from studio.conversations.arriving import ArrivingEvent
from studio.conversations.models import Conversation, Event
from studio.conversations.partitions import ensure_partitions

_BATCH = 500
_COLUMNS = (
    *("conversation_id", "type", "at", "text", "name", "value", "flow_id", "step_id"),
    *("data", "fingerprint", "source_id", "source_offset"),
)
_SAVED = (
    *("version_id", "channel", "is_test", "language", "title", "started_at", "last_event_at"),
    *("changed_at", "event_count", "message_count", "user_message_count", "outcome"),
    *("flows", "open_flows", "slots"),
)
_JSON = frozenset({"flows", "open_flows", "slots"})


def without_known(events: Sequence[ArrivingEvent]) -> list[ArrivingEvent]:
    """Those that are not stored yet. Their conversations are locked, so nobody else stores them."""
    if not events:
        return []
    moments = [event.at for event in events]
    rows = Event.objects.filter(
        conversation__in={event.conversation_id for event in events},
        at__gte=min(moments),
        at__lte=max(moments),
    )
    seen: set[tuple[UUID, datetime, int | None]] = set(
        rows.order_by().values_list("conversation_id", "at", "fingerprint")
    )
    fresh = []
    for event in events:
        if event.key not in seen:
            seen.add(event.key)
            fresh.append(event)
    return fresh


def insert_events(source_id: int, events: Sequence[ArrivingEvent]) -> None:
    if connection.vendor == "postgresql":
        ensure_partitions({event.at for event in events})
        _copy(source_id, events)
        return
    Event.objects.bulk_create(
        (
            Event(
                conversation_id=event.conversation_id,
                at=event.at,
                data=event.event.body,
                fingerprint=event.fingerprint,
                source_id=source_id,
                source_offset=event.event.offset,
                **event.columns(),
            )
            for event in events
        ),
        batch_size=_BATCH,
    )


def _copy(source_id: int, events: Sequence[ArrivingEvent]) -> None:
    names = ", ".join(_COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY conversations_event ({names}) FROM STDIN") as copy,
    ):
        for event in events:
            row = event.columns()
            value = row["value"]
            copy.write_row(
                (
                    event.conversation_id,
                    row["type"],
                    event.at,
                    row["text"],
                    row["name"],
                    None if value is None else orjson.dumps(value).decode(),
                    row["flow_id"],
                    row["step_id"],
                    event.event.text,
                    event.fingerprint,
                    source_id,
                    event.event.offset,
                )
            )


def save_conversations(conversations: Collection[Conversation]) -> None:
    if connection.vendor != "postgresql":
        names = [name.removesuffix("_id") for name in _SAVED]
        Conversation.objects.bulk_update(conversations, names, batch_size=100)
        return
    columns = ["id", *_SAVED]
    arrays = ", ".join(f"%s::{_array_of(column)}" for column in columns)
    given = ", ".join(columns)
    changes = ", ".join(
        f"{name} = new.{name}::jsonb" if name in _JSON else f"{name} = new.{name}"
        for name in _SAVED
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE conversations_conversation AS old SET {changes} "  # noqa: S608  our own names
            f"FROM unnest({arrays}) AS new({given}) WHERE old.id = new.id",
            [[_plain(row, column) for row in conversations] for column in columns],
        )


def _array_of(column: str) -> str:
    """PostgreSQL's type of an array of a column's values; JSON travels as text."""
    if column in _JSON:
        return "text[]"
    field = cast("Field[Any, Any]", Conversation._meta.get_field(column.removesuffix("_id")))
    return f"{field.cast_db_type(connection)}[]"


def _plain(row: Conversation, column: str) -> Any:
    value = getattr(row, column)
    return orjson.dumps(value).decode().replace("\\u0000", "") if column in _JSON else value
