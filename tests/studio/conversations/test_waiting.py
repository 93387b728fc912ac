"""Events of an assistant that nobody knows: seen waiting, and taken in when it is there."""

from pathlib import Path
from typing import Any

from rest_framework.test import APIClient

from studio.conversations.ingest import adopt_waiting
from tests.conftest import AsUser
from tests.ingestion.events import lines, turn
from tests.ingestion.example import ingestion

WAITING = "/api/v1/conversations/waiting/"


def test_they_wait_visibly_until_the_assistant_appears(
    api_client: APIClient, as_user: AsUser, assistant: dict[str, Any], tmp_path: Path
) -> None:
    (tmp_path / "bot.jsonl").write_text(lines([*turn("parcels"), *turn(assistant["id"])]))
    ingestion(tmp_path).run_once()
    [waiting] = api_client.get(WAITING).json()
    assert (waiting["assistant_name"], waiting["event_count"]) == ("parcels", 13)
    assert as_user("Conversation Viewer").get(WAITING).status_code == 200
    assert as_user("Flow Builder").get(WAITING).status_code == 403
    made = api_client.post("/api/v1/assistants/", {"name": "parcels"}, format="json").json()
    assert adopt_waiting() == 13
    assert api_client.get(WAITING).json() == []
    rows = api_client.get(f"/api/v1/conversations/?assistant={made['id']}").json()["results"]
    assert [row["user_message_count"] for row in rows] == [3]
