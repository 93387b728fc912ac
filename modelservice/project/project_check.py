"""All that the reading of a project and its checks find in it, each with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from modelservice.project.checks.content import Content, Identity
from modelservice.project.checks.validate import check_all
from modelservice.project.errors import Finding, ProjectError
from modelservice.project.items import Place
from modelservice.project.project_reader import read_files_with_places

# A problem as `Problem.as_dict` writes it, with `file` and `line`, which are None where unknown.
Document = dict[str, Any]
_AGENT = re.compile(r"sub_agents/([^/]+)/config\.yml")


def check_files(files: Mapping[str, bytes]) -> list[Document]:
    """Of a project that cannot be read, why; else what the checks find. Nothing is trained."""
    try:
        project, places = read_files_with_places(files)
    except ProjectError as error:
        return [_of_finding("error", finding) for finding in error.findings]
    content = {item.identity: item.body for item in project.items}
    agents = (_AGENT.fullmatch(path) for path in files)
    named = frozenset(agent[1] for agent in agents if agent is not None)
    by_item = check_all(Content(content, named))
    problems = (problem.as_dict() for found in by_item.values() for problem in found)
    return [
        *(_of_finding("warning", finding) for finding in project.warnings),
        *_placed(problems, places),
    ]


def with_places(problems: Iterable[Document], files: Mapping[str, bytes]) -> list[Document]:
    """Stored problems with the place of each in these files of the same project."""
    try:
        _project, places = read_files_with_places(files)
    except ProjectError:
        places = {}
    return [*_placed(problems, places)]


def _placed(problems: Iterable[Document], places: Mapping[Identity, Place]) -> Iterator[Document]:
    for problem in problems:
        place = places.get((problem["kind"], problem["id"]))
        line = place and place.line_of(problem.get("pointer"))
        yield {**problem, "file": place and place.file, "line": line}


def _of_finding(severity: str, finding: Finding) -> Document:
    return {
        "code": "not_as_it_should_be",
        "severity": severity,
        "message": finding.message,
        "kind": None,
        "id": finding.item,
        "step": None,
        "file": finding.file,
        "line": finding.line,
    }
