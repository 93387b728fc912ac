"""What a project needs of a runtime, and what a model says of its maker."""

import json
import re
import tarfile
import zlib
from pathlib import Path
from typing import Any

from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError

_MAX_BYTES = 20_000_000
_MAX_METADATA_BYTES = 5_000_000
# The content of our models, which began so before their metadata named the form.
_CONTENT = "model.json"
_BEGIN_BYTES = 64
_MOST_FORMATS = 10_000
_OLD_FORMAT = re.compile(rb'\{"format": ([1-9]\d{0,3}),')
# Rasa's ids, and ours, are 32 hexadecimal digits.
_MODEL_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_CLASSIC = ("stories", "rules")
# Rasa Open Source ended with 3.6; what came later is Rasa Pro.
_FIRST_PRO = (3, 7)


def has_flows(directory: Path) -> bool:
    return any(_section(file, "flows") for file in _data_files(directory))


def is_classic(directory: Path) -> bool:
    """Written for policies that learn from stories and rules: our runtime does not know these."""
    files = _data_files(directory)
    return any(_section(file, name) for file in files for name in _CLASSIC)


def maker_version(model: Path) -> tuple[int, int] | None:
    """The version of Rasa that made an archive; None for one of ours."""
    return _version(_metadata(model))


def model_id(model: Path) -> str | None:
    """What an archive calls itself, and its assistant's events name it by; None if it does not."""
    found = _metadata(model).get("model_id")
    return found if isinstance(found, str) and _MODEL_ID.fullmatch(found) else None


def model_format(model: Path) -> int | None:
    """Of an archive of our runtime; None for others, and for what cannot be read."""
    found = _metadata(model).get("format")
    if isinstance(found, int) and 0 < found < _MOST_FORMATS:
        return found
    try:
        with tarfile.open(model, "r:gz") as archive:
            file = archive.extractfile(_CONTENT)
            begins = _OLD_FORMAT.match(file.read(_BEGIN_BYTES)) if file else None
    except (OSError, EOFError, KeyError, tarfile.TarError, zlib.error):
        return None
    return int(begins[1]) if begins else None


def is_open_source(version: tuple[int, int]) -> bool:
    return version < _FIRST_PRO


def _metadata(model: Path) -> dict[str, Any]:
    """Of an archive; empty where it has none that can be read."""
    try:
        with tarfile.open(model, "r:gz") as archive:
            for member in archive:
                if member.name.removeprefix("./") == "metadata.json":
                    file = archive.extractfile(member)
                    if file is None or member.size > _MAX_METADATA_BYTES:
                        return {}
                    content = json.loads(file.read())
                    return content if isinstance(content, dict) else {}
    except (OSError, EOFError, ValueError, RecursionError, tarfile.TarError, zlib.error):
        return {}
    return {}


def _version(metadata: dict[str, Any]) -> tuple[int, int] | None:
    try:
        major, minor = str(metadata.get("rasa_open_source_version")).split(".")[:2]
        return int(major), int(minor)
    except ValueError:
        return None


def _data_files(directory: Path) -> list[Path]:
    found = [*(directory / "data").rglob("*.yml"), *(directory / "data").rglob("*.yaml")]
    return sorted(found)


def _section(file: Path, name: str) -> Any:
    try:
        if file.stat().st_size > _MAX_BYTES:
            return None
        return read_map(file.read_text(encoding="utf-8"), file.name).get(name)
    except (OSError, ProjectError, UnicodeDecodeError):
        return None  # the training will say what is wrong with it
