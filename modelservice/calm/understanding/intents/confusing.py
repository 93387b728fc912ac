"""Examples that pull in two directions: they stand at one intent and look like another's.

Each third of the examples is held out once and judged by what was trained on the others. What is
much more like the examples of another intent than like those of its own, and nearest to one of
that intent, is one of them; so is what stands at two intents in the same words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from modelservice.calm.understanding.intents.features import WORDS
from modelservice.calm.understanding.intents.training import PASSES_OF_FOLD, IntentExamples
from modelservice.calm.understanding.text import stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FOLDS = 3
# An intent with fewer says too little about itself while one is held out.
_FEWEST_EXAMPLES = 6
# How much higher the other intent must score. Of public sentences (CLINC150) 6 of 1,000 are told,
# and of sentences that were moved to another intent on purpose 9 of 10.
_LEAD, _LEAD_EMBEDDED = 0.75, 2.0


@dataclass(frozen=True, slots=True)
class ConfusingExample:
    """`like` is the example of `other` that is most like the `text` of `intent`; it has the same
    words if `is_same`."""

    text: str
    intent: str
    other: str
    like: str
    is_same: bool


def confusing_examples(data: IntentExamples) -> list[ConfusingExample]:
    """The clearest first."""
    same = dict(_same_words(data))
    leads = {row: found for row, found in _leads(data).items() if row not in same}
    # Of two in the same words one is enough.
    twice = [_named(data, row, other, is_same=True) for row, other in same.items() if other > row]
    nearer = []
    for row in sorted(leads, key=lambda row: (-leads[row][0], row)):
        like = _nearest(data, row, leads[row][1])
        if _likeness(data, row, like) > _likeness(data, row, _nearest(data, row)):
            nearer.append(_named(data, row, like, is_same=False))
    return [*twice, *nearer]


def _named(data: IntentExamples, row: int, like: int, *, is_same: bool) -> ConfusingExample:
    intent, other = data.names[data.intents[row]], data.names[data.intents[like]]
    return ConfusingExample(data.texts[row], intent, other, data.texts[like], is_same)


def _same_words(data: IntentExamples) -> Iterator[tuple[int, int]]:
    """Rows in the same words, each with the first one at another intent."""
    rows_of: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, text in enumerate(data.texts):
        rows_of[tuple(stem(word) for word in words(text))].append(row)
    for spoken, rows in rows_of.items():
        for row in rows if spoken else ():
            for other in rows:
                if data.intents[other] != data.intents[row]:
                    yield row, other
                    break


def _leads(data: IntentExamples) -> dict[int, tuple[float, int]]:
    """Rows that another intent scores clearly higher for: by how much, and which one."""
    import numpy as np

    counts = Counter(data.intents)
    least = _LEAD if data.vectors is None else _LEAD_EMBEDDED
    found = {}
    for held_out, scores in _held_out(data):
        for row, of_row in zip(held_out, scores, strict=True):
            own = data.intents[row]
            others = of_row.copy()
            others[own] = -np.inf
            lead = float(others.max() - of_row[own])
            if counts[own] >= _FEWEST_EXAMPLES and lead > least:
                found[row] = lead, int(others.argmax())
    return found


def _held_out(data: IntentExamples) -> Iterator[tuple[list[int], NDArray[np.float32]]]:
    """Rows, and their scores by intent, trained on the other rows."""
    import numpy as np

    place: Counter[int] = Counter()
    folds: list[list[int]] = [[] for _ in range(_FOLDS)]
    for row, intent in enumerate(data.intents):
        folds[place[intent] % _FOLDS].append(row)
        place[intent] += 1
    for held_out in folds:
        rows = sorted(set(range(len(data.texts))).difference(held_out))
        if not held_out or not rows:
            continue
        machine = data.machine(WORDS, rows, PASSES_OF_FOLD)
        scores = np.array([machine.scores(data.parts[WORDS][row]) for row in held_out])
        if data.vectors is not None:
            directions, biases = data.directions(data.vectors, rows)
            scores += data.vectors[held_out] @ directions.T + biases
        yield held_out, scores


def _nearest(data: IntentExamples, row: int, intent: int | None = None) -> int:
    """The row of the intent, of its own one without that, that is most like the row."""
    own = data.intents[row] if intent is None else intent
    rows = (each for each, of in enumerate(data.intents) if of == own and each != row)
    return max(rows, key=lambda each: (_likeness(data, row, each), -each))


def _likeness(data: IntentExamples, row: int, other: int) -> float:
    """How near two examples are in meaning, or by the share of their words that they share."""
    if data.vectors is not None:
        return float(data.vectors[row] @ data.vectors[other])
    ours, theirs = ({stem(word) for word in words(data.texts[each])} for each in (row, other))
    return len(ours & theirs) / max(1, len(ours | theirs))
