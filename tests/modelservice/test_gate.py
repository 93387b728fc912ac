"""Who may command the model service, and what a hostile child of it can reach."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import psutil
import pytest

from modelservice.children import launch
from modelservice.service.ports import free_port
from modelservice.wire import SECRET_HEADER
from tests.modelservice.conftest import (
    Realm,
    Service,
    bot_body,
    encoded,
    training_body,
    wait_until,
)

SECRET = "a secret for tests"
COMMANDS = [
    ("GET", "/training"),
    ("POST", "/training"),
    ("GET", "/bot"),
    ("POST", "/bot"),
    ("GET", "/models"),
    ("POST", "/clean"),
    ("POST", "/defaults"),
    ("GET", "/metrics"),
    ("GET", "/project_template"),
    ("DELETE", "/projects/00000000-0000-0000-0000-000000000000"),
    ("GET", "/no-such-address"),
]
needs_network_rules = pytest.mark.skipif(
    launch.landlock_version() < launch.NETWORK_SINCE, reason="the kernel has no rules for ports"
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    made = Service(
        tmp_path_factory.mktemp("guarded"),
        realm,
        MODEL_SERVICE_SECRET=SECRET,
        MODEL_SERVICE_ALLOWED_HOSTS="127.0.0.1,models.internal",
        MODEL_SERVICE_WARM_CHILDREN="1",
    )
    yield made
    made.stop()


@pytest.fixture
def caller(guarded: Service) -> httpx2.Client:
    """The backend, as far as the service can tell."""
    guarded.http = httpx2.Client(base_url=guarded.url, timeout=20, headers={SECRET_HEADER: SECRET})
    return guarded.http


@pytest.mark.parametrize(("method", "path"), COMMANDS)
def test_commands_need_the_secret(
    guarded: Service, caller: httpx2.Client, method: str, path: str
) -> None:
    body: dict[str, Any] = {"dry_run": True, "config": "", "endpoints": ""}
    for headers in ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: "ä"}):
        raw = {name.encode(): value.encode() for name, value in headers.items()}
        refused = httpx2.request(method, guarded.url + path, json=body, headers=raw)
        assert refused.status_code == 401, refused.text
        assert "MODEL_SERVICE_SECRET" in refused.json()["message"]
    assert caller.request(method, path, json=body).status_code not in {401, 403}


def test_strangers_learn_that_it_lives_and_nothing_else(
    guarded: Service, caller: httpx2.Client
) -> None:
    for path in ("/", "/talk/health"):
        assert httpx2.get(guarded.url + path).json() == {"status": "ok"}
        assert {"bots", "trainings"} <= caller.get(path).json().keys()
    assert httpx2.get(f"{guarded.url}/ready").status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:8000"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "attacker.example"}, 400),
        ({"Host": "models.internal.attacker.example"}, 400),
        ({"Host": "localhost"}, 400),
        ({"Host": "models.internal"}, 200),
        ({"Host": "MODELS.internal:8000"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
def test_pages_and_foreign_names_are_refused_though_they_know_the_secret(
    caller: httpx2.Client, headers: dict[str, str], status: int
) -> None:
    assert caller.get("/models", headers=headers).status_code == status


@pytest.mark.parametrize("path", ["/training", "/bot", "/defaults", "/clean", "/test"])
@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "text/plain; application/json", ""]
)
def test_json_comes_as_json(caller: httpx2.Client, path: str, kind: str) -> None:
    """What a page may send without asking first is another type."""
    body = json.dumps({"config": "", "endpoints": "", "dry_run": True})
    refused = caller.post(path, content=body, headers={"Content-Type": kind})
    assert refused.status_code == 415


def test_without_a_secret_pages_are_refused_all_the_same(service: Service) -> None:
    assert service.http.get("/models").status_code == 200
    assert service.http.get("/models", headers={"Origin": "null"}).status_code == 403
    assert service.http.get("/models", headers={"Host": "attacker.example"}).status_code == 400


def test_the_secret_is_in_no_log_and_in_no_child(guarded: Service, caller: httpx2.Client) -> None:
    guarded.run("d-secret", guarded.train("t-secret")["model_name"])
    assert guarded.process is not None
    family = psutil.Process(guarded.process.pid).children(recursive=True)
    assert family
    for child in family:
        assert SECRET not in str(child.environ()), child.cmdline()
    logs = "".join(path.read_text() for path in (guarded.directory / "logs").iterdir())
    assert SECRET not in logs


def test_the_secret_cannot_be_handed_to_children(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "RASA_MODEL_SERVER_BASE_DIRECTORY": str(tmp_path),
        "MODEL_SERVICE_CHILD_VARIABLES": "MODEL_SERVICE_SECRET",
        "MODEL_SERVICE_SECRET": SECRET,
    }
    done = subprocess.run(
        [sys.executable, "-m", "modelservice"],
        env={**environment, "DJANGO_SETTINGS_MODULE": "modelservice.settings"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.returncode != 0
    assert "MODEL_SERVICE_CHILD_VARIABLES" in done.stderr
    assert SECRET not in done.stderr


# Stands where Rasa would, and tells what it can reach.
HOSTILE = """
import json, socket, sys, yaml
ports = yaml.safe_load(open('config.yml'))['ports']
def tried(port, listens):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            (probe.bind if listens else probe.connect)(('127.0.0.1', port))
        except OSError as error:
            return type(error).__name__
    return 'done'
print('FOUND ' + json.dumps({
    name: tried(port, name.startswith('listen')) for name, port in ports.items()
}), flush=True)
sys.exit(1)
"""
STORIES = "version: '3.1'\nstories:\n- story: a\n  steps:\n  - intent: greet\n  - action: utter_a\n"
BREW = """
flows:
  brew:
    description: brew tea
    steps:
      - action: action_brew
"""


@pytest.fixture(scope="module")
def service_of_hostile(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    """Its Rasa Open Source is the hostile program."""
    folder = tmp_path_factory.mktemp("hostile")
    program = folder / "bin" / "python"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{HOSTILE}")
    program.chmod(0o755)
    made = Service(folder / "data", realm, MODEL_SERVICE_RASA_OPEN_SOURCE=str(program))
    yield made
    made.stop()


def port_of(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


@needs_network_rules
def test_a_hostile_child_reaches_neither_the_service_nor_other_bots(
    service_of_hostile: Service,
) -> None:
    service = service_of_hostile
    service.run("d-victim", service.train("t-victim")["model_name"])
    [victim] = [
        each for each in service.http.get("/").json()["bots"] if each["status"] == "running"
    ]
    with socket.create_server(("127.0.0.1", 0)) as action_server:
        ports = {
            "victim": port_of(victim["internal_url"]),
            "service": port_of(service.url),
            "free port of bots": 19_999,
            "action server": action_server.getsockname()[1],
            "listen there": free_port(),
            "listen as a bot": free_port(numbers=range(19_000, 20_000)),
        }
        body = training_body("t-hostile")
        body["bot_config"]["data"] = {
            "config": encoded(json.dumps({"recipe": "default.v1", "ports": ports})),
            "stories": encoded(STORIES),
        }
        assert service.http.post("/training", json=body).status_code == 200
        logs = service.ended_training("t-hostile")["logs"]
    [line] = [line for line in logs.splitlines() if line.startswith("FOUND ")]
    assert json.loads(line.removeprefix("FOUND ")) == {
        "victim": "PermissionError",
        "service": "PermissionError",
        "free port of bots": "PermissionError",
        "action server": "done",
        "listen there": "PermissionError",
        "listen as a bot": "PermissionError",
    }


@needs_network_rules
@pytest.mark.parametrize("warm", ["0", "1"])
def test_actions_of_a_bot_are_called_but_not_at_ports_of_bots(
    tmp_path: Path, realm: Realm, warm: str
) -> None:
    service = Service(tmp_path, realm, MODEL_SERVICE_WARM_CHILDREN=warm)
    try:
        if warm == "1":
            wait_until(lambda: warm_for_a_while(service))
        model = service.train("t-1", flows=BREW)["model_name"]
        called = {
            name: action_is_called(service, model, name, free_port(numbers=numbers))
            for name, numbers in (("open", None), ("closed", range(19_000, 20_000)))
        }
        assert called == {"open": True, "closed": False}
    finally:
        service.stop()


def warm_for_a_while(service: Service) -> bool:
    """Younger ones are left to get warm."""
    assert service.process is not None
    waiting = psutil.Process(service.process.pid).children()
    return any(time.time() - each.create_time() > 1 for each in waiting)


def action_is_called(service: Service, model: str, deployment: str, port: int) -> bool:
    body = bot_body(deployment, model)
    endpoint = f"action_endpoint: {{url: 'http://127.0.0.1:{port}/webhook'}}\n"
    body["bot_config"]["endpoints"] = encoded(endpoint)
    with socket.create_server(("127.0.0.1", port)) as server:
        server.settimeout(0.5)
        assert service.http.post("/bot", json=body).status_code == 200
        wait_until(lambda: service.bot(deployment)["status"] == "running")
        bots = service.http.get("/").json()["bots"]
        [address] = [each["internal_url"] for each in bots if each["deployment_id"] == deployment]
        message = {"sender": "anna", "message": "brew tea"}
        called = threading.Event()
        threading.Thread(target=accepts, args=(server, called), daemon=True).start()
        with contextlib.suppress(httpx2.HTTPError):
            httpx2.post(f"{address}/webhooks/rest/webhook", json=message, timeout=8)
        return called.is_set()


def accepts(server: socket.socket, called: threading.Event) -> None:
    """Notes the first caller and hangs up."""
    with contextlib.suppress(OSError):
        while not called.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _address = server.accept()
                called.set()
                connection.close()
