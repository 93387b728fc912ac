"""Which flows a training contains."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from modelservice.project.checks.content import Content, Identity
from modelservice.project.checks.problems import Problem
from modelservice.project.flow_document import read_flow
from modelservice.project.model import Kind
from studio.assistants.models import Assistant
from studio.assistants.selectors.validation import checked
from studio.common.errors import FieldProblem, Invalid
from studio.versions.errors import FlowHasErrors


@dataclass(frozen=True, slots=True)
class Selection:
    flows: list[str]
    warnings: list[str]


def select_flows(assistant: Assistant, chosen: Collection[str] | None) -> Selection:
    """`chosen` None means all flows without errors.

    :raises FlowHasErrors: a chosen flow has errors, or leads to a flow that was not chosen; a slot
        or a response has errors, which stop every training
    """
    known = checked(assistant.pk)
    _check_domain(known.problems)
    bodies = {key for key, _body in known.content.of_kind(Kind.FLOW)}
    errors = {
        key: [problem for problem in problems if problem.severity == "error"]
        for (kind, key), problems in known.problems.items()
        if kind == Kind.FLOW
    }
    broken = {key for key, found in errors.items() if found}
    if chosen is None or not (chosen or bodies):
        return _sound_flows(known.content, bodies, broken)
    wanted = list(dict.fromkeys(chosen))
    _check_known(wanted, bodies)
    found = [problem for key in wanted for problem in errors.get(key, [])]
    found.extend(_dangling(known.content, wanted))
    if found:
        names = ", ".join(dict.fromkeys(problem.item_name for problem in found))
        documents = [problem.as_dict() for problem in found]
        raise FlowHasErrors(f"These flows have errors: {names}.", problems=documents)
    return Selection(wanted, [])


def _check_domain(problems: Mapping[Identity, list[Problem]]) -> None:
    found = [
        problem
        for (kind, _key), some in problems.items()
        if kind in {Kind.SLOT, Kind.RESPONSE}
        for problem in some
        if problem.severity == "error"
    ]
    if found:
        names = ", ".join(dict.fromkeys(f"{problem.kind} {problem.id}" for problem in found))
        documents = [problem.as_dict() for problem in found]
        raise FlowHasErrors(f"These have errors: {names}.", problems=documents)


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
