"""The file that a new item is exported to: beside its like, or where Rasa projects keep it."""

from collections.abc import Iterable

from django.db.models import Count

from modelservice.project.model import Item, Kind
from modelservice.project.project_writer import default_path
from studio.assistants.models import Assistant, Primitive

_DOMAIN = (Kind.RESPONSE, Kind.SLOT, Kind.ACTION, Kind.INTENT, Kind.ENTITY)


def path_for(assistant: Assistant, kind: Kind, key: str) -> str:
    found = None
    if kind is Kind.NLU:
        found = _fullest_file(assistant, [kind])
    elif kind in _DOMAIN:
        found = _fullest_file(assistant, [kind]) or _fullest_file(assistant, _DOMAIN)
    elif kind is Kind.PROMPT:
        found = key
    return found or default_path(Item(kind, key, None))


def _fullest_file(assistant: Assistant, kinds: Iterable[Kind]) -> str | None:
    living = Primitive.objects.filter(
        assistant=assistant, kind__in=list(kinds), deleted_at__isnull=True
    )
    counted = living.order_by().values("source_path").annotate(items=Count("id"))
    fullest = counted.order_by("-items", "source_path").first()
    return fullest["source_path"] if fullest else None
