"""Which flow refers to what, read from the summaries."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from modelservice.project.model import Kind
from studio.assistants.models import Primitive

FLOW_KINDS = (Kind.FLOW, Kind.SYSTEM_FLOW)
Places = dict[str, list[dict[str, Any]]]


def places_by_name(assistant_id: UUID, *relations: str) -> Places:
    """Name → `[{"flow", "flow_name", "step"}]` over `relations` of all living flows.

    A relation is a key of `FlowSummary`: slots, texts, links or calls.
    """
    flows = Primitive.objects.filter(
        assistant_id=assistant_id, kind__in=FLOW_KINDS, deleted_at__isnull=True
    )
    places: Places = defaultdict(list)
    for key, summary in flows.values_list("key", "summary"):
        for relation in relations:
            for reference in summary[relation]:
                place = {
                    "flow": key,
                    "flow_name": summary["name"],
                    "step": reference["step"],
                }
                places[reference["name"]].append(place)
    return places


def places_using(assistant_id: UUID, kind: Kind, key: str) -> list[dict[str, Any]]:
    relation = "slots" if kind is Kind.SLOT else "texts"
    return places_by_name(assistant_id, relation).get(key, [])
