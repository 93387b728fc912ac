"""Assistants as a whole over HTTP."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.project.example import FILES

URL = "/api/v1/assistants/"


def test_create_empty_edit_and_list(api_client: APIClient) -> None:
    made = api_client.post(URL, {"name": "Küche", "language": "no"}, format="json")
    assert made.status_code == 201
    assert (made.json()["language"], made.json()["flow_count"]) == ("no", 0)
    base = f"{URL}{made.json()['id']}/"
    assert api_client.get(f"{base}config/").json()["text"].startswith("recipe: default.v1\n")
    changed = api_client.patch(base, {"description": "for cooks"}, format="json")
    assert changed.json()["description"] == "for cooks"
    [row] = api_client.get(f"{URL}?search=cooks").json()["results"]
    assert row["editors"] == [{"id": str(api_client.user.pk), "name": "Super"}]  # type: ignore[attr-defined]
    assert row["problems"] == {"errors": 0, "warnings": 0}
    assert api_client.get(f"{URL}?search=nobody").json()["count"] == 0


def test_one_to_begin_with_has_a_greeting_and_one_flow(api_client: APIClient) -> None:
    order = {"name": "Begun", "language": "no", "starter": True}
    made = api_client.post(URL, order, format="json").json()
    assert (made["language"], made["flow_count"]) == ("no", 1)
    base = f"{URL}{made['id']}/"
    greeting = api_client.get(f"{base}system-flows/pattern_session_start/").json()["body"]
    assert {"action": "utter_greet"} in greeting["steps"]
    said = api_client.get(f"{base}responses/utter_greet/").json()["body"]
    assert said[0]["text"]
    assert api_client.get(f"{base}validation/").json()["problems"] == []
    both = {"name": "Both", "sample": "bank", "starter": True}
    refused = api_client.post(URL, both, format="json")
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de-AT", "Was kann ich"),
        ("es", "hacer por usted"),
        ("fr", "Que puis-je"),
        ("hr", "Kako vam"),
        ("x-formal", "What can I do"),
        ("../en", None),
    ],
)
def test_one_to_begin_with_greets_in_its_language(
    api_client: APIClient, language: str, words: str | None
) -> None:
    order = {"name": "Begun", "language": language, "starter": True}
    made = api_client.post(URL, order, format="json")
    if words is None:
        assert made.status_code == 400
        return
    base = f"{URL}{made.json()['id']}/"
    assert words in api_client.get(f"{base}responses/utter_greet/").json()["body"][0]["text"]
    assert api_client.get(f"{base}validation/").json()["problems"] == []


@pytest.mark.parametrize("starter", [True, False])
def test_a_new_one_speaks_more_than_one_language(api_client: APIClient, starter: bool) -> None:
    more = ["pt-BR", "x-formal", "no"]
    order = {"name": "Both", "language": "de", "additional_languages": more, "starter": starter}
    made = api_client.post(URL, order, format="json").json()
    assert (made["language"], made["additional_languages"]) == ("de", more)
    base = f"{URL}{made['id']}/"
    config = api_client.get(f"{base}config/").json()["text"]
    assert config.startswith("recipe: default.v1\nlanguage: de\nadditional_languages:\n- pt-BR\n")
    spoken = api_client.get(f"{base}languages/").json()["languages"]
    assert [each["code"] for each in spoken] == ["de", *more]
    assert len(api_client.get(f"{base}commits/").json()["results"]) == 1


def test_a_copy_of_a_sample_speaks_further_languages(api_client: APIClient) -> None:
    [bank] = [each for each in api_client.get("/api/v1/samples/").json() if each["id"] == "bank"]
    assert (bank["language"], bank["additional_languages"]) == ("en", ["de", "es", "fr"])
    order = {"name": "Bank", "sample": "bank", "additional_languages": ["hr"]}
    made = api_client.post(URL, order, format="json").json()
    assert made["additional_languages"] == ["de", "es", "fr", "hr"]
    base = f"{URL}{made['id']}/"
    own = Path("studio/samples/bank/config.yml").read_text(encoding="utf-8")
    written = api_client.get(f"{base}config/").json()["text"]
    assert written == own.replace("  - fr\n", "  - fr\n  - hr\n")


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"language": "de", "additional_languages": ["DE"]}, "speaks “de” already"),
        ({"additional_languages": ["hr", "hr"]}, "speaks “hr” already"),
        ({"sample": "bank", "additional_languages": ["fr"]}, "speaks “fr” already"),
        ({"additional_languages": ["de DE"]}, "A code is"),
        ({"additional_languages": "de"}, "list"),
    ],
)
def test_a_language_is_there_once_and_has_a_code(
    api_client: APIClient, order: dict[str, Any], told: str
) -> None:
    refused = api_client.post(URL, {"name": "Both", **order}, format="json")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["field"].startswith("additional_languages")
    assert told in refused.text
    assert api_client.get(URL).json()["count"] == 0


def test_names_are_unique_among_the_living(api_client: APIClient) -> None:
    first = api_client.post(URL, {"name": "A"}, format="json").json()
    again = api_client.post(URL, {"name": "A"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "name_taken")
    other = api_client.post(URL, {"name": "B"}, format="json").json()
    renamed = api_client.patch(f"{URL}{other['id']}/", {"name": "A"}, format="json")
    assert renamed.status_code == 409
    assert api_client.delete(f"{URL}{first['id']}/").status_code == 204
    assert api_client.get(f"{URL}{first['id']}/").status_code == 404
    assert api_client.patch(f"{URL}{other['id']}/", {"name": "A"}, format="json").status_code == 200
    restored = api_client.post(f"{URL}{first['id']}/undelete/")
    assert (restored.status_code, restored.json()["code"]) == (409, "name_taken")
    [deleted] = api_client.get(f"{URL}?deleted=true").json()["results"]
    assert deleted["deleted_at"]


def test_sample_goes_through_import(api_client: APIClient, settings: Any, tmp_path: Path) -> None:
    settings.SAMPLES_DIR = tmp_path
    for path, content in FILES.items():
        target = tmp_path / "little" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (tmp_path / "little" / "sample.json").write_text(
        '{"name": "Little bank", "description": "A bank", "icon": "coin"}'
    )
    [sample] = api_client.get("/api/v1/samples/").json()
    assert (sample["id"], sample["flow_count"]) == ("little", 2)
    made = api_client.post(URL, {"name": "Mine", "sample": "little"}, format="json").json()
    assert (made["flow_count"], made["icon"], made["description"]) == (2, "coin", "A bank")
    missing = api_client.post(URL, {"name": "X", "sample": "nope"}, format="json")
    assert missing.status_code == 404


def test_shipped_samples_have_no_errors(api_client: APIClient) -> None:
    samples = api_client.get("/api/v1/samples/").json()
    assert samples
    for sample in samples:
        made = api_client.post(
            URL, {"name": sample["name"], "sample": sample["id"]}, format="json"
        ).json()
        found = api_client.get(f"{URL}{made['id']}/validation/").json()
        assert [problem for problem in found["problems"] if problem["severity"] == "error"] == []


def test_duplicate_copies_everything(api_client: APIClient, base: str) -> None:
    copy = api_client.post(f"{base}duplicate/", {"name": "Copy"}, format="json")
    assert copy.status_code == 201
    original = api_client.get(f"{base}export/").content
    assert api_client.get(f"{URL}{copy.json()['id']}/export/").content == original


def test_roles(as_user: AsUser) -> None:
    viewer, builder = as_user("Business User"), as_user("Flow Builder")
    assert viewer.post(URL, {"name": "A"}, format="json").status_code == 403
    made = builder.post(URL, {"name": "A"}, format="json")
    assert made.status_code == 201
    assert viewer.get(URL).json()["count"] == 1
    assert as_user("Annotator").get(URL).status_code == 403
    refused = builder.delete(f"{URL}{made.json()['id']}/")
    assert (refused.status_code, refused.json()["roles"]) == (403, ["SuperUser", "Developer"])
