"""End-to-end test files: reading and checking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelservice.calm.e2e.shared import Shared, Values, read_content, shared_of
from modelservice.calm.errors import ProjectError
from modelservice.project.e2e_shape import case_problem, expectation_kinds
from modelservice.project.file_roles import cases_in, may_hold_tests
from modelservice.project.yaml_reader import line_of


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
    """`slots` come from fixtures, `stubs` are answers of custom actions, `body` is the YAML."""

    name: str
    file: str
    line: int | None
    slots: Mapping[str, Any]
    steps: tuple[TestStep, ...]
    stubs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    judge: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TestFile:
    path: Path
    content: Mapping[str, Any]
    shared: Shared


def read_cases(path: Path) -> list[TestCase]:
    """All cases below a path; `file::name` picks one. Raises `ProjectError`."""
    text, _, wanted = str(path).partition("::")
    root = Path(text)
    paths = [root] if root.is_file() else _test_files(root)
    files = [file for file in map(_read, paths) if file is not None]
    if not files:
        raise ProjectError("there are no test files here: YAML with 'test_cases:'", file=text)
    known = _of_all(files)
    cases = [case for file in files for case in _cases_of(file, known)]
    return [case for case in cases if wanted in ("", case.name)]


def _test_files(root: Path) -> list[Path]:
    """Files below a folder that may hold test cases; other YAML need not even be readable."""
    found = (path for path in root.rglob("*.y*ml") if path.is_file())
    return sorted(
        path
        for path in found
        if may_hold_tests(path.relative_to(root).as_posix(), path.read_bytes())
    )


def _read(path: Path) -> TestFile | None:
    content = read_content(path)
    if cases_in(content) is None:
        return None
    return TestFile(path, content, shared_of(path, content))


def _of_all(files: list[TestFile]) -> Shared:
    """What any of the files defines, the first one winning: names may be used across files."""
    known = Shared()
    for file in files:
        known.fixtures = {**file.shared.fixtures, **known.fixtures}
        known.metadata = {**file.shared.metadata, **known.metadata}
    return known


def _cases_of(file: TestFile, known: Shared) -> Iterator[TestCase]:
    bodies = cases_in(file.content)
    if not isinstance(bodies, list):
        raise ProjectError("'test_cases' must be a list", file=str(file.path))
    fixtures = {**known.fixtures, **file.shared.fixtures}
    for body in bodies:
        yield _case(body, file, fixtures, known.metadata)


def _case(body: Any, file: TestFile, fixtures: Values, metadata: Values) -> TestCase:
    place = str(file.path)
    problem = case_problem(body)
    if problem is not None:
        raise ProjectError(problem[0], file=place, line=problem[1], item=_item(body))
    name = str(body["test_case"])
    item = _item(body)
    slots: dict[str, Any] = {}
    for wanted in body.get("fixtures") or []:
        slots.update(_named(fixtures, wanted, "fixture", place, item))
    common = _metadata(body, metadata, place, item)
    steps = tuple(_step(step, common, metadata, place, item) for step in body["steps"])
    return TestCase(
        name=name,
        file=place,
        line=line_of(body),
        slots=slots,
        steps=_of_one_style(steps),
        stubs=file.shared.stubs_of(name),
        judge=file.shared.judge,
        body=body,
    )


def _item(body: Any) -> str | None:
    name = body.get("test_case") if isinstance(body, Mapping) else None
    return f"test case '{name}'" if name else None


def _of_one_style(steps: tuple[TestStep, ...]) -> tuple[TestStep, ...]:
    """A case with assertions has no other expectations: they are not looked at."""
    if any(step.assertions for step in steps):
        return tuple(step for step in steps if step.user is not None)
    return steps


def _metadata(
    body: Mapping[str, Any], known: Values, file: str, item: str | None
) -> dict[str, Any]:
    name = body.get("metadata")
    return dict(_named(known, name, "metadata", file, item)) if name else {}


def _named(values: Values, name: Any, kind: str, file: str, item: str | None) -> dict[str, Any]:
    if not isinstance(name, str) or name not in values:
        raise ProjectError(f"there is no {kind} '{name}'", file=file, item=item)
    return values[name]


def _step(
    body: Mapping[str, Any],
    common: Mapping[str, Any],
    metadata: Values,
    file: str,
    item: str | None,
) -> TestStep:
    line = line_of(body)
    if "user" in body:
        return TestStep(
            line,
            user=str(body["user"]),
            metadata={**common, **_metadata(body, metadata, file, item)},
            assertions=tuple(body.get("assertions") or ()),
            ordered=bool(body.get("assertion_order_enabled")),
        )
    [kind] = expectation_kinds(body)
    return TestStep(line, expectation=kind, expected=body[kind])
