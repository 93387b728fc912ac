"""Rasa Open Source itself, through the service: what `rasa init` makes, trained, run, talked to.

Installed by `make rasa-oss`; where that could not be done these tests report themselves as not run.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.modelservice.conftest import Realm, Service, encoded, training_body, wait_until

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-rasa-oss" / "bin" / "python"
FOLDERS = {"nlu": "data/", "stories": "data/", "rules": "data/"}
pytestmark = [
    pytest.mark.xdist_group("rasa"),
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        not PYTHON.exists(), reason="Rasa Open Source is not installed: make rasa-oss"
    ),
]


def initial_project() -> dict[str, str]:
    """What `rasa init` would write."""
    [folder] = (PYTHON.parent.parent / "lib").glob(
        "python3*/site-packages/rasa/cli/initial_project"
    )
    names = ("config", "domain", "endpoints", "nlu", "stories", "rules")
    return {name: (folder / f"{FOLDERS.get(name, '')}{name}.yml").read_text() for name in names}


@pytest.fixture(scope="module")
def rasa(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("rasa"), realm, MODEL_SERVICE_STOP_MS="10000")
    yield service
    service.stop()


def train(
    service: Service, training_id: str, texts: dict[str, str]
) -> tuple[dict[str, Any], float]:
    """Its state at the end, and how many seconds that took."""
    data = {name: encoded(text) for name, text in texts.items()}
    body = {**training_body(training_id), "bot_config": {"data": data}}
    began = time.monotonic()
    assert service.http.post("/training", json=body).status_code == 200

    def ended() -> dict[str, Any] | None:
        state: dict[str, Any] = service.http.get(f"/training/{training_id}").json()
        return state if state["status"] != "running" else None

    state: dict[str, Any] = wait_until(ended, 400)
    return state, time.monotonic() - began


async def test_project_of_rasa_init_is_trained_run_and_talked_to(
    rasa: Service, realm: Realm
) -> None:
    project = initial_project()
    state, first = train(rasa, "t-1", project)
    assert (state["status"], state["runtime"]) == ("done", "rasa-open-source"), state["logs"][
        -2000:
    ]
    _, second = train(rasa, "t-2", project)
    assert second < first * 0.7, "the cache of the first training makes the second faster"

    credentials = encoded("rest:\nstudio_chat:\n  user_message_evt: user_message\n")
    config = {name: encoded(project[name]) for name in ("config", "endpoints")}
    body = {
        "deployment_id": "d-1",
        "model_name": state["model_name"],
        "bot_config": {**config, "credentials": credentials},
    }
    assert rasa.http.post("/bot", json=body).status_code == 200
    bot = wait_until(
        lambda: found if (found := rasa.bot("d-1"))["status"] != "queued" else None, 180
    )
    assert (bot["status"], bot["runtime"]) == ("running", "rasa-open-source"), bot["logs"][-2000:]

    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{rasa.url}/talk/d-1") as socket,
    ):
        await socket.send_json({"type": "authenticate", "token": realm.token("Developer")})
        assert (await socket.receive_json(timeout=20))["type"] == "session_confirm"
        await socket.send_json({"type": "user_message", "text": "hello"})
        frame: dict[str, Any] = {}
        while frame.get("type") != "bot_message":
            frame = await socket.receive_json(timeout=60)
        assert frame["text"] == "Hey! How are you?"
        while frame["type"] != "tracker":
            frame = await socket.receive_json(timeout=20)
        assert "user" in {event["event"] for event in frame["events"]}


def test_what_rasa_says_against_a_project_is_the_reason(rasa: Service) -> None:
    project = initial_project()
    broken = {**project, "config": "recipe: default.v1\npipeline:\n- name: NoSuchComponent\n"}
    state, _ = train(rasa, "t-broken", broken)
    assert state["status"] == "error"
    assert "NoSuchComponent" in state["error"]
