"""Which flow refers to what."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS
from modelservice.project.model import Kind
from studio.content.models import Branch, Item, Reference
from studio.content.summaries import SLOT_RELATIONS

# Name to `[{"flow", "flow_name", "step"}]`.
Places = dict[str, list[dict[str, Any]]]


def places_of(
    branch: Branch, *relations: str, names: Collection[str] | None = None
) -> dict[str, Places]:
    """Places in all flows, by relation and name; `names` limits them to some.

    A relation is one of `derive.PLACES`: asks, sets or reads (slots), texts, links or calls.
    """
    rows = Reference.objects.filter(branch=branch, relation__in=relations).order_by("id")
    flows = Item.objects.filter(branch=branch, kind__in=FLOW_KINDS).order_by()
    if names is not None:
        rows = rows.filter(name__in=names)
        flows = flows.filter(pk__in=rows.order_by().values("item"))
    flow_names = {
        pk: (key, summary["name"]) for pk, key, summary in flows.values_list("pk", "key", "summary")
    }
    places: dict[str, Places] = {relation: defaultdict(list) for relation in relations}
    for item, relation, target, step in rows.values_list("item_id", "relation", "name", "step"):
        flow, flow_name = flow_names[item]
        place = {"flow": flow, "flow_name": flow_name, "step": step or None}
        places[relation][target].append(place)
    return places


def places_by_name(branch: Branch, relation: str) -> Places:
    return places_of(branch, relation)[relation]


def places_using(branch: Branch, kind: Kind, key: str) -> list[dict[str, Any]]:
    relations = SLOT_RELATIONS if kind is Kind.SLOT else ("texts",)
    found = places_of(branch, *relations, names=[key])
    return distinct(found[relation].get(key, []) for relation in relations)


def distinct(places: Iterable[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """All of them, each once: a step may ask for a slot and read it, too."""
    seen = {(one["flow"], one["step"]): one for some in places for one in some}
    return list(seen.values())
