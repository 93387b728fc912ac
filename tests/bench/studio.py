"""A Studio of its own for measuring: `make up` in a temporary data folder on a free port."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2
import psutil

from modelservice.service.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 240


class RunningStudio:
    """Context manager; `seconds_to_start` is from the command to a page that answers."""

    def __init__(self, directory: Path | None = None, command: list[str] | None = None) -> None:
        self.directory = directory or Path(tempfile.mkdtemp(prefix="studio-bench-"))
        self.command = command or [sys.executable, str(ROOT / "deploy/scripts/up.py")]
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> "RunningStudio":
        variables = {
            "STUDIO_DATA_DIR": str(self.directory),
            "STUDIO_PORT": str(self.port),
            "STUDIO_ADMIN_PASSWORD": "measure everything",
        }
        started = time.perf_counter()
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        while not self._page_answers():
            if self.process.poll() is not None or time.perf_counter() - started > START_SECONDS:
                self.__exit__(None, None, None)
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
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(timeout=30)

    def _page_answers(self) -> bool:
        try:
            page = httpx2.get(f"{self.url}/", timeout=2)
            return page.status_code == 200 and httpx2.get(f"{self.url}/api/health").is_success
        except httpx2.HTTPError:
            return False

    def api(self) -> httpx2.Client:
        answer = httpx2.post(
            f"{self.url}/auth/realms/rasa-studio/protocol/openid-connect/token",
            data={
                "grant_type": "password",
                "client_id": "admin-cli",
                "username": "admin",
                "password": "measure everything",
                "scope": "openid",
            },
        )
        token = answer.json()["access_token"]
        return httpx2.Client(
            base_url=f"{self.url}/api/v1/",
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )

    def resident_megabytes(self) -> float:
        family = psutil.Process(self.process.pid)
        processes = [family, *family.children(recursive=True)]
        return sum(each.memory_info().rss for each in processes) / 1024 / 1024

    def trained(self, api: httpx2.Client, assistant: str) -> tuple[dict[str, Any], float]:
        """Train all flows; the ready version, and seconds from the request to ready."""
        started = time.perf_counter()
        version = api.post(f"assistants/{assistant}/versions/", json={"flows": None}).json()
        while version["status"] not in {"ready", "failed"}:
            time.sleep(0.02)
            version = api.get(f"assistants/{assistant}/versions/{version['id']}/").json()
        if version["status"] == "failed":
            raise RuntimeError(version["error"])
        return version, time.perf_counter() - started
