"""Problems of stored content, kept in memory between changes.

The problems of one item depend on its body and on the names around it (`Surroundings`). Both are
compared on the next read, so that after an edit only what the edit can touch is checked again.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max

from modelservice.project.checks.content import Content, Identity, Surroundings
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.validate import (
    Owners,
    check_against,
    check_between,
    check_item,
    owners_of,
    surroundings_of,
)
from modelservice.project.model import Kind
from studio.assistants.models import Assistant, Change, Primitive

_KEPT_ASSISTANTS = 20


@dataclass(frozen=True, slots=True)
class Checked:
    """The state of one assistant at its change `change_id`."""

    change_id: int
    content: Content
    surroundings: Surroundings
    owners: Owners
    bodies: Mapping[Identity, int]
    inside: Mapping[Identity, list[Problem]]
    problems: Mapping[Identity, list[Problem]]


_cache: OrderedDict[UUID, Checked] = OrderedDict()
_lock = threading.Lock()


def checked(assistant_id: UUID) -> Checked:
    newest = newest_change(assistant_id)
    with _lock:
        known = _cache.get(assistant_id)
    if known is not None and known.change_id == newest:
        return known
    fresh = _check(assistant_id, newest, known)
    with _lock:
        _cache[assistant_id] = fresh
        _cache.move_to_end(assistant_id)
        while len(_cache) > _KEPT_ASSISTANTS:
            _cache.popitem(last=False)
    return fresh


def newest_change(assistant_id: UUID) -> int:
    rows = Change.objects.filter(assistant_id=assistant_id)
    return rows.aggregate(newest=Max("id"))["newest"] or 0


def problem_counts(assistant: Assistant) -> dict[Identity, tuple[int, int]]:
    """(errors, warnings) of every item that has any."""
    return {
        identity: (
            sum(problem.severity == "error" for problem in problems),
            sum(problem.severity == "warning" for problem in problems),
        )
        for identity, problems in checked(assistant.pk).problems.items()
    }


def problem_totals(assistant: Assistant) -> dict[str, int]:
    counts = problem_counts(assistant).values()
    return {
        "errors": sum(errors for errors, _warnings in counts),
        "warnings": sum(warnings for _errors, warnings in counts),
    }


def problems_of_item(primitive: Primitive) -> list[dict[str, Any]]:
    found = checked(primitive.assistant_id).problems.get((primitive.kind, primitive.key), [])
    return [problem.as_dict() for problem in found]


def validation_document(assistant: Assistant) -> dict[str, Any]:
    found = [
        problem for problems in checked(assistant.pk).problems.values() for problem in problems
    ]
    errors = sum(problem.severity == "error" for problem in found)
    return {
        "errors": errors,
        "warnings": len(found) - errors,
        "problems": [problem.as_dict() for problem in found],
    }


def draft_problems(
    assistant: Assistant, *, kind: Kind, key: str, body: Any
) -> list[dict[str, Any]]:
    """Problems that an item would have if `body` were stored; nothing is."""
    identity = (kind.value, key)
    known = checked(assistant.pk)
    surroundings = known.surroundings.with_item(identity, body)
    found = [
        *check_item(identity, body, surroundings),
        *check_against(identity, body, known.owners),
    ]
    return [problem.as_dict() for problem in found]


def _check(assistant_id: UUID, newest: int, known: Checked | None) -> Checked:
    rows = Primitive.objects.filter(assistant_id=assistant_id, deleted_at__isnull=True)
    items: dict[Identity, Any] = {}
    bodies: dict[Identity, int] = {}
    stored = _stored_bodies(known)
    for pk, kind, key, revision in rows.values_list("id", "kind", "key", "revision"):
        bodies[kind, key] = hash((pk, revision))
    wanted = [identity for identity, mark in bodies.items() if stored.get(identity) != mark]
    items = _bodies_of(assistant_id, wanted, len(bodies))
    if known is not None:
        kept = {key: known.content.items[key] for key in bodies.keys() - items.keys()}
        items = {**kept, **items}
    content = Content(items)
    return _checked_content(newest, content, bodies, known)


def _stored_bodies(known: Checked | None) -> Mapping[Identity, int]:
    return known.bodies if known is not None else {}


def _bodies_of(assistant_id: UUID, wanted: list[Identity], total: int) -> dict[Identity, Any]:
    rows = Primitive.objects.filter(assistant_id=assistant_id, deleted_at__isnull=True)
    few = 100
    if len(wanted) <= min(few, total - 1):
        rows = rows.filter(key__in=[key for _kind, key in wanted])
    found = {(kind, key): body for kind, key, body in rows.values_list("kind", "key", "body")}
    return {identity: found[identity] for identity in wanted if identity in found}


def _checked_content(
    newest: int, content: Content, bodies: Mapping[Identity, int], known: Checked | None
) -> Checked:
    surroundings = surroundings_of(content)
    same = known is not None and known.surroundings == surroundings
    inside: dict[Identity, list[Problem]] = {}
    for identity, body in content.items.items():
        if known is not None and same and known.bodies.get(identity) == bodies[identity]:
            inside[identity] = known.inside[identity]
        else:
            inside[identity] = check_item(identity, body, surroundings)
    problems = {identity: list(found) for identity, found in inside.items() if found}
    for identity, found in check_between(content).items():
        problems.setdefault(identity, []).extend(found)
    return Checked(newest, content, surroundings, owners_of(content), bodies, inside, problems)
