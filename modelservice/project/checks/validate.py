"""The checks of an assistant: of each item by itself, and between items."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from modelservice.project import structure
from modelservice.project.checks.content import (
    FLOW_KINDS,
    Content,
    Identity,
    Surroundings,
    surroundings_of,
)
from modelservice.project.checks.flow_checks import check_flow
from modelservice.project.checks.nlu_checks import check_nlu
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.reporting import Report
from modelservice.project.checks.response_checks import check_response
from modelservice.project.checks.slot_checks import check_slot
from modelservice.project.flow_document import trigger_of
from modelservice.project.model import Kind

__all__ = [
    "check_against",
    "check_all",
    "check_between",
    "check_item",
    "owners_of",
    "surroundings_of",
]

Owners = Mapping[tuple[str, str], list[str]]
_CHECKED = {*FLOW_KINDS, Kind.RESPONSE.value, Kind.SLOT.value}
_NOT_WORDS = re.compile(r"[^\w\s]")


def check_all(content: Content) -> dict[Identity, list[Problem]]:
    """Every problem of an assistant by item."""
    surroundings = surroundings_of(content)
    problems = {
        identity: check_item(identity, body, surroundings)
        for identity, body in content.items.items()
    }
    for identity, found in check_between(content).items():
        problems[identity].extend(found)
    return {identity: found for identity, found in problems.items() if found}


def check_item(identity: Identity, body: Any, surroundings: Surroundings) -> list[Problem]:
    """Problems of one item that no other item's body has a part in."""
    kind, key = identity
    wrong = list(structure.check_item(Kind(kind), body)) if kind in _CHECKED else []
    if wrong:
        report = Report(kind, key, key)
        for path, message in wrong:
            report.error("shape_invalid", message, pointer="".join(f"/{part}" for part in path))
        return report.problems
    if kind in FLOW_KINDS:
        return check_flow(kind, key, body, surroundings)
    if kind == Kind.RESPONSE:
        return check_response(key, body, surroundings)
    if kind == Kind.SLOT:
        return check_slot(key, body, surroundings)
    return check_nlu(key, body) if kind == Kind.NLU else []


def check_between(content: Content) -> dict[Identity, list[Problem]]:
    """What two flows cannot have in common: name, description, intent that starts them."""
    owners = owners_of(content)
    problems: dict[Identity, list[Problem]] = {}
    for (_field, _value), keys in owners.items():
        for key in keys if len(keys) > 1 else []:
            identity = (Kind.FLOW.value, key)
            if identity not in problems:
                problems[identity] = check_against(identity, content.items[identity], owners)
    return problems


def owners_of(content: Content) -> Owners:
    """Every claim (field, value) of every flow, with the flows that make it."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, body in content.of_kind(Kind.FLOW):
        for claim in claims_of(key, body):
            owners[claim].append(key)
    return owners


def check_against(identity: Identity, body: Any, owners: Owners) -> list[Problem]:
    """Problems of one flow, or of a draft of it, with the claims of the others."""
    kind, key = identity
    if kind != Kind.FLOW:
        return []
    found = []
    for field, value in sorted(claims_of(key, body)):
        other = next((other for other in owners.get((field, value), []) if other != key), None)
        if other is not None:
            found.append(_shared(key, body, other, field))
    return found


def claims_of(key: str, body: Any) -> set[tuple[str, str]]:
    if not isinstance(body, dict):
        return set()
    claims = set()
    description = body.get("description")
    if isinstance(description, str) and description.strip():
        claims.add(("description", _NOT_WORDS.sub("", description).strip()))
    name = body.get("name")
    claims.add(("name", name if isinstance(name, str) and name else key.replace("_", " ")))
    triggers = body.get("nlu_trigger")
    for trigger in triggers if isinstance(triggers, list) else []:
        intent, _threshold = trigger_of(trigger)
        if isinstance(intent, str):
            claims.add(("nlu_trigger", intent))
    return claims


def _shared(key: str, body: dict[str, Any], other: str, field: str) -> Problem:
    name = body.get("name")
    report = Report("flow", key, name if isinstance(name, str) else key.replace("_", " "))
    sentences = {
        "name": f"The flow “{other}” has the same name.",
        "description": f"The flow “{other}” has the same description; nobody could tell which"
        " of the two is meant.",
        "nlu_trigger": f"An intent that starts this flow also starts “{other}”.",
    }
    report.error(f"duplicate_{field}", sentences[field], pointer=f"/{field}")
    return report.problems[0]


def unsound_patterns(content: Content) -> dict[str, str]:
    """Own system flows that cannot be trained with this content, each with the reason: they lead
    to flows that are not part of it, or have errors of their own."""
    surroundings = surroundings_of(content)
    reasons: dict[str, str] = {}
    for key, body in content.of_kind(Kind.SYSTEM_FLOW):
        found = check_item((Kind.SYSTEM_FLOW.value, key), body, surroundings)
        error = next((problem for problem in found if problem.severity == "error"), None)
        if error is not None:
            reasons[key] = error.message
    return reasons
