"""End-to-end tests of an assistant: the cases in its test files."""

import re
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.e2e_cases import Case, case_text, read_cases
from modelservice.project.errors import ProjectError
from modelservice.project.file_roles import YAML_SUFFIXES, may_hold_tests
from modelservice.project.model import Kind
from studio.common.errors import Invalid, NotFound
from studio.content.models import Branch, Item
from studio.content.selectors.documents import person
from studio.content.selectors.files import file_contents, file_text

Document = dict[str, Any]
# As the runner names a test: `file::name`.
SEPARATOR = "::"
_TWICE = "Another test of this file has the same name: rename one of them on the page Files."
_CONFTEST = re.compile(r"(.*/)?conftest\.ya?ml")


@dataclass(frozen=True)
class TestFile:
    """`problem` says why a file has no readable cases."""

    path: str
    cases: list[Case] = field(default_factory=list)
    problem: str | None = None


def test_files(branch: Branch) -> list[TestFile]:
    """Files with `test_cases`, wherever they lie."""
    texts = {
        path: text for path, text in test_texts(branch).items() if not _CONFTEST.fullmatch(path)
    }
    found = (_test_file(path, text) for path, text in texts.items())
    return [file for file in found if file is not None]


def test_texts(branch: Branch) -> dict[str, str]:
    """What may hold test cases, and what these share."""
    return {
        path: content.decode("utf-8", errors="replace")
        for path, content in file_contents(branch, YAML_SUFFIXES).items()
        if may_hold_tests(path, content) or _CONFTEST.fullmatch(path)
    }


def _test_file(path: str, text: str) -> TestFile | None:
    """None where it is no test file."""
    try:
        cases = read_cases(text, path)
    except ProjectError as error:
        finding = error.findings[0]
        return TestFile(path, problem=f"line {finding.line}: {finding.message}")
    return None if cases is None else TestFile(path, cases)


def test_file_documents(branch: Branch) -> list[Document]:
    rows = Item.objects.filter(branch=branch, kind=Kind.FILE).select_related("updated_by")
    items = {item.key: item for item in rows.defer("blob")}
    return [
        {
            "path": file.path,
            "problem": file.problem,
            "tests": _rows(file),
            **_state(items[file.path]),
        }
        for file in test_files(branch)
    ]


def _rows(file: TestFile) -> list[Document]:
    seen: set[str] = set()
    rows = []
    for case in file.cases:
        row = _row(file.path, case)
        if case.name in seen:
            row |= {"id": None, "problem": row["problem"] or _TWICE}
        seen.add(case.name)
        rows.append(row)
    return rows


def _row(path: str, case: Case) -> Document:
    return {
        "id": f"{path}{SEPARATOR}{case.name}" if case.name else None,
        "name": case.name,
        "line": case.line,
        "body": case.body if isinstance(case.body, dict) else {},
        "problem": case.problem,
    }


def _state(item: Item) -> Document:
    return {
        "revision": item.revision,
        "updated_at": item.updated_at,
        "updated_by": person(item.updated_by),
    }


def cases_of(text: str | None, path: str) -> list[Case]:
    """:raises NotFound: there are none in the file"""
    try:
        cases = None if text is None else read_cases(text, path)
    except ProjectError as error:
        raise NotFound(f"“{path}” cannot be read: {error.findings[0].message}") from error
    if cases is None:
        raise NotFound(f"There are no tests in “{path}”.")
    return cases


def case_named(text: str | None, path: str, name: str) -> Case:
    """The first one of that name.

    :raises NotFound: the file has none
    """
    for case in cases_of(text, path):
        if case.name == name and name:
            return case
    raise NotFound(f"There is no test “{name}” in “{path}”.")


def case_document(item: Item, name: str) -> Document:
    """A test as what its file holds."""
    case = case_named(file_text(item), item.key, name)
    place = {"kind": "test", "path": item.key, "place": case.place}
    return {**_row(item.key, case), **place, **_state(item)}


def yaml_document(item: Item, name: str) -> Document:
    """A test as its lines, with their comments.

    :raises Invalid: the file is not written as a plain list
    """
    text = file_text(item) or ""
    document = case_document(item, name)
    try:
        yaml = case_text(text, document["place"])
    except ProjectError as error:
        raise Invalid(error.findings[0].message) from error
    return {**document, "id": f"{document['id']}/yaml", "body": yaml}
