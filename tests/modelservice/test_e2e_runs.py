"""What we add to the model service: end-to-end tests against a trained model."""

import socket
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.modelservice.conftest import Realm, Service, encoded, wait_until

CASES = """
test_cases:
  - test_case: tea is ordered
    steps:
      - user: order a cup of tea
      - utter: utter_ask_kind
      - user: /SetSlots(kind=green)
      - utter: utter_done
  - test_case: there is coffee
    steps:
      - user: order a cup of tea
      - bot: Which coffee?
"""
FILES = {
    "e2e_tests/tea.yml": CASES,
    "e2e_tests/more/again.yml": CASES.replace("tea is", "again tea is").replace("coffee\n", "c\n"),
}
# The action server of this test never answers.
SLOW_FLOWS = """
flows:
  order_tea:
    description: order a cup of tea
    steps:
      - action: action_brew
"""


def body(test_id: str, model_name: str, /, **changes: Any) -> dict[str, Any]:
    config = {"endpoints": encoded("")}
    made = {"id": test_id, "model_name": model_name, "bot_config": config, "files": FILES}
    return {**made, **changes}


def ended(service: Service, test_id: str) -> dict[str, Any]:
    def state() -> dict[str, Any] | None:
        found: dict[str, Any] = service.http.get(f"/test/{test_id}").json()
        return found if found["status"] != "running" else None

    found: dict[str, Any] = wait_until(state)
    return found


def run(service: Service, test_id: str, model_name: str, **changes: Any) -> dict[str, Any]:
    started = service.http.post("/test", json=body(test_id, model_name, **changes))
    assert started.status_code == 200, started.text
    return ended(service, test_id)


def test_all_cases_are_run_and_told_with_what_was_said_and_what_was_reached(
    service: Service, model_name: str
) -> None:
    state = run(service, "e-all", model_name)
    assert (state["status"], state["problem"]) == ("done", None), state["logs"]
    result = state["result"]
    assert (result["passed"], result["failed"]) == (2, 2)
    passed = {case["name"]: case for case in result["cases"]}
    assert passed["again tea is ordered"]["file"] == "e2e_tests/more/again.yml"
    said = passed["tea is ordered"]["transcript"]
    assert {"who": "user", "text": "order a cup of tea"} in said
    slots = [(line["name"], line["value"]) for line in said if line["who"] == "slot"]
    assert ("kind", "green") in slots
    [question] = [line for line in said if line.get("response") == "utter_ask_kind"]
    assert (question["text"], question["buttons"]) == ("Which tea?", ["Green"])
    failure = passed["there is coffee"]["failure"]
    assert (failure["line"], failure["expected"]) == (12, "Which coffee?")
    coverage = {flow["flow_id"]: flow for flow in result["coverage"]}
    assert coverage["order_tea"]["missing"] == []
    assert coverage["repeat_favourite"]["coverage"] == 0
    assert "passed: tea is ordered" in state["logs"]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("e2e_tests/more/again.yml", ["again tea is ordered", "there is c"]),
        ("e2e_tests/tea.yml::tea is ordered", ["tea is ordered"]),
    ],
)
def test_one_file_or_one_case(
    service: Service, model_name: str, path: str, names: list[str]
) -> None:
    state = run(service, f"e-{len(names)}", model_name, path=path)
    assert [case["name"] for case in state["result"]["cases"]] == names


def test_file_that_makes_no_sense_is_named_with_the_reason(
    service: Service, model_name: str
) -> None:
    broken = {
        "e2e_tests/x.yml": "test_cases:\n- test_case: a\n  fixtures: [vip]\n  steps: [{user: a}]"
    }
    state = run(service, "e-broken", model_name, files=broken)
    assert (state["status"], state["result"]) == ("error", None)
    assert "e2e_tests/x.yml" in state["problem"]
    assert "there is no fixture 'vip'" in state["problem"]


def test_deleted_run_leaves_nothing(service: Service, model_name: str) -> None:
    before = sorted(service.directory.rglob("*"))
    run(service, "e-gone", model_name)
    assert service.http.post("/test", json=body("e-gone", model_name)).status_code == 409
    assert service.http.delete("/test/e-gone").status_code == 200
    assert service.http.get("/test/e-gone").status_code == 404
    assert sorted(service.directory.rglob("*")) == before


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"id": "../up"}, 403, id="id leads out"),
        pytest.param({"model_name": "no-such-model"}, 400, id="no such model"),
        pytest.param({"model_name": "../../etc"}, 400, id="model leads out"),
        pytest.param({"model_name": None}, 400, id="no model"),
        pytest.param({"files": {}}, 400, id="no files"),
        pytest.param({"files": {"a.yml": 1}}, 400, id="no text"),
        pytest.param({"files": {"../a.yml": CASES}}, 400, id="file leads out"),
        pytest.param({"files": {"/a.yml": CASES}}, 400, id="file from the root"),
        pytest.param({"files": {"a.py": CASES}}, 400, id="no test file"),
        pytest.param({"files": {"a.yml": "#" * 10_000_001}}, 413, id="too long"),
        pytest.param({"path": "/etc"}, 400, id="path leads out"),
        pytest.param({"path": "--model"}, 400, id="path is a flag"),
    ],
)
def test_bad_requests_are_refused_and_leave_nothing(
    service: Service, model_name: str, changes: dict[str, Any], status: int
) -> None:
    before = sorted(service.directory.rglob("*"))
    answer = service.http.post("/test", json=body("e-bad", model_name, **changes))
    assert (answer.status_code, list(answer.json())) == (status, ["message"])
    assert sorted(service.directory.rglob("*")) == before


def slow(service: Service, silent: str, test_id: str) -> dict[str, Any]:
    """A run that waits for an action server until its deadline."""
    name = service.train(f"m-{test_id}", flows=SLOW_FLOWS)["model_name"]
    config = {"endpoints": encoded(f"action_endpoint: {{url: '{silent}'}}")}
    return body(test_id, name, bot_config=config)


@pytest.fixture
def silent() -> Any:
    """Address that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/webhook"


def children(service: Service) -> list[psutil.Process]:
    assert service.process is not None
    return psutil.Process(service.process.pid).children(recursive=True)


def test_one_too_many_is_refused_and_a_running_one_can_be_ended(
    tmp_path: Path, realm: Realm, silent: str
) -> None:
    service = Service(tmp_path, realm, MAX_PARALLEL_TRAININGS="1")
    try:
        request = slow(service, silent, "e-first")
        assert service.http.post("/test", json=request).status_code == 200
        assert service.http.post("/test", json={**request, "id": "e-2"}).status_code == 429
        assert children(service)
        assert service.http.delete("/test/e-first").status_code == 200
        wait_until(lambda: not children(service))
        # What is left of a crash is ended and told at the next start.
        assert service.http.post("/test", json={**request, "id": "e-3"}).status_code == 200
        [left] = children(service)
        service.kill()
        service.start()
        wait_until(lambda: not left.is_running())
        state = service.http.get("/test/e-3").json()
        assert (state["status"], "restarted" in state["problem"]) == ("error", True)
    finally:
        service.stop()


def test_run_that_takes_too_long_is_ended_and_says_so(
    tmp_path: Path, realm: Realm, silent: str
) -> None:
    service = Service(tmp_path, realm, MODEL_SERVICE_TEST_MS="1500")
    try:
        assert service.http.post("/test", json=slow(service, silent, "e-long")).status_code == 200
        started = time.monotonic()
        state = ended(service, "e-long")
        assert (state["status"], state["problem"]) == (
            "error",
            "The tests took more than 1.5 seconds.",
        )
        assert time.monotonic() - started < 10
        wait_until(lambda: not children(service))
        full = Service(tmp_path / "full", realm, MIN_REQUIRED_DISCSPACE_MB="999999999")
        assert full.http.post("/test", json={}).status_code == 507
        full.stop()
    finally:
        service.stop()
