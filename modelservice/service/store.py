"""The working directory: the only state of the service (layout of Rasa's model service).

logs/<id>.txt  models/<name>.tar.gz  {trainings,bots,tests,actions}/<id>/
state/{trainings,bots,tests}/<id>.json  state/uploads/<name>.json
"""

import base64
import binascii
import json
import logging
import os
import re
import shutil
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from modelservice import settings
from modelservice.project.file_roles import can_be_sent
from modelservice.service.errors import Rejected
from modelservice.storage import PART_SUFFIX

log = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_MODEL_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}")
_DOCUMENT_SUFFIXES = (".md", ".txt")
_PROMPT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,100}")
# In a bot's directory: the project's own files, for its actions.
FILES_FOLDER = "files"
LOG_TAIL_BYTES = 2 * 1024 * 1024
# What is answered at once of a log that is read bit by bit.
LOG_PART_BYTES = 256 * 1024
KINDS = ("trainings", "bots", "tests", "actions")
UPLOADS = "uploads"


class Store:
    def __init__(self, base: Path) -> None:
        self.base = base
        self.models = base / "models"
        self.logs = base / "logs"
        self.make()

    def make(self) -> None:
        """Also for a directory that somebody has removed under us.

        :raises OSError:
        """
        for path in (self.models, self.logs):
            path.mkdir(parents=True, exist_ok=True)
        for kind in KINDS:
            (self.base / kind).mkdir(exist_ok=True)
            (self.base / "state" / kind).mkdir(parents=True, exist_ok=True)
        (self.base / "state" / UPLOADS).mkdir(exist_ok=True)

    def sweep(self, kind: str, known: Container[str]) -> None:
        """Remove directories that belong to no record."""
        for path in (self.base / kind).iterdir():
            if path.name not in known:
                shutil.rmtree(path, ignore_errors=True)
        for path in (self.base / "state" / kind).glob("*.draft"):
            path.unlink(missing_ok=True)

    def sweep_models(self) -> None:
        """Remove partly downloaded archives."""
        for path in self.models.glob(f".*{PART_SUFFIX}"):
            path.unlink(missing_ok=True)

    def log_file(self, log_id: str) -> Path:
        return self.logs / f"{log_id}.txt"

    def directory(self, kind: str, identifier: str) -> Path:
        return self.base / kind / identifier

    def model(self, name: str) -> Path:
        if not _MODEL_NAME.fullmatch(name):
            raise Rejected(404, "Model not found")
        return self.models / f"{name}.tar.gz"

    def require_disk(self) -> None:
        """
        :raises Rejected: 507
        """
        needed = settings.MIN_REQUIRED_DISCSPACE_MB
        place = self.base if self.base.exists() else self.base.parent
        if shutil.disk_usage(place).free < needed * 1024 * 1024:
            raise Rejected(507, f"Less than {needed} MB of disk space are free")

    def note_upload(self, model_name: str) -> None:
        self.save_state(UPLOADS, model_name, {"model_name": model_name})

    def drop_upload(self, model_name: str) -> None:
        self.drop_state(UPLOADS, model_name)

    def waiting_uploads(self) -> list[str]:
        return [state["model_name"] for state in self.states(UPLOADS)]

    def save_state(self, kind: str, identifier: str, state: Mapping[str, Any]) -> None:
        """Replace the record atomically; after a crash the old one is there."""
        path = self.base / "state" / kind / f"{identifier}.json"
        draft = path.with_name(f"{path.name}.draft")
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(state), encoding="utf-8")
        draft.replace(path)

    def drop_state(self, kind: str, identifier: str) -> None:
        (self.base / "state" / kind / f"{identifier}.json").unlink(missing_ok=True)

    def states(self, kind: str) -> Iterator[dict[str, Any]]:
        for path in sorted((self.base / "state" / kind).glob("*.json")):
            try:
                yield json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                log.exception("%s cannot be read; it is put aside", path)
                path.replace(path.with_suffix(".broken"))

    def log_part(self, log_id: str, offset: int) -> tuple[str, int, int]:
        """Whole lines of a log from byte `offset` on: the text, the byte where it begins, and the
        one to ask for next. A log that has been cut meanwhile is read from its beginning again."""
        try:
            with self.log_file(log_id).open("rb") as file:
                if offset > file.seek(0, os.SEEK_END):
                    offset = 0
                file.seek(offset)
                part = file.read(LOG_PART_BYTES)
        except OSError:
            return "", 0, 0
        lines = part[: part.rfind(b"\n") + 1]
        if not lines and len(part) == LOG_PART_BYTES:
            lines = part  # a line that is longer than a part
        return lines.decode("utf-8", "replace"), offset, offset + len(lines)

    def log_text(self, log_id: str) -> str:
        """The end of a log, at most two megabytes of it."""
        try:
            with self.log_file(log_id).open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - LOG_TAIL_BYTES))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""


def checked_id(value: object, name: str) -> str:
    """An id that can be a folder's name and cannot lead out of it."""
    if not isinstance(value, str) or not value:
        raise Rejected(400, f"{name} is required")
    if not _ID.fullmatch(value):
        raise Rejected(403, f"{name} may hold only letters, digits, '-' and '_'")
    return value


def write_parts(directory: Path, parts: Mapping[str, Any], places: Mapping[str, str]) -> None:
    """Write base64 `parts` to their `places`; absent ones become empty files, as Rasa has it."""
    for key, place in places.items():
        content = _decoded(key, parts.get(key, ""))
        _write(directory / place, content)
    prompts = parts.get("prompts") or {}
    if not isinstance(prompts, dict):
        raise Rejected(400, "prompts must be a map of names to texts")
    for name, text in prompts.items():
        file_name = name if str(name).endswith(".jinja2") else f"{name}.jinja2"
        if not _PROMPT_NAME.fullmatch(file_name) or not isinstance(text, str):
            raise Rejected(400, f"prompt {name!r} must be a plain name with a text")
        (directory / "prompts").mkdir(exist_ok=True)
        (directory / "prompts" / file_name).write_text(text, encoding="utf-8")
    templates = parts.get("templates") or {}
    write_texts(directory, templates, kind="prompt template", suffixes=("",))
    documents = parts.get("documents") or {}
    write_texts(directory, documents, kind="document", suffixes=_DOCUMENT_SUFFIXES)
    files = parts.get("files") or {}
    if not isinstance(files, dict):
        raise Rejected(400, "files must be a map of paths to base64 texts")
    for name, content in files.items():
        path = _place(directory / FILES_FOLDER, name)
        if path is None:
            raise Rejected(400, f"file {name!r} must be a path inside the project")
        _write(path, _decoded(f"file {name!r}", content))


def write_texts(directory: Path, texts: object, *, kind: str, suffixes: tuple[str, ...]) -> None:
    """Write texts by path; a path that leads out or is not of that kind is refused."""
    if not isinstance(texts, dict):
        raise Rejected(400, f"{kind}s must be a map of paths to texts")
    for name, text in texts.items():
        path = _place(directory, name)
        is_wanted = path is not None and path.name.lower().endswith(suffixes)
        if path is None or not is_wanted or not isinstance(text, str):
            raise Rejected(400, f"{kind} {name!r} must be a path to a text inside the project")
        _write(path, text.encode("utf-8", errors="replace"))


def _place(directory: Path, name: object) -> Path | None:
    """Where a file of that path goes; None if it leads out or has hidden parts."""
    return directory / str(name) if can_be_sent(str(name)) else None


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _decoded(key: str, value: object) -> bytes:
    if not isinstance(value, str):
        raise Rejected(400, f"{key} must be base64 text")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected(400, f"{key} is not valid base64") from None
