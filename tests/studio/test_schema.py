"""The OpenAPI document: without warnings, as committed, and true."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from rest_framework.test import APIClient

from modelservice.project.model import Kind
from modelservice.project.project_reader import read_files
from modelservice.project.structure import check_item
from studio.common.examples import add_examples

COMMITTED = Path(__file__).parent.parent.parent / "frontend" / "openapi.yaml"
FORMATS = jsonschema.Draft202012Validator.FORMAT_CHECKER


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


def operations(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]


# Words about how Studio is made, which are no help to whoever calls it.
INTERNAL = re.compile(r"(?i)\b(view|serializer|parses?|queryset|mixin|docstring|endpoint)\b|[{}]")


def test_every_operation_is_described_for_those_who_call_it(schema: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in schema["tags"]}
    assert len(operations(schema)) > 120
    for name, operation in operations(schema):
        summary, description = operation.get("summary", ""), operation.get("description", "")
        assert 3 < len(summary) <= 60, name
        assert len(description) > 15, name
        assert description != summary, name
        assert not INTERNAL.search(summary + description), name
        assert set(operation["tags"]) <= tags, name
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                assert parameter.get("description"), (name, parameter["name"])


def test_every_operation_says_how_it_fails(schema: dict[str, Any]) -> None:
    for name, operation in operations(schema):
        answers = operation["responses"]
        assert {"400", "401", "503"} <= set(answers), name
        for status, answer in answers.items():
            if status >= "4":
                assert set(answer["content"]) == {"application/problem+json"}, (name, status)
        if "{" in name:
            assert "404" in answers, name


def test_every_code_has_its_section() -> None:
    schema = yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))
    codes = schema["components"]["schemas"]["ProblemDetails"]["properties"]["code"]["enum"]
    page = (COMMITTED.parent.parent / "deploy/docs/problems.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)$", page, re.MULTILINE) == codes
    assert len(re.findall(r"^- When: \S", page, re.MULTILINE)) >= len(codes)
    assert not re.search(r"^- (When|What to do): *$", page, re.MULTILINE)


def test_bodies_of_the_samples_are_as_the_schema_says(schema: dict[str, Any]) -> None:
    """And the shapes refuse what storing refuses."""
    names = {
        Kind.FLOW: "FlowBody",
        Kind.SYSTEM_FLOW: "FlowBody",
        Kind.RESPONSE: "ResponseBody",
        Kind.SLOT: "SlotBody",
        Kind.ACTION: "NamedBody",
        Kind.INTENT: "NamedBody",
        Kind.ENTITY: "NamedBody",
        Kind.PROMPT: "PromptBody",
    }
    seen = set()
    for sample in (COMMITTED.parent.parent / "studio/samples").iterdir():
        files = {
            str(path.relative_to(sample)): path.read_bytes()
            for path in sample.rglob("*")
            if path.is_file()
        }
        for item in read_files(files).items:
            if item.kind in names:
                seen.add(item.kind)
                body = {"$ref": f"#/components/schemas/{names[item.kind]}"}
                jsonschema.validate(item.body, {**body, "components": schema["components"]})
    assert {Kind.FLOW, Kind.RESPONSE, Kind.SLOT, Kind.ACTION, Kind.PROMPT} <= seen
    for kind, wrong in ((Kind.FLOW, {"steps": [{"next": 1}]}), (Kind.RESPONSE, {})):
        assert list(check_item(kind, wrong))
        body = {"$ref": f"#/components/schemas/{names[kind]}"}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, {**body, "components": schema["components"]})


def json_of(operation: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON that an operation takes, and that it answers where it is carried out."""
    bodies = {"body": operation.get("requestBody", {})}
    answers = {status: each for status, each in operation["responses"].items() if status < "4"}
    for side, said in (bodies | answers).items():
        for content_type, content in said.get("content", {}).items():
            if content_type == "application/json":
                yield side, content


def test_every_body_and_answer_has_a_true_example(schema: dict[str, Any]) -> None:
    count = 0
    for name, operation in operations(schema):
        for side, content in json_of(operation):
            assert content.get("examples"), (name, side)
            shape = {**content["schema"], "components": schema["components"]}
            checker = jsonschema.Draft202012Validator(shape, format_checker=FORMATS)
            for example in content["examples"].values():
                found = checker.iter_errors(example["value"])
                wrong = [f"{each.json_path}: {each.message}" for each in found]
                assert not wrong, (name, side, wrong)
            count += 1
    assert count > 140


def test_a_field_without_an_example_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {
        "fields": {"name": "Bank", "colour": "red"},
        "shapes": {},
        "operations": {"no_such_operation": {}},
    }
    monkeypatch.setattr("studio.common.examples._table", lambda: table)
    shape: dict[str, Any] = {"type": "object", "required": ["name", "size"]}
    shape["properties"] = {"name": {"type": "string"}, "size": {"type": "integer"}}
    answer = {"content": {"application/json": {"schema": shape}}}
    operation = {"operationId": "v1_assistants_list", "responses": {"200": answer}}
    described = {"paths": {"/": {"get": operation}}, "components": {"schemas": {}}}
    with pytest.raises(ValueError, match="size") as failure:
        add_examples(described)
    assert "nothing uses colour" in str(failure.value)
    assert "nothing uses no_such_operation" in str(failure.value)
