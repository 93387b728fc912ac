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

from studio.conversations.incoming_rows import IN_ROW, IncomingEvent, columns_of
from studio.conversations.models import Conversation, Event
from studio.conversations.partitions import ensure_partitions

_BATCH = 500
# PostgreSQL's JSON has no NUL. An even number of backslashes before it is text.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_COPY = f"COPY conversations_event (conversation_id, source_id, {', '.join(IN_ROW)}) FROM STDIN"
_COPY_BYTES = 64 * 1024
_SAVED = (
    *("version", "channel", "is_test", "language", "title", "started_at", "last_event_at"),
    *("changed_at", "event_count", "message_count", "user_message_count", "outcome"),
    *("flows", "open_flows", "slots"),
)


# The events of one conversation.
Write = Callable[[UUID, Sequence[IncomingEvent]], None]


def do_not_wait_for_the_disk() -> None:
    """For this transaction. A server that crashes right after it may forget it, but whole: it is
    good where the offset of what was read is part of it, and so all of it is read again."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit = off")


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
        rows: list[Event] = []
        yield lambda conversation_id, events: rows.extend(
            _row(source_id, conversation_id, event) for event in events
        )
        Event.objects.bulk_create(rows, batch_size=_BATCH)
        return
    ensure_partitions(moments)
    with (
        connection.wrap_database_errors,  # Django's cursors know nothing of COPY
        connection.cursor() as cursor,
        cursor.copy(_COPY) as copy,
    ):
        lines = bytearray()

        def write(conversation_id: UUID, events: Sequence[IncomingEvent]) -> None:
            start = f"{conversation_id}\t{source_id}\t".encode()
            for event in events:
                lines.extend(start)
                lines.extend(event.row)
                if len(lines) > _COPY_BYTES:
                    copy.write(bytes(lines))
                    lines.clear()

        yield write
        copy.write(bytes(lines))


def _row(source_id: int, conversation_id: UUID, event: IncomingEvent) -> Event:
    return Event(
        conversation_id=conversation_id,
        at=event.at,
        data=event.body,
        fingerprint=event.fingerprint,
        source_id=source_id,
        source_offset=event.offset,
        **columns_of(event.body)._asdict(),
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


def begin_conversations(conversations: Sequence[Conversation]) -> set[UUID]:
    """Those whose sender has none with the assistant yet; returns their ids."""
    insert_rows(Conversation, conversations)
    ids = [conversation.pk for conversation in conversations]
    return set(Conversation.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True))


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
    document = orjson.dumps(records).decode()
    if "\\u0000" in document:
        document = _NUL.sub(r"\1", document)
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("{types}", types), [document])
