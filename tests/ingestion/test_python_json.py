"""Events as Python's `json.dumps` writes them, which is more than JSON."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from studio.conversations.models import DeadLetter, Event
from tests.project.test_cases import CASES

HALF = "\ufffd"


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVENTS_DIR = tmp_path
    return tmp_path


def test_events_with_nan_or_half_emoji_are_conversations(
    api_client: APIClient, assistant: dict[str, Any], folder: Path
) -> None:
    text = (CASES / "events-with-nan-or-half-emoji" / "events.jsonl").read_text(encoding="utf-8")
    written = text.replace("ASSISTANT-ID", assistant["id"])
    (folder / "bot.jsonl").write_text(written, encoding="utf-8")
    call_command("ingest", "--once")
    assert not DeadLetter.objects.exists()
    rows = api_client.get("/api/v1/conversations/").json()["results"]
    assert {row["sender_id"] for row in rows} == {
        *("case-nan-1", "case-nan-2", "case-half-emoji", "case-good")
    }
    events = {event.conversation.sender_id: event for event in Event.objects.all()}
    assert events["case-nan-1"].data["parse_data"]["intent"]["confidence"] is None
    assert events["case-nan-2"].value is None
    assert events["case-half-emoji"].text == f"cut in the middle of an emoji {HALF}"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("NaN", None),
        ("Infinity", None),
        ("-Infinity", None),
        ("1e999", None),
        ('[1, NaN, {"a": -Infinity}]', [1, None, {"a": None}]),
        (r'"\ud83d"', HALF),
        (r'"\ude00 and \ud83d\ude00"', f"{HALF} and \U0001f600"),
        (r'{"\udfff": 1}', {HALF: 1}),
        (r'["NaN", "\\ud83d", NaN]', ["NaN", r"\ud83d", None]),
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_no_json_is_read_as_what_it_means(
    assistant: dict[str, Any], folder: Path, value: str, read: Any, mark: str
) -> None:
    head = '"sender_id": "anna", "event": "slot", "name": "price", "timestamp": 1764000000.1'
    metadata = f'"metadata": {{"assistant_id": "{assistant["id"]}"}}'
    line = f'{mark}{{{head}, {metadata}, "value": {value}}}\n'
    (folder / "bot.jsonl").write_text(line, encoding="utf-8")
    call_command("ingest", "--once")
    event = Event.objects.get()
    assert (event.value, event.data["value"]) == (read, read)


@pytest.mark.parametrize(
    "line",
    [
        b'{"sender_id": "anna", "value": NaN',
        b"NaN",
        b'{"a": ' + b"[" * 400 + b"]" * 400 + b', "timestamp": NaN}',
        b'{"sender_id": "anna", "event": "slot", "timestamp": NaN}',
        b'{"sender_id": "anna", "event": "slot", "timestamp": 1764000000.1, "value": '
        + b"[" * 300 + b"]" * 300 + b"}",
        b"\xff\xfe{}",
    ],
)  # fmt: skip
def test_what_is_no_event_even_so_is_a_dead_letter_and_reading_goes_on(
    assistant: dict[str, Any], folder: Path, line: bytes
) -> None:
    good = f"""{{"sender_id": "ben", "event": "user", "timestamp": 1764000001.1, "text": "hi",
    "metadata": {{"assistant_id": "{assistant["id"]}"}}}}""".replace("\n", " ")
    (folder / "bot.jsonl").write_bytes(line + b"\n" + good.encode() + b"\n")
    call_command("ingest", "--once")
    assert DeadLetter.objects.count() == 1
    assert Event.objects.get().text == "hi"
