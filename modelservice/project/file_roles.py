"""What a file of a project is for. Where Rasa decides by content, so do we."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from modelservice.project.model import DATA_SECTIONS, PROJECT_SECTIONS, TextKind


class FileRole(Enum):
    SKIPPED = auto()
    TEXT = auto()
    PROMPT = auto()
    CONTENT = auto()
    MAYBE_CONTENT = auto()
    KEPT = auto()


YAML_SUFFIXES = (".yml", ".yaml")
_PROMPT = (".jinja2", ".j2", ".jinja")
_GENERATED = {".rasa", "models", "__pycache__", ".git", ".venv"}
_CONTENT_FOLDERS = {"data", "domain"}
_DOMAIN_FILES = {"domain.yml", "domain.yaml"}
_MANTLE_FILES = {"agent.yml", "agent.yaml"}
NO_MANTLE = (
    "This is a project of Rasa's Mantle engine (agent.yml and skills/), which is not run here; only"
    " CALM projects with flows are."
)
_TESTS = "end-to-end tests; run on the page Tests"
TEST_CASES = "test_cases"
_KEY_OF_TESTS = re.compile(rb"^(\xef\xbb\xbf)?(\{\s*)?[\"']?test_cases[\"']?\s*:", re.MULTILINE)
_KEPT_FOLDERS = {
    "tests": "tests; the end-to-end tests among them are run on the page Tests",
    "e2e_tests": _TESTS,
    "actions": "code of custom actions; runs beside the assistant, where endpoints.yml names it",
    "docs": "documents for knowledge search; trained with the assistant",
}
_SENT_PART = re.compile(r"(?!\.)[^/\\\x00]{1,200}")
_TEXTS = {f"{kind.value}{suffix}": kind for kind in TextKind for suffix in YAML_SUFFIXES}


_SAID_OF_FOLDERS = {
    **_KEPT_FOLDERS,
    "sub_agents": "an agent; this runtime does not run agents; kept for export",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where Rasa finds content: data/, and domain.yml or domain/. What is missing is looked for
    in other YAML files, which may be of other programs, too."""

    has_data: bool
    has_domain: bool

    def uses(self, sections: Iterable[str]) -> bool:
        """Whether a file that lies elsewhere is content, by its top-level keys."""
        found = set(sections)
        data, domain = found & DATA_SECTIONS, found & PROJECT_SECTIONS - DATA_SECTIONS
        return bool((data and not self.has_data) or (domain and not self.has_domain))


def layout_of(paths: Iterable[str]) -> Layout:
    yaml = [
        path for path in paths if path.endswith(YAML_SUFFIXES) and role_of(path) is FileRole.CONTENT
    ]
    return Layout(
        has_data=any(path.startswith("data/") for path in yaml),
        has_domain=any(not path.startswith("data/") for path in yaml),
    )


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
    if path.endswith(YAML_SUFFIXES):
        is_content = path in _DOMAIN_FILES or (folders and folders[0] in _CONTENT_FOLDERS)
        return FileRole.CONTENT if is_content else FileRole.MAYBE_CONTENT
    return FileRole.KEPT


def may_hold_tests(path: str, content: bytes) -> bool:
    """Whether a file is meant to hold end-to-end tests, which Rasa looks for in all of a project by
    their key. Other YAML need not be readable: it may be a template of something else."""
    is_read = path.endswith(YAML_SUFFIXES) and role_of(path) is not FileRole.SKIPPED
    return is_read and _KEY_OF_TESTS.search(content) is not None


def cases_in(value: Any) -> Any:
    """The test cases in the parsed YAML of a file, None where it is no test file."""
    return value.get(TEST_CASES) if isinstance(value, dict) else None


def can_be_sent(path: str) -> bool:
    """Whether a file of the project may lie in the folder of an assistant: nothing hidden, and
    nothing that leads out of it."""
    return all(_SENT_PART.fullmatch(part) for part in path.split("/"))


def is_code(path: str) -> bool:
    """Whether the model service may run what is in the file."""
    return path.endswith(".py")


def text_kind(path: str) -> TextKind:
    return _TEXTS[path]


def looks_like(sections: Mapping[str, Any]) -> str:
    """What is said of a file that could be content and lies where Rasa does not look."""
    names = ", ".join(sorted(set(sections) & PROJECT_SECTIONS))
    return f"looks like {names}, not used: Rasa reads data/ and the domain; kept for export"


def what_is(path: str, value: Any = None) -> str:
    """What is said of a file that is carried along; `value` is its YAML, where it was read."""
    if cases_in(value) is not None:
        return _TESTS
    folder = path.split("/", 1)[0]
    return _SAID_OF_FOLDERS.get(folder, "other file; kept for export")


def is_mantle(paths: Iterable[str]) -> bool:
    """Whether a project is of Rasa's Mantle engine: an agent with skills in the place of flows."""
    tops = {path.split("/", 1)[0] for path in paths}
    return "skills" in tops and bool(tops & _MANTLE_FILES)
