"""The whole of Studio as `make up` starts it, on a free port, for measuring and for tests of what
only real processes show."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp
import httpx2
import psutil
import psycopg

from modelservice.service.ports import free_port
from tests.ingestion.events import lines

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "measure everything"
START_SECONDS = 240
_STOP_SECONDS = 30


class RunningStudio:
    """Context manager; `seconds_to_start` is from the command to an API that answers."""

    def __init__(
        self, directory: Path | None = None, command: list[str] | None = None, /, **variables: str
    ) -> None:
        self.directory = directory or Path(tempfile.mkdtemp(prefix="studio-"))
        self.command = command or [sys.executable, str(ROOT / "deploy/scripts/up.py")]
        self.directory.mkdir(parents=True, exist_ok=True)
        self.output = self.directory / "up.out"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # One for all calls without a token: each new client reads the machine's authorities first,
        # and that takes longer than an answer.
        self.http = httpx2.Client(base_url=self.url, timeout=20)
        self.variables = {
            "STUDIO_DATA_DIR": str(self.directory),
            "STUDIO_PORT": str(self.port),
            "STUDIO_ADMIN_PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            "STUDIO_RATE_LIMIT": "1000000000",  # counted, as in use, and never reached
            **variables,
        }

    def __enter__(self) -> Self:
        started = time.perf_counter()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **self.variables},
                stdout=output,
                start_new_session=True,
            )
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                self._stop()
                message = f"Studio did not start: {self.directory / 'logs'}"
                raise RuntimeError(message)
            time.sleep(0.02)
        self.seconds_to_start = time.perf_counter() - started
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=_STOP_SECONDS)
        self.http.close()

    def _answers(self) -> bool:
        try:
            return self.http.get("/api/health", timeout=2).is_success
        except httpx2.HTTPError:
            return False

    def token(self) -> str:
        answer = self.http.post(
            "/auth/realms/rasa-studio/protocol/openid-connect/token",
            data={
                "grant_type": "password",
                "client_id": "admin-cli",
                "username": "admin",
                "password": PASSWORD,
                "scope": "openid",
            },
        )
        return str(answer.json()["access_token"])

    def api(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=f"{self.url}/api/v1/",
            headers={"Authorization": f"Bearer {self.token()}"},
            timeout=60,
        )

    async def subscribed(
        self, session: aiohttp.ClientSession, assistant: str
    ) -> aiohttp.ClientWebSocketResponse:
        """The live messages of an assistant, or of all with `*`."""
        socket = await session.ws_connect(
            f"{self.url}/api/ws/", headers={"Origin": self.url}, max_msg_size=0
        )
        await socket.send_json({"type": "authenticate", "token": self.token()})
        await socket.send_json({"type": "subscribe", "assistant": assistant})
        for expected in ("authenticated", "subscribed"):
            answer: dict[str, Any] = await socket.receive_json()
            assert answer["type"] == expected
        return socket

    def write(self, events: list[dict[str, Any]]) -> None:
        """As a bot of this machine publishes events."""
        with (self.directory / "events" / "bot.jsonl").open("a") as file:
            file.write(lines(events))

    def part(self, word: str) -> psutil.Process:
        """The process of this Studio that has the word in its command line: `modelservice`,
        `-m studio`, `ingest`."""
        [found] = [
            each
            for each in psutil.Process(self.process.pid).children()
            if word in " ".join(each.cmdline())
        ]
        return found

    def resident_megabytes(self) -> float:
        family = psutil.Process(self.process.pid)
        processes = [family, *family.children(recursive=True)]
        return sum(each.memory_info().rss for each in processes) / 1024 / 1024

    def trained(self, api: httpx2.Client, assistant: str) -> tuple[dict[str, Any], float]:
        """Train all flows; the ready version, and seconds from the request to ready."""
        started = time.perf_counter()
        answer = api.post(f"assistants/{assistant}/versions/", json={"flows": None})
        if answer.status_code != 201:
            raise RuntimeError(answer.text)
        version = answer.json()
        while version["status"] not in {"ready", "failed"}:
            time.sleep(0.02)
            version = api.get(f"assistants/{assistant}/versions/{version['id']}/").json()
        if version["status"] == "failed":
            raise RuntimeError(version["error"])
        return version, time.perf_counter() - started


@contextmanager
def studio_alone(
    directory: Path, command: list[str] | None = None, /, **variables: str
) -> Iterator[RunningStudio]:
    """A running Studio with a database of its own, also where tests run on PostgreSQL."""
    with own_database() as own, RunningStudio(directory, command, **own, **variables) as running:
        yield running


@contextmanager
def own_database() -> Iterator[dict[str, str]]:
    """Variables of an empty one where tests run on PostgreSQL; elsewhere it is in the data."""
    if not os.environ.get("DB_HOST"):
        yield {}
        return
    name = f"studio_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(f"{dsn_of_server()} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DB_NAME": name}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def dsn_of_server() -> str:
    where = {"host": "DB_HOST", "port": "DB_PORT", "user": "DB_USER"}
    return " ".join(f"{word}={os.environ[variable]}" for word, variable in where.items())
