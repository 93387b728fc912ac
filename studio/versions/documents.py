"""The documents that a trained assistant searches for answers: kept files of its project."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError
from studio.content.models import Blob

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


def documents_of(config: str, files: Mapping[str, int]) -> Documents:
    """Of the files of a project (path to id of the blob) that its config.yml names."""
    folder = document_folder(config)
    found = Documents()
    room = _MAX_BYTES
    for path, blob_id in sorted(files.items()):
        if not path.startswith(folder) or not path.lower().endswith(_SUFFIXES):
            continue
        content = bytes(Blob.objects.values_list("content", flat=True).get(pk=blob_id) or b"")
        text = _text(content) if len(content) <= room else None
        if text is None:
            found.left_out.append(path)
            continue
        found.texts[path] = text
        room -= len(content)
    return found


def document_folder(config: str) -> str:
    """The folder that config.yml names, with a slash at its end; empty for the whole project."""
    folder = posixpath.normpath(_named_folder(config) or _DEFAULT_FOLDER)
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
