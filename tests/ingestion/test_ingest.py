"""From lines in a folder to conversations over HTTP."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from rest_framework.test import APIClient

from ingestion import steps
from studio.conversations import ingest
from studio.conversations.models import Conversation, DeadLetter, Event, EventSource
from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVENTS_DIR = tmp_path
    return tmp_path


def test_conversation_is_there_with_everything(
    api_client: APIClient, assistant: dict[str, Any], folder: Path
) -> None:
    (folder / "bot.jsonl").write_text(lines(turn(assistant["id"])))
    call_command("ingest", "--once")
    [row] = api_client.get("/api/v1/conversations/").json()["results"]
    assert (row["sender_id"], row["channel"], row["is_test"]) == ("anna", "studio_chat", True)
    assert (row["title"], row["outcome"]) == ("send money to Zoë", "completed")
    assert (row["message_count"], row["user_message_count"]) == (4, 3)
    assert row["flows"] == ["transfer_money"]
    url = f"/api/v1/conversations/{row['id']}/"
    assert api_client.get(url).json()["slots"] == {"recipient": {"who": "Zoë"}}
    events = api_client.get(f"{url}events/").json()["results"]
    assert [event["position"] for event in events] == list(range(1, 14))
    assert events[8]["flow_id"] == "transfer_money"
    assert events[8]["step_id"] == "ask"
    assert events[7]["data"]["value"] == {"who": "Zoë"}
    quiet = api_client.get(f"{url}events/?quiet=true").json()["results"]
    assert {event["event"] for event in quiet} >= {"user", "bot", "slot", "flow_started"}
    assert len(quiet) == 11


def test_reading_again_doubles_nothing(assistant: dict[str, Any], folder: Path) -> None:
    path = folder / "bot.jsonl"
    text = lines(turn(assistant["id"]))
    for end in range(0, len(text), 97):
        path.write_bytes(text.encode()[:end])
        ingestion(folder).run_once()
    path.write_text(text)
    running = ingestion(folder)
    assert running.run_once() + running.run_once() >= 0
    ingestion(folder).run_once()
    assert Event.objects.count() == len(text.splitlines())
    assert not DeadLetter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_crash_before_commit_loses_nothing(
    assistant: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = lines(turn(assistant["id"]))
    (folder / "bot.jsonl").write_text(text)
    real, calls = ingest.write_batch, list[Any]()

    def failing(**batch: Any) -> None:
        calls.append(batch)
        if len(calls) == 2:
            raise DatabaseError("gone")
        real(**batch)

    monkeypatch.setattr(steps, "write_batch", failing)
    running = ingestion(folder)
    with pytest.raises(DatabaseError):
        running.run_once()
    assert running._is_back()
    running.run_once()
    assert Event.objects.count() == len(text.splitlines())
    offsets = list(Event.objects.values_list("source_offset", flat=True))
    assert offsets == sorted(offsets)


@pytest.mark.django_db(transaction=True)
def test_database_that_has_forgotten_is_told_again(assistant: dict[str, Any], folder: Path) -> None:
    path = folder / "bot.jsonl"
    first, second = turn(assistant["id"]), turn(assistant["id"], "ben", NOW + 100)
    path.write_text(lines(first) + "\n")
    running = ingestion(folder)
    running.run_once()
    # As after a crash, or with a backup that is older than what was read.
    Conversation.objects.all().delete()
    EventSource.objects.update(offset=0)
    path.write_text(lines(first) + "\n" + lines(second))
    with pytest.raises(DatabaseError, match=r"bot\.jsonl is stored up to 0 only"):
        running.run_once()
    assert running._is_back()
    running.run_once()
    assert Event.objects.count() == len(first) + len(second)


def test_partial_line_waits(assistant: dict[str, Any], folder: Path) -> None:
    path = folder / "bot.jsonl"
    text = lines(turn(assistant["id"])[:2])
    path.write_text(text[:-10])
    running = ingestion(folder)
    assert running.run_once() == 1
    assert running.run_once() == 0
    path.write_text(text)
    assert running.run_once() == 1


def test_cut_or_replaced_file_begins_again(assistant: dict[str, Any], folder: Path) -> None:
    path = folder / "bot.jsonl"
    path.write_text(lines(turn(assistant["id"])))
    running = ingestion(folder)
    running.run_once()
    path.write_text(lines(turn(assistant["id"], "ben", NOW + 100)[:5]))
    running.run_once()
    assert Event.objects.count() == 18
    path.unlink()
    path.write_text(lines(turn(assistant["id"], "cleo", NOW + 900)))
    running.run_once()
    assert Event.objects.count() == 31
    assert EventSource.objects.count() == 3


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json\n", "not JSON"),
        (b"[1]\n", "not a JSON map"),
        (b'{"event": "user", "timestamp": 1}\n', "sender_id"),
        (b'{"sender_id": "a", "timestamp": 1}\n', "event"),
        (b'{"sender_id": "a", "event": "user", "timestamp": "x"}\n', "timestamp"),
        (b'{"sender_id": "a", "event": "user", "timestamp": NaN}\n', "timestamp"),
        (b'{"sender_id": "a", "event": "user", "timestamp": 1e300}\n', "timestamp"),
        (b'{"sender_id": "a", "event": "user", "timestamp": 1, "metadata": []}\n', "metadata"),
        (b'{"sender_id": "\\ud800", "event": "user", "timestamp": 1}\n', "no assistant"),
        (b"\xff\xfe\n", "not JSON"),
        (b'{"sender_id": "a", "event": "user", "timestamp": 1}\n', "no assistant"),
    ],
)
def test_bad_line_is_kept_aside_and_the_rest_read(
    assistant: dict[str, Any], folder: Path, line: bytes, reason: str
) -> None:
    good = lines(turn(assistant["id"])).encode()
    (folder / "bot.jsonl").write_bytes(line + good)
    ingestion(folder).run_once()
    letter = DeadLetter.objects.get()
    assert reason in letter.reason
    assert letter.source_offset == 0
    assert Event.objects.count() == 13


def test_event_the_database_refuses_goes_alone(
    assistant: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = ingest.write_batch

    def refusing(**batch: Any) -> None:
        if any(event.body.get("text") == "How much?" for event in batch["events"]):
            raise ValueError("cannot be stored")
        real(**batch)

    monkeypatch.setattr(steps, "write_batch", refusing)
    (folder / "bot.jsonl").write_text(lines(turn(assistant["id"])))
    ingestion(folder, batch_size=100).run_once()
    assert "cannot be stored" in DeadLetter.objects.get().reason
    assert Event.objects.count() == 12


def test_assistant_by_configured_id(
    api_client: APIClient, assistant: dict[str, Any], folder: Path
) -> None:
    """A production bot names itself as config.yml does."""
    (folder / "bot.jsonl").write_text(lines(turn("little-bank")))
    ingestion(folder).run_once()
    url = f"/api/v1/conversations/?assistant={assistant['id']}"
    assert len(api_client.get(url).json()["results"]) == 1


def test_sigterm_ends_the_command(tmp_path: Path) -> None:
    environment = {
        # A database of its own, whichever the suite runs on.
        **{name: value for name, value in os.environ.items() if not name.startswith("DB_")},
        "STUDIO_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "studio.settings.base",
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], check=True, env=environment, timeout=60
    )
    process = subprocess.Popen([sys.executable, "manage.py", "ingest"], env=environment)
    deadline = time.monotonic() + 20
    while not (tmp_path / "events").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0
