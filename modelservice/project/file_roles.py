"""What a file of a project is for. Where Rasa decides by content, so do we."""

from enum import Enum, auto

from modelservice.project.model import TextKind


class FileRole(Enum):
    SKIPPED = auto()
    TEXT = auto()
    PROMPT = auto()
    CONTENT = auto()
    MAYBE_CONTENT = auto()
    KEPT = auto()


_YAML = (".yml", ".yaml")
_PROMPT = (".jinja2", ".j2", ".jinja")
_GENERATED = {".rasa", "models", "__pycache__", ".git", ".venv"}
_CONTENT_FOLDERS = {"data", "domain"}
_KEPT_FOLDERS = {
    "tests": "tests; kept for export, not run here",
    "e2e_tests": "end-to-end tests; run on the page Tests",
    "actions": "code of custom actions; kept for export, your action server runs it",
    "docs": "documents for knowledge search; trained with the assistant",
}
_TEXTS = {f"{kind.value}{suffix}": kind for kind in TextKind for suffix in _YAML}


def role_of(path: str) -> FileRole:
    parts = path.split("/")
    folders = parts[:-1]
    if _GENERATED & set(folders) or path.endswith(".pyc"):
        return FileRole.SKIPPED
    if path in _TEXTS:
        return FileRole.TEXT
    if folders and folders[0] in _KEPT_FOLDERS:
        return FileRole.KEPT
    if path.endswith(_PROMPT):
        return FileRole.PROMPT
    if path.endswith(_YAML):
        is_content = not folders or folders[0] in _CONTENT_FOLDERS
        return FileRole.CONTENT if is_content else FileRole.MAYBE_CONTENT
    return FileRole.KEPT


def text_kind(path: str) -> TextKind:
    return _TEXTS[path]


def what_is(path: str) -> str:
    folder = path.split("/", 1)[0]
    return _KEPT_FOLDERS.get(folder, "other file; kept for export")
