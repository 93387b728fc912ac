"""Our own CALM runtime."""

import sys
from pathlib import Path

from modelservice import settings
from modelservice.service.runtimes.rasa import channels_of, with_chat_channel

# In a bot's directory: how its actions are run.
ACTIONS_FILE = ".actions.json"
# In the directory of a single action.
SLOTS_FILE = ".slots.json"
RESULT_FILE = ".result.json"
_ERROR = "error:"


class CalmRuntime:
    name = "calm"
    ready_path = "/license"
    socket_path = "/socket.io"
    sends_tracker = True
    python = (sys.executable,)
    _command = (*python, "-m", "modelservice.calm")

    def problem(self) -> None:
        """It needs nothing that is not here."""

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
            "--actions", str(directory / ACTIONS_FILE),
        ]  # fmt: skip

    def test_arguments(self, directory: Path, path: str, model: Path, result: Path) -> list[str]:
        return [
            *self._command, "test", "e2e", f"./{path}",
            "--endpoints", str(directory / "endpoints.yml"),
            "--model", str(model),
            "--actions", str(directory / ACTIONS_FILE),
            "--json", str(result),
        ]  # fmt: skip

    def action_arguments(self, directory: Path, name: str, seconds: float) -> list[str]:
        """What it did is written to `RESULT_FILE`; its slots are in `SLOTS_FILE`."""
        return [
            *self._command, "action", name,
            "--domain", str(directory / "domain.yml"),
            "--config", str(directory / "config.yml"),
            "--endpoints", str(directory / "endpoints.yml"),
            "--actions", str(directory / ACTIONS_FILE),
            "--slots", str(directory / SLOTS_FILE),
            "--seconds", str(seconds),
            "--json", str(directory / RESULT_FILE),
        ]  # fmt: skip

    def variables(self) -> dict[str, str]:
        paths = {"PYTHONPATH": str(settings.CODE_DIRECTORY)}
        if settings.EMBEDDINGS == "none":
            return paths
        return {
            **paths,
            "CALM_EMBEDDINGS": str(settings.EMBEDDING_SOCKET),
            "CALM_EMBEDDINGS_DEADLINE_MS": str(settings.EMBEDDING_DEADLINE_MS),
        }

    def readable(self) -> list[Path]:
        return []

    def credentials(self, text: str) -> str:
        """The inspector's channel is elsewhere than the one that the bridge speaks to."""
        names = channels_of(text)
        if "inspector" in names and not names & {"studio_chat", "socketio"}:
            return with_chat_channel(text, "studio_chat")
        return text

    def error(self, log: str) -> str | None:
        """Its last line that begins with `error:` says it all."""
        lines = [line for line in log.splitlines() if line.startswith(_ERROR)]
        return lines[-1].removeprefix(_ERROR).strip() if lines else None
