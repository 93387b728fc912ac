"""What was said and fitted nothing is offered as examples."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from studio.conversations.models import Conversation, Event, EventSource
from tests.conftest import AsUser
from tests.studio.conftest import Import

FILES = {
    "config.yml": "language: en\n",
    "domain.yml": "intents: [block]\n",
    "data/nlu.yml": "nlu:\n- intent: block\n  examples: |\n    - block my [card](thing)\n",
}
NOTHING = [{"command": "cannot handle", "reason": "x"}]


@pytest.fixture
def assistant_id(import_project: Import) -> str:
    found: str = import_project(FILES)["assistant"]["id"]
    return found


def said(assistant: str, sender: str, *texts: str, **changes: Any) -> None:
    at = timezone.now() - changes.get("ago", timedelta(hours=1))
    row = Conversation.objects.create(
        assistant_id=assistant,
        sender_id=sender,
        is_test=changes.get("is_test", False),
        started_at=at,
        last_event_at=at,
    )
    source, _ = EventSource.objects.get_or_create(name="tests", identity="1")
    for number, text in enumerate(texts):
        parsed = {
            "commands": changes.get("commands", NOTHING),
            "intent": {"name": changes.get("intent"), "confidence": 0.1},
        }
        Event.objects.create(
            conversation=row,
            type="user",
            at=at + timedelta(seconds=number),
            text=text,
            data={"event": "user", "text": text, "parse_data": parsed},
            fingerprint=number,
            source=source,
            source_offset=number,
        )


def told(client: APIClient, assistant: str) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/assistants/{assistant}/unfitted/")
    assert answer.status_code == 200, answer.content
    found: list[dict[str, Any]] = answer.json()
    return found


def test_what_was_said_most_often_comes_first(api_client: APIClient, assistant_id: str) -> None:
    said(assistant_id, "a", "my purse got nicked", "Freeze the card!")
    said(assistant_id, "b", "freeze  the card", intent="nlu_fallback", commands=[])
    first, second = told(api_client, assistant_id)
    words = first["text"].casefold().strip("!").split()
    assert (first["count"], words) == (2, ["freeze", "the", "card"])
    assert first["closest"]["text"] == "block my [card](thing)"
    assert (second["text"], second["count"]) == ("my purse got nicked", 1)


def test_only_what_is_real_and_new_and_was_not_understood(
    api_client: APIClient, assistant_id: str
) -> None:
    said(assistant_id, "tried", "in the studio", is_test=True)
    said(assistant_id, "old", "long ago", ago=timedelta(days=8))
    said(assistant_id, "known", "Block my card.", "/restart")
    said(assistant_id, "fits", "send money", commands=[{"command": "start flow", "flow": "x"}])
    assert told(api_client, assistant_id) == []


def test_an_example_is_offered_no_more(api_client: APIClient, assistant_id: str) -> None:
    said(assistant_id, "a", "stop it")
    assert len(told(api_client, assistant_id)) == 1
    changes = [{"was": None, "becomes": {"intent": "block", "text": "stop it"}}]
    api_client.post(
        f"/api/v1/assistants/{assistant_id}/examples/", {"changes": changes}, format="json"
    )
    assert told(api_client, assistant_id) == []


def test_who_may_not_read_conversations_sees_none(as_user: AsUser, assistant_id: str) -> None:
    designer = as_user("Business User")
    answer = designer.get(f"/api/v1/assistants/{assistant_id}/unfitted/")
    assert answer.status_code == 403
