"""Room: places for trainings and bots, the queue, eviction, disk, and what is told meanwhile."""

import asyncio
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import psutil
import pytest

from tests.modelservice.conftest import Realm, Service, bot_body, encoded, training_body, wait_until
from tests.small_disk import small_disk


def status(service: Service, training_id: str) -> str:
    found: str = service.http.get(f"/training/{training_id}").json()["status"]
    return found


@pytest.fixture
def slow_rasa(tmp_path: Path) -> Path:
    """Stands where Rasa Open Source would and takes its time; it never makes a model."""
    program = tmp_path / "bin" / "python"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nsleep 2\nexit 1\n")
    program.chmod(0o755)
    return program


def classic(training_id: str) -> dict[str, object]:
    body = training_body(training_id)
    stories = "stories:\n- story: a\n  steps:\n  - intent: greet\n  - action: utter_hello\n"
    body["bot_config"]["data"] = {
        "config": encoded("recipe: default.v1"),
        "stories": encoded(stories),
    }
    return body


def test_trainings_wait_in_line_where_there_is_one(
    tmp_path: Path, realm: Realm, slow_rasa: Path
) -> None:
    service = Service(
        tmp_path / "data",
        realm,
        MAX_PARALLEL_TRAININGS="1",
        TRAINING_QUEUE_SIZE="2",
        MODEL_SERVICE_RASA_OPEN_SOURCE=str(slow_rasa),
    )
    try:
        for number in (1, 2, 3):
            assert service.http.post("/training", json=classic(f"t-{number}")).status_code == 200
        refused = service.http.post("/training", json=classic("t-4"))
        assert (refused.status_code, "limit of 1" in refused.json()["message"]) == (429, True)
        states = [service.http.get(f"/training/t-{number}").json() for number in (1, 2, 3)]
        assert [state["status"] for state in states] == ["running", "queued", "queued"]
        assert [state.get("position") for state in states] == [None, 1, 2]
        service.kill()
        service.start()
        assert status(service, "t-3") == "queued", "what waits goes on waiting after a crash"
        assert service.http.delete("/training/t-2").status_code == 200
        assert status(service, "t-2") == "stopped"
        wait_until(lambda: status(service, "t-3") == "running")
        wait_until(lambda: status(service, "t-3") == "error")
        assert "exit code 1" in service.http.get("/training/t-3").json()["error"]
    finally:
        service.stop()


def test_longest_idle_bot_makes_room(tmp_path: Path, realm: Realm) -> None:
    service = Service(
        tmp_path, realm, MAX_PARALLEL_BOT_RUNS="2", MODEL_SERVICE_EVICT_IDLE_AFTER_MS="8000"
    )
    try:
        model = service.train("t")["model_name"]
        service.run("d-1", model)
        service.run("d-2", model)
        body = bot_body("d-3", model)
        refused = service.http.post("/bot", json=body)
        assert (refused.status_code, "limit of 2" in refused.json()["message"]) == (429, True)
        wait_until(lambda: service.http.post("/bot", json=body).status_code == 200, 20)
        evicted = service.bot("d-1")
        assert evicted["status"] == "stopped"
        assert evicted["error"] == "The assistant made room for another one."
        assert service.bot("d-2")["status"] == "running"
        wait_until(lambda: service.bot("d-3")["status"] == "running")
        metrics = service.http.get("/metrics").text
        assert 'modelservice_requests_refused_total{status="429"}' in metrics
        assert 'modelservice_bots{status="running"} 2.0' in metrics
        assert 'modelservice_bot_resident_bytes{deployment_id="d-3"}' in metrics
    finally:
        service.stop()


async def test_bot_with_an_open_chat_makes_no_room(tmp_path: Path, realm: Realm) -> None:
    service = Service(
        tmp_path, realm, MAX_PARALLEL_BOT_RUNS="1", MODEL_SERVICE_EVICT_IDLE_AFTER_MS="500"
    )
    try:
        model = service.train("t")["model_name"]
        service.run("d-1", model)
        body = bot_body("d-2", model)
        async with aiohttp.ClientSession() as http:
            async with http.ws_connect(f"{service.url}/talk/d-1") as socket:
                await socket.send_json({"type": "authenticate", "token": realm.token("Developer")})
                assert (await socket.receive_json(timeout=5))["type"] == "session_confirm"
                await asyncio.sleep(1.5)  # silent for longer than the bot may be idle
                assert service.http.post("/bot", json=body).status_code == 429
                assert service.bot("d-1")["status"] == "running"
            await asyncio.sleep(1.5)
        assert service.http.post("/bot", json=body).status_code == 200
        assert service.bot("d-1")["status"] == "stopped"
    finally:
        service.stop()


def test_idle_bot_falls_asleep_and_its_model_can_be_run_again(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm, MODEL_INACTIVE_AFTER_MS="1000")
    try:
        model = service.train("t")["model_name"]
        service.run("d-1", model)
        wait_until(lambda: service.bot("d-1")["status"] == "stopped", 10)
        service.run("d-2", model)
    finally:
        service.stop()


def test_warm_child_answers_sooner_and_is_an_ordinary_bot(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm, MODEL_SERVICE_WARM_CHILDREN="1")
    try:
        model = service.train("t")["model_name"]
        assert service.process is not None
        children = psutil.Process(service.process.pid).children
        [warm] = wait_until(children)
        wait_until(lambda: warm.memory_info().rss > 40_000_000)
        time.sleep(0.6)  # the service counts it as warm only then
        service.run("d-1", model)
        assert "warm" in " ".join(warm.cmdline()), "it is the same process"
        address = service.http.get("/").json()["bots"][0]["internal_url"]
        assert any(
            f":{connection.laddr.port}" in address for connection in warm.net_connections("tcp")
        )
        service.kill()
        service.start()
        assert service.bot("d-1")["status"] == "running", "it is adopted like any other"
        service.http.delete("/bot/d-1")
        wait_until(lambda: not warm.is_running())
    finally:
        service.stop()


@pytest.fixture
def disk() -> Iterator[Path]:
    with small_disk(8) as folder:
        yield folder


def test_full_disk_is_told_and_survived(disk: Path, realm: Realm) -> None:
    service = Service(disk / "data", realm, MIN_REQUIRED_DISCSPACE_MB="1")
    try:
        model = service.train("t-1")["model_name"]
        service.run("d-1", model)
        filler = disk / "filler"
        filler.write_bytes(b"")
        with filler.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        assert service.http.post("/training", json=training_body("t-2")).status_code == 507
        assert service.http.post("/bot", json=bot_body("d-2", model)).status_code == 507
        assert service.http.delete("/bot/d-1").json()["status"] == "stopped"
        assert service.bot("d-1")["status"] == "stopped", "true, though it cannot be written"
        filler.unlink()
        assert service.train("t-3")["status"] == "done"
        service.kill()
        service.start()
        assert service.bot("d-1")["status"] == "stopped", "and written when there was room"
    finally:
        service.stop()


def test_disk_that_fills_during_a_training_fails_it(disk: Path, realm: Realm) -> None:
    service = Service(disk / "data", realm, MIN_REQUIRED_DISCSPACE_MB="0")
    try:
        (disk / "filler").write_bytes(b"x" * 8_250_000)
        for number in range(40):
            answer = service.http.post("/training", json=training_body(f"t-{number}"))
            if answer.status_code == 200:
                state = service.ended_training(f"t-{number}")
                assert state["status"] in {"done", "error"}
                if state["status"] == "error":
                    break
            else:
                assert answer.status_code == 503, answer.text
                assert "space" in answer.json()["message"]
                break
        else:
            pytest.fail("the disk never became full")
        (disk / "filler").unlink()
        assert service.train("t-after")["status"] == "done"
    finally:
        service.stop()


def test_working_directory_that_is_removed_is_made_again(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path / "data", realm)
    try:
        service.run("d-1", service.train("t-1")["model_name"])
        subprocess.run(["rm", "-rf", str(tmp_path / "data")], check=True)
        assert service.http.get("/ready").status_code in {200, 503}
        wait_until(lambda: service.bot("d-1")["status"] in {"running", "stopped"}, 1)
        gone = service.http.post("/bot", json=bot_body("d-2", "no-such-model"))
        assert gone.status_code == 404
        assert service.train("t-2")["status"] == "done"
    finally:
        service.stop()


@pytest.fixture
def process_limit() -> Iterator[Path]:
    """A control group of its own, whose number of processes and threads can be limited."""
    parents = [Path("/sys/fs/cgroup/pids"), Path("/sys/fs/cgroup")]
    groups = [parent / f"studio-test-{os.getpid()}" for parent in parents if parent.exists()]
    made = next((group for group in groups if _is_limit(group)), None)
    if made is None:
        pytest.skip("no control group with a limit of processes can be made here")
    yield made
    wait_until(lambda: not (made / "cgroup.procs").read_text(), 10)
    made.rmdir()


def _is_limit(group: Path) -> bool:
    try:
        group.mkdir()
    except OSError:
        return False
    if not (group / "pids.max").exists():
        group.rmdir()
        return False
    return True


def test_no_process_to_be_had_is_told(tmp_path: Path, realm: Realm, process_limit: Path) -> None:
    service = Service(tmp_path, realm)
    try:
        model = service.train("t-1")["model_name"]
        assert service.process is not None
        (process_limit / "cgroup.procs").write_text(str(service.process.pid))
        current = int((process_limit / "pids.current").read_text())
        (process_limit / "pids.max").write_text(str(current))
        for path, body in (
            ("/training", training_body("t-2")),
            ("/bot", bot_body("d-1", model)),
        ):
            answer = service.http.post(path, json=body)
            assert answer.status_code in {200, 503}, answer.text
        wait_until(lambda: service.http.get("/training/t-2").json().get("status") != "running", 2)
        wait_until(lambda: service.http.get("/bot/d-1").json().get("status") != "queued", 2)
        (process_limit / "pids.max").write_text("max")
        service.run("d-2", model)
        assert service.train("t-3")["status"] == "done"
    finally:
        service.stop()
