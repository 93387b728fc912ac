"""What comes in wrong: the answer is JSON, names the place, and nothing is half-saved."""

import base64
from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.assistants.models import Assistant
from studio.content.models import Commit
from tests.cli.client import UPLOAD, CliClient, LocalProject, Refused
from tests.conftest import AsUser
from tests.studio.graphql.conftest import CliOf, posting

pytestmark = pytest.mark.django_db
BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefg", "bcdefgh", strict=True)
)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def sent(client: APIClient, name: str = "bank", **parts: Any) -> list[str]:
    """Messages of the answer to an upload of these parts."""
    body = {"query": UPLOAD, "variables": {"input": {"assistantName": name, **parts}}}
    status, answer = posting(client)(body)
    assert status == 200
    return [error["message"] for error in answer.get("errors", [])]


FLOWS = "flows:\n  pay:\n    description: pay\n    steps:\n    - action: utter_a\n"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"flows": "%%%"}, "flows: This is not base64"),
        ({"domain": base64.b64encode(b"a: \xff").decode()}, "domain: This is not UTF-8"),
        ({"flows": encoded("flows: {a")}, "data/flows.yml, line 2"),
        ({"flows": encoded("- a\n")}, "data/flows.yml, line 1: It must hold a map"),
        ({"flows": encoded("flows: 5\n")}, "data/flows.yml, line 1: “flows” must be a map"),
        (
            {"flows": encoded("flows:\n  pay:\n    description: pay\n    steps: 5\n")},
            "data/flows.yml, line 4, pay: ",
        ),
        ({"domain": encoded(BOMB)}, "domain.yml, line "),
        ({"domain": encoded("[" * 5000)}, "domain.yml"),
        ({"flows": encoded(FLOWS), "config": encoded("- a\n")}, "config.yml, line 1: "),
        ({"domain": encoded("{}\n")}, "There is no flow, no domain and no training data"),
        ({}, "There is no assistant “bank”. Upload the whole project first."),
        ({"config": encoded("language: en\n")}, "There is no assistant “bank”."),
        (
            {"flows": encoded(FLOWS), "prompts": {"command_generator": "x" * 200_001}},
            "prompts.command_generator: A prompt has 200000 characters at most.",
        ),
    ],
)
def test_a_part_that_cannot_be_read(as_user: AsUser, parts: dict[str, Any], said: str) -> None:
    found = sent(as_user("Developer"), **parts)
    assert found
    assert found[0].startswith(said)
    assert not Assistant.objects.exists()


def test_every_fault_is_told(as_user: AsUser) -> None:
    text = "flows:\n  a:\n    steps: 5\n  b:\n    steps: x\n"
    found = sent(as_user("Developer"), flows=encoded(text))
    assert [message.split(":")[0] for message in found] == [
        "data/flows.yml, line 3, a",
        "data/flows.yml, line 5, b",
    ]


@pytest.mark.parametrize("name", ["../x", "a/b", "a\\b", ".hidden", "", " ", "x" * 129, "a\nb"])
def test_a_name_that_is_none(as_user: AsUser, name: str) -> None:
    assert sent(as_user("Developer"), name, flows=encoded(FLOWS))
    assert not Assistant.objects.exists()


@pytest.mark.parametrize("name", ["my bank", "Bank für uns", "a@b", "x" * 128, "日本"])
def test_a_name_that_is_one(cli_of: CliOf, as_user: AsUser, name: str) -> None:
    assert sent(as_user("Developer"), name, flows=encoded(FLOWS)) == []
    assert cli_of("Developer").export(name).flows["pay"]["description"] == "pay"


def test_a_push_that_cannot_be_read_leaves_everything(
    cli_of: CliOf, as_user: AsUser, project: LocalProject
) -> None:
    cli_of("Developer").upload("bank", project)
    commits = Commit.objects.count()
    bad = encoded("flows:\n  pay:\n    steps: 5\n")
    domain = encoded("responses:\n  utter_done:\n  - text: Other.\n")
    assert sent(as_user("Developer"), domain=domain, flows=bad)
    assert Commit.objects.count() == commits


def test_settings_are_for_those_who_may_edit_them(cli_of: CliOf, project: LocalProject) -> None:
    project.endpoints = "nlg:\n  url: http://nlg\n  token: secret-5\n"
    cli_of("Developer").upload("bank", project)
    builder = cli_of("Flow Builder")
    masked = builder.export("bank")
    assert "secret-5" not in masked.endpoints
    masked.flows["help"]["description"] = "tell what is possible"
    builder.push("bank", masked)
    assert cli_of("Developer").export("bank").endpoints == project.endpoints

    masked.endpoints = "nlg:\n  url: http://other\n"
    with pytest.raises(Refused, match="This needs one of the roles"):
        builder.push("bank", masked)
    assert cli_of("Developer").export("bank").endpoints == project.endpoints


def test_a_protected_branch_refuses_with_the_reason(
    cli_of: CliOf, api_client: APIClient, project: LocalProject
) -> None:
    cli = cli_of("Developer")
    cli.upload("bank", project)
    base = f"/api/v1/assistants/{cli.id_of('bank')}/branches/"
    assert api_client.post(base, {"name": "work"}, format="json").status_code == 201
    protect = api_client.patch(f"{base}main/", {"protected": True}, format="json")
    assert protect.status_code == 200
    project.flows["help"]["description"] = "tell what is possible"
    with pytest.raises(Refused, match=r"The branch “main” is protected: it takes merges only\."):
        cli.push("bank", project)
    cli.push("bank@work", project)
    assert cli.export("bank@work").flows["help"]["description"] == "tell what is possible"
    assert cli.export("bank").flows["help"]["description"] == "say what is possible"
    with pytest.raises(Refused, match="The assistant “bank” has no branch “gone”"):
        cli.push("bank@gone", project)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"[]", "application/json"),
        (b'[{"query": "{ licenseDetails { valid } }"}]', "application/json"),
        (b"5", "application/json"),
        (b"null", "application/json"),
        (b"{}", "application/json"),
        (b'{"query": 5}', "application/json"),
        (b'{"query": "{"}', "application/json"),
        (b'{"query": "{ nothing }"}', "application/json"),
        (b'{"query": "subscription { x }"}', "application/json"),
        (b'{"query": "{ licenseDetails { valid } }", "variables": []}', "application/json"),
        (b'{"query": "query A { licenseDetails { valid } }", "operationName": "B"}',
         "application/json"),
        (b"query={x}", "application/x-www-form-urlencoded"),
        (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_operation(api_client: APIClient, body: bytes, content_type: str) -> None:
    for address in ("/api/graphql/", "/api/graphql"):
        answer = api_client.post(address, body, content_type=content_type)
        assert answer.status_code == 200
        assert answer.json()["data"] is None
        assert answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_another_method(api_client: APIClient, method: str) -> None:
    address = "/api/graphql/?query={licenseDetails{valid}}"
    assert api_client.generic(method, address).json()["errors"]


def test_bombs_are_refused(api_client: APIClient) -> None:
    post = posting(api_client)
    aliases = " ".join(f"a{n}: licenseDetails {{ valid }}" for n in range(40))
    deep = "{ __schema " + "{ types { fields { type " * 8 + "{ name }" + " } } }" * 8 + " }"
    long = "{ licenseDetails { " + "valid " * 2000 + "} }"
    for query in (f"{{ {aliases} }}", deep, long):
        _status, answer = post({"query": query})
        assert answer["errors"]
        assert not answer.get("data")


def test_an_operation_of_ours_is_no_bomb(api_client: APIClient) -> None:
    assert CliClient(posting(api_client)).is_signed_in()
