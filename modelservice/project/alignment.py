"""Which entry of one list is which entry of another; `merge` and `diff` both stand on it.

The web client's `flow-core/alignment.ts` does the same; both run the table of cases in
`tests/studio/content/merge_cases.json`.
"""

import json
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from modelservice.project.flow_document import STEP_KINDS

# Keys whose text names an entry of a list: steps by id, branches by condition, others by name.
_NAMING_KEYS = ("id", "if", "name", "intent")


def align(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    """Index in `before` to index in `after`, for every entry that is in both, changed or not.

    Entries are paired by name, then by equal content in order, then by shape where both lists
    have unpaired entries at the same place. Named entries keep their pair when they move.
    """
    pairs = _by_name(before, after)
    _by_content(before, after, pairs)
    _by_shape(before, after, pairs)
    return pairs


def name_of(entry: Any) -> Hashable:
    """What names the entry in its list; None where only its content tells it apart."""
    if not isinstance(entry, dict):
        return None
    for key in _NAMING_KEYS:
        if isinstance(entry.get(key), str):
            return (key, entry[key])
    if "else" in entry:
        return ("else",)
    if len(entry) == 1 and not entry.keys() & set(STEP_KINDS):
        return ("key", next(iter(entry)))
    return None


def canonical(value: Any) -> str:
    """Equal texts for equal values; the order of keys does not count."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _by_name(before: Sequence[Any], after: Sequence[Any]) -> dict[int, int]:
    places: dict[Hashable, int] = {}
    names = [name_of(entry) for entry in after]
    counted = Counter(names)
    for index, name in enumerate(names):
        if name is not None and counted[name] == 1:
            places[name] = index
    own = [name_of(entry) for entry in before]
    own_counted = Counter(own)
    return {
        index: places[name]
        for index, name in enumerate(own)
        if name is not None and own_counted[name] == 1 and name in places
    }


def _by_content(before: Sequence[Any], after: Sequence[Any], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    left = [(index, canonical(before[index])) for index in range(len(before)) if index not in pairs]
    right = [(index, canonical(after[index])) for index in range(len(after)) if index not in taken]
    start = 0
    while start < min(len(left), len(right)) and left[start][1] == right[start][1]:
        pairs[left[start][0]] = right[start][0]
        start += 1
    left, right = left[start:], right[start:]
    while left and right and left[-1][1] == right[-1][1]:
        pairs[left.pop()[0]] = right.pop()[0]
    for one, other in _common([text for _index, text in left], [text for _index, text in right]):
        pairs[left[one][0]] = right[other][0]


def _common(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """A longest common subsequence, as pairs of indexes."""
    lengths = [[0] * (len(right) + 1) for _row in range(len(left) + 1)]
    for one in range(len(left) - 1, -1, -1):
        for other in range(len(right) - 1, -1, -1):
            if left[one] == right[other]:
                lengths[one][other] = lengths[one + 1][other + 1] + 1
            else:
                lengths[one][other] = max(lengths[one + 1][other], lengths[one][other + 1])
    pairs = []
    one = other = 0
    while one < len(left) and other < len(right):
        if left[one] == right[other]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif lengths[one + 1][other] >= lengths[one][other + 1]:
            one += 1
        else:
            other += 1
    return pairs


def _by_shape(before: Sequence[Any], after: Sequence[Any], pairs: dict[int, int]) -> None:
    """Between the same neighbours, unpaired entries of one shape are the same entry, changed."""
    backwards = {other: one for one, other in pairs.items()}
    waiting: dict[int, list[int]] = {}
    neighbour = -1
    for index in range(len(after)):
        if index in backwards:
            neighbour = backwards[index]
        else:
            waiting.setdefault(neighbour, []).append(index)
    neighbour = -1
    for index in range(len(before)):
        if index in pairs:
            neighbour = index
            continue
        candidates = waiting.get(neighbour, [])
        match = next((other for other in candidates if _alike(before[index], after[other])), None)
        if match is not None:
            pairs[index] = match
            # What stands before it cannot be paired any more, or pairs would cross.
            waiting[neighbour] = [other for other in candidates if other > match]


def _alike(one: Any, other: Any) -> bool:
    """Steps are alike by their kind and what they are about; other names must not differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = (name_of(one), name_of(other))
        named = [name for name in names if isinstance(name, tuple) and name[0] != "if"]
        differ = len(named) == 2 and named[0] != named[1]
        return not differ and _kind(one) == _kind(other)
    return _type(one) == _type(other)


def _kind(entry: dict[str, Any]) -> Hashable:
    kind = next((kind for kind in STEP_KINDS if kind in entry), None)
    about = canonical(entry["collect"]) if kind == "collect" else None
    return (kind, about, "if" in entry, "else" in entry)


def _type(entry: Any) -> str:
    return (
        "number"
        if isinstance(entry, (int, float)) and not isinstance(entry, bool)
        else (type(entry).__name__)
    )
