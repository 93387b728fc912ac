"""The references that are stored of items, read once for each write and replaced."""

from collections.abc import Collection, Iterable
from typing import Any, Literal

from modelservice.project.checks.content import Identity
from studio.common.bulk import insert_rows
from studio.content.derive import CHECKS, CLAIMS, Row
from studio.content.models import Branch, Reference

_BATCH = 500


class StoredReferences:
    """What is stored of the items that a write is about."""

    def __init__(self, branch: Branch) -> None:
        self._branch = branch
        self._rows: dict[int, dict[Row, int]] = {}

    def read(self, items: Iterable[int]) -> None:
        ids = [pk for pk in items if pk not in self._rows]
        for pk in ids:
            self._rows[pk] = {}
        for start in range(0, len(ids), _BATCH):
            rows = Reference.objects.filter(item__in=ids[start : start + _BATCH])
            for pk, item, *row in rows.values_list("id", "item_id", "relation", "name", "step"):
                self._rows[item][tuple(row)] = pk  # type: ignore[index]  # three texts

    def none_of(self, items: Iterable[int]) -> None:
        """These items are new."""
        self._rows.update({pk: {} for pk in items})

    def claims(self, items: Iterable[int]) -> set[Row]:
        return {row for pk in items for row in self._rows[pk] if row[0].startswith(CLAIMS)}

    def asked(self, items: Iterable[int]) -> set[Identity]:
        """What checks of these items asked for last time: most likely what they ask for now."""
        rows = (row for pk in items for row in self._rows[pk])
        return {
            (relation.removeprefix(CHECKS), name)
            for relation, name, _step in rows
            if relation.startswith(CHECKS)
        }

    def replace(self, rows: dict[int, set[Row]], relations: Literal["own", "checks"]) -> None:
        """Store these references of these items, instead of those that they had.

        `relations` says which kind the rows are of, and so which of the stored ones go: "own", of
        the body, or "checks", what was looked up.
        """
        gone: list[int] = []
        new: list[dict[str, Any]] = []
        for item, wanted in rows.items():
            had = {
                row: pk
                for row, pk in self._rows[item].items()
                if row[0].startswith(CHECKS) == (relations == "checks")
            }
            gone.extend(pk for row, pk in had.items() if row not in wanted)
            new.extend(self._row(item, row) for row in sorted(wanted - had.keys()))
        _delete(gone)
        insert_rows(Reference, new)

    def _row(self, item: int, row: Row) -> dict[str, Any]:
        relation, name, step = row
        return {
            "branch": self._branch.pk,
            "item": item,
            "relation": relation,
            "name": name,
            "step": step,
        }


def _delete(ids: Collection[int]) -> None:
    waiting = list(ids)
    for start in range(0, len(waiting), _BATCH):
        Reference.objects.filter(pk__in=waiting[start : start + _BATCH]).delete()
