"""The log of a training that goes on: only what is new is fetched and stored."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from modelservice.wire import TrainingState
from studio.model_service import client as model_service
from studio.versions.training_log import LogReader
from studio.versions.watching import watch_running
from tests.modelservice.conftest import Realm, Service, wait_until
from tests.studio.conftest import Import

MB = 1024 * 1024
# Stands where Rasa would: a megabyte of output, then a line now and then, then it fails.
TALKATIVE = """
import sys, time
for number in range(10_000):
    print(f'line {number} ' + 'ä' * 45)
for percent in range(1, 31):
    print(f'progress: {percent}% learn', flush=True)
    time.sleep(0.1)
print('error: no model today', flush=True)
sys.exit(1)
"""
FILES = {
    "config.yml": b"recipe: default.v1\nlanguage: en\n",
    "domain.yml": b"intents: [greet]\nresponses:\n  utter_a: [{text: A}]\n",
    "data/stories.yml": b"""\
version: '3.1'
stories:
- story: a
  steps:
  - intent: greet
  - action: utter_a
""",
}


@pytest.fixture
def talkative(tmp_path: Path, settings: Any, transactional_db: None) -> Iterator[Service]:
    program = tmp_path / "bin" / "python"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{TALKATIVE}")
    program.chmod(0o755)
    realm = Realm()
    made = Service(tmp_path / "data", realm, MODEL_SERVICE_RASA_OPEN_SOURCE=str(program))
    settings.MS_API_URL = made.url
    settings.EVENTS_DIR = tmp_path / "events"
    yield made
    made.stop()
    realm.server.shutdown()


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Length of each answer about a training."""
    sizes: list[int] = []
    ask = model_service.training_state

    def noted(*arguments: Any) -> TrainingState | None:
        state = ask(*arguments)
        sizes.append(0 if state is None else len(state.get("logs", "")))
        return state

    monkeypatch.setattr(model_service, "training_state", noted)
    return sizes


def test_watching_costs_what_is_new(
    api_client: APIClient, import_project: Import, talkative: Service, fetched: list[int]
) -> None:
    assistant = import_project(FILES, name="Classic")["assistant"]
    base = f"/api/v1/assistants/{assistant['id']}/versions/"
    version = api_client.post(base, {}, format="json").json()
    seen: list[int] = []
    with CaptureQueriesContext(connection) as queries:

        def ended() -> bool:
            running = watch_running()
            now = api_client.get(f"{base}{version['id']}/").json()
            seen.append(now["progress"])
            return not running

        wait_until(ended, 60)
        updates = [each["sql"] for each in queries if each["sql"].startswith("UPDATE")]
    looks = len(fetched)
    log = api_client.get(f"{base}{version['id']}/log/").content.decode()
    assert looks > 6
    assert max(seen) >= 20
    assert "line 0 " in log
    assert log.rstrip().endswith("error: no model today")
    # Each byte once while it grows, and once more at the end, however often was looked.
    assert sum(fetched) <= 2 * len(log)
    large = [sql for sql in updates if len(sql) > 50_000]
    assert len(large) == 1, "the log is stored once"


def test_the_page_gets_what_follows(
    api_client: APIClient, import_project: Import, talkative: Service
) -> None:
    assistant = import_project(FILES, name="Classic")["assistant"]
    base = f"/api/v1/assistants/{assistant['id']}/versions/"
    version = api_client.post(base, {}, format="json").json()
    url = f"{base}{version['id']}/log/"
    text, offset = "", 0
    while "progress: 5%" not in text:
        part = api_client.get(url, {"offset": offset})
        assert int(part["Log-From"]) == offset
        text += part.content.decode()
        offset = int(part["Log-Offset"])
        assert offset == len(text.encode())
    assert len(text) > MB // 2
    assert api_client.get(url).content.decode() == text[: len(api_client.get(url).content.decode())]
    wait_until(lambda: watch_running() == 0, 60)
    whole = api_client.get(url, {"offset": offset})
    assert whole["Log-From"] == "0"
    assert whole.content.decode().startswith(text)
    for bad in ("-1", "x", "1.5", "9" * 30, "٣"):
        assert api_client.get(url, {"offset": bad}).status_code == 400


def test_parts_of_a_log_that_was_cut_begin_anew(talkative: Service) -> None:
    http = talkative.http
    body = {"id": "t-1", "assistant_id": "a1", "client_id": "x", "bot_config": {"data": {}}}
    assert http.post("/training", json=body).status_code == 200
    talkative.ended_training("t-1")
    far = http.get("/training/t-1", params={"log_offset": 10**9}).json()
    assert far["log_from"] == 0
    assert far["log_offset"] > 0
    nothing = http.get("/training/t-1", params={"log_offset": far["log_offset"]}).json()
    assert (nothing["logs"], nothing["log_from"]) == ("", far["log_offset"])
    for bad in ("-1", "x", "", "1e3", "9" * 30):
        refused = http.get("/training/t-1", params={"log_offset": bad})
        assert refused.status_code == 400


def test_a_service_without_offsets_is_read_by_what_it_gives() -> None:
    reader = LogReader()
    state: Any = {"logs": "one\n"}
    assert reader.new_of("t", state) == "one\n"
    state["logs"] = "one\ntwo\n"
    assert reader.new_of("t", state) == "two\n"
    assert reader.new_of("t", state) == ""
    state["logs"] = "cut\n"
    assert reader.new_of("t", state) == "cut\n"
    reader.keep_only({"other"})
    assert reader.offset("t") == 0
