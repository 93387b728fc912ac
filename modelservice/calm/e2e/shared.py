"""What test cases share: fixtures, metadata, stubs, and the settings of `conftest.yml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from modelservice.calm.actions.answers import read_answer
from modelservice.calm.content.yaml_text import load_yaml
from modelservice.calm.errors import ActionFailure, ProjectError
from modelservice.calm.training.source import read_text

_CONFTEST = ("conftest.yml", "conftest.yaml")
_CASE_SEPARATOR = "::"
Values = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Shared:
    """`stubs` are answers by `action` or `case::action`; `judge` is conftest's `llm_judge`."""

    fixtures: Values = field(default_factory=dict)
    metadata: Values = field(default_factory=dict)
    stubs: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    judge: Mapping[str, Any] = field(default_factory=dict)

    def stubs_of(self, case: str) -> dict[str, Mapping[str, Any]]:
        """The answers for one case by action; its own win over those of the file."""
        common = {key: answer for key, answer in self.stubs.items() if _CASE_SEPARATOR not in key}
        prefix = case.replace(" ", "_")
        for key, answer in self.stubs.items():
            wanted, separator, action = key.rpartition(_CASE_SEPARATOR)
            if separator and wanted.replace(" ", "_") == prefix:
                common[action] = answer
        return common


def read_content(file: Path) -> Mapping[str, Any]:
    """The map of a YAML file, empty if it holds something else."""
    content = load_yaml(read_text(file), file=str(file))
    return content if isinstance(content, Mapping) else {}


def shared_of(file: Path, content: Mapping[str, Any]) -> Shared:
    """What holds for the cases of a file: its own over that of the nearest `conftest.yml`.

    Raises `ProjectError` for what is defined twice in one file and for values that make no sense.
    """
    shared = Shared(metadata=_by_name(content.get("metadata"), file, "metadata"))
    for place in (*_conftests(file), (file, content)):
        shared.fixtures |= _fixtures(place[1], place[0])
        judge = place[1].get("llm_judge")
        if isinstance(judge, Mapping):
            shared.judge = judge
    stubs = content.get("stub_custom_actions") or {}
    if not isinstance(stubs, Mapping):
        raise ProjectError("stub_custom_actions must be a map of actions", file=str(file))
    shared.stubs = {str(key): _stub(str(key), answer, file) for key, answer in stubs.items()}
    return shared


def _conftests(file: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Those that hold for a file, the farthest first."""
    for folder in reversed(file.resolve().parents):
        for name in _CONFTEST:
            place = folder / name
            if place.is_file():
                yield place, read_content(place)


def _stub(key: str, answer: Any, file: Path) -> Mapping[str, Any]:
    body: Mapping[str, Any] = {} if answer is None else answer
    try:
        read_answer(key, body)
    except ActionFailure as error:
        raise ProjectError(f"stub '{key}': {error}", file=str(file)) from error
    return body


def _fixtures(content: Mapping[str, Any], file: Path) -> Values:
    fixtures = _by_name(content.get("fixtures"), file, "fixtures")
    for name, slots in fixtures.items():
        moment = slots.get("mocked_datetime")
        if moment is not None and not _is_moment(moment):
            raise ProjectError(
                f"fixture '{name}': mocked_datetime '{moment}' is no date and time in ISO 8601",
                file=str(file),
            )
    return fixtures


def _is_moment(value: Any) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _by_name(items: Any, file: Path, key: str) -> Values:
    """`[{vip: [{tier: gold}]}]` → `{"vip": {"tier": "gold"}}`."""
    found: Values = {}
    for item in items or []:
        if not isinstance(item, Mapping):
            raise ProjectError(f"{key} must be a list of maps", file=str(file))
        for name, values in item.items():
            if name in found:
                raise ProjectError(f"{key}: '{name}' is defined twice", file=str(file))
            parts = values if isinstance(values, list) else [values]
            found[str(name)] = {
                str(k): v for part in parts if isinstance(part, Mapping) for k, v in part.items()
            }
    return found
