"""`manage.py conversations` and `manage.py tags`, for people and for programs."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from studio.audit.models import Action, Entry
from studio.conversations.models import Conversation, Tag
from tests.commands import Ended, ended
from tests.conftest import AsUser
from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion
from tests.studio.conftest import Import

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> Ended:
    return ended("conversations", *words)


def done(*words: str) -> Any:
    end = run(*words, "--json")
    assert end.code == 0, end
    return end.document


@pytest.fixture
def stored(
    assistant: dict[str, Any], import_project: Import, tmp_path: Path, settings: Any
) -> dict[str, str]:
    """The id of each conversation by its sender; that of cy is with another assistant."""
    settings.EVENTS_DIR = tmp_path
    other = import_project(name="Other")["assistant"]
    said = [
        *turn(assistant["id"], "anna", NOW),
        *turn(assistant["id"], "ben", NOW + 100),
        *turn(other["id"], "cy", NOW + 200),
    ]
    (tmp_path / "bot.jsonl").write_text(lines(said))
    ingestion(tmp_path, batch_size=100).run_once()
    rows = Conversation.objects.values_list("sender_id", "pk")
    return {sender: str(pk) for sender, pk in rows}


def senders(*words: str) -> list[str]:
    return [row["sender_id"] for row in done("list", *words)]


def test_filters_are_those_of_the_page(stored: dict[str, str], assistant: dict[str, Any]) -> None:
    assert senders() == ["cy", "ben", "anna"]
    assert senders("--assistant", assistant["name"]) == ["ben", "anna"]
    assert senders("--limit", "1") == ["cy"]
    assert "no number above 0" in run("list", "--limit", "-1").refusal
    assert senders("--search", "anna") == ["anna"]
    assert senders("--channel", "studio_chat", "--test", "false") == []
    assert senders("--flow", "transfer_money", "--outcome", "completed") == ["cy", "ben", "anna"]
    assert senders("--reviewed", "true") == senders("--tag", "none") == []
    assert senders("--before", "2026-01-01T00:00:00Z") == []
    assert run("list", "--after", "yesterday").refusal.startswith("after must be a time")
    assert run("list", "--assistant", "none").refusal == "There is no assistant “none”."
    assert "transfer_money" in run("list", "--search", "anna").output


def test_a_transcript(stored: dict[str, str]) -> None:
    shown = run("show", stored["anna"]).output
    head, _, told = shown.partition("\n\n")
    assert "sender id: anna" in head.splitlines()
    events = [line.split(maxsplit=2)[2] for line in told.splitlines()]
    assert "user            send money to Zoë" in events
    assert 'slot            recipient = {"who": "Zoë"}' in events
    assert "bot             How much?" in events
    assert not any("action_listen" in line for line in events), "bookkeeping of the engine"
    document = done("show", stored["anna"])
    assert [event["position"] for event in document["events"]] == [*range(1, 14)]
    assert run("show", "5").refusal == "5 is no id of a conversation."
    assert run("show", str(uuid4())).refusal == "There is no such conversation."


def test_an_export_has_all_that_was_published(stored: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "all.ndjson"
    assert run("export", "--output", str(path)).code == 0
    documents = [json.loads(line) for line in path.read_text().splitlines()]
    assert [each["sender_id"] for each in documents] == ["cy", "ben", "anna"]
    published = [json.loads(line) for line in (tmp_path / "bot.jsonl").read_text().splitlines()]
    assert documents[2]["events"] == published[:13]
    [line] = run("export", "--search", "anna").output.splitlines()
    assert json.loads(line) == documents[2]
    assert run("export", "--search", "nobody").output == ""


def test_tags_and_marks(stored: dict[str, str], as_user: AsUser) -> None:
    as_user("Conversation Analyst", username="ana")
    anna, ben = stored["anna"], stored["ben"]
    assert done("tag", "unclear", anna, ben) == {"count": 2}
    assert senders("--tag", "unclear") == ["ben", "anna"]
    assert done("untag", "unclear", ben, stored["cy"]) == {"count": 1}
    assert senders("--tag", "unclear") == ["anna"]
    assert done("review", anna, "--as", "ana") == {"count": 1}
    assert done("show", anna)["reviewed_by"]["name"] == "Ana"
    assert done("unreview", anna) == {"count": 1}
    unknown = str(uuid4())
    refused = run("tag", "unclear", ben, unknown)
    assert refused.refusal == f"There is no conversation {unknown} for you."
    assert senders("--tag", "unclear") == ["anna"], "nothing of it was done"


def test_who_may_what(stored: dict[str, str], as_user: AsUser, assistant: dict[str, Any]) -> None:
    as_user("Conversation Viewer", username="vic")
    as_user("Conversation Analyst", username="ana")
    as_user("Annotator", username="nora")
    anna, name = stored["anna"], assistant["name"]
    assert senders("--as", "vic") == ["cy", "ben", "anna"]
    assert senders("--as", "nora") == []
    assert run("show", anna, "--as", "nora").refusal == "There is no such conversation."
    for words in (
        ("tag", "x", anna),
        ("untag", "x", anna),
        ("review", anna),
        ("delete", anna),
        ("delete", "--sender", "anna", "--assistant", name),
        ("delete", "--sender", "anna"),
        ("expire",),
    ):
        refused = run(*words, "--as", "vic")
        assert refused.code == 1, words
        assert any(
            said in refused.refusal for said in ("for you", "needs one of", "Only a SuperUser")
        ), refused
    assert Conversation.objects.count() == 3
    assert done("delete", anna, "--as", "ana") == {"count": 1}
    assert Entry.objects.get(action=Action.CONVERSATION_DELETED).actor == "ana"
    assert run("delete", "--sender", "ben", "--assistant", name, "--as", "ana").code == 0
    assert senders() == ["cy"]
    assert run("delete").refusal.startswith("Name conversations by their ids")


def test_tags_are_listed_added_renamed_and_removed(
    stored: dict[str, str], as_user: AsUser, assistant: dict[str, Any]
) -> None:
    as_user("Conversation Viewer", username="vic")
    name = assistant["name"]
    assert ended("tags", "add", name, "unclear").code == 0
    assert ended("tags", "add", name, "unclear").refusal == "There is already a tag “unclear”."
    run("tag", "unclear", stored["anna"])
    [row] = ended("tags", "list", name, "--as", "vic", "--json").document
    assert (row["name"], row["conversation_count"]) == ("unclear", 1)
    ended("tags", "add", name, "other")
    taken = ended("tags", "rename", name, "unclear", "other")
    assert taken.refusal == "There is already a tag “other”."
    assert ended("tags", "rename", name, "unclear", "looked at").code == 0
    assert senders("--tag", "looked at") == ["anna"]
    assert ended("tags", "list", name, "--search", "loo").output.count("\n") == 2
    for words in (("add", name, "x"), ("rename", name, "other", "y"), ("remove", name, "other")):
        assert "needs one of the roles" in ended("tags", *words, "--as", "vic").refusal
    assert ended("tags", "remove", name, "looked at").code == 0
    assert ended("tags", "remove", name, "looked at").refusal == "There is no tag “looked at”."
    assert [tag.name for tag in Tag.objects.all()] == ["other"]
