"""What is deleted for its age, and for a person's right to be forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

from studio.audit.models import Action, Entry
from studio.conversations import partitions
from studio.conversations.expiry import run_once
from studio.conversations.models import Conversation, DeadLetter, Event, Session, WaitingEvent
from studio.conversations.services.retention import expire, forget, person
from tests.ingestion.events import lines, turn
from tests.ingestion.example import ingestion

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = 3600.0


def told(*arguments: str) -> str:
    said = StringIO()
    call_command("conversations", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def now() -> float:
    return datetime.now(UTC).timestamp()


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.EVENTS_DIR = tmp_path
    return tmp_path


def store(folder: Path, *texts: str) -> None:
    with (folder / "bot.jsonl").open("a") as file:
        file.writelines(texts)
    ingestion(folder, batch_size=100).run_once()


def test_a_conversation_goes_as_a_whole_once_its_first_event_is_too_old(
    assistant: dict[str, Any], folder: Path, now: float, settings: Any
) -> None:
    old, going_on, young = now - 30 * HOUR, now - 25 * HOUR, now - 23 * HOUR
    store(
        folder,
        lines(turn(assistant["id"], "old", old)),
        lines(turn(assistant["id"], "going-on", going_on)),
        lines(turn(assistant["id"], "going-on", now - HOUR)),
        lines(turn(assistant["id"], "young", young)),
    )
    with pytest.raises(CommandError, match="OLDER_THAN_HOURS"):
        told("expire")
    settings.DELETE_CONVERSATIONS_OLDER_THAN_HOURS = 24
    # On PostgreSQL a month that another test has left empty may go with them.
    assert told("expire").startswith("Deleted: 2 conversations, 39 events")
    assert list(Conversation.objects.values_list("sender_id", flat=True)) == ["young"]
    assert (Event.objects.count(), Session.objects.count()) == (13, 1)
    assert told("expire") == "Deleted: nothing.\n"
    entries = Entry.objects.filter(action=Action.CONVERSATIONS_EXPIRED)
    [entry] = [each for each in entries if "months" not in each.detail]
    assert entry.actor.endswith(" on the server")
    before = datetime.fromisoformat(entry.detail.pop("before"))
    assert abs(datetime.now(UTC) - timedelta(hours=24) - before) < timedelta(minutes=1)
    assert entry.detail.items() >= {"conversations": 2, "events": 39}.items()


async def test_what_studio_deletes_by_itself_is_recorded_as_such(
    assistant: dict[str, Any], folder: Path, now: float, settings: Any
) -> None:
    old = lines(turn(assistant["id"], "old", now - 30 * HOUR))
    await database_sync_to_async(store)(folder, old)
    settings.DELETE_CONVERSATIONS_OLDER_THAN_HOURS = 24
    await asyncio.create_task(run_once())
    entry = await database_sync_to_async(Entry.objects.latest)("id")
    assert entry.action == Action.CONVERSATIONS_EXPIRED
    assert (entry.actor, entry.actor_id, entry.address) == ("retention", None, "")
    assert entry.detail["conversations"] == 1


@pytest.mark.parametrize("hours", [1, 24 * 62], ids=["some", "a whole month"])
def test_nothing_is_deleted_that_cannot_be_recorded(
    assistant: dict[str, Any], folder: Path, now: float, hours: int
) -> None:
    store(folder, lines(turn(assistant["id"], "anna", now - hours * HOUR)))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry RENAME TO audit_entry_away")
    try:
        with pytest.raises(DatabaseError, match="audit_entry"):
            expire(datetime.now(UTC))
        with pytest.raises(DatabaseError, match="audit_entry"):
            forget("anna")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry_away RENAME TO audit_entry")
    assert (Conversation.objects.count(), Event.objects.count()) == (1, 13)


def test_whole_months_are_dropped(assistant: dict[str, Any], folder: Path, now: float) -> None:
    long_ago = datetime(2024, 3, 31, 23, 59, 55, tzinfo=UTC).timestamp()
    store(
        folder,
        lines(turn(assistant["id"], "at the end of march", long_ago)),
        lines(turn(assistant["id"], "in may", long_ago + 40 * 24 * HOUR)),
        lines(turn(assistant["id"], "now", now)),
    )
    is_postgres = connection.vendor == "postgresql"
    removed = expire(datetime(2024, 5, 15, tzinfo=UTC))
    assert (removed.conversations, removed.events) == (2, 26)
    assert Event.objects.count() == 13
    if is_postgres:
        assert removed.months == 2
        names = [name for name, _end in partitions.months()]
        assert partitions.name_of(datetime(2024, 3, 1, tzinfo=UTC)) not in names
    store(folder, lines(turn(assistant["id"], "late", long_ago)))
    assert Event.objects.count() == 26


def test_nothing_is_left_of_a_person(assistant: dict[str, Any], folder: Path, now: float) -> None:
    waiting = [turn("unknown", who, now)[4] for who in ("anna", "ben")]
    refused = {**turn(assistant["id"], "anna", now)[4], "timestamp": "late"}
    store(
        folder,
        lines(turn(assistant["id"], "anna", now)),
        lines(turn(assistant["id"], "ben", now)),
        lines([*waiting, refused]),
        '{"sender_id": "anna", broken\n',
        '{"sender_id": "ben", broken\n',
    )
    assert (WaitingEvent.objects.count(), DeadLetter.objects.count()) == (2, 3)
    assert told("delete", "--sender", "anna", "--assistant", "somebody else").startswith("Nothing")
    said = told("delete", "--sender", "anna")
    assert said.startswith(
        "Deleted of anna: 1 conversations, 13 events, 1 waiting events, 2 dead letters.\n"
    )
    assert f"{folder / 'bot.jsonl'} still holds events of anna" in said
    again = told("delete", "--sender", "anna")
    assert again.startswith("Nothing is stored of anna.\n")
    assert f"The activity record calls this sender {person('anna')}." in again
    last, first, elsewhere = Entry.objects.filter(target=person("anna")).order_by("-id")
    assert elsewhere.detail == {"assistant": "somebody else"}
    counts = {"conversations": 1, "events": 13, "waiting_events": 1, "dead_letters": 2}
    assert (first.action, first.detail, last.detail) == (Action.PERSON_FORGOTTEN, counts, {})
    assert "anna" not in str(list(Entry.objects.values_list()))
    assert [row.sender_id for row in Conversation.objects.all()] == ["ben"]
    assert Event.objects.filter(conversation__sender_id="ben").count() == Event.objects.count()
    assert (WaitingEvent.objects.count(), DeadLetter.objects.count()) == (1, 1)


def test_what_waits_or_was_refused_expires_as_well(
    assistant: dict[str, Any], folder: Path, now: float
) -> None:
    store(folder, lines([turn("unknown", "anna", now)[4]]), "nonsense\n")
    removed = expire(datetime.now(UTC) + timedelta(hours=1))
    assert (removed.waiting_events, removed.dead_letters) == (1, 1)
