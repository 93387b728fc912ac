"""Items of content over HTTP: lists, writes, conflicts, roles."""

import json
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.studio.conftest import Import


def put(client: APIClient, url: str, revision: int, body: Any, **more: Any) -> Any:
    data = {"revision": revision, "body": body, **more}
    return client.put(url, data, format="json")


def test_flow_list(api_client: APIClient, base: str) -> None:
    answer = api_client.get(f"{base}flows/?ordering=name").json()
    assert answer["count"] == 2
    helping, transfer = answer["results"]
    assert (helping["id"], helping["name"], helping["step_count"]) == ("help", "help", 1)
    assert helping["linked_from"] == [
        {
            "flow": "transfer_money",
            "flow_name": "transfer money",
            "step": "transfer_money_5_link_help",
        }
    ]
    assert transfer["slots"] == ["recipient", "amount"]
    assert (transfer["error_count"], transfer["warning_count"]) == (0, 0)


def test_flow_search_and_state(api_client: APIClient, base: str) -> None:
    def ids(query: str) -> list[str]:
        return [row["id"] for row in api_client.get(f"{base}flows/?{query}").json()["results"]]

    assert ids("search=SEND somebody") == ["transfer_money"]
    assert ids("search=recipient") == ["transfer_money"]
    assert ids("search=nothing") == []
    body = {"description": "x", "steps": [{"link": "nowhere"}]}
    api_client.post(f"{base}flows/", {"id": "broken", "body": body}, format="json")
    assert ids("state=errors") == ["broken"]
    assert sorted(ids("state=ready")) == ["help", "transfer_money"]


def test_update_keeps_key_order_and_records_the_change(api_client: APIClient, base: str) -> None:
    url = f"{base}flows/help/"
    body = {"steps": [{"action": "utter_help"}], "zebra": 1, "description": "d", "alpha": None}
    answer = put(api_client, url, 1, body, reason="tidied")
    assert answer.status_code == 200
    assert answer.json()["revision"] == 2
    assert list(api_client.get(url).json()["body"]) == ["steps", "zebra", "description", "alpha"]
    [change] = api_client.get(f"{base}history/?item=help&kind=flow").json()["results"][:1]
    assert (change["action"], change["revision"], change["reason"]) == ("updated", 2, "tidied")
    assert change["before"]["description"] == "say what the assistant can do"
    assert change["after"] == body
    assert change["actor"]["name"] == "Super"


def test_lost_race_is_a_conflict_with_both_sides(api_client: APIClient, base: str) -> None:
    url = f"{base}responses/utter_help/"
    assert put(api_client, url, 1, [{"text": "mine"}]).status_code == 200
    answer = put(api_client, url, 1, [{"text": "late"}])
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "revision_conflict")
    assert body["current"] == api_client.get(url).json()
    assert body["current"]["body"] == [{"text": "mine"}]
    gone = api_client.delete(f"{url}?revision=1")
    assert (gone.status_code, gone.json()["code"]) == (409, "revision_conflict")


def test_name_taken_and_wrong_shape(api_client: APIClient, base: str) -> None:
    data = {"id": "help", "body": {"description": "x", "steps": []}}
    taken = api_client.post(f"{base}flows/", data, format="json")
    assert (taken.status_code, taken.json()["code"]) == (409, "name_taken")
    wrong = put(api_client, f"{base}flows/help/", 1, {"steps": [{"collect": 5}]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid")
    assert wrong.json()["errors"][0]["field"] == "/body/steps/0/collect"


def test_delete_is_soft_and_restore_brings_back(api_client: APIClient, base: str) -> None:
    assert api_client.delete(f"{base}flows/transfer_money/?revision=1").status_code == 204
    assert api_client.get(f"{base}flows/transfer_money/").status_code == 404
    deleted = api_client.get(f"{base}flows/?deleted=true").json()["results"]
    assert [row["id"] for row in deleted] == ["transfer_money"]
    restored = api_client.post(f"{base}flows/transfer_money/restore/")
    assert restored.status_code == 200
    assert restored.json()["revision"] == 3
    actions = [row["action"] for row in api_client.get(f"{base}history/").json()["results"]]
    assert actions[:2] == ["restored", "deleted"]


def test_restore_refuses_when_the_name_is_taken(api_client: APIClient, base: str) -> None:
    api_client.delete(f"{base}flows/transfer_money/")
    body = {"description": "another", "steps": [{"action": "utter_help"}]}
    api_client.post(f"{base}flows/", {"id": "transfer_money", "body": body}, format="json")
    answer = api_client.post(f"{base}flows/transfer_money/restore/")
    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


def test_what_is_in_use_is_not_deleted(api_client: APIClient, base: str) -> None:
    for noun, item in (
        ("slots", "amount"),
        ("responses", "utter_done"),
        ("actions", "action_audit"),
    ):
        answer = api_client.delete(f"{base}{noun}/{item}/?revision=1")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_use"), noun
        assert answer.json()["used_by"][0]["flow"] == "transfer_money"
    assert api_client.delete(f"{base}slots/tier/?revision=1").status_code == 204


def test_rename_takes_references_along(api_client: APIClient, base: str) -> None:
    answer = api_client.post(
        f"{base}flows/help/rename/", {"id": "support", "revision": 1}, format="json"
    )
    assert answer.status_code == 200
    assert answer.json()["source_path"] == "data/flows/help.yml"
    transfer = api_client.get(f"{base}flows/transfer_money/").json()
    assert transfer["body"]["steps"][-1] == {"link": "support"}
    assert transfer["problems"] == []
    assert api_client.get(f"{base}flows/help/").status_code == 404


def test_duplicate_has_no_errors(api_client: APIClient, base: str) -> None:
    first = api_client.post(f"{base}flows/transfer_money/duplicate/")
    second = api_client.post(f"{base}flows/transfer_money/duplicate/")
    assert first.json()["id"] == "transfer_money_copy"
    assert second.json()["id"] == "transfer_money_copy2"
    assert first.json()["problems"] == second.json()["problems"] == []


def test_lists_of_other_kinds(api_client: APIClient, base: str) -> None:
    def rows(noun: str) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in api_client.get(f"{base}{noun}/").json()["results"]}

    assert rows("responses")["utter_done"]["variation_count"] == 2
    assert rows("responses")["utter_done"]["used_in"][0]["flow"] == "transfer_money"
    assert rows("slots")["tier"]["values"] == ["gold", "silver"]
    assert rows("slots")["amount"]["used_in"]
    assert rows("actions").keys() == {"action_audit", "action_transfer"}
    assert rows("prompts").keys() == {"prompts/command_generator.jinja2"}
    prompt = api_client.get(f"{base}prompts/prompts/command_generator.jinja2/").json()
    assert prompt["body"] == {"text": "You are {{ name }}.\r\n"}
    [button] = api_client.get(f"{base}buttons/").json()["results"]
    assert (button["response"], button["title"]) == ("utter_ask_amount", "10")
    [link] = api_client.get(f"{base}links/").json()["results"]
    assert (link["kind"], link["flow"], link["target"]) == ("link", "transfer_money", "help")
    files = api_client.get(f"{base}files/").json()["results"]
    carried = [file["path"] for file in files if not file["items"]]
    assert carried == ["actions/actions.py", "e2e_tests/transfer.yml"]


def test_config_is_checked_and_facts_follow(api_client: APIClient, base: str) -> None:
    config = api_client.get(f"{base}config/").json()
    assert "${MODEL_GROUP}" in config["text"]
    bad = api_client.put(f"{base}config/", {"text": "a: b\nc: [\n", "revision": 1}, format="json")
    assert (bad.status_code, bad.json()["errors"][0]["line"]) == (400, 3)
    text = config["text"].replace("language: en", "language: de")
    good = api_client.put(f"{base}config/", {"text": text, "revision": 1}, format="json")
    assert good.json()["text"] == text
    assert api_client.get(base).json()["language"] == "de"
    other = config["text"].replace("language: en", "language: fr")
    late = api_client.put(f"{base}config/", {"text": other, "revision": 1}, format="json")
    assert (late.status_code, late.json()["current"]["revision"]) == (409, 2)


def test_roles(as_user: AsUser, base: str) -> None:
    """The same requests, allowed and refused."""
    builder, viewer = as_user("Flow Builder"), as_user("Business User")
    annotator = as_user("Annotator")
    url = f"{base}flows/help/"
    assert viewer.get(url).status_code == 200
    assert annotator.get(url).status_code == 403
    body = viewer.get(url).json()["body"]
    refused = put(viewer, url, 1, body)
    assert (refused.status_code, refused.json()["permission"]) == (403, "content.edit")
    assert put(builder, url, 1, body).status_code == 200
    config = builder.get(f"{base}config/").json()
    data = {"text": config["text"], "revision": 1}
    assert builder.put(f"{base}config/", data, format="json").status_code == 403
    developer = as_user("Developer")
    assert developer.put(f"{base}config/", data, format="json").status_code == 200
    assert builder.delete(base).status_code == 403
    assert developer.delete(base).status_code == 204
    assert APIClient().get(base).status_code == 401


def test_other_assistants_items_cannot_be_reached(
    api_client: APIClient, base: str, import_project: Import
) -> None:
    other = import_project(name="Other")["assistant"]["id"]
    api_client.delete(f"/api/v1/assistants/{other}/flows/help/?revision=1")
    assert api_client.get(f"/api/v1/assistants/{other}/flows/help/").status_code == 404
    assert api_client.get(f"{base}flows/help/").status_code == 200
    api_client.delete(f"/api/v1/assistants/{other}/")
    assert api_client.get(f"/api/v1/assistants/{other}/flows/").status_code == 404


def test_lists_cost_a_fixed_number_of_queries(
    api_client: APIClient, import_project: Import, django_assert_max_num_queries: Any
) -> None:
    flows = "".join(
        f"  f{number}:\n    description: d {number}\n    steps:\n    - action: utter_help\n"
        for number in range(150)
    )
    from tests.project.example import with_file

    project = import_project(with_file("data/many.yml", f"flows:\n{flows}"))
    base = f"/api/v1/assistants/{project['assistant']['id']}/"
    api_client.get(f"{base}flows/")
    with django_assert_max_num_queries(8) as queries:
        assert api_client.get(f"{base}flows/").json()["count"] == 152
    assert isinstance(queries, CaptureQueriesContext)


@pytest.mark.parametrize(
    ("noun", "key"),
    [
        ("flows", "../../evil"),
        ("flows", "a b"),
        ("prompts", "prompts/../../evil.jinja2"),
        ("prompts", "/etc/passwd"),
        ("slots", "a.b"),
    ],
)
def test_keys_that_would_become_bad_paths(
    api_client: APIClient, base: str, noun: str, key: str
) -> None:
    body = {"text": "x"} if noun == "prompts" else {"type": "text"}
    answer = api_client.post(f"{base}{noun}/", {"id": key, "body": body}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert answer.json()["errors"][0]["field"] == "id"


@pytest.mark.parametrize(
    ("text", "refusal", "message"),
    [
        ("a" * 10_000_000, (413, "too_large"), "10,000,000 characters"),
        ("a\0b", (400, "invalid"), "cannot be"),
        ("\ud800", (400, "invalid"), "cannot be"),
    ],
)
def test_texts_that_cannot_be_stored(
    api_client: APIClient, base: str, text: str, refusal: tuple[int, str], message: str
) -> None:
    url = f"{base}responses/utter_help/"
    data = json.dumps({"revision": 1, "body": [{"text": text}]})
    answer = api_client.put(url, data, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == refusal
    assert message in answer.json()["detail"]
    assert api_client.get(url).json()["revision"] == 1


@pytest.mark.parametrize("depth", [150, 5_000, 200_000])
def test_nesting_without_end(api_client: APIClient, base: str, depth: int) -> None:
    body = "[" * depth + "]" * depth
    for method, url, more in (
        (api_client.put, "flows/help/", '"revision": 1'),
        (api_client.post, "validation/", '"kind": "flow", "id": "help"'),
    ):
        data = f'{{{more}, "body": {body}}}'
        answer = method(f"{base}{url}", data, content_type="application/json")
        assert answer.status_code in {400, 413}, answer.content
        assert answer["Content-Type"] == "application/problem+json"
