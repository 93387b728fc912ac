"""Branches as documents."""

from typing import Any

from django.db.models import QuerySet

from studio.assistants.models import Assistant
from studio.content.models import Branch
from studio.content.selectors.documents import person


def branches(assistant: Assistant) -> QuerySet[Branch]:
    rows = Branch.objects.filter(assistant=assistant).select_related("parent", "created_by")
    return rows.order_by("created_at", "id")


def all_branches() -> list[Branch]:
    """Of all assistants; for commands."""
    return list(Branch.objects.select_related("assistant", "parent").order_by("pk"))


def branch_document(branch: Branch) -> dict[str, Any]:
    names = ("name", "protected", "start", "head", "flow_count", "error_count", "warning_count")
    return {
        **{name: getattr(branch, name) for name in names},
        "parent": None if branch.parent is None else branch.parent.name,
        "created_at": branch.created_at,
        "created_by": person(branch.created_by),
    }
