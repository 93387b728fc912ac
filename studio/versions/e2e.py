"""End-to-end tests of an assistant: its test files, run against one of its trained versions.

The model service runs them and keeps the result for a while; Studio keeps nothing of a run.
"""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from modelservice.project.errors import ProjectError
from modelservice.project.file_roles import YAML_SUFFIXES, cases_in, may_hold_tests
from modelservice.project.yaml_reader import parse_yaml
from modelservice.wire import TestState
from studio.common.errors import NotFound
from studio.content.models import Branch
from studio.content.selectors.files import file_contents
from studio.content.selectors.items import branch_get
from studio.model_service import client as model_service
from studio.versions.errors import NotPossibleNow, TestsNotOffered, TestsRefused
from studio.versions.models import Version
from studio.versions.services import input_of

EVERYTHING = "."
_NOT_FOUND = 404
_CONFTEST = re.compile(r"(.*/)?conftest\.ya?ml")


@dataclass(frozen=True)
class TestFile:
    """`problem` says why a file has no readable cases."""

    path: str
    cases: list[str]
    problem: str | None = None


def test_files(branch: Branch) -> list[TestFile]:
    """Files with `test_cases`, wherever they lie."""
    texts = {path: text for path, text in _texts(branch).items() if not _CONFTEST.fullmatch(path)}
    found = (_test_file(path, text) for path, text in texts.items())
    return [file for file in found if file is not None]


def _texts(branch: Branch) -> dict[str, str]:
    """What may hold test cases, and what these share."""
    return {
        path: content.decode("utf-8", errors="replace")
        for path, content in file_contents(branch, YAML_SUFFIXES).items()
        if may_hold_tests(path, content) or _CONFTEST.fullmatch(path)
    }


def _test_file(path: str, text: str) -> TestFile | None:
    """None where it is no test file."""
    try:
        cases = cases_in(parse_yaml(text, path).value)
    except ProjectError as error:
        finding = error.findings[0]
        return TestFile(path, [], f"line {finding.line}: {finding.message}")
    return None if cases is None else TestFile(path, _names(cases))


def _names(cases: Any) -> list[str]:
    return [
        str(case["test_case"])
        for case in (cases if isinstance(cases, list) else [])
        if isinstance(case, dict) and case.get("test_case")
    ]


def run_start(*, version: Version, path: str) -> UUID:
    """Start a run; `path` is `.`, a file, or `file::case`.

    :raises NotPossibleNow: there is nothing to run, or nothing to run it with
    :raises DomainError: the model service is full, away, or does not run tests
    """
    branch = branch_get(version.assistant_id)
    if not version.model_name:
        raise NotPossibleNow("This version has no model. Train the assistant first.")
    files = {file.path for file in test_files(branch)}
    if not files:
        raise NotPossibleNow("The project has no test files: YAML with test_cases.")
    file, _, _case = path.partition("::")
    if file not in {EVERYTHING, *files}:
        raise TestsRefused(f"There is no test file “{file}”.")
    run_id = uuid4()
    try:
        model_service.start_tests(
            test_id=_name(version, run_id),
            model_name=version.model_name,
            config=input_of(version).bot_config(),
            files=_texts(branch),
            path=path,
        )
    except model_service.Refused as refusal:
        if refusal.status == _NOT_FOUND:
            raise TestsNotOffered("This model service runs no tests.") from refusal
        raise TestsRefused(refusal.message) from refusal
    return run_id


def run_state(version: Version, run_id: UUID) -> TestState:
    state = model_service.test_state(_name(version, run_id))
    if state is None:
        raise NotFound("This run is no longer known. Run the tests again.")
    return state


def run_forget(version: Version, run_id: UUID) -> None:
    """Stop the run if it runs, and forget it."""
    model_service.forget_tests(_name(version, run_id))


def _name(version: Version, run_id: UUID) -> str:
    """A run belongs to its version by name, so nobody reads another assistant's."""
    return f"{version.pk}_{run_id}"
