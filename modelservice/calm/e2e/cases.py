"""End-to-end test files: reading and checking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelservice.calm.errors import ProjectError
from modelservice.calm.project.source import read_text
from modelservice.calm.project.yaml_text import line_of, load_yaml

_EXPECTATIONS = ("utter", "bot", "slot_was_set", "slot_was_not_set")


@dataclass(frozen=True, slots=True)
class TestStep:
    """Either a user message (with assertions on its turn) or an expectation on the last one."""

    line: int | None
    user: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    assertions: tuple[Mapping[str, Any], ...] = ()
    ordered: bool = False
    expectation: str | None = None
    expected: Any = None


@dataclass(frozen=True, slots=True)
class TestCase:
    name: str
    file: str
    line: int | None
    slots: Mapping[str, Any]
    steps: tuple[TestStep, ...]


def read_cases(path: Path) -> list[TestCase]:
    """All cases below a path; `file::name` picks one. Raises `ProjectError`."""
    text, _, wanted = str(path).partition("::")
    root = Path(text)
    files = [root] if root.is_file() else sorted(root.rglob("*.y*ml"))
    if not files:
        raise ProjectError("there are no test files here", file=text)
    cases = [case for file in files for case in _cases_of(file)]
    return [case for case in cases if wanted in ("", case.name)]


def _cases_of(file: Path) -> Iterator[TestCase]:
    content = load_yaml(read_text(file), file=str(file))
    if not isinstance(content, Mapping) or "test_cases" not in content:
        return
    if content.get("stub_custom_actions"):
        raise ProjectError("stub_custom_actions are not known to this runner", file=str(file))
    fixtures = _by_name(content.get("fixtures"), file, "fixtures")
    metadata = _by_name(content.get("metadata"), file, "metadata")
    for body in content["test_cases"]:
        yield _case(body, file, fixtures, metadata)


def _by_name(items: Any, file: Path, key: str) -> dict[str, dict[str, Any]]:
    """`[{vip: [{tier: gold}]}]` → `{"vip": {"tier": "gold"}}`."""
    found: dict[str, dict[str, Any]] = {}
    for item in items or []:
        for name, values in item.items():
            if name in found:
                raise ProjectError(f"{key}: '{name}' is defined twice", file=str(file))
            parts = values if isinstance(values, list) else [values]
            found[name] = {k: v for part in parts for k, v in part.items()}
    return found


def _case(
    body: Any,
    file: Path,
    fixtures: Mapping[str, dict[str, Any]],
    metadata: Mapping[str, dict[str, Any]],
) -> TestCase:
    if not isinstance(body, Mapping) or not body.get("test_case") or not body.get("steps"):
        raise ProjectError("a test case needs 'test_case' and 'steps'", file=str(file))
    item = f"test case '{body['test_case']}'"
    slots: dict[str, Any] = {}
    for name in body.get("fixtures") or []:
        slots.update(_named(fixtures, name, "fixture", file, item))
    common: dict[str, Any] = {}
    if body.get("metadata"):
        common = _named(metadata, body["metadata"], "metadata", file, item)
    steps = tuple(_step(step, common, metadata, file, item) for step in body["steps"])
    return TestCase(str(body["test_case"]), str(file), line_of(body), slots, steps)


def _named(
    values: Mapping[str, dict[str, Any]], name: str, kind: str, file: Path, item: str
) -> dict[str, Any]:
    if name not in values:
        raise ProjectError(f"there is no {kind} '{name}'", file=str(file), item=item)
    return values[name]


def _step(
    body: Any,
    common: Mapping[str, Any],
    metadata: Mapping[str, dict[str, Any]],
    file: Path,
    item: str,
) -> TestStep:
    line = line_of(body)
    if isinstance(body, Mapping) and "user" in body:
        own = body.get("metadata")
        extra = _named(metadata, own, "metadata", file, item) if own else {}
        return TestStep(
            line,
            user=str(body["user"]),
            metadata={**common, **extra},
            assertions=tuple(body.get("assertions") or ()),
            ordered=bool(body.get("assertion_order_enabled")),
        )
    kinds = [key for key in _EXPECTATIONS if isinstance(body, Mapping) and key in body]
    if len(kinds) != 1:
        known = ", ".join(("user", *_EXPECTATIONS))
        raise ProjectError(f"a step needs one of {known}", file=str(file), line=line, item=item)
    return TestStep(line, expectation=kinds[0], expected=body[kinds[0]])
