"""The service keeps to its own description, whatever it is sent: no failure, no answer that is not
described. Schemathesis makes up the requests."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import yaml

from tests.modelservice.conftest import Service

ROOT = Path(__file__).resolve().parents[2]
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,unsupported_method"
)


def test_nothing_that_is_sent_breaks_it_or_is_answered_in_another_way(service: Service) -> None:
    before = {path.name for path in (service.directory / "models").iterdir()}
    done = subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "run",
            f"{service.url}/openapi.yaml", "--url", service.url,
            "--checks", CHECKS, "--max-examples", "40", "--seed", "7", "--no-color",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert before <= {path.name for path in (service.directory / "models").iterdir()}


def test_every_route_is_described(tmp_path: Path) -> None:
    script = "from modelservice import asgi, urls; print(*[r.pattern for r in urls.urlpatterns])"
    routes = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "modelservice.settings",
            "RASA_MODEL_SERVER_BASE_DIRECTORY": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split(" ")
    paths = yaml.safe_load((ROOT / "modelservice" / "openapi.yaml").read_text())["paths"]
    described = {path.lstrip("/").replace("{", "<str:").replace("}", ">") for path in paths}
    assert {route.strip() for route in routes} - described == {"openapi.yaml"}


def test_body_of_a_gigabyte_is_refused_while_it_arrives(service: Service) -> None:
    def flood() -> Iterator[bytes]:
        for _ in range(1100):
            yield b"x" * 1_000_000

    with contextlib.suppress(httpx2.NetworkError):  # closed on us, which is as good
        answer = httpx2.post(f"{service.url}/training", content=flood(), timeout=30)
        assert answer.status_code == 413
    assert service.process is not None
    assert psutil.Process(service.process.pid).memory_info().rss < 400_000_000
    address = service.url.removeprefix("http://").split(":")
    with socket.create_connection((address[0], int(address[1]))) as connection:
        connection.sendall(
            b"POST /training HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1100000000\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413 ")
    assert service.http.get("/").status_code == 200
