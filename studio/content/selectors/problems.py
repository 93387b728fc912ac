"""The problems of content, as they were stored when it was written."""

from typing import Any

from modelservice.project.model import Kind
from studio.content.derive import check, derive, owners_of_claims
from studio.content.facts import Facts
from studio.content.models import Branch, Item

Document = dict[str, Any]


def validation_document(branch: Branch) -> Document:
    found = [problem for problems in _stored(branch) for problem in problems]
    errors = sum(problem["severity"] == "error" for problem in found)
    return {"errors": errors, "warnings": len(found) - errors, "problems": found}


def _stored(branch: Branch) -> list[list[Document]]:
    rows = Item.objects.filter(branch=branch).exclude(error_count=0, warning_count=0)
    return list(rows.order_by("position", "id").values_list("problems", flat=True))


def draft_problems(branch: Branch, *, kind: Kind, key: str, body: Any) -> list[Document]:
    """Problems that an item would have if `body` were stored; nothing is."""
    derived = derive(kind.value, key, body)
    facts = Facts(branch)
    facts.put((kind.value, key), derived.facts)
    return check((kind.value, key), body, facts, owners_of_claims(branch, derived.claims))
