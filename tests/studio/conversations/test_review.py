"""Reading and reviewing conversations over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion

URL = "/api/v1/conversations/"


@pytest.fixture
def held(assistant: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    """Three conversations; the assistant they were held with."""
    events = [
        *turn(assistant["id"], "anna", NOW),
        *turn(assistant["id"], "ben", NOW + 1000),
        {
            **turn(assistant["id"], "cleo", NOW + 2000)[4],
            "input_channel": "rest",
            "text": "my bike is blue",
        },
    ]
    (tmp_path / "bot.jsonl").write_text(lines(events))
    ingestion(tmp_path, batch_size=100).run_once()
    return assistant


def senders(client: APIClient, query: str = "") -> list[str]:
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.json()
    return [row["sender_id"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["cleo", "ben", "anna"]),
        ("test=true", ["ben", "anna"]),
        ("test=false", ["cleo"]),
        ("channel=rest", ["cleo"]),
        ("flow=transfer_money", ["ben", "anna"]),
        ("flow=nope", []),
        ("search=BLUE", ["cleo"]),
        ("search=how much", ["ben", "anna"]),
        ("reviewed=true", []),
        ("after=2026-09-21T14:15:00Z", ["cleo", "ben"]),
        ("before=2026-09-21T14:15:00Z", ["anna"]),
    ],
)
def test_filters(
    api_client: APIClient, held: dict[str, Any], query: str, expected: list[str]
) -> None:
    assert senders(api_client, query) == expected
    assert senders(api_client, f"{query}&assistant={held['id']}") == expected


@pytest.mark.parametrize("query", ["assistant=x", "test=maybe", "after=yesterday"])
def test_bad_filters(api_client: APIClient, held: dict[str, Any], query: str) -> None:
    answer = api_client.get(f"{URL}?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_cursor_walks_through(api_client: APIClient, held: dict[str, Any]) -> None:
    url, seen = f"{URL}?page_size=1", []
    while url:
        page = api_client.get(url).json()
        seen += [row["sender_id"] for row in page["results"]]
        url = page["next"]
    assert seen == ["cleo", "ben", "anna"]


def test_summary(api_client: APIClient, held: dict[str, Any]) -> None:
    assert api_client.get(f"{URL}summary/?assistant={held['id']}").json() == {
        "total": 3,
        "unreviewed": 3,
        "channels": ["rest", "studio_chat"],
        "flows": ["transfer_money"],
    }


def test_review_and_tags(api_client: APIClient, held: dict[str, Any]) -> None:
    rows = api_client.get(URL).json()["results"]
    url = f"{URL}{rows[0]['id']}/"
    reviewed = api_client.patch(url, {"reviewed": True}, format="json").json()
    assert reviewed["reviewed_by"]["name"] == "Super"
    assert senders(api_client, "reviewed=true") == ["cleo"]
    undone = api_client.patch(url, {"reviewed": False}, format="json").json()
    assert undone["reviewed_at"] is None
    tagged = api_client.put(f"{url}tags/", {"tags": ["bike", " blue  one "]}, format="json").json()
    assert [tag["name"] for tag in tagged["tags"]] == ["bike", "blue one"]
    assert senders(api_client, "tag=bike") == ["cleo"]
    found = api_client.get(f"/api/v1/tags/?assistant={held['id']}").json()["results"]
    assert {tag["name"]: tag["conversation_count"] for tag in found} == {"bike": 1, "blue one": 1}
    data = {"assistant": held["id"], "name": "bike"}
    taken = api_client.post("/api/v1/tags/", data, format="json")
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    assert api_client.delete(f"/api/v1/tags/{found[0]['id']}/").status_code == 204
    assert len(api_client.get(url).json()["tags"]) == 1


def test_bulk(api_client: APIClient, held: dict[str, Any]) -> None:
    ids = [row["id"] for row in api_client.get(URL).json()["results"]]

    def bulk(action: str, **more: str) -> Any:
        data = {"ids": ids[:2], "action": action, **more}
        return api_client.post(f"{URL}bulk/", data, format="json")

    assert bulk("review").json() == {"count": 2}
    assert senders(api_client, "reviewed=false") == ["anna"]
    assert bulk("unreview").json() == {"count": 2}
    assert bulk("tag").status_code == 400
    assert bulk("tag", tag="x").json() == {"count": 2}
    assert senders(api_client, "tag=x") == ["cleo", "ben"]
    assert bulk("delete").json() == {"count": 2}
    assert senders(api_client) == ["anna"]


def test_roles(as_user: AsUser, api_client: APIClient, held: dict[str, Any]) -> None:
    row = api_client.get(URL).json()["results"][0]
    url = f"{URL}{row['id']}/"
    viewer, analyst = as_user("Conversation Viewer"), as_user("Conversation Analyst")
    manager = as_user("Flow Builder")
    assert manager.get(URL).status_code == 403
    assert viewer.get(url).status_code == analyst.get(url).status_code == 200
    assert viewer.patch(url, {"reviewed": True}, format="json").status_code == 403
    assert analyst.patch(url, {"reviewed": True}, format="json").status_code == 200
    assert viewer.delete(url).status_code == 403
    assert analyst.delete(url).status_code == 204
    assert analyst.get(url).status_code == 404


def test_conversations_of_a_deleted_assistant_are_hidden(
    api_client: APIClient, held: dict[str, Any]
) -> None:
    row = api_client.get(URL).json()["results"][0]
    api_client.delete(f"/api/v1/assistants/{held['id']}/")
    assert senders(api_client) == []
    assert api_client.get(f"{URL}{row['id']}/").status_code == 404


def test_a_conversation_becomes_a_test(
    api_client: APIClient, as_user: AsUser, held: dict[str, Any]
) -> None:
    rows = api_client.get(f"{URL}?assistant={held['id']}").json()["results"]
    anna = next(row["id"] for row in rows if row["sender_id"] == "anna")
    made = api_client.post(f"{URL}{anna}/test/", {}, format="json")
    assert made.status_code == 201, made.json()
    test = made.json()
    assert (test["name"], test["path"]) == ("hi", "e2e_tests/tests.yml")
    said = [step["user"] for step in test["body"]["steps"]]
    assert said == ["hi", "send money to Zoë", "/SetSlots(amount=5)"]
    until = {"until": 9, "name": "money"}
    shorter = api_client.post(f"{URL}{anna}/test/", until, format="json").json()["body"]
    assert shorter == {
        "test_case": "money",
        "steps": [
            {"user": "hi"},
            {
                "user": "send money to Zoë",
                "assertions": [
                    {"flow_started": "transfer_money"},
                    {"bot_uttered": {"text_matches": "^How much\\?$"}},
                ],
            },
        ],
    }
    # Who reads conversations need not be somebody who edits.
    refused = as_user("Conversation Analyst").post(f"{URL}{anna}/test/", {}, format="json")
    assert refused.status_code == 403
    listed = api_client.get(f"/api/v1/assistants/{held['id']}/tests/").json()
    assert [row["name"] for row in listed[0]["tests"]] == ["hi", "money"]
