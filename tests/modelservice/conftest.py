"""A real model service in its own process, a realm to sign tokens, a small assistant."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from modelservice.service.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent

FLOWS = """
flows:
  order_tea:
    name: order tea
    description: order a cup of tea
    steps:
      - collect: kind
      - action: utter_done
  repeat_favourite:
    name: repeat my favourite
    description: repeat my favourite many times
    steps:
      - action: utter_favourite
  pattern_session_start:
    description: greet
    nlu_trigger: [{intent: session_start}]
    steps:
      - action: action_session_start
      - action: utter_hello
"""
DOMAIN = """
actions: [action_brew]
slots:
  kind: {type: text}
responses:
  utter_hello: [{text: Hello!}]
  utter_ask_kind: [{text: Which tea?, buttons: [{title: Green, payload: /SetSlots(kind=green)}]}]
  utter_done: [{text: "One {kind} tea."}]
  utter_favourite: [{text: "{kind}{kind}{kind}{kind}{kind}{kind}{kind}{kind}{kind}{kind}{kind}"}]
"""
CONFIG = "recipe: default.v1\nlanguage: en\nassistant_id: tea\n"
# A project's own Socket.IO channel stands beside the one that the bridge speaks to.
CREDENTIALS = """
rest:
socketio:
  user_message_evt: user_uttered
  bot_message_evt: bot_uttered
  session_persistence: true
studio_chat:
  user_message_evt: user_message
  bot_message_evt: bot_message
  session_persistence: true
"""


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def training_body(training_id: str, **changes: str) -> dict[str, Any]:
    texts = {"domain": DOMAIN, "flows": FLOWS, "config": CONFIG, "credentials": CREDENTIALS}
    data = {key: encoded(text) for key, text in {**texts, **changes}.items()}
    return {
        "id": training_id,
        "assistant_id": "a1",
        "client_id": "test",
        "bot_config": {"data": {**data, "endpoints": encoded("")}},
    }


def bot_body(deployment_id: str, model_name: str) -> dict[str, Any]:
    config = {"config": encoded(CONFIG), "credentials": encoded(CREDENTIALS)}
    return {
        "deployment_id": deployment_id,
        "model_name": model_name,
        "bot_config": {**config, "endpoints": encoded("")},
    }


def require_no_transaction() -> None:
    """PostgreSQL ends a session that is idle in its transaction for ten seconds, and on a machine
    that has other work any process takes so long now and then. A test that waits for one is marked
    `django_db(transaction=True)`. The bench has no Django, and no transactions."""
    from django.conf import settings
    from django.db import connections

    if not settings.configured:
        return

    waiting = [
        each.alias for each in connections.all(initialized_only=True) if each.in_atomic_block
    ]
    assert not waiting, "this test waits for a process inside a transaction"


def wait_until(check: Callable[[], Any], seconds: float = 20) -> Any:
    require_no_transaction()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := check():
            return found
        time.sleep(0.05)
    pytest.fail("waited in vain")


class Realm:
    """Keys behind an address, tokens that are signed with them, and word of which still hold."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
        self.revoked: set[str] = set()
        self.groups: list[str] | None = None
        self.away = False
        realm = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("/userinfo"):
                    token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                    self.answer(*realm.user_of(token))
                else:
                    self.answer(200, {"keys": [realm.key.as_dict(private=False)]})

            def answer(self, status: int, content: dict[str, Any]) -> None:
                body = json.dumps(content).encode()
                self.send_response(503 if realm.away else status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Quiet: the suite's output is for failures."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}/auth"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def user_of(self, token: str) -> tuple[int, dict[str, Any]]:
        """What the address `userinfo` answers."""
        try:
            claims = jwt.decode(token, self.key).claims
        except ValueError:
            return 401, {}
        if token in self.revoked:
            return 401, {}
        groups = claims["groups"] if self.groups is None else self.groups
        return 200, {"sub": claims["sub"], "groups": groups}

    def token(self, *groups: str, key: RSAKey | None = None, **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": f"{self.url}/realms/rasa-studio",
            "sub": "somebody",
            "aud": "account",
            "typ": "Bearer",
            "iat": now,
            "exp": now + 300,
            "groups": list(groups),
            **changes,
        }
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, key or self.key)


class Service:
    """`python -m modelservice` with settings of its own; `restart` keeps the working directory."""

    def __init__(self, directory: Path, realm: Realm, **variables: str) -> None:
        self.directory = directory
        self.variables = {
            "KEYCLOAK_URL": realm.url,
            "MODEL_SERVICE_STOP_MS": "2000",
            "MODEL_SERVICE_WARM_CHILDREN": "0",
            "MODEL_SERVICE_EMBEDDINGS": "none",
            # Those of one file after another.
            "MAX_PARALLEL_BOT_RUNS": "50",
            # It has rasa-sdk, as the one of `make actions`.
            "MODEL_SERVICE_ACTIONS_PYTHON": sys.executable,
            **variables,
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self.launch()
        wait_until(self._answers, 30)

    def launch(self) -> None:
        """Without waiting until it answers."""
        require_no_transaction()
        port = free_port()
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "modelservice.settings",
            "RASA_MODEL_SERVER_HOST": "127.0.0.1",
            "RASA_MODEL_SERVER_PORT": str(port),
            "RASA_MODEL_SERVER_BASE_DIRECTORY": str(self.directory),
            **self.variables,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "modelservice"], cwd=ROOT, env=environment
        )
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx2.Client(base_url=self.url, timeout=10)

    def _answers(self) -> bool:
        try:
            return self.http.get("/").status_code == 200
        except httpx2.HTTPError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> int:
        require_no_transaction()
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=15)

    def train(self, training_id: str, **changes: str) -> dict[str, Any]:
        """Start a training and wait for its end, whatever that is."""
        started = self.http.post("/training", json=training_body(training_id, **changes))
        assert started.status_code == 200, started.text
        return self.ended_training(training_id)

    def ended_training(self, training_id: str) -> dict[str, Any]:
        def ended() -> dict[str, Any] | None:
            state: dict[str, Any] = self.http.get(f"/training/{training_id}").json()
            return state if state["status"] != "running" else None

        found: dict[str, Any] = wait_until(ended)
        return found

    def run(self, deployment_id: str, model_name: str) -> None:
        started = self.http.post("/bot", json=bot_body(deployment_id, model_name))
        assert started.status_code == 200, started.text
        wait_until(lambda: self.bot(deployment_id)["status"] == "running")

    def bot(self, deployment_id: str) -> dict[str, Any]:
        state: dict[str, Any] = self.http.get(f"/bot/{deployment_id}").json()
        return state


@pytest.fixture(scope="module")
def realm() -> Iterator[Realm]:
    made = Realm()
    yield made
    made.server.shutdown()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("working data"), realm)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def model_name(service: Service) -> str:
    """The name of a model that the service has trained."""
    return str(service.train("a-model")["model_name"])


@pytest.fixture(scope="module")
def deployment(service: Service, model_name: str) -> str:
    """A bot that runs, for chats."""
    service.run("d-chat", model_name)
    return "d-chat"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    """A service that gives actions little."""
    made = Service(
        tmp_path_factory.mktemp("strict"),
        realm,
        MODEL_SERVICE_ACTION_MS="2000",
        MODEL_SERVICE_ACTION_FILES_MB="20",
        MODEL_SERVICE_ACTION_MEMORY_MB="500",
        OPENAI_API_KEY="key of the operator",
    )
    yield made
    made.stop()
