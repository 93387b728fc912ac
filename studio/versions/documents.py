"""The documents that a trained assistant searches for answers: kept files of its project."""

import posixpath
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from modelservice.project.model import TextKind
from studio.assistants.models import Assistant, ProjectText

_POLICY = "EnterpriseSearchPolicy"
_DEFAULT_FOLDER = "docs"
_SUFFIXES = (".md", ".txt")
# The runtime reads no more of them.
_MAX_BYTES = 10_000_000


@dataclass(slots=True)
class Documents:
    """Texts by path, and the paths of what is no text or too much."""

    texts: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


def documents_of(assistant: Assistant) -> Documents:
    folder = document_folder(assistant)
    found = Documents()
    room = _MAX_BYTES
    files = assistant.kept_files.filter(path__startswith=folder).order_by("path")
    for path, size in files.values_list("path", "size"):
        if not path.lower().endswith(_SUFFIXES):
            continue
        text = _text(bytes(files.get(path=path).content)) if size <= room else None
        if text is None:
            found.left_out.append(path)
            continue
        found.texts[path] = text
        room -= size
    return found


def document_folder(assistant: Assistant) -> str:
    """The folder that config.yml names, with a slash at its end; empty for the whole project."""
    config = ProjectText.objects.filter(assistant=assistant, kind=TextKind.CONFIG).first()
    source = _named_folder(config.text) if config is not None else None
    folder = posixpath.normpath(source or _DEFAULT_FOLDER)
    return "" if folder == "." else f"{folder}/"


def _named_folder(config: str) -> str | None:
    try:
        policies = read_map(config, "config.yml").get("policies")
    except ProjectError:
        return None
    for policy in policies if isinstance(policies, list) else []:
        if isinstance(policy, dict) and str(policy.get("name")).endswith(_POLICY):
            store: Any = policy.get("vector_store")
            source = store.get("source") if isinstance(store, dict) else None
            return source if isinstance(source, str) else None
    return None


def _text(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None
