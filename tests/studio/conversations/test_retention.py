"""What is deleted for its age, and for a person's right to be forgotten."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from studio.conversations import partitions
from studio.conversations.models import Conversation, DeadLetter, Event, Session, WaitingEvent
from studio.conversations.services.retention import expire
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
    assert told("expire") == "Deleted: 2 conversations, 39 events.\n"
    assert list(Conversation.objects.values_list("sender_id", flat=True)) == ["young"]
    assert (Event.objects.count(), Session.objects.count()) == (13, 1)
    assert told("expire") == "Deleted: nothing.\n"


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
    assert removed.conversations == 2
    assert Event.objects.count() == 13
    if is_postgres:
        # Only rows of May are looked at; March and April go as tables.
        assert (removed.months, removed.events) == (2, 13)
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
    assert told("delete", "--sender", "anna").startswith("Nothing is stored of anna.\n")
    assert [row.sender_id for row in Conversation.objects.all()] == ["ben"]
    assert Event.objects.filter(conversation__sender_id="ben").count() == Event.objects.count()
    assert (WaitingEvent.objects.count(), DeadLetter.objects.count()) == (1, 1)


def test_what_waits_or_was_refused_expires_as_well(
    assistant: dict[str, Any], folder: Path, now: float
) -> None:
    store(folder, lines([turn("unknown", "anna", now)[4]]), "nonsense\n")
    removed = expire(datetime.now(UTC) + timedelta(hours=1))
    assert (removed.waiting_events, removed.dead_letters) == (1, 1)
