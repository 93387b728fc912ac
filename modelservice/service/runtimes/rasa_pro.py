"""Rasa Pro 3.11 and later, with the licence of its user (`license.md`, `model_service_api.md` §6).

Rasa itself checks the licence. Here a missing or refused one becomes a message of one sentence.
"""

import os
import re
import subprocess
from functools import cached_property
from pathlib import Path

from modelservice.service.runtimes.rasa import last_error, program_folders, with_chat_channel

_LICENCES = ("RASA_LICENSE", "RASA_PRO_LICENSE")
_MISSING = (
    "Rasa Pro needs a licence: set RASA_LICENSE in the environment of the model service "
    "and start it again."
)
_REFUSED = (
    "Rasa Pro refused its licence: check the value of RASA_LICENSE in the environment of the "
    "model service."
)
# Before 3.21 the chat speaks through `studio_chat` (3.11: `socketio`), from then on `inspector`.
_INSPECTOR_SINCE = (3, 21)
_STUDIO_CHAT_SINCE = (3, 12)
_VERSION_SECONDS = 120


class RasaPro:
    name = "rasa-pro"
    ready_path = "/license"

    def __init__(self, executable: Path) -> None:
        """`executable` is the environment's Python."""
        self._executable = executable

    def problem(self) -> str | None:
        if not self._executable.exists():
            return f"Rasa Pro is not at {self._executable}: check MODEL_SERVICE_RASA_PRO."
        if not any(os.environ.get(name) for name in _LICENCES):
            return _MISSING
        return None

    @cached_property
    def version(self) -> tuple[int, int]:
        """Asked once; takes seconds. (0, 0) when it does not say."""
        try:
            asked = subprocess.run(
                [*self._command, "--version"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_VERSION_SECONDS,
                check=False,
                env={"PATH": os.defpath, "RASA_TELEMETRY_ENABLED": "false"},
            )
        except (OSError, subprocess.TimeoutExpired):
            return (0, 0)
        found = re.search(r"Rasa(?: Pro)? Version\s*:\s*(\d+)\.(\d+)", asked.stdout)
        return (int(found[1]), int(found[2])) if found else (0, 0)

    @property
    def socket_path(self) -> str:
        return "/inspector.io" if self.version >= _INSPECTOR_SINCE else "/socket.io"

    @property
    def sends_tracker(self) -> bool:
        return self.version >= _STUDIO_CHAT_SINCE

    def train_arguments(self, model_name: str, *, domain: str, output: Path) -> list[str]:
        return [
            *self._command, "train",
            "--debug",
            "--data", "data",
            "--config", "config.yml",
            "--domain", domain,
            "--endpoints", "endpoints.yml",
            "--fixed-model-name", f"{model_name}.tar.gz",
            "--out", "models",
        ]  # fmt: skip

    def run_arguments(self, directory: Path, port: int) -> list[str]:
        endpoints, models = str(directory / "endpoints.yml"), str(directory / "models")
        if self.version >= _INSPECTOR_SINCE:
            return [
                *self._command, "run", "--endpoints", endpoints,
                "--debug", "--enable-api", f"--port={port}", "--model", models,
            ]  # fmt: skip
        return [
            *self._command, "run", "--endpoints", endpoints,
            "--credentials", str(directory / "credentials.yml"),
            "--debug", f"--port={port}", "--model", models,
        ]  # fmt: skip

    def variables(self) -> dict[str, str]:
        return {"RASA_TELEMETRY_ENABLED": "false"}

    def readable(self) -> list[Path]:
        return program_folders(self._executable)

    def credentials(self, text: str) -> str:
        if self.version >= _INSPECTOR_SINCE:
            return with_chat_channel(text, "inspector")
        return with_chat_channel(text, "studio_chat" if self.sends_tracker else "socketio")

    def error(self, log: str) -> str | None:
        if "license.not_found.error" in log or "A Rasa license is required" in log:
            return _MISSING
        if "license.validation.error" in log or "Failed to validate Rasa license" in log:
            return _REFUSED
        return last_error(log)

    @property
    def _command(self) -> tuple[str, ...]:
        return (str(self._executable), "-m", "rasa")
