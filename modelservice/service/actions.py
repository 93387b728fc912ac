"""How the custom actions of a project are run: beside its assistant, in a sandbox of their own.

The assistant starts the process itself, at the first action, by a command that is written here for
it (`modelservice/calm/actions/process.py`). So it ends with the assistant, lives on with it when
this service is restarted, and runs in end-to-end tests as it does in a chat. The assistant's own
rules hold for it, since the kernel hands them on; the command lays narrower ones over them: of the
assistant's files it may touch its copy of the project alone, and it listens on no port.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from modelservice import settings
from modelservice.calm.actions.process import ProcessSettings
from modelservice.children import action_executor, launch
from modelservice.children.launch import Sandbox
from modelservice.project.action_endpoint import module_to_run
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.service.environments import Environments
from modelservice.service.errors import Failed
from modelservice.service.launching import BARE_DEVICES, KEYS, SYSTEM_FOLDERS, Launcher
from modelservice.service.runtimes.calm import ACTIONS_FILE
from modelservice.service.runtimes.rasa import program_folders
from modelservice.service.store import FILES_FOLDER

# A hidden name: what is hidden of a project is not copied into it.
COPY_FOLDER = ".actions"
_LAUNCH = Path(launch.__file__).resolve()
_EXECUTOR = Path(action_executor.__file__).resolve()
_INSTALLED = "name its package in the project's requirements.txt"
_NOT_INSTALLED = (
    "requirements.txt is not installed here; the operator installs the package beside rasa-sdk, or "
    "sets MODEL_SERVICE_INSTALL_REQUIREMENTS=true"
)


class ActionRuns:
    """Used from the event loop only."""

    def __init__(self, base: Path, launcher: Launcher) -> None:
        # Whether children can be kept from others' files here.
        self._confined = bool(launcher.landlock)
        self.environments = Environments(base, launcher)

    @property
    def problem(self) -> str | None:
        """Why no actions are run here; None if they are."""
        if settings.RUN_ACTIONS == "false":
            return "it is turned off by MODEL_SERVICE_RUN_ACTIONS"
        if settings.RUN_ACTIONS == "auto" and not self._confined:
            return (
                "this machine cannot confine it (no Landlock); MODEL_SERVICE_RUN_ACTIONS=true "
                "runs it all the same"
            )
        if settings.ACTIONS_PYTHON is None or not settings.ACTIONS_PYTHON.exists():
            return (
                "there is no Python with rasa-sdk: the operator runs `make actions`, or names one "
                "in MODEL_SERVICE_ACTIONS_PYTHON"
            )
        return None

    async def prepare(self, directory: Path) -> list[Path]:
        """Write how actions are run for the assistant in `directory`. The result is what else the
        assistant must be able to read.

        :raises OSError:
        """
        content: dict[str, object] = {"problem": self.problem}
        readable: list[Path] = []
        if self.problem is None and _wants_actions(directory):
            try:
                python = await self._python(directory)
                content = asdict(self._settings(directory, python))
                readable = program_folders(python)
            except Failed as failure:
                content = {"problem": str(failure)}
        (directory / ACTIONS_FILE).write_text(json.dumps(content), encoding="utf-8")
        return readable

    async def _python(self, directory: Path) -> Path:
        """
        :raises Failed:
        """
        python = settings.ACTIONS_PYTHON
        if python is None:
            raise Failed("there is no Python with rasa-sdk")
        if not settings.INSTALL_REQUIREMENTS:
            return python
        return await self.environments.python_for(_project_of(directory), python)

    def _settings(self, directory: Path, python: Path) -> ProcessSettings:
        sandbox = json.dumps(self._sandbox(directory / COPY_FOLDER, python))
        return ProcessSettings(
            command=[
                *_without_keys(),
                *(sys.executable, "-I", "-S", str(_LAUNCH), sandbox),
                *(str(python), "-I", "-u", "-X", "utf8", str(_EXECUTOR)),
            ],
            source=str(_project_of(directory)),
            directory=str(directory / COPY_FOLDER),
            seconds=settings.ACTION_SECONDS,
            megabytes=settings.ACTION_FILES_MB,
            remedy=_INSTALLED if settings.INSTALL_REQUIREMENTS else _NOT_INSTALLED,
        )

    def _sandbox(self, copy: Path, python: Path) -> Sandbox:
        programs = [*program_folders(python), _EXECUTOR]
        read = [*SYSTEM_FOLDERS, *map(str, programs)] if self._confined else None
        return Sandbox(
            memory_bytes=_lower(settings.ACTION_MEMORY_MB, settings.BOT_MEMORY_MB) * 1024 * 1024,
            cpu_seconds=0,
            # What the kernel stops at leaves room below what ends the process.
            file_bytes=_lower(settings.ACTION_FILES_MB, settings.CHILD_FILE_MB) * 1_000_000 // 2,
            nice=0,
            cgroup=None,
            read=read,
            write=[*BARE_DEVICES, str(copy)] if self._confined else None,
            listen=[],
            closed_ports=None,
        )


def _without_keys() -> list[str]:
    """The operator's keys are for the assistant's runtime, unless all children may have them."""
    return ["/usr/bin/env", *(f"-u{name}" for name in KEYS if name not in settings.CHILD_VARIABLES)]


def _lower(own: int, of_the_assistant: int) -> int:
    """Of two ceilings, where 0 is none: nobody can raise the assistant's for what it starts."""
    return min(filter(None, (own, of_the_assistant)), default=0)


def _project_of(directory: Path) -> Path:
    """The backend sends the project's own files apart from what the assistant is started with; in
    a zip they lie together."""
    files = directory / FILES_FOLDER
    return files if files.exists() else directory


def _wants_actions(directory: Path) -> bool:
    try:
        text = (directory / "endpoints.yml").read_text(encoding="utf-8")
        return module_to_run(read_map(text, "endpoints.yml")) is not None
    except (OSError, ProjectError, UnicodeDecodeError):
        return False
