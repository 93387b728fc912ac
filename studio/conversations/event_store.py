"""Writes many events and conversations at once: by COPY on PostgreSQL, plainly elsewhere."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import AutoField, Model

from studio.conversations.arriving import ArrivingEvent, columns_of
from studio.conversations.models import Conversation, Event
from studio.conversations.partitions import ensure_partitions

_BATCH = 500
# PostgreSQL's JSON has no NUL. An even number of backslashes before it is text.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_COLUMNS = (
    *("conversation_id", "type", "at", "text", "name", "value", "flow_id", "step_id"),
    *("data", "fingerprint", "source_id", "source_offset"),
)
_SAVED = (
    *("version", "channel", "is_test", "language", "title", "started_at", "last_event_at"),
    *("changed_at", "event_count", "message_count", "user_message_count", "outcome"),
    *("flows", "open_flows", "slots"),
)


Write = Callable[[UUID, ArrivingEvent], None]


def known_fingerprints(
    conversation_ids: Collection[UUID], first: datetime, last: datetime
) -> dict[UUID, set[int | None]]:
    """Of the events between two moments, by conversation. The conversations are locked, so nobody
    stores more meanwhile."""
    known: dict[UUID, set[int | None]] = defaultdict(set)
    rows = Event.objects.filter(
        conversation__in=conversation_ids, at__gte=first, at__lte=last
    ).order_by()
    for conversation_id, fingerprint in rows.values_list("conversation", "fingerprint"):
        known[conversation_id].add(fingerprint)
    return known


@contextmanager
def event_writer(source_id: int, moments: Collection[datetime]) -> Iterator[Write]:
    """Stores what is written to it, all of it at the end. Until then the connection is taken:
    nothing may be asked of the database."""
    if connection.vendor != "postgresql":
        events: list[Event] = []
        yield lambda conversation_id, event: events.append(_row(source_id, conversation_id, event))
        Event.objects.bulk_create(events, batch_size=_BATCH)
        return
    ensure_partitions(moments)
    names = ", ".join(_COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY conversations_event ({names}) FROM STDIN") as copy,
    ):
        yield lambda conversation_id, event: copy.write_row(
            _values(source_id, conversation_id, event)
        )


def _row(source_id: int, conversation_id: UUID, arriving: ArrivingEvent) -> Event:
    return Event(
        conversation_id=conversation_id,
        at=arriving.at,
        data=arriving.event.body,
        fingerprint=arriving.fingerprint,
        source_id=source_id,
        source_offset=arriving.event.offset,
        **columns_of(arriving.event.body),
    )


def _values(source_id: int, conversation_id: UUID, arriving: ArrivingEvent) -> tuple[Any, ...]:
    event, at, fingerprint = arriving
    row = columns_of(event.body)
    value = row["value"]
    return (
        conversation_id,
        row["type"],
        at,
        row["text"],
        row["name"],
        None if value is None else orjson.dumps(value).decode(),
        row["flow_id"],
        row["step_id"],
        event.text,
        fingerprint,
        source_id,
        event.offset,
    )


def insert_rows(model: type[Model], rows: Sequence[Model]) -> None:
    """Those that are not there yet, by any of the table's constraints."""
    if not rows:
        return
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=_BATCH)
        return
    fields: list[Any] = [
        field for field in model._meta.concrete_fields if not isinstance(field, AutoField)
    ]
    names = ", ".join(field.column for field in fields)
    _execute(
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {names} "  # noqa: S608  our own names
        f"FROM {_RECORDS} ON CONFLICT DO NOTHING",
        fields,
        rows,
    )


def save_conversations(conversations: Sequence[Conversation]) -> None:
    fields: list[Any] = [Conversation._meta.get_field(name) for name in _SAVED]
    if connection.vendor != "postgresql":
        Conversation.objects.bulk_update(conversations, _SAVED, batch_size=100)
        return
    changes = ", ".join(f"{field.column} = new.{field.column}" for field in fields)
    _execute(
        f"UPDATE conversations_conversation AS old SET {changes} "  # noqa: S608  our own names
        f"FROM {_RECORDS} WHERE old.id = new.id",
        [Conversation._meta.pk, *fields],
        conversations,
    )


# Rows travel as one JSON document: neither side has to parse a long statement.
_RECORDS = "jsonb_to_recordset(%s::jsonb) AS new({types})"


def _execute(statement: str, fields: Sequence[Any], rows: Sequence[Model]) -> None:
    types = ", ".join(f"{field.column} {field.cast_db_type(connection)}" for field in fields)
    records = [{field.column: getattr(row, field.attname) for field in fields} for row in rows]
    document = _NUL.sub(r"\1", orjson.dumps(records).decode())
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{types}", types), [document])
