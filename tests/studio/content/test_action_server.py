"""The form of the action server: endpoints.yml, edited in place."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.project.example import FILES
from tests.studio.conftest import Import

ENDPOINTS = b"""\
# who runs what
action_endpoint:
  url: http://localhost:5055/webhook   # by hand
  token: ${ACTION_TOKEN}
model_groups: []
"""


@pytest.fixture
def base(import_project: Import) -> str:
    files = {**FILES, "endpoints.yml": ENDPOINTS, "actions/actions.py": b"print(1)\n"}
    return f"/api/v1/assistants/{import_project(files)['assistant']['id']}/"


def text(client: APIClient, base: str) -> str:
    return str(client.get(f"{base}endpoints/").json()["text"])


def put(client: APIClient, base: str, **body: Any) -> Any:
    return client.put(f"{base}action-server/", body, format="json")


def test_a_server_code_and_nobody(api_client: APIClient, base: str) -> None:
    read = api_client.get(f"{base}action-server/").json()
    assert (read["runner"], read["module"], read["more"]) == ("server", "actions", ["token"])
    assert read["code_files"] == 1
    far = put(api_client, base, runner="server", url="https://actions.example/webhook")
    assert (far.status_code, far.json()["module"]) == (200, "")
    old = "http://localhost:5055/webhook"
    assert text(api_client, base) == ENDPOINTS.decode().replace(
        old, "https://actions.example/webhook"
    )
    assert put(api_client, base, runner="server", url=old).status_code == 200
    assert text(api_client, base) == ENDPOINTS.decode()
    own = put(api_client, base, runner="project").json()
    assert (own["runner"], own["module"], own["url"]) == ("project", "actions", "")
    assert "token: ${ACTION_TOKEN}" in text(api_client, base)
    none = put(api_client, base, runner="none").json()
    assert (none["runner"], none["module"]) == ("none", "")
    assert text(api_client, base).startswith("# who runs what\n")


@pytest.mark.parametrize("url", ["", "actions.example", "https://me:pass@host", "ftp://a"])
def test_an_address_that_is_none(api_client: APIClient, base: str, url: str) -> None:
    refused = put(api_client, base, runner="server", url=url)
    assert refused.status_code == 400
    assert [error["field"] for error in refused.json()["errors"]] == ["url"]
    assert text(api_client, base) == ENDPOINTS.decode()


def test_what_only_a_person_can_edit(api_client: APIClient, import_project: Import) -> None:
    endpoints = b"x: &a {url: 'http://a'}\naction_endpoint: *a\n"
    assistant = import_project({**FILES, "endpoints.yml": endpoints})["assistant"]["id"]
    address = f"/api/v1/assistants/{assistant}/"
    refused = put(api_client, address, runner="none")
    assert refused.status_code == 400
    assert "only a person can edit" in refused.json()["detail"]
    assert text(api_client, address) == endpoints.decode()


def test_it_needs_the_right_to_edit_settings(base: str, as_user: AsUser) -> None:
    designer = as_user("Flow Builder")
    assert designer.get(f"{base}action-server/").json()["runner"] == "server"
    assert put(designer, base, runner="none").status_code == 403
