"""A database as the first migration of conversations left it: forwards, looked at, and back."""

import itertools
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from studio.conversations import partitions
from studio.conversations.models import Conversation, DeadLetter, Event
from studio.conversations.selectors.conversations import events_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 9, 21, 12, 0, tzinfo=UTC)
ORDERED = {"zebra": 1, "apple": {"b": 2, "a": "Zoë"}}


def model(apps: Apps, app: str, name: str) -> Any:
    """A model of then, whose columns are not those of the model of today."""
    return apps.get_model(app, name)


def migrate(name: str = "") -> None:
    call_command("migrate", "conversations", *([name] if name else []), verbosity=0)


@pytest.fixture
def old() -> Iterator[Apps]:
    """The models of then, in a database of then."""
    migrate("zero")
    migrate("0001")
    executor = MigrationExecutor(connection)
    yield executor.loader.project_state([("conversations", "0001_initial")]).apps
    # For the tests after this one: a table that never was one piece.
    migrate("zero")
    migrate()


def fill(old: Apps) -> uuid.UUID:
    """Two conversations of 2,500 events together, over months; a dead letter."""
    assistant = model(old, "assistants", "Assistant").objects.create(
        name="Shop", additional_languages=[], created_at=NOW, updated_at=NOW
    )
    source = model(old, "conversations", "EventSource").objects.create(
        name="bot.jsonl", identity="one", offset=99
    )
    model(old, "conversations", "DeadLetter").objects.create(
        source=source, source_offset=7, content="broken … {", reason="not JSON"
    )
    number = 0
    for sender, count in (("anna", 2400), ("ben", 100)):
        conversation = model(old, "conversations", "Conversation").objects.create(
            assistant=assistant,
            sender_id=sender,
            started_at=NOW - timedelta(hours=count),
            last_event_at=NOW,
            event_count=count,
        )
        session = model(old, "conversations", "Session").objects.create(
            conversation=conversation, session_id="s", started_at=NOW
        )
        events = []
        for position in range(1, count + 1):
            number += 1
            events.append(
                model(old, "conversations", "Event")(
                    conversation=conversation,
                    session=session,
                    position=position,
                    type="user",
                    at=NOW - timedelta(hours=count - position),
                    text=f"{sender} {position}",
                    value=ORDERED,
                    data=ORDERED,
                    source=source,
                    source_offset=number,
                )
            )
        model(old, "conversations", "Event").objects.bulk_create(events, batch_size=500)
    return uuid.UUID(str(assistant.pk))


class Interrupted(Exception):
    """In the middle of a statement; what was done in its transaction is undone."""


def migrate_with_interruptions(name: str) -> int:
    """Each time a statement further, until it is through; how often it was interrupted."""
    step = 2 if connection.vendor == "postgresql" else 20
    for number in itertools.count(0, step):
        left = itertools.count(number, -1)

        def count(execute: Any, sql: str, *arguments: Any, left: Any = left) -> Any:
            if not sql.startswith(("ALTER", "CREATE", "DROP", "INSERT")) or next(left) > 0:
                return execute(sql, *arguments)
            if connection.vendor == "postgresql":
                execute("SET statement_timeout = 1", None, *arguments[1:])
                with suppress(OperationalError):
                    execute(sql, *arguments)
            raise Interrupted

        try:
            with connection.execute_wrapper(count):
                MigrationExecutor(connection).migrate([("conversations", name)])
        except Interrupted:
            connection.close()
        else:
            return number // step
    raise AssertionError


def test_whenever_it_is_interrupted_it_goes_on(old: Apps) -> None:
    fill(old)
    migrate("0003")
    assert migrate_with_interruptions("0004_events_by_month") > 1
    assert Event.objects.count() == 2500
    if connection.vendor == "postgresql":
        parts = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'conversations_event'::regclass"
        invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
        unproven = "SELECT count(*) FROM pg_constraint WHERE NOT convalidated"
        assert [number_of(each) for each in (parts, invalid, unproven)] == [2, 0, 0]
        keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = "
        assert number_of(f"{keys}'conversations_event_first'::regclass") == 1
    migrate_with_interruptions("0003_conversations_by_sender_and_change")
    rows = model(old, "conversations", "Event").objects
    assert rows.filter(position=2400).count() == 1
    assert rows.count() == 2500


def number_of(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def test_an_old_database_comes_forward_and_goes_back(old: Apps) -> None:
    assistant_id = fill(old)
    migrate()

    anna = Conversation.objects.get(sender_id="anna", assistant=assistant_id)
    texts = list(events_of(anna, quiet=True).values_list("text", flat=True))
    assert texts == [f"anna {position}" for position in range(1, 2401)]
    first = Event.objects.order_by("at", "id").first()
    assert first is not None
    assert list(first.data) == ["zebra", "apple"]
    assert (first.data, first.value) == (ORDERED, ORDERED)
    [letter] = DeadLetter.objects.all()
    assert (bytes(letter.payload).decode(), letter.status) == ("broken … {", "kept")
    late = Event.objects.create(
        conversation=anna,
        type="bot",
        at=NOW - timedelta(hours=2398, minutes=30),
        text="late",
        data={},
        fingerprint=1,
        source=first.source,
        source_offset=5000,
    )
    assert late.pk > Event.objects.exclude(pk=late.pk).order_by("-pk")[0].pk
    if connection.vendor == "postgresql":
        partitions.ensure_partitions([datetime.now(UTC)])
        assert partitions.FIRST in [name for name, _end in partitions.months()]

    migrate("0001")
    rows = model(old, "conversations", "Event").objects
    mine = rows.filter(conversation_id=anna.pk).order_by("position")
    told: list[tuple[Any, ...]] = list(mine.values_list("position", "text")[:3])
    assert told == [(1, "anna 1"), (2, "late"), (3, "anna 2")]
    assert rows.count() == 2501
    [old_letter] = model(old, "conversations", "DeadLetter").objects.all()
    assert old_letter.content == "broken … {"
    again = rows.create(
        conversation_id=anna.pk,
        position=2402,
        type="user",
        at=NOW,
        data={},
        source_id=first.source_id,
        source_offset=6000,
    )
    assert again.pk > late.pk
