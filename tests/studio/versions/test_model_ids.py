"""Bots that run elsewhere name their model by the id in its archive, as Rasa Open Source does."""

import json
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from rest_framework.test import APIClient

from studio.versions.models import Version
from tests.modelservice.conftest import Service, wait_until
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES, watch_until_still


def train(client: APIClient, tea: str) -> str:
    answer = client.post(f"{tea}versions/", {}, format="json")
    assert answer.status_code == 201, answer.json()
    return str(answer.json()["id"])


def speak(sender: str, model_id: str, assistant_id: str = "tea") -> None:
    """What a bot of Rasa Open Source 3.6 publishes of a short conversation."""
    metadata = {"model_id": model_id, "assistant_id": assistant_id}
    bodies: list[dict[str, Any]] = [
        {"event": "action", "name": "action_session_start", "policy": None, "confidence": 1.0},
        {"event": "session_started"},
        {"event": "action", "name": "action_listen", "policy": None, "confidence": None},
        {"event": "user", "text": "tea, please", "input_channel": "rest", "message_id": "m"},
        {"event": "bot", "text": "Which tea?", "data": {"buttons": None}},
    ]
    settings.EVENTS_DIR.mkdir(exist_ok=True)
    with (settings.EVENTS_DIR / "elsewhere.jsonl").open("a") as file:
        for number, body in enumerate(bodies):
            at = time.time() + number / 100
            event = {"sender_id": sender, "timestamp": at, "metadata": metadata, **body}
            file.write(json.dumps(event) + "\n")
    call_command("ingest", "--once")


def versions_of_senders(client: APIClient, tea: str) -> dict[str, int | None]:
    address = f"/api/v1/conversations/?assistant={tea.split('/')[-2]}"
    rows = client.get(address).json()["results"]
    return {row["sender_id"]: row["version_number"] for row in rows}


def test_an_event_with_the_id_of_a_model_is_of_its_version(
    api_client: APIClient, tea: str, import_project: Import, service: Service
) -> None:
    first = train(api_client, tea)
    watch_until_still()
    second = train(api_client, tea)
    watch_until_still()
    other = import_project({**FILES, "config.yml": b"assistant_id: coffee\n"}, name="Coffee")
    ids = dict(Version.objects.values_list("number", "model_id"))
    assert ids == {
        number: service.http.get(f"/training/{version}").json()["model_id"]
        for number, version in ((1, first), (2, second))
    }
    assert len(set(ids.values())) == 2
    assert all(len(each) == 32 for each in ids.values())
    speak("anna", ids[1])
    speak("ben", ids[2])
    speak("cleo", "f" * 32)
    speak("dora", ids[1], assistant_id="coffee")
    assert versions_of_senders(api_client, tea) == {"anna": 1, "ben": 2, "cleo": None}
    coffee = f"/api/v1/assistants/{other['assistant']['id']}/"
    assert versions_of_senders(api_client, coffee) == {"dora": None}


def test_of_versions_with_the_same_model_it_is_the_newest(
    api_client: APIClient, tea: str, service: Service
) -> None:
    for _ in range(2):
        train(api_client, tea)
        watch_until_still()
    Version.objects.update(model_id="0b6d0f6e5d0a4c6e9f5d4f2c8a1b7e33")
    speak("anna", "0b6d0f6e5d0a4c6e9f5d4f2c8a1b7e33")
    assert versions_of_senders(api_client, tea) == {"anna": 2}


def test_events_that_came_before_the_id_was_known_get_their_version_with_it(
    api_client: APIClient, tea: str, service: Service
) -> None:
    version = train(api_client, tea)
    wait_until(lambda: service.http.get(f"/training/{version}").json()["status"] == "done", 30)
    model_id = service.http.get(f"/training/{version}").json()["model_id"]
    speak("anna", model_id)
    speak("ben", "f" * 32)
    # Says the id, and is of another model all the same.
    speak(model_id, "e" * 32)
    assert set(versions_of_senders(api_client, tea).values()) == {None}
    watch_until_still()
    assert versions_of_senders(api_client, tea) == {"anna": 1, "ben": None, model_id: None}
