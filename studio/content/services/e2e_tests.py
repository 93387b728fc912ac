"""Writes to the end-to-end tests of an assistant: each case is edited inside its file."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from modelservice.project.e2e_cases import (
    Case,
    case_of_text,
    case_text,
    checked_body,
    renamed,
    with_body,
    with_case,
    with_new_case,
    without_case,
)
from modelservice.project.errors import ProjectError
from modelservice.project.file_roles import YAML_SUFFIXES
from modelservice.project.model import Kind
from modelservice.project.yaml_writer import to_yaml
from studio.assistants.errors import NameTaken
from studio.common.errors import FieldProblem, Invalid
from studio.content.errors import RevisionConflict
from studio.content.models import Branch, Commit, Item
from studio.content.selectors.e2e_tests import (
    SEPARATOR,
    case_document,
    case_named,
    cases_of,
    yaml_document,
)
from studio.content.selectors.files import file_get, file_text
from studio.content.selectors.items import item_find
from studio.content.selectors.revisions import file_text_at
from studio.content.services.blobs import Value
from studio.content.services.files import check_path, check_size
from studio.content.services.write import Author, Change, commit, lock

NEW_TESTS = "e2e_tests/tests.yml"
# The values of a test, or its YAML.
Written = Mapping[str, Any] | str


@transaction.atomic
def case_create(
    *,
    branch: Branch,
    written: Written,
    author: Author,
    path: str = "",
    place: int | None = None,
    free_name: bool = False,
) -> tuple[Item, str]:
    """Add a test, of values or of YAML, to a file, which is made where it is missing; by default
    to `NEW_TESTS`.

    `free_name` puts a number behind a name that the file has already. Returns the file and the
    name of the test.

    :raises NameTaken: the file has a test of that name
    :raises Invalid: it is no test that can be run; with the line
    """
    branch = lock(branch)
    path = path or NEW_TESTS
    item = item_find(branch, Kind.FILE, path)
    text = None if item is None else file_text(item)
    if item is None:
        check_path(branch, path)
        if not path.endswith(YAML_SUFFIXES):
            raise Invalid("Tests stand in a YAML file, such as e2e_tests/transfers.yml.")
    cases = [] if item is None else cases_of(text, path)
    body, yaml = _read(written, path)
    if free_name:
        body = {**body, "test_case": _free(body["test_case"], cases)}
        yaml = to_yaml(body)
    name = str(body["test_case"])
    _check_name(name, cases, path)
    after = _edited(lambda: with_new_case(text, path, yaml, place))
    _write(branch, path, after, author, before=text or "", is_new=item is None)
    return file_get(branch, path), name


@transaction.atomic
def case_update(
    *, branch: Branch, test: str, written: Written, revision: int, author: Author
) -> Item:
    """Save a test, its values or its YAML, that was written on the one at `revision`; tests beside
    it do not matter.

    :raises RevisionConflict: somebody changed this test since
    """
    branch = lock(branch)
    path, _, name = test.partition(SEPARATOR)
    item = file_get(branch, path)
    text = file_text(item) or ""
    place = _unchanged(branch, item, name, revision, as_yaml=isinstance(written, str)).place
    body, _yaml = _read(written, path)
    if str(body["test_case"]) != name:
        message = f"The name of this test is “{name}”. Another name is given by renaming it (F2)."
        raise Invalid(message, errors=[FieldProblem(field="body", message=message, line=1)])
    if isinstance(written, str):
        after = _edited(lambda: with_case(text, path, place, written))
    else:
        after = _edited(lambda: with_body(text, path, place, body))
    _write(branch, path, after, author, before=text, autosave=True)
    return file_get(branch, path)


@transaction.atomic
def case_rename(*, branch: Branch, test: str, new: str, revision: int, author: Author) -> Item:
    """:raises NameTaken: the file has a test of that name"""
    branch = lock(branch)
    path, _, name = test.partition(SEPARATOR)
    item = file_get(branch, path)
    text = file_text(item) or ""
    case = _unchanged(branch, item, name, revision)
    if new != name:
        _check_name(new, cases_of(text, path), path)
    after = _edited(lambda: renamed(text, path, case.place, new))
    _write(branch, path, after, author, before=text)
    return file_get(branch, path)


@transaction.atomic
def case_delete(*, branch: Branch, test: str, revision: int | None, author: Author) -> None:
    """:raises RevisionConflict: somebody changed this test since"""
    branch = lock(branch)
    path, _, name = test.partition(SEPARATOR)
    item = file_get(branch, path)
    text = file_text(item) or ""
    known = item.revision if revision is None else revision
    place = _unchanged(branch, item, name, known).place
    after = _edited(lambda: without_case(text, path, place))
    _write(branch, path, after, author, before=text)


@transaction.atomic
def cases_replace(
    *, branch: Branch, bodies: Mapping[str, Mapping[str, Any]], author: Author
) -> Commit | None:
    """Give several tests other values, as one commit."""
    branch = lock(branch)
    texts: dict[str, str] = {}
    for test, body in bodies.items():
        path, _, name = test.partition(SEPARATOR)
        text = texts.get(path)
        if text is None:
            text = file_text(file_get(branch, path)) or ""
        texts[path] = _with_body(text, path, name, body)
    changes = [_change(path, text) for path, text in texts.items()]
    return commit(branch=branch, author=author, changes=changes)


def _with_body(text: str, path: str, name: str, body: Mapping[str, Any]) -> str:
    place = case_named(text, path, name).place
    return _edited(lambda: with_body(text, path, place, dict(body)))


def _read(written: Written, path: str) -> tuple[dict[str, Any], str]:
    """Its values and its YAML.

    :raises Invalid: it is no test that can be run
    """
    try:
        if isinstance(written, str):
            return case_of_text(written, path), written
        body = checked_body(written, path)
        return body, to_yaml(body)
    except ProjectError as error:
        raise _invalid(error) from error
    except RecursionError as error:
        raise Invalid("This test is nested too deeply.") from error


def _edited(edit: Callable[[], str]) -> str:
    try:
        return edit()
    except ProjectError as error:
        raise _invalid(error) from error


def _invalid(error: ProjectError) -> Invalid:
    finding = error.findings[0]
    problem = FieldProblem(field="body", message=finding.message, line=finding.line or 1)
    return Invalid(finding.message, errors=[problem])


def _check_name(name: str, cases: list[Case], path: str) -> None:
    if any(case.name == name for case in cases):
        raise NameTaken(f"There is already a test “{name}” in {path}.")


def _free(name: str, cases: list[Case]) -> str:
    taken = {case.name for case in cases}
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _unchanged(
    branch: Branch, item: Item, name: str, revision: int, *, as_yaml: bool = False
) -> Case:
    """The test as it is now.

    :raises RevisionConflict: it is not what it was at `revision`
    """
    text = file_text(item) or ""
    case = case_named(text, item.key, name)
    if item.revision == revision:
        return case
    before = file_text_at(branch, item.key, revision)
    if isinstance(before, str):
        old = case_named(before, item.key, name)
        if _edited(lambda: case_text(before, old.place)) == _edited(
            lambda: case_text(text, case.place)
        ):
            return case
    who = str(item.updated_by) if item.updated_by else "Somebody"
    raise RevisionConflict(
        f"{who} changed this test after you opened it.",
        current=yaml_document(item, name) if as_yaml else case_document(item, name),
        conflicts=[],
    )


def _write(
    branch: Branch,
    path: str,
    text: str,
    author: Author,
    *,
    before: str,
    is_new: bool = False,
    autosave: bool = False,
) -> Commit | None:
    check_size(branch, text, before)
    change = _change(path, text, is_new=is_new)
    return commit(branch=branch, author=author, changes=[change], autosave=autosave)


def _change(path: str, text: str, *, is_new: bool = False) -> Change:
    value = Value(content=text.encode("utf-8"))
    return Change(Kind.FILE.value, path, value, *((path, 0) if is_new else ()))
