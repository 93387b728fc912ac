"""Three-way merge of bodies: what only one side touched is taken in silence, the rest is asked.

`flow-core/merge.ts` of the web client does the same; both run
`tests/studio/content/merge_cases.json`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from modelservice.project.alignment import align, canonical

Pointer = tuple[str | int, ...]


class Missing:
    """The value of a key, an entry or an item that is not there."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that both sides changed, each in its own way; MISSING is a deletion.

    `pointer` leads to the field in the merged body. There stands `mine`; where mine is a deletion,
    and the field an entry of a list, there stands `theirs`.
    """

    pointer: Pointer
    base: Any
    mine: Any
    theirs: Any


@dataclass(slots=True)
class Merged:
    """Both changes together, with conflicts that somebody has to decide about."""

    body: Any
    conflicts: list[Conflict] = field(default_factory=list)


def merge(base: Any, mine: Any, theirs: Any) -> Merged:
    """Join `mine` and `theirs`, which both come from `base`; any of them may be MISSING."""
    merged = Merged(None)
    merged.body = _merge_value(base, mine, theirs, (), merged.conflicts)
    return merged


@dataclass(frozen=True, slots=True)
class Edited:
    """A conflict is decided for a value that is on none of its sides."""

    value: Any


Decision = Literal["before", "mine", "theirs"] | Edited


def resolve(merged: Merged, decisions: Sequence[Decision]) -> Any:
    """The body with each conflict decided, in their order."""
    body = merged.body
    decided = list(zip(merged.conflicts, decisions, strict=True))
    # From the last to the first: removing an entry of a list moves those behind it.
    for conflict, decision in reversed(decided):
        body = _with_value(body, conflict.pointer, _decided(conflict, decision))
    return body


def _decided(conflict: Conflict, decision: Decision) -> Any:
    if isinstance(decision, Edited):
        return decision.value
    return {"before": conflict.base, "mine": conflict.mine, "theirs": conflict.theirs}[decision]


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: the order of keys does not count, and `true` is not 1."""
    if one is MISSING or other is MISSING:
        return one is other
    return one == other and canonical(one) == canonical(other)


def _merge_value(
    base: Any, mine: Any, theirs: Any, pointer: Pointer, conflicts: list[Conflict]
) -> Any:
    if same(mine, theirs) or same(base, theirs):
        return mine
    if same(base, mine):
        return theirs
    if all(isinstance(value, dict) for value in (base, mine, theirs)):
        return _merge_maps(base, mine, theirs, pointer, conflicts)
    if all(isinstance(value, list) for value in (base, mine, theirs)):
        return _merge_lists(base, mine, theirs, pointer, conflicts)
    if all(isinstance(value, str) and "\n" in value for value in (base, mine, theirs)):
        joined = _merge_texts(base, mine, theirs)
        if joined is not None:
            return joined
    conflicts.append(Conflict(pointer, base, mine, theirs))
    return mine


def _merge_maps(
    base: dict[str, Any],
    mine: dict[str, Any],
    theirs: dict[str, Any],
    pointer: Pointer,
    conflicts: list[Conflict],
) -> dict[str, Any]:
    merged = {}
    for key in (*mine, *(key for key in theirs if key not in mine)):
        value = _merge_value(
            base.get(key, MISSING),
            mine.get(key, MISSING),
            theirs.get(key, MISSING),
            (*pointer, key),
            conflicts,
        )
        if value is not MISSING:
            merged[key] = value
    return merged


def _merge_texts(base: str, mine: str, theirs: str) -> str | None:
    """Line by line; None where both changed the same lines."""
    conflicts: list[Conflict] = []
    lines = _merge_lists(base.split("\n"), mine.split("\n"), theirs.split("\n"), (), conflicts)
    return None if conflicts else "\n".join(lines)


def _merge_lists(
    base: list[Any],
    mine: list[Any],
    theirs: list[Any],
    pointer: Pointer,
    conflicts: list[Conflict],
) -> list[Any]:
    sides = _Sides(base, mine, theirs)
    order = sides.order()
    if order is None:
        conflicts.append(Conflict(pointer, base, mine, theirs))
        return mine
    merged: list[Any] = []
    for entry in order:
        value = _merge_entry(sides.values(entry), (*pointer, len(merged)), conflicts)
        if value is not MISSING:
            merged.append(value)
    return merged


def _merge_entry(values: tuple[Any, Any, Any], place: Pointer, conflicts: list[Conflict]) -> Any:
    base, mine, theirs = values
    if base is not MISSING and mine is MISSING and not same(base, theirs):
        if theirs is not MISSING:
            conflicts.append(Conflict(place, base, mine, theirs))
        return theirs
    return _merge_value(base, mine, theirs, place, conflicts)


# An entry of the three lists: its index in base, mine and theirs, None where it is not.
_Entry = tuple[int | None, int | None, int | None]


class _Sides:
    """The three lists, with their entries paired."""

    def __init__(self, base: list[Any], mine: list[Any], theirs: list[Any]) -> None:
        self._base, self._mine, self._theirs = base, mine, theirs
        self._to_mine, self._to_theirs = align(base, mine), align(base, theirs)
        self._of_mine = {other: one for one, other in self._to_mine.items()}
        self._of_theirs = {other: one for one, other in self._to_theirs.items()}

    def values(self, entry: _Entry) -> tuple[Any, Any, Any]:
        one, two, three = entry
        return (
            MISSING if one is None else self._base[one],
            MISSING if two is None else self._mine[two],
            MISSING if three is None else self._theirs[three],
        )

    def order(self) -> list[_Entry] | None:
        """Every entry, in the order of the merged list; None where both sides reordered it."""
        common = [index for index in self._to_mine if index in self._to_theirs]
        in_mine = sorted(common, key=self._to_mine.__getitem__)
        in_theirs = sorted(common, key=self._to_theirs.__getitem__)
        in_base = sorted(common)
        if in_theirs in (in_base, in_mine):
            return self._along_mine()
        if in_mine == in_base:
            return self._along_theirs()
        return None

    def _along_mine(self) -> list[_Entry]:
        """Mine, with what theirs added or kept put after its neighbour in theirs."""
        entries: list[_Entry] = []
        for index in range(len(self._mine)):
            base = self._of_mine.get(index)
            entries.append((base, index, None if base is None else self._to_theirs.get(base)))
        others = [
            (self._of_theirs.get(index), None, index)
            for index in range(len(self._theirs))
            if self._to_mine.get(self._of_theirs.get(index, -1)) is None
        ]
        return self._put_in(entries, others, side=2)

    def _along_theirs(self) -> list[_Entry]:
        entries: list[_Entry] = []
        for index in range(len(self._theirs)):
            base = self._of_theirs.get(index)
            entries.append((base, None if base is None else self._to_mine.get(base), index))
        others = [
            (self._of_mine.get(index), index, None)
            for index in range(len(self._mine))
            if self._to_theirs.get(self._of_mine.get(index, -1)) is None
        ]
        return self._put_in(entries, others, side=1)

    def _put_in(
        self, entries: list[_Entry], others: Sequence[_Entry], *, side: int
    ) -> list[_Entry]:
        """Each of `others` behind the entry that it follows on its own side (1 mine, 2 theirs)."""
        for other in others:
            index = other[side]
            twin = self._twin(entries, other, side)
            if twin is not None:
                entries[twin] = _joined(entries[twin], other)
                continue
            previous = None if index is None else index - 1
            place = next(
                (number for number, entry in enumerate(entries) if entry[side] == previous), -1
            )
            entries.insert(self._behind_own(entries, place + 1, side), other)
        return entries

    def _behind_own(self, entries: list[_Entry], place: int, side: int) -> int:
        """Behind what the other side put at the same place: mine comes first."""
        if side == 1:
            return place
        while place < len(entries) and entries[place][side] is None and entries[place][0] is None:
            place += 1
        return place

    def _twin(self, entries: list[_Entry], other: _Entry, side: int) -> int | None:
        """The same entry, added by both sides."""
        if other[0] is not None:
            return None
        value = self.values(other)[side]
        for number, entry in enumerate(entries):
            if (
                entry[0] is None
                and entry[side] is None
                and same(self.values(entry)[3 - side], value)
            ):
                return number
        return None


def _joined(one: _Entry, other: _Entry) -> _Entry:
    return (None, *(a if a is not None else b for a, b in zip(one[1:], other[1:], strict=True)))  # type: ignore[return-value]  # a pair


def _with_value(body: Any, pointer: Pointer, value: Any) -> Any:
    if not pointer:
        return value
    head, rest = pointer[0], pointer[1:]
    copied: Any = list(body) if isinstance(body, list) else dict(body)
    if rest:
        copied[head] = _with_value(copied[head], rest, value)
    elif value is MISSING and isinstance(copied, dict):
        copied.pop(head, None)
    elif value is MISSING:
        del copied[head]
    else:
        copied[head] = value
    return copied
