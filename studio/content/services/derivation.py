"""Keeps what is derived of items up to date: of those that were written, and of those that depend
on them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modelservice.project.checks.content import Identity
from modelservice.project.model import Kind
from studio.content.derive import (
    CLAIMS,
    Row,
    asked_by,
    check,
    check_rows,
    counts_of,
    dependents,
    derive,
    owners_of_claims,
    set_problems,
)
from studio.content.facts import Facts
from studio.content.models import Branch, Item
from studio.content.services.item_texts import ItemTexts
from studio.content.services.references import StoredReferences

_BATCH = 500
_WRITTEN_FIELDS = [
    *("blob", "revision", "path", "position", "summary", "facts"),
    *("problems", "error_count", "warning_count", "updated_at", "updated_by"),
]
_CHECKED_FIELDS = ["problems", "error_count", "warning_count"]
# Of a branch: what all its items have together.
COUNTS = ["error_count", "warning_count", "flow_count"]


def rederive(
    branch: Branch,
    *,
    written: Sequence[tuple[Item, Any]],
    removed: Sequence[Item],
    sent: Mapping[Identity, Any] | None = None,
    judge_translations: bool = True,
) -> None:
    """Store `written` (item, body) and delete `removed`, with all that is derived.

    `sent` and `judge_translations` are as `write.commit` has them.
    The branch is locked. Its counts are brought up to date, for the caller to save.
    """
    work = _Derivation(branch)
    texts = ItemTexts(branch, [*(item for item, _body in written), *removed])
    work.remove(removed)
    work.store(written)
    texts.store(written, sent or {}, judge=judge_translations)
    work.check(written)
    work.count()


class _Derivation:
    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._facts = Facts(branch)
        self._stored = StoredReferences(branch)
        # What checks of the written items will most likely ask for.
        self._asked: set[Identity] = set()
        # What other items can see of what was written.
        self._changed: list[Identity] = []
        self._claims: set[Row] = set()
        # Of each item that was written: what no other flow may have too.
        self._own_claims: dict[int, set[tuple[str, str]]] = {}
        self._errors = self._warnings = self._flows = 0

    def remove(self, items: Sequence[Item]) -> None:
        for item in items:
            self._changed.append((item.kind, item.key))
            self._facts.put((item.kind, item.key), None)
            self._tally(item, -1)
        ids = [item.pk for item in items]
        self._stored.read(ids)
        self._claims |= self._stored.claims(ids)
        for start in range(0, len(ids), _BATCH):
            Item.objects.filter(pk__in=ids[start : start + _BATCH]).delete()

    def store(self, written: Sequence[tuple[Item, Any]]) -> None:
        derived = [(item, derive(item.kind, item.key, body)) for item, body in written]
        known = [item for item, _body in written if not item._state.adding]
        ids = [item.pk for item in known]
        self._stored.read(ids)
        self._claims |= self._stored.claims(ids)
        self._asked = self._stored.asked(ids)
        for item, found in derived:
            identity = (item.kind, item.key)
            if item._state.adding or item.facts != found.facts:
                self._changed.append(identity)
            if not item._state.adding:
                self._tally(item, -1)
            item.summary, item.facts = found.summary, found.facts
            self._facts.put(identity, found.facts)
            self._asked |= asked_by(found.places)
        new = [item for item, _body in written if item._state.adding]
        Item.objects.bulk_create(new, batch_size=_BATCH)
        self._stored.none_of(item.pk for item in new)
        rows = {item.pk: found.own_rows for item, found in derived}
        self._own_claims = {item.pk: found.claims for item, found in derived}
        self._stored.replace(rows, "own")
        before, after = self._claims, set()
        for own in rows.values():
            after |= {row for row in own if row[0].startswith(CLAIMS)}
        self._claims = before ^ after
        self._known = known

    def check(self, written: Sequence[tuple[Item, Any]]) -> None:
        if len(written) > _BATCH:
            self._facts.fetch_all()
        mine = {item.pk for item, _body in written}
        self._check(written, self._asked)
        for item, _body in written:
            self._tally(item, 1)
        if len(self._known) == 1:
            self._known[0].save(update_fields=_WRITTEN_FIELDS)
        else:
            Item.objects.bulk_update(self._known, _WRITTEN_FIELDS, batch_size=_BATCH)
        known = {item.pk for item in self._known}
        new = [item for item, _body in written if item.pk not in known]
        Item.objects.bulk_update(
            [item for item in new if item.problems], _CHECKED_FIELDS, batch_size=_BATCH
        )
        others = sorted(dependents(self._branch, self._changed, self._claims) - mine)
        for start in range(0, len(others), _BATCH):
            self._check_others(others[start : start + _BATCH])

    def count(self) -> None:
        branch = self._branch
        branch.error_count += self._errors
        branch.warning_count += self._warnings
        branch.flow_count += self._flows

    def _check_others(self, ids: list[int]) -> None:
        rows = Item.objects.filter(pk__in=ids).select_related("blob")
        items = [(item, item.blob.body) for item in rows.defer("blob__text", "blob__content")]
        counted = {item.pk: (item.error_count, item.warning_count) for item, _body in items}
        had = {item.pk: item.problems for item, _body in items}
        self._stored.read(ids)
        self._check(items, self._stored.asked(ids))
        for item, _body in items:
            errors, warnings = counted[item.pk]
            self._errors += item.error_count - errors
            self._warnings += item.warning_count - warnings
        changed = [item for item, _body in items if had[item.pk] != item.problems]
        Item.objects.bulk_update(changed, _CHECKED_FIELDS, batch_size=_BATCH)

    def _check(self, items: Sequence[tuple[Item, Any]], asked: set[Identity]) -> None:
        rows: dict[int, set[Row]] = {}
        claims = {item.pk: self._claims_in(item, body) for item, body in items}
        owners = owners_of_claims(self._branch, set().union(*claims.values()))
        self._facts.fetch(asked)
        for item, body in items:
            set_problems(item, check((item.kind, item.key), body, self._facts, owners))
            rows[item.pk] = check_rows(self._facts)
        self._stored.replace(rows, "checks")

    def _claims_in(self, item: Item, body: Any) -> set[tuple[str, str]]:
        known = self._own_claims.get(item.pk)
        return derive(item.kind, item.key, body).claims if known is None else known

    def _tally(self, item: Item, sign: int) -> None:
        errors, warnings = counts_of(item.problems)
        self._errors += sign * errors
        self._warnings += sign * warnings
        self._flows += sign * (item.kind == Kind.FLOW)


def rebuild(branch: Branch, items: Iterable[tuple[Item, Any]]) -> None:
    """Derive everything of a branch anew, from items that have no row yet."""
    Item.objects.filter(branch=branch).delete()
    branch.error_count = branch.warning_count = branch.flow_count = 0
    rederive(branch, written=[*items], removed=[])
    branch.save(update_fields=COUNTS)
