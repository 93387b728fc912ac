"""What a runtime must be able to do, and our own CALM runtime."""

import sys
from pathlib import Path
from typing import Protocol

from modelservice import settings


class Runtime(Protocol):
    """Command lines of a program that trains, runs and tests assistants as `rasa` does.

    All run with the given directory as their working directory. `run` answers `GET /license` with
    200 once it can talk, and speaks Socket.IO at `/socket.io` on `port` of the loopback address.
    Starting twice in one directory is allowed after the first process has ended.
    """

    name: str

    def train_arguments(self, model_name: str, *, domain: str, output: Path) -> list[str]: ...

    def run_arguments(self, directory: Path, port: int) -> list[str]: ...

    def test_arguments(
        self, directory: Path, path: str, model: Path, result: Path
    ) -> list[str]: ...

    def variables(self) -> dict[str, str]:
        """What the child needs besides the allow-list."""
        ...


class CalmRuntime:
    name = "calm"
    _command = (sys.executable, "-m", "modelservice.calm")

    def train_arguments(self, model_name: str, *, domain: str, output: Path) -> list[str]:
        return [
            *self._command, "train",
            "--debug",
            "--data", "data",
            "--config", "config.yml",
            "--domain", domain,
            "--endpoints", "endpoints.yml",
            "--fixed-model-name", f"{model_name}.tar.gz",
            "--out", str(output),
        ]  # fmt: skip

    def run_arguments(self, directory: Path, port: int) -> list[str]:
        return [
            *self._command, "run",
            "--endpoints", str(directory / "endpoints.yml"),
            "--credentials", str(directory / "credentials.yml"),
            "--enable-api",
            "--port", str(port),
            "--model", str(directory / "models"),
        ]  # fmt: skip

    def test_arguments(self, directory: Path, path: str, model: Path, result: Path) -> list[str]:
        return [
            *self._command, "test", "e2e", f"./{path}",
            "--endpoints", str(directory / "endpoints.yml"),
            "--model", str(model),
            "--json", str(result),
        ]  # fmt: skip

    def variables(self) -> dict[str, str]:
        # The package may be used from a checkout without being installed.
        return {"PYTHONPATH": str(settings.ROOT)}
