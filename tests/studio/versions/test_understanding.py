"""A sentence is tried against what is trained, by a real model service."""

from typing import Any

import httpx2
import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.modelservice.conftest import Service
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES, watch_until_still

TAUGHT = {
    **FILES,
    "config.yml": b"recipe: default.v1\nlanguage: en\nassistant_id: tea\npipeline:\n"
    b"- name: DIETClassifier\n- name: NLUCommandAdapter\n",
    "domain.yml": b"intents: [order_tea, complain]\nentities: [kind]\n" + FILES["domain.yml"],
    "data/flows.yml": FILES["data/flows.yml"].replace(
        b"order a cup of tea\n",
        b"order a cup of tea\n    nlu_trigger: [{intent: {name: order_tea, "
        b"confidence_threshold: 0.3}}]\n",
        1,
    ),
    "data/nlu.yml": b"""\
nlu:
- intent: order_tea
  examples: |
    - I am thirsty
    - a cup of [green](kind) tea
    - bring me tea please
    - one [black](kind) tea
- intent: complain
  examples: |
    - this is cold
    - the tea was terrible
    - I waited too long
""",
}


@pytest.fixture
def taught(import_project: Import) -> str:
    return f"/api/v1/assistants/{import_project(TAUGHT, name='Tea')['assistant']['id']}/"


def ask(client: APIClient, base: str, text: str) -> Any:
    return client.post(f"{base}understand/", {"text": text}, format="json")


def test_untrained_says_so_and_names_the_closest_example(
    api_client: APIClient, taught: str
) -> None:
    found = ask(api_client, taught, "a cup of tea").json()
    assert (found["state"], found["version"], found["reading"]) == ("untrained", None, None)
    assert found["closest"]["text"] == "a cup of [green](kind) tea"


def test_what_would_be_understood_and_why(
    api_client: APIClient, as_user: AsUser, service: Service, taught: str
) -> None:
    assert api_client.post(f"{taught}versions/", {}, format="json").status_code == 201
    watch_until_still()
    answer = ask(api_client, taught, "a cup of black tea")
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert (found["state"], found["version"]["number"], found["edited"]) == ("understood", 1, False)
    reading = found["reading"]
    assert reading["flow"] == {"flow": "order_tea", "flow_name": "order tea"}
    assert reading["intents"][0]["name"] == "order_tea"
    assert 0 < reading["intents"][0]["confidence"] <= 1
    assert reading["threshold"] == 0.3
    (entity,) = reading["entities"]
    assert (entity["entity"], entity["value"], entity["start"]) == ("kind", "black", 9)
    assert sum(word["weight"] for word in reading["words"]) == pytest.approx(1, abs=0.01)
    heaviest = max(reading["words"], key=lambda word: word["weight"])
    assert "a cup of black tea"[heaviest["start"] : heaviest["end"]] in {"cup", "tea", "black"}

    # Nothing is kept of it.
    assert api_client.get("/api/v1/conversations/").json()["results"] == []
    # Who may only look does not try.
    assert ask(as_user("Flow Builder"), taught, "tea").status_code == 200

    changes = [{"was": None, "becomes": {"intent": "complain", "text": "cold again"}}]
    api_client.post(f"{taught}examples/", {"changes": changes}, format="json")
    assert ask(api_client, taught, "cold again").json()["edited"] is True

    version = api_client.get(f"{taught}versions/").json()["results"][0]["id"]
    assert api_client.post(f"{taught}versions/{version}/stop/").status_code == 200
    assert ask(api_client, taught, "tea").json()["state"] == "waking"
    watch_until_still()
    assert ask(api_client, taught, "tea").json()["state"] == "understood"


def test_a_model_service_that_is_away_is_told(
    api_client: APIClient, service: Service, taught: str, settings: Any
) -> None:
    api_client.post(f"{taught}versions/", {}, format="json")
    watch_until_still()
    settings.MS_API_URL = "http://127.0.0.1:9"
    refused = ask(api_client, taught, "tea")
    assert (refused.status_code, refused.json()["code"]) == (503, "model_service_unavailable")


def test_the_model_service_refuses_what_it_cannot_parse(service: Service) -> None:
    unknown = service.http.post("/bot/nobody/parse", json={"text": "tea"})
    assert unknown.status_code == 404
    too_long = httpx2.post(f"{service.url}/bot/nobody/parse", json={"text": "x" * 2001})
    assert too_long.status_code in {400, 404}
