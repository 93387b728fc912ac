"""The change record, filtered."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import QuerySet

from studio.assistants.models import Assistant, Change
from studio.common.errors import Invalid


def changes(assistant: Assistant, filters: Mapping[str, str]) -> QuerySet[Change]:
    """`filters` may hold kind, item and actor (the id of a person)."""
    rows = Change.objects.filter(assistant=assistant).select_related("actor")
    if filters.get("kind"):
        rows = rows.filter(kind=filters["kind"])
    if filters.get("item"):
        rows = rows.filter(item=filters["item"])
    if filters.get("actor"):
        try:
            rows = rows.filter(actor_id=UUID(filters["actor"]))
        except ValueError as error:
            raise Invalid("actor must be the id of a person.") from error
    return rows
