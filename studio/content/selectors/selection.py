"""Some flows with what they need of the rest, to be taken elsewhere."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS, Identity
from modelservice.project.model import Kind, Project
from studio.common.errors import Invalid
from studio.content.derive import CHECKS, PLACES
from studio.content.models import Branch, Item, Reference
from studio.content.selectors.project import project_of_rows, rows_of
from studio.content.summaries import SLOT_RELATIONS

_BY_RELATION: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(SLOT_RELATIONS, (Kind.SLOT,)),
    "texts": (Kind.RESPONSE, Kind.ACTION),
    "links": tuple(FLOW_KINDS),
    "calls": tuple(FLOW_KINDS),
    **{f"{CHECKS}{kind.value}": (kind.value,) for kind in Kind},
}
# What bodies name as it is called: the response of a refusal, the intent and the entity that fill
# a slot, the file of a prompt.
_NAMED = (Kind.RESPONSE, Kind.ACTION, Kind.INTENT, Kind.ENTITY, Kind.PROMPT)
_CAN_NAME = {*FLOW_KINDS, Kind.RESPONSE, Kind.SLOT}


def project_of_flows(branch: Branch, flows: Collection[str], *, linked: bool) -> Project:
    """These flows, and the slots, responses, actions, intents with their examples, entities and
    prompts that they need; with `linked` the flows that they link and call, too.

    Settings, code and tests stay.

    :raises Invalid: there is no such flow
    """
    rows = {(row[0], row[1]): row for row in rows_of(branch)}
    chosen = [(Kind.FLOW.value, key) for key in flows]
    for identity in chosen:
        if identity not in rows:
            raise Invalid(f"There is no flow “{identity[1]}”.")
    needs = _needs(branch, rows.keys())
    found: set[Identity] = set()
    waiting: list[Identity] = list(chosen)
    while waiting:
        identity = waiting.pop()
        if identity in found:
            continue
        found.add(identity)
        waiting.extend(
            one for one in needs[identity] if linked or one[0] not in FLOW_KINDS or one in chosen
        )
    paths = {rows[one][2] for one in found}
    lines = {one for one in rows if one[0] == Kind.SOURCE and one[1] in paths}
    return project_of_rows([row for one, row in rows.items() if one in found or one in lines])


def _needs(branch: Branch, here: Collection[Identity]) -> dict[Identity, set[Identity]]:
    needs: dict[Identity, set[Identity]] = defaultdict(set)
    rows = Reference.objects.filter(branch=branch).order_by()
    columns = ("item__kind", "item__key", "relation", "name")
    for kind, key, relation, name in rows.values_list(*columns):
        if relation in PLACES or relation.startswith(CHECKS):
            needs[kind, key].update((str(one), name) for one in _BY_RELATION[relation])
    bodies = Item.objects.filter(branch=branch, kind__in=_CAN_NAME).order_by()
    for kind, key, body in bodies.values_list("kind", "key", "blob__body"):
        needs[kind, key].update((named.value, text) for text in _texts(body) for named in _NAMED)
        if kind == Kind.SLOT:
            needs[kind, key].add((Kind.ACTION.value, f"validate_{key}"))
    for kind, key in here:
        if kind == Kind.INTENT:
            needs[kind, key].add((Kind.NLU.value, f"intent:{key}"))
    known = {*here}
    return defaultdict(set, {one: names & known - {one} for one, names in needs.items()})


def _texts(body: Any) -> Iterator[str]:
    if isinstance(body, str):
        yield body
    elif isinstance(body, dict):
        for value in body.values():
            yield from _texts(value)
    elif isinstance(body, list):
        for value in body:
            yield from _texts(value)
