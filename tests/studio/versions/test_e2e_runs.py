"""Tests of an assistant: listed from its files, run against a version by a real model service."""

from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from tests.conftest import AsUser
from tests.modelservice.conftest import Service, wait_until
from tests.project.test_cases import CASES, files_of
from tests.studio.conftest import Import
from tests.studio.versions.conftest import FILES, watch_until_still

TESTS = b"""\
test_cases:
  - test_case: a tea
    steps:
      - user: I would like to order a tea
      - utter: utter_ask_kind
      - user: green
      - bot: One green tea.
  - test_case: no coffee
    steps:
      - user: I would like to order a tea
      - bot: One coffee.
"""
SECONDS = 30


@pytest.fixture
def tested(import_project: Import) -> str:
    files = {**FILES, "e2e_tests/tea.yml": TESTS, "e2e_tests/broken.yml": b"test_cases: [\n"}
    assistant = import_project(files, name="Tested")["assistant"]
    return f"/api/v1/assistants/{assistant['id']}/"


def trained(client: APIClient, address: str) -> str:
    version = client.post(f"{address}versions/", {}, format="json").json()
    watch_until_still()
    return f"{address}versions/{version['id']}/tests/"


def names(file: dict[str, Any]) -> list[str]:
    return [test["name"] for test in file["tests"]]


def finished(client: APIClient, run: str) -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        state: dict[str, Any] = client.get(run).json()
        return None if state["status"] == "running" else state

    return dict(wait_until(ended, SECONDS))


def test_files_are_listed_with_their_cases(api_client: APIClient, tested: str) -> None:
    broken, tea = api_client.get(f"{tested}tests/").json()
    assert (tea["path"], names(tea)) == ("e2e_tests/tea.yml", ["a tea", "no coffee"])
    assert tea["problem"] is None
    assert broken["problem"].startswith("line 2: ")


def test_odd_test_files_close_no_page(api_client: APIClient, import_project: Import) -> None:
    odd = {
        "e2e_tests/deep.yml": b"test_cases: " + b"[" * 5000,
        "e2e_tests/aliases.yml": b"test_cases: &a [x, x]\n" * 2,
        "e2e_tests/yes.yml": b"test_cases:\n- test_case: yes\n  steps: [{user: hi}]\n",
    }
    assistant = import_project({**FILES, **odd}, name="Odd")["assistant"]
    listed = api_client.get(f"/api/v1/assistants/{assistant['id']}/tests/").json()
    told = {file["path"]: (names(file), bool(file["problem"])) for file in listed}
    assert told == {
        "e2e_tests/aliases.yml": ([], True),
        "e2e_tests/deep.yml": ([], True),
        "e2e_tests/yes.yml": (["yes"], False),
    }


def test_they_are_found_wherever_they_lie(
    api_client: APIClient, import_project: Import, service: Service
) -> None:
    files = files_of(CASES / "e2e-tests-in-folder-tests")
    helm = b"{{ .Values.x }}:\n  test_cases: {{ .Values.y }}\nalso test_cases: [\n"
    imported = import_project({**files, "helm/values.yml": helm, "x/.venv/t.yml": TESTS})
    address = f"/api/v1/assistants/{imported['assistant']['id']}/"
    listed = {file["path"]: names(file) for file in api_client.get(f"{address}tests/").json()}
    assert listed == {
        "e2e/send.yml": ["sends money"],
        "test_send.yml": ["sends money"],
        "tests/e2e_test_cases.yml": ["sends money, single file"],
        "tests/e2e_test_cases/send.yml": ["sends money"],
    }
    what = {file["path"]: file["what"] for file in imported["report"]["kept"]}
    assert (
        what["test_send.yml"] == what["e2e/send.yml"] == "end-to-end tests; run on the page Tests"
    )
    runs = trained(api_client, address)
    for path, count in ((".", 4), ("test_send.yml", 1), ("e2e/send.yml::sends money", 1)):
        started = api_client.post(runs, {"path": path}, format="json")
        state = finished(api_client, f"{runs}{started.json()['id']}/")
        assert state["status"] == "done", state
        assert [case["passed"] for case in state["result"]["cases"]] == [True] * count


@pytest.mark.parametrize(
    "place", ["conftest.yml", "tests/conftest.yaml", "tests/deep/er/conftest.yml"]
)
def test_conftest_beside_or_above_counts(
    api_client: APIClient, import_project: Import, service: Service, place: str
) -> None:
    case = TESTS.split(b"  - test_case: no coffee")[0].replace(
        b"    steps:\n", b"    fixtures: [greens]\n    steps:\n"
    )
    case = case.replace(b"      - utter: utter_ask_kind\n      - user: green\n", b"")
    shared = b"fixtures: [{greens: [{kind: green}]}]\n"
    files = {**FILES, "tests/deep/er/tea.yml": case, place: shared}
    imported = import_project(files, name="Shared")
    address = f"/api/v1/assistants/{imported['assistant']['id']}/"
    [listed] = api_client.get(f"{address}tests/").json()
    assert listed["path"] == "tests/deep/er/tea.yml"
    runs = trained(api_client, address)
    started = api_client.post(runs, {"path": listed["path"]}, format="json")
    state = finished(api_client, f"{runs}{started.json()['id']}/")
    assert state["status"] == "done", state
    assert [case["passed"] for case in state["result"]["cases"]] == [True]


def test_a_run_tells_each_case_and_is_forgotten(
    api_client: APIClient, tested: str, service: Service
) -> None:
    runs = trained(api_client, tested)
    refused = api_client.post(runs, {"path": "e2e_tests/none.yml"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "tests_refused")
    started = api_client.post(runs, {"path": "e2e_tests/tea.yml"}, format="json")
    assert started.status_code == 201, started.json()
    run = f"{runs}{started.json()['id']}/"
    state = finished(api_client, run)
    assert state["status"] == "done", state
    tea, coffee = state["result"]["cases"]
    assert (tea["name"], tea["passed"]) == ("a tea", True)
    assert (coffee["passed"], coffee["failure"]["line"]) == (False, 11)
    assert {flow["flow_id"] for flow in state["result"]["coverage"]} >= {"order_tea"}
    assert api_client.delete(run).status_code == 204
    assert api_client.get(run).status_code == 404


def test_what_a_run_saw_is_accepted(
    api_client: APIClient, as_user: AsUser, tested: str, service: Service
) -> None:
    """Each time the first thing that does not hold, until the test passes."""
    wrong = """\
test_case: all wrong
steps:
  - user: I would like to order a tea
    assertions:
      - flow_started: order_again
      - slot_was_set: [{name: kind, value: black}]
      - bot_uttered: {utter_name: utter_done}
      - bot_did_not_utter: {utter_name: utter_ask_kind}
  - user: green
    assertions:
      - bot_uttered: {text_matches: coffee}
      - flow_cancelled: {flow_id: order_tea}
      - action_executed: action_brew
"""
    mixed = """\
test_case: steps
steps:
  - user: I would like to order a tea
  - slot_was_set: [{kind: green}]
  - utter: utter_done
  - user: green
  - slot_was_set: [{kind: black}, nothing]
  - bot: One coffee.
"""
    path = "e2e_tests/wrong.yml"
    for yaml in (wrong, mixed):
        data = {"body": yaml, "path": path}
        assert api_client.post(f"{tested}tests/", data, format="json").status_code == 201
    runs = trained(api_client, tested)
    for _turn in range(12):
        started = api_client.post(runs, {"path": path}, format="json").json()
        run = f"{runs}{started['id']}/"
        state = finished(api_client, run)
        cases = state["result"]["cases"]
        failed = [f"{path}::{case['name']}" for case in cases if not case["passed"]]
        if not failed:
            break
        done = api_client.post(f"{run}accept/", {"tests": failed}, format="json")
        assert done.status_code == 200, done.json()
    bodies = [
        api_client.get(f"{tested}tests/{path}::{name}/").json()["body"]
        for name in ("all wrong", "steps")
    ]
    assert [body["steps"] for body in bodies] == [
        [
            {
                "user": "I would like to order a tea",
                "assertions": [
                    {"flow_started": "order_tea"},
                    {"bot_uttered": {"utter_name": "utter_ask_kind"}},
                ],
            },
            {
                "user": "green",
                "assertions": [
                    {"bot_uttered": {"text_matches": "^One green tea\\.$"}},
                    {"action_executed": "utter_done"},
                ],
            },
        ],
        [
            {"user": "I would like to order a tea"},
            {"utter": "utter_ask_kind"},
            {"user": "green"},
            {"slot_was_set": [{"kind": "green"}]},
            {"bot": "One green tea."},
        ],
    ]
    passed = {"tests": [f"{path}::steps"]}
    again = api_client.post(f"{run}accept/", passed, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "in_use")
    refused = as_user("Business User").post(f"{run}accept/", passed, format="json")
    assert refused.status_code == 403


def test_what_was_changed_since_is_not_accepted(
    api_client: APIClient, tested: str, service: Service
) -> None:
    runs = trained(api_client, tested)
    started = api_client.post(runs, {"path": "e2e_tests/tea.yml"}, format="json").json()
    run = f"{runs}{started['id']}/"
    finished(api_client, run)
    name = "e2e_tests/tea.yml::no coffee"
    address = f"{tested}tests/{name}/"
    test = api_client.get(address).json()
    test["body"]["steps"][1]["bot"] = "One cocoa."
    api_client.put(address, {k: test[k] for k in ("body", "revision")}, format="json")
    refused = api_client.post(f"{run}accept/", {"tests": [name]}, format="json")
    assert refused.status_code == 409
    assert "changed since it ran" in refused.json()["detail"]
    assert api_client.get(address).json()["body"] == test["body"]


def test_a_version_that_was_stopped_is_tested_as_well(
    api_client: APIClient, tested: str, service: Service
) -> None:
    runs = trained(api_client, tested)
    stopped = api_client.post(runs.replace("tests/", "stop/"), {}, format="json")
    assert stopped.json()["status"] in {"inactive", "stopped"}, stopped.json()
    run = api_client.post(runs, {"path": "e2e_tests/tea.yml"}, format="json").json()
    state = finished(api_client, f"{runs}{run['id']}/")
    assert state["status"] == "done", state


def test_a_broken_file_is_named(api_client: APIClient, tested: str, service: Service) -> None:
    runs = trained(api_client, tested)
    run = api_client.post(runs, {}, format="json").json()
    state = finished(api_client, f"{runs}{run['id']}/")
    assert state["status"] == "error"
    assert "broken.yml" in state["problem"]


def test_who_may_and_what_needs_a_model(
    api_client: APIClient, as_user: AsUser, tested: str, tea: str, service: Service
) -> None:
    runs = trained(api_client, tested)
    run = api_client.post(runs, {"path": "e2e_tests/tea.yml"}, format="json").json()
    other = trained(api_client, tea)
    assert api_client.get(f"{other}{run['id']}/").status_code == 404
    assert api_client.get(f"{runs}{uuid4()}/").status_code == 404
    nothing = api_client.post(other, {}, format="json")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "in_use")
    assert as_user("Conversation Analyst").post(runs, {}, format="json").status_code == 403
    assert APIClient().post(runs, {}, format="json").status_code == 401
