"""What every runtime must do behind the service, once over each.

Rasa Open Source trains what `rasa init` makes; `make rasa-oss` installs it. Rasa Pro needs a
licence in RASA_LICENSE and its Python in MODEL_SERVICE_RASA_PRO. What is not there reports itself
as not run.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import psutil
import pytest

from modelservice.service.processes import marked
from tests.modelservice.conftest import (
    CONFIG,
    DOMAIN,
    FLOWS,
    Realm,
    Service,
    bot_body,
    encoded,
    training_body,
    wait_until,
)

ROOT = Path(__file__).resolve().parents[2]
OPEN_SOURCE = ROOT / ".venv-rasa-oss" / "bin" / "python"
PRO = os.environ.get("MODEL_SERVICE_RASA_PRO", "")
FOLDERS = {"nlu": "data/", "stories": "data/", "rules": "data/"}
CLASSIC = {
    "config": """
recipe: default.v1
assistant_id: classic
language: en
pipeline:
- {name: WhitespaceTokenizer}
- {name: CountVectorsFeaturizer}
- {name: DIETClassifier, epochs: 20}
policies:
- {name: MemoizationPolicy}
- {name: RulePolicy}
""",
    "domain": """
version: '3.1'
intents: [greet, bye]
responses:
  utter_greet: [{text: "Hey! How are you?"}]
  utter_bye: [{text: Bye}]
""",
    "nlu": """
version: '3.1'
nlu:
- intent: greet
  examples: |
    - hello
    - hi
- intent: bye
  examples: |
    - bye
    - see you
""",
    "rules": """
version: '3.1'
rules:
- rule: greet
  steps: [{intent: greet}, {action: utter_greet}]
- rule: part
  steps: [{intent: bye}, {action: utter_bye}]
""",
}
BROKEN_CONFIG = "recipe: default.v1\nlanguage: en\nassistant_id: a\npipeline:\n- name: NoSuchOne\n"
BROKEN_FLOWS = "flows:\n  a:\n    description: a\n    steps:\n    - link: nowhere\n"


@dataclass(frozen=True)
class Case:
    """A runtime with an assistant for it: what to say, what it answers, how it can be broken."""

    runtime: str
    texts: dict[str, str]
    says: str
    answers: str
    broken: dict[str, str]
    reason: str
    variables: dict[str, str] = field(default_factory=dict)
    caches: bool = True


def case_of(runtime: str) -> Case:
    if runtime == "calm":
        texts = {"domain": DOMAIN, "flows": FLOWS, "config": CONFIG}
        return Case(
            runtime, texts, "order tea", "Which tea?",
            {**texts, "flows": BROKEN_FLOWS}, "nowhere", caches=False,
        )  # fmt: skip
    if runtime == "rasa-open-source":
        if not OPEN_SOURCE.exists():
            pytest.skip("Rasa Open Source is not installed: make rasa-oss")
        texts = initial_project()
        variables: dict[str, str] = {}
    else:
        if not PRO or not os.environ.get("RASA_LICENSE"):
            pytest.skip("Rasa Pro needs MODEL_SERVICE_RASA_PRO and RASA_LICENSE")
        texts = CLASSIC
        variables = {"MODEL_SERVICE_RASA_OPEN_SOURCE": "none"}
    broken = {**texts, "config": BROKEN_CONFIG}
    return Case(
        runtime, texts, "hello", "Hey! How are you?", broken, "NoSuchOne", variables=variables
    )


def initial_project() -> dict[str, str]:
    """What `rasa init` would write."""
    [folder] = (OPEN_SOURCE.parent.parent / "lib").glob(
        "python3*/site-packages/rasa/cli/initial_project"
    )
    names = ("config", "domain", "endpoints", "nlu", "stories", "rules")
    return {name: (folder / f"{FOLDERS.get(name, '')}{name}.yml").read_text() for name in names}


pytestmark = [pytest.mark.xdist_group("runtimes"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module", params=["calm", "rasa-open-source", "rasa-pro"])
def case(request: pytest.FixtureRequest) -> Case:
    return case_of(request.param)


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, realm: Realm, case: Case
) -> Iterator[Service]:
    service = Service(
        tmp_path_factory.mktemp(case.runtime),
        realm,
        MODEL_SERVICE_STOP_MS="10000",
        MODEL_SERVICE_READY_MS="600000",
        **case.variables,
    )
    yield service
    service.stop()


@dataclass
class Trained:
    state: dict[str, Any]
    seconds: float


def train(service: Service, training_id: str, texts: dict[str, str]) -> Trained:
    began = time.monotonic()
    begin(service, training_id, texts)
    return Trained(ended(service, training_id, 800), time.monotonic() - began)


def begin(service: Service, training_id: str, texts: dict[str, str], **changes: str) -> str:
    """Returns the name of the model to be."""
    data = {name: encoded(text) for name, text in texts.items()}
    body = {**training_body(training_id), "bot_config": {"data": data}, **changes}
    answer = service.http.post("/training", json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["model_name"])


def ended(service: Service, training_id: str, seconds: float) -> dict[str, Any]:
    def state_at_the_end() -> dict[str, Any] | None:
        state: dict[str, Any] = service.http.get(f"/training/{training_id}").json()
        return state if state["status"] != "running" else None

    state: dict[str, Any] = wait_until(state_at_the_end, seconds)
    return state


@pytest.fixture(scope="module")
def trained(running: Service, case: Case) -> Trained:
    return train(running, "t-1", case.texts)


def run(service: Service, case: Case, deployment_id: str, model_name: str) -> dict[str, Any]:
    config = {**bot_body(deployment_id, model_name)["bot_config"]}
    texts = {name: case.texts[name] for name in ("config", "endpoints") if name in case.texts}
    body = {
        "deployment_id": deployment_id,
        "model_name": model_name,
        "bot_config": {**config, **{name: encoded(text) for name, text in texts.items()}},
    }
    answer = service.http.post("/bot", json=body)
    assert answer.json()["status"] == "queued", answer.text
    state: dict[str, Any] = wait_until(
        lambda: found if (found := service.bot(deployment_id))["status"] != "queued" else None,
        700,
    )
    return state


def test_training_ends_with_a_model_of_this_runtime(
    running: Service, case: Case, trained: Trained
) -> None:
    state = trained.state
    assert (state["status"], state["progress"]) == ("done", 100), state["logs"][-2000:]
    assert state["runtime"] == case.runtime
    assert state["logs"]
    size = running.http.head(f"/models/{state['model_name']}").headers["Content-Length"]
    assert int(size) == len(running.http.get(f"/models/{state['model_name']}").content) > 0
    assert not (running.directory / "trainings" / "t-1").exists()


def test_second_training_is_faster_by_the_cache(
    running: Service, case: Case, trained: Trained
) -> None:
    second = train(running, "t-2", case.texts)
    assert second.state["status"] == "done"
    if case.caches:  # ours takes a tenth of a second the first time
        assert second.seconds < trained.seconds * 0.7


async def test_conversation_its_tracker_and_the_return_to_it(
    running: Service, case: Case, trained: Trained, realm: Realm
) -> None:
    state = run(running, case, "d-1", trained.state["model_name"])
    assert (state["status"], state["runtime"]) == ("running", case.runtime), state["logs"][-2000:]
    [bot] = running.http.get("/").json()["bots"]
    loaded = httpx2.get(f"{bot['internal_url']}/status").json()
    assert loaded["model_id"] == trained.state["model_id"]
    async with aiohttp.ClientSession() as http:
        session = await talk(http, running, realm, case)
        async with http.ws_connect(f"{running.url}/talk/d-1") as back:
            token = realm.token("Developer")
            await back.send_json({"type": "authenticate", "token": token, "session_id": session})
            confirmed = await back.receive_json(timeout=20)
            assert (confirmed["session_id"], confirmed["known"]) == (session, True)
            assert said(await next_of(back, "tracker")) == [case.says]
    answer = running.http.delete("/bot/d-1").json()
    assert answer["status"] == "stopped"
    assert not list(marked(str(running.directory / "bots" / "d-1")))


async def talk(http: aiohttp.ClientSession, service: Service, realm: Realm, case: Case) -> str:
    async with http.ws_connect(f"{service.url}/talk/d-1") as socket:
        await socket.send_json({"type": "authenticate", "token": realm.token("Developer")})
        confirmed = await socket.receive_json(timeout=20)
        assert (confirmed["type"], confirmed["known"]) == ("session_confirm", False)
        await socket.send_json({"type": "user_message", "text": case.says})
        assert (await next_of(socket, "bot_message"))["text"] == case.answers
        while said(await next_of(socket, "tracker")) != [case.says]:
            pass
        return str(confirmed["session_id"])


async def next_of(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = await socket.receive_json(timeout=90)
        assert frame["type"] != "error", frame
        if frame["type"] == kind:
            return frame


def said(tracker: dict[str, Any]) -> list[str]:
    """What the user has said."""
    events = [each for each in tracker["events"] if each["event"] == "user"]
    return [each["text"] for each in events if not str(each["text"]).startswith("/")]


def test_killed_bot_is_told_within_a_second_and_its_model_runs_again(
    running: Service, case: Case, trained: Trained
) -> None:
    model = trained.state["model_name"]
    assert run(running, case, "d-2", model)["status"] == "running"
    for process in marked(str(running.directory / "bots" / "d-2")):
        process.kill()
    wait_until(lambda: running.bot("d-2")["status"] == "stopped", 1)
    assert running.bot("d-2")["returncode"] == -9
    again = bot_body("d-2", model)
    assert running.http.post("/bot", json=again).status_code == 409
    assert run(running, case, "d-3", model)["status"] == "running"
    running.http.delete("/bot/d-3")


def test_training_that_is_stopped_or_killed_leaves_nothing(running: Service, case: Case) -> None:
    for training_id, status in (("t-stop", "stopped"), ("t-kill", "error")):
        # Without a cache, so that it takes its time.
        model = begin(running, training_id, case.texts, assistant_id=training_id)
        if status == "stopped":
            running.http.delete(f"/training/{training_id}")
        else:
            for process in marked(str(running.directory / "trainings" / training_id)):
                process.kill()
        told = ended(running, training_id, 3)
        assert told["status"] == status
        assert (told["error"] is None) is (status == "stopped")
        assert running.http.head(f"/models/{model}").status_code == 404
        assert not (running.directory / "trainings" / training_id).exists()
        assert not list(marked(str(running.directory / "trainings" / training_id)))


def test_what_the_runtime_says_against_a_project_is_the_reason(
    running: Service, case: Case
) -> None:
    state = train(running, "t-broken", case.broken).state
    assert state["status"] == "error"
    assert case.reason in state["error"]


def test_refusals(running: Service, trained: Trained) -> None:
    assert running.http.post("/training", json=training_body("t-1")).status_code == 409
    unknown = running.http.post("/bot", json=bot_body("d-x", "20200101-000000-no-model"))
    assert (unknown.status_code, "could not be found" in unknown.text) == (404, True)
    assert running.http.get("/bot/d-x").status_code == 404
    assert running.http.get("/training/nothing").status_code == 404


def test_orderly_stop_ends_every_child(running: Service, case: Case, trained: Trained) -> None:
    assert run(running, case, "d-last", trained.state["model_name"])["status"] == "running"
    running.stop()
    left = [
        each for each in marked(str(running.directory)) if each.status() != psutil.STATUS_ZOMBIE
    ]
    assert left == []
    running.start()
    assert running.bot("d-last")["status"] == "stopped"
