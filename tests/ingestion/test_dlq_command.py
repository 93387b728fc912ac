"""`manage.py dlq`: dead letters are looked at, given back and thrown away."""

import json
from pathlib import Path
from typing import Any

import pytest

from studio.conversations.models import Conversation
from tests.commands import Ended, ended
from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> Ended:
    return ended("dlq", *words)


def store(folder: Path, text: str) -> None:
    with (folder / "bot.jsonl").open("a") as file:
        file.write(text)
    ingestion(folder, batch_size=100).run_once()


@pytest.fixture
def letters(tmp_path: Path, settings: Any) -> list[int]:
    """One that is no event, and one of a sender whom no assistant knows yet."""
    settings.EVENTS_DIR = tmp_path
    of_nobody = {**turn("any")[4], "metadata": {}}
    store(tmp_path, f"no event\n{json.dumps(of_nobody)}\n")
    return [row["id"] for row in run("list", "--json").document]


def test_list_show_replay_and_discard(
    letters: list[int], tmp_path: Path, assistant: dict[str, Any]
) -> None:
    broken, of_nobody = letters
    listed = run("list").output.splitlines()
    assert listed[0].split() == ["id", "source", "offset", "reason", "payload"]
    assert listed[1].startswith(str(broken))
    assert "not JSON" in listed[1]
    assert "no event" in run("show", str(broken)).output
    [shown] = run("show", str(of_nobody), "--json").document
    assert json.loads(shown["payload"])["sender_id"] == "anna"
    store(tmp_path, lines(turn(assistant["id"], "anna", NOW + 100)))
    told = {each["id"]: each["outcome"] for each in run("replay", "--all", "--json").document}
    assert told[of_nobody] == "stored"
    assert told[broken].startswith("still cannot be stored: ")
    assert Conversation.objects.get().event_count == 14
    assert [row["id"] for row in run("list", "--json").document] == [broken]
    assert run("discard", str(broken)).output == f"{broken}  discarded\n"
    assert run("list").output == "There are no dead letters.\n"
    assert run("list", "--json").document == []


def test_which_ones_has_to_be_said(letters: list[int]) -> None:
    assert run("replay").refusal.startswith("Say which")
    unknown = run("discard", str(letters[0]), "99999")
    assert unknown.refusal == "There is no dead letter 99999 that waits for a decision."
    assert len(run("list", "--json").document) == 2
    assert run("drop", "1").refusal.startswith("Error: argument word: invalid choice")
