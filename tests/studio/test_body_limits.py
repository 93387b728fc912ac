"""Bodies are refused before they are read: by a running Studio, over HTTP."""

import contextlib
import io
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from modelservice.service.ports import free_port
from tests.modelservice.conftest import wait_until
from tests.running_studio import ROOT, RunningStudio, studio_alone

MB = 1024 * 1024
IMPORT_MB = 3


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(
        tmp_path_factory.mktemp("studio"), STUDIO_IMPORT_MAX_BYTES=str(IMPORT_MB * MB)
    ) as running:
        yield running


def flood(megabytes: int) -> Iterator[bytes]:
    for _ in range(megabytes * 16):
        yield b"x" * (MB // 16)


class Memory:
    """The most that a process had, as seen now and then, above what it had at first."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._first = self._now()
        self.grown_mb = 0.0

    def _now(self) -> float:
        return float(self._process.memory_info().rss) / MB

    def look(self) -> None:
        self.grown_mb = max(self.grown_mb, self._now() - self._first)

    def while_sending(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.look()
            yield chunk


PATHS = ["assistants/", "assistants/import/", "no/such/address/", "users/"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("told", [True, False], ids=["with length", "chunked"])
@pytest.mark.parametrize("token", ["", "Bearer forged.by.somebody", "Basic YTpi"])
def test_80_mb_of_a_stranger_are_not_read(
    studio: RunningStudio, path: str, told: bool, token: str
) -> None:
    memory = Memory(studio.part("-m studio"))
    headers = {"Authorization": token} if token else {}
    if told:
        headers["Content-Length"] = str(80 * MB)
    answer = httpx2.post(
        f"{studio.url}/api/v1/{path}",
        content=memory.while_sending(flood(80)),
        headers=headers,
        timeout=30,
    )
    memory.look()
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated"
    assert memory.grown_mb < 20


def test_sign_in_takes_no_long_body(studio: RunningStudio) -> None:
    token = "/auth/realms/rasa-studio/protocol/openid-connect/token"
    for path in (token, "/anything", "/talk/x"):
        refused = httpx2.post(studio.url + path, content=flood(80), timeout=30)
        assert refused.status_code == 401


def test_a_known_person_is_told_how_much_is_taken(studio: RunningStudio) -> None:
    process = studio.part("-m studio")
    with studio.api() as api:
        api.get("me/")
        memory = Memory(process)
        for content, size in ((flood(80), 80 * MB), (flood(80), None)):
            headers = {"Content-Length": str(size)} if size else {}
            refused = api.post(
                "assistants/", content=memory.while_sending(content), headers=headers
            )
            assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
            assert "20 MB" in refused.json()["detail"]
        memory.look()
        # What comes before its length is known is on disk.
        assert memory.grown_mb < 25
        large = api.post("assistants/import/", files={"file": zip_of(IMPORT_MB + 1)})
        assert (large.status_code, large.json()["code"]) == (413, "too_large")
        fits = api.post(
            "assistants/import/", files={"file": zip_of(IMPORT_MB - 1)}, data={"name": "Fits"}
        )
        assert fits.status_code in {201, 400}, fits.text
        assert fits.json().get("code") != "too_large"
        assert api.post("assistants/", json={"name": "After all"}).status_code == 201


def zip_of(megabytes: int) -> bytes:
    """A project with one file of so much that does not get smaller."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("config.yml", "recipe: default.v1\nlanguage: en\n")
        archive.writestr("notes.txt", b"n" * megabytes * MB)
    return file.getvalue()


IMPATIENT = """
import modelservice.common.server, modelservice.common.body_limits as limits
limits.BODY_SECONDS = limits.HEAD_SECONDS = 1
from modelservice.__main__ import main
main()
"""


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[int]:
    """Port of a model service that waits a second for a head and for a body to begin."""
    port = free_port()
    variables = {
        "RASA_MODEL_SERVER_PORT": str(port),
        "RASA_MODEL_SERVER_BASE_DIRECTORY": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "modelservice.settings",
        "PATH": "/usr/bin:/bin",
    }
    process = subprocess.Popen([sys.executable, "-c", IMPATIENT], cwd=ROOT, env=variables)

    def answers() -> bool:
        with contextlib.suppress(httpx2.HTTPError):
            return httpx2.get(f"http://127.0.0.1:{port}/ready").is_success
        return False

    wait_until(answers)
    yield port
    process.terminate()
    process.wait(15)


HEAD = b"POST /defaults HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


def test_bodies_and_heads_that_dawdle_are_ended(impatient: int) -> None:
    with socket.create_connection(("127.0.0.1", impatient)) as body:
        body.sendall(HEAD + b"Content-Length: 1000\r\n\r\n{")
        assert received(body, b" ").startswith(b"HTTP/1.1 408 ")
    with socket.create_connection(("127.0.0.1", impatient)) as head:
        head.sendall(HEAD)
        assert received(head, b"X-More: 1\r\n") == b""
    slow = b'{"config": "", "endpoints": ""}'
    with socket.create_connection(("127.0.0.1", impatient)) as patient:
        patient.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(slow))
        for number in slow[:20]:
            patient.sendall(bytes([number]))
            time.sleep(0.02)  # it is slow, but in time
        patient.sendall(slow[20:])
        assert patient.recv(100).startswith(b"HTTP/1.1 200 ")


def received(connection: socket.socket, drip: bytes) -> bytes:
    """What comes back while a little is sent each tenth of a second, at most for ten."""
    connection.settimeout(0.1)
    for _ in range(100):
        try:
            return connection.recv(1000)
        except TimeoutError:
            with contextlib.suppress(OSError):
                connection.sendall(drip)
        except ConnectionError:
            return b""
    pytest.fail("nobody ended it")
