"""Prompts of an assistant's own in place of the runtime's, checked, previewed and taken back."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.modelservice.conftest import Service, wait_until
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES, watch_until_still

CONFIG = b"""\
recipe: default.v1
language: en
assistant_id: tea
pipeline:
- name: CompactLLMCommandGenerator  # understands
"""
NAME = "command_generator"
OWN = "{% for flow in available_flows %}{{ flow.name }}, {% endfor %}said: {{ user_message }}"


@pytest.fixture
def base(import_project: Import) -> str:
    files = {**FILES, "config.yml": CONFIG}
    return f"/api/v1/assistants/{import_project(files, name='Tea')['assistant']['id']}/"


def prompts(client: APIClient, base: str) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in client.get(f"{base}model-prompts/").json()}


def write(client: APIClient, base: str, text: str, **more: Any) -> Any:
    return client.post(f"{base}model-prompts/{NAME}/", {"text": text, **more}, format="json")


def config(client: APIClient, base: str) -> str:
    return str(client.get(f"{base}config/").json()["text"])


def commits(client: APIClient, base: str) -> int:
    return len(client.get(f"{base}commits/").json()["results"])


def test_one_of_ones_own_and_back(api_client: APIClient, base: str, service: Service) -> None:
    found = prompts(api_client, base)
    states = {name: each["state"] for name, each in found.items()}
    assert states == {
        "command_generator": "default",
        "contextual_response_rephraser": "unused",
        "enterprise_search": "unused",
    }
    default = found[NAME]["default"]
    assert "available_flows" in default
    assert "available_flows" in found[NAME]["variables"]
    before = commits(api_client, base)
    made = write(api_client, base, default)
    assert (made.status_code, made.json()["state"]) == (201, "own")
    path = made.json()["path"]
    assert path == "prompts/command_generator.jinja2"
    assert config(api_client, base) == CONFIG.decode() + f"  prompt_template: {path}\n"
    assert commits(api_client, base) == before + 1
    assert write(api_client, base, "again").status_code == 400

    file = f"{base}files/{path.replace('/', '%2F')}/"
    read = api_client.get(file).json()
    assert (read["body"], read["findings"]) == (default, [])
    changed = api_client.put(
        file, {"revision": read["revision"], "body": "a\n{{ nobody }}\n{% if %}"}, format="json"
    )
    assert changed.status_code == 200, changed.json()
    assert api_client.get(file).json()["findings"][0]["line"] == 3
    text = "a\n{{ nobody }}\n"
    changed = api_client.put(
        file, {"revision": changed.json()["revision"], "body": text}, format="json"
    )
    finding = api_client.get(file).json()["findings"][0]
    assert (finding["line"], "“nobody”" in finding["message"]) == (2, True)

    assert api_client.delete(f"{base}model-prompts/{NAME}/").status_code == 204
    assert config(api_client, base) == CONFIG.decode()
    assert api_client.get(file).status_code == 404
    back = write(api_client, base, text, path=path)
    assert back.json()["path"] == path
    assert api_client.get(file).json()["body"] == text


def test_what_cannot_be(api_client: APIClient, base: str, as_user: AsUser) -> None:
    nobody = api_client.post(f"{base}model-prompts/nothing/", {"text": "x"}, format="json")
    assert nobody.status_code == 404
    search = api_client.post(
        f"{base}model-prompts/enterprise_search/", {"text": "x"}, format="json"
    )
    assert search.status_code == 400
    assert "no part that could name this prompt" in search.json()["detail"]
    assert write(api_client, base, "x", path="../../etc/passwd").json()["path"] == (
        "prompts/command_generator.jinja2"
    )
    designer = as_user("Flow Builder")
    assert write(designer, base, "x").status_code == 403
    assert designer.delete(f"{base}model-prompts/{NAME}/").status_code == 403


def test_without_a_model_service_the_default_is_unknown(
    api_client: APIClient, base: str, settings: Any
) -> None:
    settings.MS_API_URL = "http://127.0.0.1:9"
    assert prompts(api_client, base)[NAME]["default"] is None


def test_a_preview_is_made_by_the_runtime(
    api_client: APIClient, base: str, service: Service
) -> None:
    user = {"event": "user", "text": "tea please", "timestamp": 1.0}

    def preview(text: str) -> dict[str, Any]:
        body = {"text": text, "events": [user]}
        answer = api_client.post(f"{base}model-prompts/{NAME}/preview/", body, format="json")
        assert answer.status_code == 200, answer.json()
        found: dict[str, Any] = answer.json()
        return found

    assert preview(OWN)["state"] == "untrained"
    assert api_client.post(f"{base}versions/", {}, format="json").status_code == 201
    watch_until_still()

    def is_awake() -> bool:
        watch_until_still()
        return bool(preview(OWN)["state"] == "made")

    wait_until(is_awake, 30)
    made = preview(OWN)
    assert made["prompt"] == "order_tea, order_again, said: tea please"
    broken = preview("{% if %}")
    assert broken["prompt"] == ""
    assert "cannot be rendered" in broken["problem"]
