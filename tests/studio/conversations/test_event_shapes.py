"""Events of conversations are of the shapes that the API's description has for their types."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from rest_framework.test import APIClient

from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion
from tests.running_studio import ROOT

URL = "/api/v1/conversations/"


@pytest.fixture(scope="module")
def components() -> dict[str, Any]:
    described = (ROOT / "frontend/openapi.yaml").read_text(encoding="utf-8")
    return dict(yaml.load(described, yaml.CSafeLoader)["components"])


def shape(name: str, components: dict[str, Any]) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": components}


def test_what_an_assistant_publishes_is_of_the_shape_of_its_type(
    api_client: APIClient,
    assistant: dict[str, Any],
    tmp_path: Path,
    components: dict[str, Any],
) -> None:
    common = {"sender_id": "anna", "timestamp": NOW + 100, "metadata": {}}
    more: list[dict[str, Any]] = [
        {"event": "of_a_later_version", "depth": 3},
        {"event": "stack", "update": "[]"},
        {"event": "entities", "entities": [{"entity": "city", "value": "Rome", "start": 0}]},
        {
            "event": "user",
            "text": "send 50",
            "parse_data": {
                "intent": {"name": None, "confidence": 0.0},
                "entities": [],
                "commands": [{"command": "set slot", "name": "amount", "value": 50.0}],
            },
        },
    ]
    metadata = {"assistant_id": assistant["id"]}
    events = [*turn(assistant["id"]), *({**common, "metadata": metadata, **one} for one in more)]
    (tmp_path / "bot.jsonl").write_text(lines(events))
    ingestion(tmp_path, batch_size=100).run_once()
    [conversation] = api_client.get(URL).json()["results"]
    page = api_client.get(f"{URL}{conversation['id']}/events/").json()
    assert len(page["results"]) == len(events)
    jsonschema.validate(page, shape("PaginatedEventList", components))


@pytest.mark.parametrize(
    "event",
    [
        {"event": "flow_started", "flow_id": 7},
        {"event": "user", "parse_data": {"commands": "none"}},
        {"event": "slot"},
    ],
)
def test_the_shape_of_a_type_excludes_others(
    event: dict[str, Any], components: dict[str, Any]
) -> None:
    whole = {"sender_id": "anna", "timestamp": NOW, **event}
    if event["event"] == "slot":
        del whole["timestamp"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, shape("PublishedEvent", components))
