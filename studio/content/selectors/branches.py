"""Branches as documents."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet

from studio.assistants.models import Assistant
from studio.content.models import Branch, Commit
from studio.content.selectors.documents import person


def branches(assistant: Assistant) -> QuerySet[Branch]:
    rows = Branch.objects.filter(assistant=assistant).select_related("parent", "created_by")
    return rows.order_by("created_at", "id")


def all_branches() -> list[Branch]:
    """Of all assistants; for commands."""
    return list(Branch.objects.select_related("assistant", "parent").order_by("pk"))


def branch_documents(rows: Iterable[Branch]) -> list[dict[str, Any]]:
    """`waits`: there is something on it that was not merged into another branch."""
    rows = list(rows)
    merged = Commit.objects.filter(
        merged__branch__in=[row.pk for row in rows], merged__number=F("merged__branch__head")
    )
    done = set(merged.values_list("merged__branch", flat=True))
    names = ("name", "protected", "start", "head", "flow_count", "error_count", "warning_count")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "parent": None if row.parent is None else row.parent.name,
            "waits": row.parent is not None and row.head > row.start and row.pk not in done,
            "created_at": row.created_at,
            "created_by": person(row.created_by),
        }
        for row in rows
    ]


def branch_document(branch: Branch) -> dict[str, Any]:
    return branch_documents([branch])[0]
