"""What is stored beside an item so that no list has to compute it: summary, references, problems.

A failure to derive never stops a write and never closes a page: the item is stored with the problem
“could not be checked”, and the reason is logged.
"""

import hashlib
import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS, Identity
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.validate import Owners, check_against, check_item, claims_of
from modelservice.project.model import Kind
from studio.content.facts import Facts, facts_of
from studio.content.models import Branch, Item, Reference
from studio.content.summaries import SLOT_RELATIONS, Summary, empty_summary, summary_of

log = logging.getLogger(__name__)

# Relations that pages show, each a key of `FlowSummary`.
PLACES = (*SLOT_RELATIONS, "texts", "links", "calls")
_ASKED_OF = {
    **dict.fromkeys(SLOT_RELATIONS, (Kind.SLOT,)),
    "texts": (Kind.RESPONSE, Kind.ACTION),
    "links": (Kind.FLOW,),
    "calls": (Kind.FLOW,),
}
# Names that checks looked up, by the kind of the item that has such a name.
CHECKS = "checks_"
_CHECKS = {kind.value: f"{CHECKS}{kind.value}" for kind in Kind}
# What no other flow may have too.
CLAIMS = "claims_"
_CHECKED_KINDS = {*FLOW_KINDS, Kind.RESPONSE.value, Kind.SLOT.value}
_MAX_NAME = 1000
_BATCH = 1000

# (relation, name, step)
Row = tuple[str, str, str]


@dataclass(slots=True)
class Derived:
    """Of one body, without a look at other items."""

    summary: Summary
    facts: Any
    places: list[Row]
    claims: set[tuple[str, str]] = field(default_factory=set)

    @property
    def own_rows(self) -> set[Row]:
        return {
            *self.places,
            *((f"{CLAIMS}{name}", claim_key(value), "") for name, value in self.claims),
        }


def derive(kind: str, key: str, body: Any) -> Derived:
    try:
        summary = summary_of(kind, key, body)
        claims = claims_of(key, body) if kind == Kind.FLOW else set()
        return Derived(summary, facts_of(kind, key, body), _places(kind, summary), claims)
    except Exception:
        log.exception("%s %s could not be read for lists", kind, key)
        return Derived(empty_summary(kind, key), facts_of(kind, key, {}), places=[])


def claim_key(value: str) -> str:
    """What no other flow may have too, short enough for an index."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _places(kind: str, summary: Summary) -> list[Row]:
    if kind not in FLOW_KINDS:
        return []
    return [
        (relation, str(reference["name"])[:_MAX_NAME], reference["step"] or "")
        for relation in PLACES
        for reference in summary[relation]
    ]


def check(identity: Identity, body: Any, facts: Facts, owners: Owners) -> list[dict[str, Any]]:
    """Problems of one body as documents; afterwards `facts.asked` holds what they depend on."""
    facts.asked = set()
    if identity[0] not in _CHECKED_KINDS:
        return []
    try:
        found = check_item(identity, body, facts.surroundings())
        while missing := facts.unknown():
            facts.fetch(missing)
            facts.asked = set()
            found = check_item(identity, body, facts.surroundings())
        found = [*found, *check_against(identity, body, owners)]
    except Exception:
        log.exception("%s %s could not be checked", *identity)
        found = [_not_checked(identity)]
    return [problem.as_dict() for problem in found]


def _not_checked(identity: Identity) -> Problem:
    kind, key = identity
    return Problem(
        code="not_checked",
        severity="error",
        message="This could not be checked. The reason is in the log of the server.",
        kind=kind,
        id=key,
        item_name=key,
    )


def owners_of_claims(branch: Branch, claims: Collection[tuple[str, str]]) -> Owners:
    """The flows at the head that make one of these claims."""
    if not claims:
        return {}
    by_row = {(f"{CLAIMS}{name}", claim_key(value)): (name, value) for name, value in claims}
    rows = Reference.objects.filter(
        branch=branch,
        relation__in={relation for relation, _name in by_row},
        name__in={name for _relation, name in by_row},
    ).order_by("item_id")
    owners: dict[tuple[str, str], list[str]] = {}
    for relation, name, key in rows.values_list("relation", "name", "item__key"):
        if (relation, name) in by_row:
            owners.setdefault(by_row[relation, name], []).append(key)
    return owners


def check_rows(facts: Facts) -> set[Row]:
    return {(_CHECKS[kind], key[:_MAX_NAME], "") for kind, key in facts.asked if kind in _CHECKS}


def asked_by(places: Iterable[Row]) -> set[Identity]:
    """What checks of a flow with these places will most likely ask for."""
    found: set[Identity] = set()
    for relation, name, _step in places:
        found.update((kind.value, name) for kind in _ASKED_OF.get(relation, ()))
    return found


def dependents(branch: Branch, changed: Iterable[Identity], claims: Iterable[Row]) -> set[int]:
    """Ids of items whose problems may be others now: they asked for one of `changed`, or claim
    what was claimed there."""
    found: set[int] = set()
    names: dict[str, set[str]] = {}
    for kind, key in changed:
        names.setdefault(_CHECKS[kind], set()).add(key)
    for relation, name, _step in claims:
        names.setdefault(relation, set()).add(name)
    for relation, wanted in names.items():
        ordered = sorted(wanted)
        for start in range(0, len(ordered), _BATCH):
            some = ordered[start : start + _BATCH]
            rows = Reference.objects.filter(branch=branch, relation=relation, name__in=some)
            found.update(rows.values_list("item_id", flat=True))
    return found


def counts_of(problems: Sequence[dict[str, Any]]) -> tuple[int, int]:
    """(errors, warnings)"""
    errors = sum(problem["severity"] == "error" for problem in problems)
    return errors, len(problems) - errors


def set_problems(item: Item, problems: list[dict[str, Any]]) -> None:
    item.problems = problems
    item.error_count, item.warning_count = counts_of(problems)
