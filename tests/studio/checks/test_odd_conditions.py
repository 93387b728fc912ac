"""A condition may be anything: every page that reads the flow answers, and the checks say why."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from tests.project.condition_tokens import any_order, conditions
from tests.project.example import FILES, with_file
from tests.project.fuzzing import examples
from tests.project.project_tokens import FLOW_BODIES
from tests.studio.conftest import Import

ODD = (
    "slots.amount matches 5",
    "slots.amount matches null",
    "slots.amount matches true",
    "slots.amount matches undefined",
    "slots.amount matches empty",
    "slots.amount matches {}",
    "slots.amount matches (slots.amount > 3)",
    "slots.amount > {1 {2}}",
    "{ {} } contains slots.amount",
    "not " * 1200 + "slots.amount",
    "(" * 1200,
    "slots.recipient matches '(x)\\1'",
    "slots.recipient matches '(?=(a+))b'",
    "slots.recipient matches '(a{500}){500}'",
)


def _flow(condition: str) -> dict[str, Any]:
    return {
        "description": "odd",
        "if": condition,
        "steps": [
            {
                "collect": "amount",
                "rejections": [{"if": condition, "utter": "utter_done"}],
                "next": [{"if": condition, "then": "END"}, {"else": "END"}],
            }
        ],
    }


def _every_page_answers(client: APIClient, base: str) -> None:
    for address in (
        "/api/v1/assistants/",
        base,
        f"{base}flows/",
        f"{base}flows/odd/",
        f"{base}validation/",
        f"{base}export/",
    ):
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("condition", ODD, ids=lambda text: text[:40])
def test_is_an_error_of_the_checks_and_stops_nothing(
    api_client: APIClient, base: str, condition: str
) -> None:
    created = api_client.post(
        f"{base}flows/", {"id": "odd", "body": _flow(condition)}, format="json"
    )
    assert created.status_code == 201, created.content
    _every_page_answers(api_client, base)
    found = api_client.get(f"{base}validation/").json()["problems"]
    codes = [problem["code"] for problem in found if problem["id"] == "odd"]
    assert codes == ["condition_invalid"] * 3
    training = api_client.post(f"{base}versions/", {"flows": ["odd"]}, format="json")
    assert training.status_code == 409, training.content
    assert training.json()["code"] == "flow_has_errors"


def test_the_same_in_a_zip_and_in_a_response(api_client: APIClient, import_project: Import) -> None:
    flows = "flows:\n  odd:\n    description: odd\n    steps:\n" + "".join(
        f"    - noop: true\n      next:\n      - if: {condition!r}\n        then: END\n"
        "      - else: END\n"
        for condition in ODD[:2]
    )
    responses = "responses:\n  utter_odd:\n  - text: a\n    condition: slots.amount matches 5\n"
    files = with_file("data/odd.yml", flows.encode()) | {"domain/odd.yml": responses.encode()}
    base = f"/api/v1/assistants/{import_project({**FILES, **files})['assistant']['id']}/"
    _every_page_answers(api_client, base)
    found = api_client.get(f"{base}validation/").json()["problems"]
    assert {"odd", "utter_odd"} <= {problem["id"] for problem in found}


@settings(
    max_examples=examples(100),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(conditions(["amount", "recipient", "tier"]) | st.lists(any_order(["tier"])).map("\n".join))
def test_no_condition_is_too_odd_for_a_draft(
    api_client: APIClient, base: str, condition: str
) -> None:
    draft = {"kind": "flow", "id": "transfer_money", "body": _flow(condition)}
    answer = api_client.post(f"{base}validation/", draft, format="json")
    assert answer.status_code == 200, answer.content


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(FLOW_BODIES)
def test_no_flow_is_too_odd_to_be_stored_or_refused(
    api_client: APIClient, base: str, body: Any
) -> None:
    """Whatever its shape: it is stored and every page answers, or it is refused with its place."""
    draft = {"kind": "flow", "id": "odd", "body": body}
    checked = api_client.post(f"{base}validation/", draft, format="json")
    assert checked.status_code == 200, checked.content
    stored = api_client.post(f"{base}flows/", {"id": "odd", "body": body}, format="json")
    if stored.status_code == 400:
        assert stored.json()["errors"][0]["field"]
        return
    assert stored.status_code == 201, stored.content
    _every_page_answers(api_client, base)
    revision = stored.json()["revision"]
    gone = api_client.delete(f"{base}flows/odd/?revision={revision}")
    assert gone.status_code == 204, gone.content
