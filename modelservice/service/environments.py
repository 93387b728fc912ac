"""Python environments for the actions of projects whose requirements.txt asks for more.

Each has a folder named by what is in it, so that projects with the same wishes share one. It is
built aside by `uv`, in the sandbox of a child, of wheels alone: no code of a package runs before an
action imports it. `<base>/environments/<key>/venv`
"""

import asyncio
import hashlib
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from modelservice import settings
from modelservice.project.errors import ProjectError
from modelservice.project.requirements import read_requirements
from modelservice.service.errors import Failed
from modelservice.service.launching import Ceilings, Job, Launcher
from modelservice.service.processes import Child
from modelservice.service.runtimes.calm import ACTIONS_FILE
from modelservice.service.runtimes.rasa import program_folders

FILES = ("requirements.txt", "actions/requirements.txt")
_INSTALL_SECONDS = 300.0
_POLL_SECONDS = 0.05
_DRAFT = ".draft"
_KEY = re.compile(r"[0-9a-f]{32}")
_MAX_TEXT = 400
# What an operator tells uv, of an index of packages for one.
_PASSED_ON = "UV_"


class Environments:
    """Used from the event loop only."""

    def __init__(self, base: Path, launcher: Launcher) -> None:
        self._base = base / "environments"
        self._launcher = launcher
        self._building: dict[str, asyncio.Lock] = {}
        self.children: list[Child] = []

    def sweep(self) -> None:
        """Remove what an earlier life has left half made."""
        for draft in self._base.glob(f"*{_DRAFT}"):
            shutil.rmtree(draft, ignore_errors=True)

    def unused(self, assistants: Iterable[Path], before: float) -> list[Path]:
        """Environments that were last asked for before that time, and that no assistant has whose
        directory is given."""
        used = "".join(
            (directory / ACTIONS_FILE).read_text(encoding="utf-8")
            for directory in assistants
            if (directory / ACTIONS_FILE).exists()
        )
        found = (path for path in self._base.glob("*") if _KEY.fullmatch(path.name))
        return sorted(
            path for path in found if path.stat().st_mtime <= before and path.name not in used
        )

    async def python_for(self, project: Path, python: Path) -> Path:
        """The Python of a project: `python`, or one like it with what the project requires.

        :raises Failed: its requirements cannot be had; nothing of them is left then
        :raises OSError:
        """
        wanted = _requirements_of(project)
        if not wanted:
            return python
        sdk = _sdk_version(python)
        place = self._base / _key(python, sdk, wanted)
        key = place.name
        async with self._building.setdefault(key, asyncio.Lock()):
            if not place.exists():
                await self._build(place, python, [*wanted, f"rasa-sdk=={sdk}"])
            os.utime(place)
        return place / "venv" / "bin" / "python"

    async def _build(self, place: Path, python: Path, wanted: list[str]) -> None:
        draft = place.with_name(f"{place.name}{_DRAFT}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            (draft / "requirements.txt").write_text("\n".join(wanted) + "\n", encoding="utf-8")
            deadline = time.monotonic() + _INSTALL_SECONDS
            make = ("venv", "--relocatable", "--python", str(python), "venv")
            await self._uv(draft, python, deadline, *make)
            fill = ("--no-build", "--compile-bytecode", "--python", "venv/bin/python")
            await self._uv(
                draft, python, deadline, "pip", "install", *fill, "-r", "requirements.txt"
            )
            shutil.rmtree(draft / "tmp", ignore_errors=True)
            draft.rename(place)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    async def _uv(self, draft: Path, python: Path, deadline: float, *arguments: str) -> None:
        """
        :raises Failed:
        """
        log_file = draft / "install.log"
        cache = self._cache()
        told = {name: text for name, text in os.environ.items() if name.startswith(_PASSED_ON)}
        child = self._launcher.start(
            Job(
                [str(_uv_program()), "--quiet", "--color", "never", *arguments],
                directory=draft,
                log_file=log_file,
                ceilings=Ceilings(settings.TRAINING_MEMORY_MB, settings.TRAINING_CPUS),
                variables={**told, "UV_CACHE_DIR": str(cache), "UV_PYTHON_DOWNLOADS": "never"},
                readable=program_folders(python),
                writable=[cache],
            )
        )
        self.children.append(child)
        try:
            while child.alive:
                if time.monotonic() > deadline:
                    raise Failed(f"requirements.txt took longer than {_INSTALL_SECONDS:g} seconds")
                await asyncio.sleep(_POLL_SECONDS)
        finally:
            child.kill()
            self._launcher.forget(child)
            self.children.remove(child)
        if child.returncode != 0:
            raise Failed(f"requirements.txt cannot be installed: {_reason(log_file)}")

    def _cache(self) -> Path:
        cache = Path(os.environ.get("UV_CACHE_DIR") or self._base / "cache")
        cache.mkdir(parents=True, exist_ok=True)
        return cache


def _key(python: Path, sdk: str, wanted: list[str]) -> str:
    about = json.dumps([str(python.resolve()), sdk, sorted(wanted)])
    return hashlib.sha256(about.encode()).hexdigest()[:32]


def _sdk_version(python: Path) -> str:
    """
    :raises Failed:
    """
    found = sorted(python.parent.parent.glob("lib/python3*/site-packages/rasa_sdk-*.dist-info"))
    if not found:
        raise Failed(f"{python} has no rasa-sdk")
    return found[-1].name.removeprefix("rasa_sdk-").removesuffix(".dist-info")


def _requirements_of(project: Path) -> list[str]:
    """
    :raises Failed:
    """
    wanted: list[str] = []
    for name in FILES:
        try:
            wanted += read_requirements((project / name).read_text(encoding="utf-8"), name)
        except FileNotFoundError:
            continue
        except (UnicodeDecodeError, OSError) as error:
            raise Failed(f"{name} cannot be read: {error}") from error
        except ProjectError as error:
            finding = error.findings[0]
            raise Failed(f"{name}, line {finding.line}: {finding.message}") from error
    return wanted


def _uv_program() -> Path:
    """
    :raises Failed:
    """
    beside = Path(sys.prefix) / "bin" / "uv"
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise Failed("requirements.txt cannot be installed: the program uv is not here")
    return Path(found)


def _reason(log_file: Path) -> str:
    """What uv says, in one line."""
    text = log_file.read_text(encoding="utf-8", errors="replace")
    lines: Sequence[str] = [line.strip() for line in text.splitlines() if line.strip()]
    told = " ".join(line.removeprefix("error: ").removeprefix("cause: ") for line in lines)
    return told[:_MAX_TEXT] or "uv said nothing"
