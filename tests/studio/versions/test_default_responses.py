"""Responses that the runtime has itself: listed, read, overridden in place and reset."""

from typing import Any

from django.core.cache import cache
from rest_framework.test import APIClient

from modelservice.project.checks.defaults import RESPONSES
from tests.modelservice.conftest import Service

NAME = "utter_cannot_handle"


def rows(client: APIClient, base: str, query: str = "?defaults=true&page_size=1000") -> Any:
    found = client.get(f"{base}responses/{query}").json()["results"]
    return {row["id"]: row for row in found}


def test_one_is_overridden_in_place_and_reset(
    service: Service, api_client: APIClient, tea: str
) -> None:
    before = rows(api_client, tea)
    assert before.keys() >= RESPONSES
    assert before[NAME]["origin"] == "default"
    assert before["utter_done"]["origin"] == "own"
    assert NAME not in rows(api_client, tea, "")
    document = api_client.get(f"{tea}responses/{NAME}/").json()
    assert (document["revision"], document["body"][0]["text"]) == (0, before[NAME]["text"])
    context = api_client.get(f"{tea}responses/{NAME}/context/").json()
    assert "pattern_cannot_handle" in context["patterns"]
    change = {"revision": 0, "body": [{"text": "I make tea."}]}
    saved = api_client.put(f"{tea}responses/{NAME}/", change, format="json")
    assert (saved.status_code, saved.json()["revision"] > 0) == (200, True)
    again = api_client.put(f"{tea}responses/{NAME}/", change, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "revision_conflict")
    customised = rows(api_client, tea)[NAME]
    assert (customised["origin"], customised["text"]) == ("customised", "I make tea.")
    reset = api_client.delete(f"{tea}responses/{NAME}/?revision={saved.json()['revision']}")
    assert reset.status_code == 204
    assert rows(api_client, tea)[NAME] == before[NAME]
    assert api_client.get(f"{tea}responses/{NAME}/").json() == document


def test_without_the_service_the_own_ones_are_there(
    api_client: APIClient, tea: str, settings: Any
) -> None:
    cache.clear()  # what another test asked the service for
    settings.MS_API_URL = "http://127.0.0.1:9"
    assert rows(api_client, tea) == rows(api_client, tea, "")
    assert api_client.get(f"{tea}responses/{NAME}/").status_code == 404
    assert api_client.get(f"{tea}responses/utter_done/context/").json()["patterns"] == []
