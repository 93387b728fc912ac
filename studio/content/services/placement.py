"""The file that a new item is exported to: beside its like, or where Rasa projects keep it."""

from collections.abc import Iterable

from django.db.models import Count

from modelservice.project.model import Item as ProjectItem
from modelservice.project.model import Kind
from modelservice.project.project_writer import default_path
from studio.content.models import Branch, Item

_DOMAIN = (Kind.RESPONSE, Kind.SLOT, Kind.ACTION, Kind.INTENT, Kind.ENTITY)


def path_for(branch: Branch, kind: Kind, key: str) -> str:
    found = None
    if kind is Kind.NLU:
        found = _fullest_file(branch, [kind])
    elif kind in _DOMAIN:
        found = _fullest_file(branch, [kind]) or _fullest_file(branch, _DOMAIN)
    elif kind is Kind.PROMPT:
        found = key
    return found or default_path(ProjectItem(kind, key, None))


def _fullest_file(branch: Branch, kinds: Iterable[Kind]) -> str | None:
    rows = Item.objects.filter(branch=branch, kind__in=list(kinds)).order_by()
    counted = rows.values("path").annotate(items=Count("id"))
    fullest = counted.order_by("-items", "path").first()
    return fullest["path"] if fullest else None
