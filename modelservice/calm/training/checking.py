"""The checks of `modelservice.project.checks` on a project that is to be trained."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from modelservice.calm.errors import ProjectError
from modelservice.calm.training.source import RawProject
from modelservice.project.checks.content import Content, Identity
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.validate import check_all
from modelservice.project.model import Kind, flow_kind, names_of


@dataclass(frozen=True, slots=True)
class Verdict:
    """`errors` stop the training, flows first; `warnings` are told."""

    errors: list[ProjectError]
    warnings: list[str]


def checked(project: RawProject) -> Verdict:
    if project.problems:
        return Verdict(project.problems, [])
    verdict = Verdict([], [])
    found = check_all(Content(dict(_items(project)), project.agents))
    for identity, problems in found.items():
        for problem in problems:
            told = _error(project, identity, problem)
            if problem.severity == "error":
                verdict.errors.append(told)
            else:
                verdict.warnings.append(str(told))
    return verdict


def _items(project: RawProject) -> Iterator[tuple[Identity, Any]]:
    for flow_id, body in project.flows.items():
        yield (flow_kind(flow_id).value, flow_id), body
    named = [key for kind, key in project.places if kind == Kind.NLU]
    for number, entry in enumerate(project.nlu):
        key = named[number] if number < len(named) else f"entry {number + 1}"
        yield (Kind.NLU.value, key), entry
    for name, kind in (("slots", Kind.SLOT), ("responses", Kind.RESPONSE)):
        for key, body in (project.domain.get(name) or {}).items():
            yield (kind.value, key), body
    for name, kind in (("actions", Kind.ACTION), ("intents", Kind.INTENT)):
        for key in names_of(project.domain.get(name)):
            yield (kind.value, key), None


def _error(project: RawProject, identity: Identity, problem: Problem) -> ProjectError:
    kind, key = identity
    item = f"{'flow' if kind == Kind.SYSTEM_FLOW else kind} '{key}'"
    if problem.step is not None:
        item = f"{item}, step '{problem.step}'"
    place = project.places.get(identity)
    if place is None:
        return ProjectError(problem.message, item=item)
    line = place.line_of(problem.pointer)
    return ProjectError(problem.message, file=place.file, line=line, item=item)
