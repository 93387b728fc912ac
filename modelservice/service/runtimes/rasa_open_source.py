"""Rasa Open Source 3.6: classic assistants, trained and run by Rasa itself.

It needs a Python (3.8 to 3.10) and libraries of its own: a virtual environment that
`make rasa-oss` installs and that MODEL_SERVICE_RASA_OPEN_SOURCE names.
"""

from pathlib import Path

from modelservice import settings
from modelservice.service.runtimes.rasa import last_error, program_folders, with_chat_channel

# Our channel by its class, as credentials.yml names those that Rasa does not have.
_CHAT_CHANNEL = "modelservice.children.studio_chat.StudioChat"


class RasaOpenSource:
    name = "rasa-open-source"
    # The server listens before the model is loaded; this is 409 until it is.
    ready_path = "/status"
    socket_path = "/socket.io"
    sends_tracker = False

    def __init__(self, executable: Path) -> None:
        """`executable` is the environment's Python."""
        self._executable = executable

    def problem(self) -> str | None:
        if self._executable.exists():
            return None
        return (
            f"Rasa Open Source is not at {self._executable}: run `make rasa-oss`, "
            "or set MODEL_SERVICE_RASA_OPEN_SOURCE."
        )

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
        return [
            *self._command, "run",
            "--endpoints", str(directory / "endpoints.yml"),
            "--credentials", str(directory / "credentials.yml"),
            "--debug",
            "--enable-api",
            "--interface", "127.0.0.1",
            "--port", str(port),
            "--model", str(directory / "models"),
        ]  # fmt: skip

    def variables(self) -> dict[str, str]:
        return {
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "MPLCONFIGDIR": "tmp",
            "PYTHONPATH": str(settings.CODE_DIRECTORY),
        }

    def readable(self) -> list[Path]:
        return program_folders(self._executable)

    def credentials(self, text: str) -> str:
        return with_chat_channel(text, _CHAT_CHANNEL)

    def error(self, log: str) -> str | None:
        return last_error(log)

    @property
    def _command(self) -> tuple[str, ...]:
        return (str(self._executable), "-m", "rasa")
