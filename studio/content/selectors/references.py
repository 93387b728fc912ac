"""Which flow refers to what."""

from collections import defaultdict
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from studio.content.models import Branch, Item, Reference

# Name to `[{"flow", "flow_name", "step"}]`.
Places = dict[str, list[dict[str, Any]]]


def places_of(branch: Branch, *relations: str, name: str | None = None) -> dict[str, Places]:
    """Places in all flows, by relation and name; `name` limits them to one.

    A relation is one of `derive.PLACES`: slots, texts, links or calls.
    """
    rows = Reference.objects.filter(branch=branch, relation__in=relations).order_by("id")
    flows = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS).order_by()
    if name is not None:
        rows = rows.filter(name=name)
        flows = flows.filter(references__name=name)
    names = {
        pk: (key, summary["name"]) for pk, key, summary in flows.values_list("pk", "key", "summary")
    }
    places: dict[str, Places] = {relation: defaultdict(list) for relation in relations}
    for item, relation, target, step in rows.values_list("item_id", "relation", "name", "step"):
        flow, flow_name = names[item]
        place = {"flow": flow, "flow_name": flow_name, "step": step or None}
        places[relation][target].append(place)
    return places


def places_by_name(branch: Branch, relation: str) -> Places:
    return places_of(branch, relation)[relation]


def places_using(branch: Branch, kind: Kind, key: str) -> list[dict[str, Any]]:
    relation = "slots" if kind is Kind.SLOT else "texts"
    return places_of(branch, relation, name=key)[relation].get(key, [])
