"""Which flows a training contains."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from modelservice.project.checks.content import Content
from modelservice.project.checks.problems import Problem
from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind
from studio.common.errors import FieldProblem, Invalid
from studio.content.models import Branch, Item
from studio.versions.errors import FlowHasErrors


@dataclass(frozen=True, slots=True)
class Selection:
    flows: list[str]
    warnings: list[str]


def select_flows(branch: Branch, chosen: Collection[str] | None) -> Selection:
    """`chosen` None means all flows without errors.

    :raises FlowHasErrors: a chosen flow has errors, or leads to a flow that was not chosen; a slot
        or a response has errors, which stop every training
    """
    _check_domain(branch)
    content = _content_of(branch)
    bodies = {key for key, _body in content.of_kind(Kind.FLOW)}
    errors = _errors_of(branch)
    broken = {key for key, found in errors.items() if found}
    if chosen is None or not (chosen or bodies):
        return _sound_flows(content, bodies, broken)
    wanted = list(dict.fromkeys(chosen))
    _check_known(wanted, bodies)
    found = [problem for key in wanted for problem in errors.get(key, [])]
    found.extend(problem.as_dict() for problem in _dangling(content, wanted))
    if found:
        names = ", ".join(dict.fromkeys(problem["item_name"] for problem in found))
        raise FlowHasErrors(f"These flows have errors: {names}.", problems=found)
    return Selection(wanted, [])


def _check_domain(branch: Branch) -> None:
    rows = Item.objects.filter(
        branch=branch, kind__in=(Kind.SLOT, Kind.RESPONSE), error_count__gt=0
    )
    found = [
        problem
        for problems in rows.order_by("position", "id").values_list("problems", flat=True)
        for problem in problems
        if problem["severity"] == "error"
    ]
    if found:
        names = ", ".join(dict.fromkeys(f"{problem['kind']} {problem['id']}" for problem in found))
        raise FlowHasErrors(f"These have errors: {names}.", problems=found)


def _content_of(branch: Branch) -> Content:
    rows = Item.objects.filter(branch=branch, kind__in=(Kind.FLOW, Kind.SECTION))
    columns = ("kind", "key", "blob__body")
    return Content({(kind, key): body for kind, key, body in rows.values_list(*columns)})


def _errors_of(branch: Branch) -> dict[str, list[dict[str, Any]]]:
    rows = Item.objects.filter(branch=branch, kind=Kind.FLOW, error_count__gt=0)
    return {
        key: [problem for problem in problems if problem["severity"] == "error"]
        for key, problems in rows.values_list("key", "problems")
    }


def _sound_flows(content: Content, bodies: set[str], broken: set[str]) -> Selection:
    """Leave out broken flows, and flows that lead to what was left out, until none is left."""
    left = [key for key, _body in content.of_kind(Kind.FLOW) if key not in broken]
    while dangling := {problem.id for problem in _dangling(content, left)}:
        left = [key for key in left if key not in dangling]
    if not bodies and _is_classic(content):
        return Selection([], [])
    if not left:
        raise FlowHasErrors("There is no flow without errors to train.", problems=[])
    out = sorted(bodies - set(left))
    warnings = [f"Left out because of errors: {', '.join(out)}."] if out else []
    return Selection(left, warnings)


def _is_classic(content: Content) -> bool:
    """Written in stories and rules: Rasa itself can train it, where the operator has it."""
    sections = {key.rsplit("#", 1)[-1] for key, _body in content.of_kind(Kind.SECTION)}
    return bool(sections & {"stories", "rules"})


def _check_known(wanted: list[str], bodies: set[str]) -> None:
    missing = [key for key in wanted if key not in bodies]
    if missing or not wanted:
        detail = f"There is no flow “{missing[0]}”." if missing else "Choose at least one flow."
        raise Invalid(detail, errors=[FieldProblem(field="flows", message=detail)])


def _dangling(content: Content, flows: list[str]) -> list[Problem]:
    """Links and calls from `flows` to flows that exist but are not among them."""
    chosen = set(flows)
    existing = {key for key, _body in content.of_kind(Kind.FLOW)}
    found = []
    for key in flows:
        body = content.items[Kind.FLOW.value, key]
        for step in read_flow(key, body).steps:
            if step.kind in {"link", "call"} and step.name in existing - chosen:
                found.append(
                    Problem(
                        code=f"{step.kind}_target_left_out",
                        severity="error",
                        message=f"It leads to the flow “{step.name}”, which is not chosen.",
                        kind="flow",
                        id=key,
                        item_name=str(body.get("name") or key),
                        step=step.id,
                        pointer=f"{step.pointer}/{step.kind}",
                    )
                )
    return found
