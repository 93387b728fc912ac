"""End-to-end tests of an assistant: its test files, run against one of its trained versions.

The model service runs them and keeps the result for a while; Studio keeps nothing of a run.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from modelservice.project.e2e_accepting import NotAccepted, accepted
from modelservice.wire import TestState
from studio.common.errors import NotFound
from studio.content.models import Branch, Commit
from studio.content.selectors.e2e_tests import SEPARATOR, case_named, test_files, test_texts
from studio.content.selectors.files import file_get, file_text
from studio.content.selectors.items import branch_get
from studio.content.services.e2e_tests import cases_replace
from studio.content.services.write import Author
from studio.model_service import client as model_service
from studio.versions.errors import NotPossibleNow, TestsNotOffered, TestsRefused
from studio.versions.models import Version
from studio.versions.services import input_of

EVERYTHING = "."
_NOT_FOUND = 404


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
            files=test_texts(branch),
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


def failures_accept(
    *, version: Version, run_id: UUID, tests: Sequence[str], author: Author
) -> Commit:
    """Give tests that failed in a run (`file::name`) what it saw in the place of what each
    expected first, as one commit.

    :raises NotPossibleNow: a test was changed since, or only a person can say what is right
    """
    result = run_state(version, run_id)["result"]
    if result is None:
        raise NotPossibleNow("This run has no result yet.")
    branch = branch_get(version.assistant_id)
    bodies = {test: _accepted(branch, result["cases"], test) for test in tests}
    made = cases_replace(branch=branch, bodies=bodies, author=author)
    if made is None:
        raise NotPossibleNow("The tests expect this already: run them again.")
    return made


def _accepted(branch: Branch, results: Sequence[Mapping[str, Any]], test: str) -> Mapping[str, Any]:
    path, _, name = test.partition(SEPARATOR)
    body = case_named(file_text(file_get(branch, path)), path, name).body
    ran = _result_of(results, path, name)
    try:
        return accepted(body, ran["failure"], ran["transcript"])
    except NotAccepted as refusal:
        raise NotPossibleNow(f"“{name}”: {refusal}") from refusal


def _result_of(cases: Sequence[Mapping[str, Any]], path: str, name: str) -> Mapping[str, Any]:
    """The runner may name a file by a longer path."""
    for case in cases:
        file = str(case["file"])
        is_it = file == path or file.endswith(f"/{path}")
        if is_it and case["name"] == name and case["failure"] is not None:
            return case
    raise NotPossibleNow(f"“{name}” did not fail in this run.")
