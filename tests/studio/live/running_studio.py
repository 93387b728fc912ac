"""The whole of Studio as `make up` starts it, for tests of what only real processes show."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
import httpx2

from modelservice.service.ports import free_port
from tests.ingestion.events import lines

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PASSWORD = "live as it comes"
_START_SECONDS = 60


class Studio:
    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.variables = {
            "STUDIO_DATA_DIR": str(folder),
            "STUDIO_PORT": str(self.port),
            "STUDIO_ADMIN_PASSWORD": PASSWORD,
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            **variables,
        }

    def __enter__(self) -> "Studio":
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "deploy/scripts/up.py")],
            cwd=ROOT,
            env={**os.environ, **self.variables},
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            assert self._process.poll() is None, f"Studio did not start: {self.folder}/logs"
            assert time.monotonic() < until, f"Studio does not answer: {self.folder}/logs"
            time.sleep(0.1)
        self.api = httpx2.Client(
            base_url=f"{self.url}/api/v1/",
            headers={"Authorization": f"Bearer {self.token()}"},
            timeout=30,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)

    def token(self) -> str:
        answer = httpx2.post(
            f"{self.url}/auth/realms/rasa-studio/protocol/openid-connect/token",
            data={
                "grant_type": "password",
                "client_id": "admin-cli",
                "username": "admin",
                "password": PASSWORD,
                "scope": "openid",
            },
        )
        return str(answer.json()["access_token"])

    def write(self, events: list[dict[str, Any]]) -> None:
        """As a bot of this machine publishes events."""
        with (self.folder / "events" / "bot.jsonl").open("a") as file:
            file.write(lines(events))

    async def subscribed(
        self, session: aiohttp.ClientSession, assistant: str
    ) -> aiohttp.ClientWebSocketResponse:
        socket = await session.ws_connect(
            f"{self.url}/api/ws/", headers={"Origin": self.url}, max_msg_size=0
        )
        await socket.send_json({"type": "authenticate", "token": self.token()})
        await socket.send_json({"type": "subscribe", "assistant": assistant})
        for expected in ("authenticated", "subscribed"):
            answer: dict[str, Any] = await socket.receive_json()
            assert answer["type"] == expected
        return socket

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/api/health").is_success
        except httpx2.HTTPError:
            return False
