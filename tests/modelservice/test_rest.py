"""The REST of the model service, as the backend and Rasa's own clients use it."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from modelservice.common.model_format import MODEL_FORMAT
from tests.modelservice.conftest import Realm, Service, bot_body, encoded, training_body


def test_training_makes_a_model_that_can_be_fetched(service: Service) -> None:
    state = service.train("t-good")
    assert (state["status"], state["progress"]) == ("done", 100), state["logs"]
    name = state["model_name"]
    head = service.http.head(f"/models/{name}")
    archive = service.http.get(f"/models/{name}")
    assert head.headers["Content-Length"] == str(len(archive.content))
    with tarfile.open(fileobj=io.BytesIO(archive.content)) as model:
        metadata = model.extractfile("metadata.json")
        assert metadata is not None
        assert json.loads(metadata.read())["model_id"] == state["model_id"]
    assert not (service.directory / "trainings" / "t-good").exists()
    listed = service.http.get("/training", params={"assistant_id": "a1"}).json()
    assert "t-good" in [each["training_id"] for each in listed["training_sessions"]]
    assert service.http.get("/models/no-such-model").status_code == 404
    assert service.http.get("/models/..%2f..%2fsecret").status_code == 404


def test_a_model_is_brought_back(service: Service) -> None:
    name = service.train("t-back")["model_name"]
    archive = service.http.get(f"/models/{name}").content
    file = service.directory / "models" / f"{name}.tar.gz"
    file.unlink()
    for body in (b"", b"no archive", archive[: len(archive) // 2]):
        refused = service.http.put(f"/models/{name}", content=body)
        assert (refused.status_code, refused.json()) == (
            400,
            {"message": "The body must be a whole model, a tar.gz"},
        )
        assert list(file.parent.glob(f"*{name}*")) == []
    assert service.http.put("/models/..%2fsecret", content=archive).status_code == 404
    assert service.http.put(f"/models/{name}", content=archive).status_code == 204
    assert file.read_bytes() == archive
    assert service.http.post("/bot", json=bot_body("back-1", name)).is_success
    assert service.http.get("/bot/back-1").json()["model_format"] in {None, MODEL_FORMAT}


def test_training_that_fails_says_why_and_leaves_no_model(service: Service) -> None:
    broken = "flows:\n  order_tea:\n    description: order\n    steps:\n      - link: nowhere\n"
    state = service.train("t-broken", flows=broken)
    assert (state["status"], state["progress"]) == ("error", 100)
    assert "nowhere" in state["logs"]
    assert service.http.get(f"/models/{state['model_name']}").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"id": "a-model"}, 409, id="id used before"),
        pytest.param({"id": ""}, 400, id="no id"),
        pytest.param({"id": "../up"}, 403, id="id leads out"),
        pytest.param({"assistant_id": None}, 400, id="no assistant"),
        pytest.param({"bot_config": {"data": {"flows": "%%%"}}}, 400, id="not base64"),
        pytest.param(
            {"bot_config": {"data": {"prompts": {"../x": "y"}}}}, 400, id="prompt leads out"
        ),
        pytest.param(
            {"bot_config": {"data": {"documents": {"docs/../../x.md": "y"}}}},
            400,
            id="document leads out",
        ),
        pytest.param(
            {"bot_config": {"data": {"documents": {"data/x.yml": "y"}}}}, 400, id="no document"
        ),
        pytest.param({"bot_config": {"data": {"documents": ["x"]}}}, 400, id="no map"),
        pytest.param({"bot_config": None}, 400, id="no data"),
    ],
)
def test_bad_training_requests_are_refused_and_leave_nothing(
    service: Service, model_name: str, changes: dict[str, object], status: int
) -> None:
    before = sorted(service.directory.rglob("*"))
    answer = service.http.post("/training", json={**training_body("t-bad"), **changes})
    assert (answer.status_code, list(answer.json())) == (status, ["message"])
    assert sorted(service.directory.rglob("*")) == before


def test_body_that_is_no_json_is_refused(service: Service) -> None:
    kind = {"Content-Type": "application/json"}
    assert service.http.post("/training", content=b"<zip>", headers=kind).status_code == 400
    assert service.http.post("/bot", json=[1]).status_code == 400
    assert service.http.put("/bot", json={}).status_code == 405


def test_defaults_are_the_patterns_of_the_runtime(service: Service) -> None:
    answer = service.http.post("/defaults", json={"config": "", "endpoints": ""}).json()
    assert "steps" in answer["flows"]["pattern_cancel_flow"]
    assert answer["responses"]["utter_flow_cancelled_rasa"][0]["text"]
    assert answer["slots"]["silence_timeout"]["name"] == "silence_timeout"
    assert service.http.post("/defaults", json={"config": ""}).status_code == 400


def test_bot_runs_answers_and_stops_for_good(service: Service, model_name: str) -> None:
    service.run("d-1", model_name)
    state = service.bot("d-1")
    assert state["url"] == f"{service.url}/talk?deployment_id=d-1"
    assert state["returncode"] is None
    stopped = service.http.delete("/bot/d-1").json()
    assert stopped["status"] == "stopped"
    assert service.bot("d-1")["status"] == "stopped"
    assert not (service.directory / "bots" / "d-1").exists()
    again = service.http.post("/bot", json=bot_body("d-1", model_name))
    assert again.status_code == 409, "a deployment id is good once, as in Rasa's service"


def test_bad_bot_requests_are_refused(service: Service, model_name: str) -> None:
    unknown = service.http.post("/bot", json=bot_body("d-2", "nothing"))
    assert unknown.status_code == 404
    assert "'nothing'" in unknown.json()["message"]
    body = {**bot_body("d-3", model_name), "bot_config": {"config": 5}}
    assert service.http.post("/bot", json=body).status_code == 400
    assert not (service.directory / "bots" / "d-3").exists()
    assert service.http.get("/bot/d-3").status_code == 404


def test_children_do_not_see_our_environment(service: Service, model_name: str) -> None:
    service.run("d-env", model_name)
    pid = next(
        bot for bot in service.http.get("/").json()["bots"] if bot["deployment_id"] == "d-env"
    )
    process = _process_of(pid["internal_url"])
    names = {pair.split("=")[0] for pair in process.joinpath("environ").read_text().split("\0")}
    assert not names & {"KEYCLOAK_URL", "DJANGO_SETTINGS_MODULE", "DB_PASS"}
    assert process.joinpath("fd/0").readlink() == Path("/dev/null")
    service.http.delete("/bot/d-env")


def _process_of(address: str) -> Path:
    port = address.rsplit(":", 1)[1]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"--port\0{port}\0" in process.joinpath("cmdline").read_text():
                return process
        except OSError:
            continue
    pytest.fail(f"no process listens on {port}")


def test_limits_are_429_and_507(tmp_path: Path, realm: Realm) -> None:
    full = Service(tmp_path / "full", realm, MAX_PARALLEL_TRAININGS="0", MAX_PARALLEL_BOT_RUNS="0")
    for path, body in (("/training", training_body("t")), ("/bot", bot_body("d", "m"))):
        refused = full.http.post(path, json=body)
        assert refused.status_code == 429
        assert "limit of 0" in refused.json()["message"]
    full.stop()
    tight = Service(tmp_path / "tight", realm, MIN_REQUIRED_DISCSPACE_MB="999999999")
    assert tight.http.post("/training", json=training_body("t")).status_code == 507
    tight.stop()


def test_endpoints_are_empty_text_when_absent(service: Service) -> None:
    body = training_body("t-few")
    del body["bot_config"]["data"]["endpoints"]
    body["bot_config"]["data"]["nlu"] = encoded("")
    assert service.http.post("/training", json=body).status_code == 200
    assert service.ended_training("t-few")["status"] == "done"


@pytest.mark.parametrize("name", ["default", "basic", "tutorial", "finance", "telco"])
def test_project_that_an_assistant_can_begin_with_can_be_trained(
    service: Service, name: str
) -> None:
    query = {} if name == "default" else {"template": name}
    found = service.http.get("/project_template", params=query).json()
    assert (found["assistantName"], "pattern_cancel_flow" in found["defaults"]["flows"]) == (
        name,
        True,
    )
    config = {**found["config"], "assistant_id": name}
    texts = {"domain": found["domain"], "flows": found["flows"], "config": config}
    state = service.train(
        f"template-{name}", **{key: json.dumps(each) for key, each in texts.items()}
    )
    assert state["status"] == "done", state["logs"]
    assert service.http.get("/project_template", params={"template": "../x"}).status_code == 400
