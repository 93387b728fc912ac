"""The conversation API and the CI API of Rasa Studio."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.conversations.selectors import raw
from tests.conftest import AsUser
from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion
from tests.studio.graphql.conftest import posting

RAW = """
query R($input: RawConversationsInput!) {
  rawConversations(input: $input) {
    conversations { id conversationEvents tags { id name assistantId } } count
  }
}
"""
TAGS = "query T($input: ConversationTagsInput!) { conversationTags(input: $input) { id name } }"
MARK = "mutation M($input: TagOfConversationInput!) { %s(input: $input) }"
ADD = MARK % "addConversationTagToConversation"
REMOVE = MARK % "removeConversationTagFromConversation"
DELETE = "mutation D($input: DeleteConversationsInput!) { deleteConversations(input: $input) }"


@pytest.fixture
def held(assistant: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """Two conversations; the assistant they were held with."""
    said = [turn(assistant["id"], "anna", NOW), turn(assistant["id"], "ben", NOW + 1000)]
    (tmp_path / "bot.jsonl").write_text(lines([event for events in said for event in events]))
    ingestion(tmp_path, batch_size=100).run_once()
    return {**assistant, "said": said}


def asked(client: APIClient, query: str, **given: Any) -> Any:
    """The data of an answer without errors."""
    _status, answer = posting(client)({"query": query, "variables": {"input": given}})
    assert "errors" not in answer, answer
    [value] = answer["data"].values()
    return value


def refused(client: APIClient, query: str, **given: Any) -> str:
    _status, answer = posting(client)({"query": query, "variables": {"input": given}})
    return str(answer["errors"][0]["message"])


def test_events_come_as_the_bot_published_them(as_user: AsUser, held: dict[str, Any]) -> None:
    program = as_user("View conversations")
    found = asked(program, RAW, assistantName=held["name"])
    assert found["count"] == 2
    ben, anna = found["conversations"]
    assert [each["conversationEvents"] for each in (anna, ben)] == held["said"]
    one = asked(program, RAW, assistantName=held["name"], limit=1, offset=1)
    assert (one["count"], [each["id"] for each in one["conversations"]]) == (2, [anna["id"]])


@pytest.mark.parametrize("together", [1, 9, 10_000])
def test_long_conversations_are_read_alone(
    as_user: AsUser, held: dict[str, Any], together: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raw, "_TOGETHER", together)
    found = asked(as_user("View conversations"), RAW, assistantName=held["name"])
    assert [each["conversationEvents"] for each in found["conversations"]] == held["said"][::-1]


def test_one_conversation_under_two_names(as_user: AsUser, held: dict[str, Any]) -> None:
    page = f'rawConversations(input: {{assistantName: "{held["name"]}"}})'
    events = "{ conversations { conversationEvents again: conversationEvents } }"
    query = f"{{ one: {page} {events} other: {page} {events} }}"
    _status, answer = posting(as_user("View conversations"))({"query": query})
    assert answer["data"]["one"] == answer["data"]["other"]
    for row, said in zip(answer["data"]["one"]["conversations"], held["said"][::-1], strict=True):
        assert row == {"conversationEvents": said, "again": said}


def test_filters(as_user: AsUser, held: dict[str, Any]) -> None:
    program = as_user("View conversations")
    for given, count in (
        ({"fromTime": "2026-09-21T14:15:00Z"}, 1),
        ({"toTime": "2026-09-21T14:15:00+00:00"}, 1),
        ({"fromTime": "2030-01-01T00:00:00Z"}, 0),
        ({"tags": ["late"]}, 0),
        ({"tags": []}, 2),
    ):
        assert asked(program, RAW, assistantName=held["name"], **given)["count"] == count, given
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"fromTime": "2026-09-21T14:15:00"}, "A time needs its zone"),
        ({"fromTime": "yesterday"}, "fromTime"),
        ({"limit": 0}, "limit is from 1 to 1000"),
        ({"limit": 5000}, "limit is from 1 to 1000"),
        ({"offset": -1}, "offset not below 0"),
    ]
    for odd, said in wrong:
        assert said in refused(program, RAW, assistantName=held["name"], **odd)
    assert "There is no assistant “none”" in refused(program, RAW, assistantName="none")


def test_tags_come_and_go(as_user: AsUser, held: dict[str, Any], api_client: APIClient) -> None:
    tag = {"assistant": held["id"], "name": "late"}
    made = api_client.post("/api/v1/tags/", tag, format="json")
    assert made.status_code == 201
    program = as_user("Manage conversations")
    [listed] = asked(program, TAGS, assistantName=held["name"])
    assert listed == {"id": str(made.json()["id"]), "name": "late"}
    first = asked(program, RAW, assistantName=held["name"])["conversations"][0]
    marked = {"conversationId": first["id"], "tagId": listed["id"]}
    for _again in range(2):
        assert asked(program, ADD, **marked) is True
        with_tag = asked(program, RAW, assistantName=held["name"], tags=["late", "other"])
        assert [each["id"] for each in with_tag["conversations"]] == [first["id"]]
        assert with_tag["count"] == 1
        assert with_tag["conversations"][0]["tags"][0]["name"] == "late"
    assert "There is no such tag" in refused(program, ADD, **{**marked, "tagId": first["id"]})
    for _again in range(2):
        assert asked(program, REMOVE, **marked) is True
        assert asked(program, RAW, assistantName=held["name"], tags=["late"])["count"] == 0


def test_a_tag_of_another_assistant(
    as_user: AsUser, held: dict[str, Any], api_client: APIClient
) -> None:
    other = api_client.post("/api/v1/assistants/", {"name": "other"}, format="json").json()
    tag = {"assistant": other["id"], "name": "late"}
    made = api_client.post("/api/v1/tags/", tag, format="json").json()
    program = as_user("Manage conversations")
    first = asked(program, RAW, assistantName=held["name"])["conversations"][0]
    said = refused(program, ADD, conversationId=first["id"], tagId=str(made["id"]))
    assert said == "The tag and the conversation are of two assistants."


def test_deleted_is_what_was_there(as_user: AsUser, held: dict[str, Any]) -> None:
    program = as_user("Manage conversations")
    ids = [each["id"] for each in asked(program, RAW, assistantName=held["name"])["conversations"]]
    wanted = [*ids, "00000000-0000-0000-0000-000000000000"]
    assert asked(program, DELETE, conversationIds=wanted) == 2
    assert asked(program, DELETE, conversationIds=wanted) == 0
    assert asked(program, RAW, assistantName=held["name"])["count"] == 0
