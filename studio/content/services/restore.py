"""Going back: the content of an older commit becomes a new one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from modelservice.project.checks.content import Identity
from studio.common.errors import Invalid, NotFound
from studio.content.models import Branch, Commit, Entry, Item
from studio.content.selectors.revisions import tree_at
from studio.content.services.items import changes_to
from studio.content.services.texts import copy_facts
from studio.content.services.write import Author, commit, lock

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Restored:
    """`commit` is None where all was as it was then; `problems` are errors of what came back."""

    commit: Commit | None
    problems: list[dict[str, Any]]


@transaction.atomic
def restore(
    *, branch: Branch, number: int, items: Collection[Identity] | None, author: Author
) -> Restored:
    """Bring these items, or everything, back to what they were at commit `number`.

    What came after stays in the history. References to what is gone are told, not refused.
    """
    branch = lock(branch)
    if not 0 < number <= branch.head:
        raise NotFound(f"The branch “{branch.name}” has no commit {number}.")
    then = tree_at(branch, number)
    now = tree_at(branch)
    wanted = [*{**then, **now}] if items is None else [*dict.fromkeys(items)]
    unknown = [one for one in wanted if one not in then and one not in now]
    if unknown:
        kind, key = unknown[0]
        raise Invalid(f"There was no {kind.replace('_', ' ')} “{key}” at that commit.")
    changes = changes_to(
        {one: then.get(one) for one in wanted if _mark(then.get(one)) != _mark(now.get(one))}
    )
    made = commit(branch=branch, author=author, changes=changes, judge_translations=False)
    copy_facts(branch, changes)
    return Restored(made, _errors_of(branch, [change.identity for change in changes]))


def _mark(entry: Entry | None) -> tuple[int | None, str] | None:
    return None if entry is None else (entry.blob_id, entry.path)


def _errors_of(branch: Branch, identities: Collection[Identity]) -> list[dict[str, Any]]:
    rows = Item.objects.filter(branch=branch, error_count__gt=0)
    found = rows.values_list("kind", "key", "problems")
    wanted = set(identities)
    return [
        problem
        for kind, key, problems in found
        if (kind, key) in wanted
        for problem in problems
        if problem["severity"] == "error"
    ]
