"""The zip variant of a training's data: a whole project (`model_service_api.md` §4.2)."""

import lzma
import re
import shutil
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import IO, Any

from modelservice.project.archive import (
    BROKEN,
    ArchiveLimits,
    check_directory,
    is_regular,
    stays_inside,
)
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.service.errors import Rejected

_LIMITS = ArchiveLimits(
    entries=10_000,
    file_bytes=500_000_000,
    total_bytes=500_000_000,
    directory_bytes=10 * 1024 * 1024,
)
_MAX_YAML_BYTES = 1_000_000
_PIECE_BYTES = 1024 * 1024
_SKIPPED = ".rasa"
# Of a project that is deployed.
_NAME = re.compile(r"\w[\w.-]*", re.ASCII)
_RESERVED = {"config", "credentials", "integrations", "endpoints"}
_NOT_DEPLOYED = ("__pycache__", "models", "tmp", ".*", "*.pyc")


def unpack(archive: Path, directory: Path) -> None:
    """Unpack a project. What leads out, links and `.rasa` are left out, as Rasa's service does.

    :raises Rejected: it is no zip, too large, or configured as no project here can be
    """
    try:
        with archive.open("rb") as stream:
            check_directory(stream, _LIMITS)
            with zipfile.ZipFile(stream) as project:
                _unpack(project, directory)
    except (*BROKEN, lzma.LZMAError, RuntimeError) as error:
        raise Rejected(400, f"The zip cannot be read: {error}") from None
    except ProjectError as error:
        raise Rejected(400, str(error)) from None
    _check_credentials(directory)
    if "models" in _map(directory / "endpoints.yml"):
        raise Rejected(400, "endpoints.yml must not have models: this service runs its own")


def check_names(directory: Path) -> None:
    """
    :raises Rejected: a file of the project has a name that a deployment cannot have
    """
    for path in deployed_files(directory):
        place = path.relative_to(directory)
        if not all(_NAME.fullmatch(part) for part in place.parts) or str(place) in _RESERVED:
            raise Rejected(400, f"{str(place)!r} is no name of a file that can be deployed")


def copy_project(source: Path, target: Path) -> None:
    """What a bot needs of a project: not its models, caches and hidden files.

    :raises OSError:
    """
    for path in deployed_files(source):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def deployed_files(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        if any(fnmatchcase(path.name, pattern) for pattern in _NOT_DEPLOYED) or path.is_symlink():
            continue
        if path.is_dir():
            yield from deployed_files(path)
        else:
            yield path


def _unpack(project: zipfile.ZipFile, directory: Path) -> None:
    entries = [entry for entry in project.infolist() if not entry.is_dir()]
    if sum(entry.file_size for entry in entries) > _LIMITS.total_bytes:
        raise _too_large()
    paths = [PurePosixPath(entry.filename) for entry in entries]
    tops = {path.parts[0] for path in paths if path.parts}
    wrapped = len(tops) == 1 and all(len(path.parts) > 1 for path in paths)
    room = _LIMITS.total_bytes
    for entry, whole in zip(entries, paths, strict=True):
        path = PurePosixPath(*whole.parts[1:]) if wrapped else whole
        if not _is_wanted(entry, path):
            continue
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with project.open(entry) as source, target.open("wb") as file:
            # The size in the entry's head is a claim; what is read is counted.
            room -= _copy(source, file, room)


def _is_wanted(entry: zipfile.ZipInfo, path: PurePosixPath) -> bool:
    plain = is_regular(entry) and stays_inside(entry.filename)
    return plain and bool(path.parts) and _SKIPPED not in path.parts


def _copy(source: IO[bytes], target: IO[bytes], room: int) -> int:
    copied = 0
    while data := source.read(_PIECE_BYTES):
        copied += len(data)
        if copied > room:
            raise _too_large()
        target.write(data)
    return copied


def _too_large() -> Rejected:
    return Rejected(400, f"The project has more than {_LIMITS.total_bytes // 1_000_000} MB")


def _check_credentials(directory: Path) -> None:
    integrations = _map(directory / "integrations.yml").get("channels")
    channel = integrations.get("inspector", ()) if isinstance(integrations, dict) else ()
    is_enabled = channel != () and not (
        isinstance(channel, dict) and channel.get("enabled") is False
    )
    if "inspector" not in _map(directory / "credentials.yml") and not is_enabled:
        raise Rejected(400, "The inspector channel is not configured in credentials.yml")


def _map(file: Path) -> dict[str, Any]:
    """What a YAML file of the project says at its top; `{}` of a missing one."""
    if not file.is_file():
        return {}
    if file.stat().st_size > _MAX_YAML_BYTES:
        raise Rejected(400, f"{file.name} is too long")
    try:
        return read_map(file.read_text(encoding="utf-8"), file.name)
    except ProjectError as error:
        raise Rejected(400, f"{file.name}, line {error.findings[0].line}: {error}") from None
    except UnicodeDecodeError as error:
        raise Rejected(400, f"{file.name}: {error}") from None
