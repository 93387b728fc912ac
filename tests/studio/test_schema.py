"""The OpenAPI document: without warnings, as committed, and true."""

import io
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from rest_framework.test import APIClient

COMMITTED = Path(__file__).parent.parent.parent / "frontend" / "openapi.yaml"


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return dict(yaml.safe_load(COMMITTED.read_text(encoding="utf-8")))


def test_committed_schema_is_current_and_valid() -> None:
    """After a change: `manage.py spectacular --validate --fail-on-warn --file` with its path."""
    written = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=written)
    assert written.getvalue() == COMMITTED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/assistants/", ""),
        ("/api/v1/assistants/{assistant_id}/", ""),
        ("/api/v1/assistants/{assistant_id}/flows/", "flows/"),
        ("/api/v1/assistants/{assistant_id}/flows/{item_id}/", "flows/transfer_money/"),
        ("/api/v1/assistants/{assistant_id}/responses/", "responses/"),
        ("/api/v1/assistants/{assistant_id}/slots/", "slots/"),
        ("/api/v1/assistants/{assistant_id}/actions/", "actions/"),
        ("/api/v1/assistants/{assistant_id}/buttons/", "buttons/"),
        ("/api/v1/assistants/{assistant_id}/links/", "links/"),
        ("/api/v1/assistants/{assistant_id}/config/", "config/"),
        ("/api/v1/assistants/{assistant_id}/files/", "files/"),
        ("/api/v1/assistants/{assistant_id}/history/", "history/"),
        ("/api/v1/assistants/{assistant_id}/validation/", "validation/"),
        ("/api/v1/assistants/{assistant_id}/versions/", "versions/"),
        ("/api/v1/assistants/{assistant_id}/versions/changes/", "versions/changes/"),
    ],
)
def test_answers_are_as_the_schema_says(
    api_client: APIClient, base: str, schema: dict[str, Any], path: str, address: str
) -> None:
    url = "/api/v1/assistants/" if path == "/api/v1/assistants/" else f"{base}{address}"
    answer = api_client.get(url)
    assert answer.status_code == 200
    said = schema["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    document = {**said["schema"], "components": schema["components"]}
    jsonschema.validate(answer.json(), document)
