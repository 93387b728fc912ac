"""What an import into an assistant would change, as pages show it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from modelservice.project.checks.content import FLOW_KINDS, Identity
from modelservice.project.model import Kind
from studio.content.derive import PLACES, derive
from studio.content.merge import MISSING, same
from studio.content.models import Branch, Entry, Item, Reference
from studio.content.rights import is_setting
from studio.content.secrets import masked_body
from studio.content.selectors.documents import person
from studio.content.selectors.history import item_difference
from studio.content.selectors.revisions import line_of
from studio.content.services.imports import Difference, ImportPlan
from studio.content.summaries import SLOT_RELATIONS

Document = dict[str, Any]
_BATCH = 500
_KINDS_OF = {
    **dict.fromkeys(SLOT_RELATIONS, (Kind.SLOT,)),
    "texts": (Kind.RESPONSE, Kind.ACTION),
    "links": FLOW_KINDS,
    "calls": FLOW_KINDS,
}


def import_documents(
    branch: Branch, plan: ImportPlan, *, may_change_settings: bool
) -> list[Document]:
    """Differences item by item, in the vocabulary of compare, with what a person has to know to
    choose among them."""
    found = plan.differences
    rows = _rows(branch, [one.change.identity for one in found if one.before is not MISSING])
    undone = _undone(branch, [one for one in found if MISSING not in (one.before, one.after)])
    needed = _needed(branch, found)
    documents = []
    for one in found:
        identity = one.change.identity
        before, after = (
            side if side is MISSING or may_change_settings else masked_body(one.change.kind, side)
            for side in (one.before, one.after)
        )
        row = rows.get(identity)
        now, then = needed.get(identity, ([], []))
        documents.append(
            {
                **item_difference(*identity, before, after),
                "changed_by": row and {"author": person(row.updated_by), "at": row.updated_at},
                "undoes": identity in undone,
                "allowed": may_change_settings or not is_setting(*identity),
                "needed_now": now,
                "needed_then": then,
            }
        )
    return documents


def _rows(branch: Branch, wanted: Collection[Identity]) -> dict[Identity, Item]:
    found: dict[Identity, Item] = {}
    for keys in _batches(key for _kind, key in wanted):
        rows = Item.objects.filter(branch=branch, key__in=keys).select_related("updated_by")
        found.update(
            {
                (row.kind, row.key): row
                for row in rows.only("kind", "key", "updated_at", "updated_by")
            }
        )
    return found


def _batches(names: Iterable[str]) -> Iterable[list[str]]:
    ordered = sorted({*names})
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _undone(branch: Branch, changed: Collection[Difference]) -> set[Identity]:
    """Items that the project has as they were here before: somebody changed them since."""
    wanted = {one.change.identity: one for one in changed}
    found: set[Identity] = set()
    for here, last in line_of(branch):
        entries = Entry.objects.filter(branch=here, number__lte=last, blob__isnull=False)
        for keys in _batches(key for _kind, key in wanted):
            rows = entries.filter(key__in=keys).exclude(kind=Kind.SOURCE).order_by()
            columns = rows.values_list("kind", "key", "blob__body", "blob__content")
            for kind, key, body, content in columns.iterator():
                one = wanted.get((kind, key))
                was = body if content is None else bytes(content).hex()
                if one is not None and (kind, key) not in found and same(was, one.after):
                    found.add((kind, key))
    return found


def _needed(
    branch: Branch, differences: Collection[Difference]
) -> dict[Identity, tuple[list[str], list[str]]]:
    """Of items that come or go: which flows refer to them as they are now, and which as they are
    in the project, of those that it changes."""
    come_or_go = {one.change.identity for one in differences if MISSING in (one.before, one.after)}
    now: dict[Identity, set[str]] = defaultdict(set)
    then: dict[Identity, set[str]] = defaultdict(set)
    for keys in _batches(key for _kind, key in come_or_go):
        rows = Reference.objects.filter(branch=branch, relation__in=PLACES, name__in=keys)
        columns = rows.order_by().values_list("relation", "name", "item__kind", "item__key")
        for relation, name, kind, key in columns:
            _note(now, come_or_go, relation, name, f"{kind} {key}")
    for one in differences:
        kind, key = one.change.identity
        if kind in FLOW_KINDS and one.after is not MISSING:
            for relation, name, _step in derive(kind, key, one.after).places:
                _note(then, come_or_go, relation, name, f"{kind} {key}")
    return {one: (sorted(now[one]), sorted(then[one])) for one in come_or_go}


def _note(
    found: dict[Identity, set[str]],
    asked: Collection[Identity],
    relation: str,
    name: str,
    user: str,
) -> None:
    for kind in _KINDS_OF[relation]:
        identity = (str(kind), name)
        if identity in asked and user != f"{kind} {name}":
            found[identity].add(user)
