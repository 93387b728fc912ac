"""How sure the intent classifier may be, from sentences that it was not trained on.

Each third of the examples is held out once, and with it a third of the intents altogether: what the
others score is how right sentences score, what these score is how sentences about something else
do. The scores of all intents and of none become probabilities that sum to 1; the steepness and the
score of none are those that make what was seen most likely.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

_FOLDS = 3
# With fewer there is nothing to hold out.
_FEWEST_INTENTS, _FEWEST_SENTENCES = 4, 24
# More sentences than these tell nothing new.
_MOST_HELD_OUT = 400
_SEED = 2
# What counts a sentence about something else beside a right one: an intent that was left out is
# nearer to the others than most of what users say besides.
OUTSIDE, OUTSIDE_EMBEDDED = 0.035, 0.02
_STEEPNESSES = (0.3, 0.4, 0.55, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_NONES = [round(-12.0 + 0.2 * n, 1) for n in range(66)]
# A prior: that many sentences speak for the default.
_PRIOR = 3.0


@dataclass(frozen=True, slots=True)
class Sample:
    """A held out sentence: its score by intent, which one it has if any, its unknown words."""

    scores: Mapping[int, float]
    right: int | None
    unknown: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`none` is the score of having no intent, `unknown` what each unknown word adds to it."""

    steepness: float
    none: float
    unknown: float = 0.8

    def probabilities(self, scores: Sequence[float], unknown: float) -> tuple[list[float], float]:
        """Of each intent, and of none."""
        none = self.none + self.unknown * unknown
        highest = max([none, *scores])
        likelihoods = [math.exp(self.steepness * (score - highest)) for score in scores]
        rest = math.exp(self.steepness * (none - highest))
        whole = sum(likelihoods) + rest
        return [each / whole for each in likelihoods], rest / whole

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


# Measured on public sentences, see `tests/bench/understanding.py`.
DEFAULT, DEFAULT_EMBEDDED = Calibration(2.0, -1.2), Calibration(1.0, -4.0)


def folds_of(intents: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Held out and other rows; none where there are too few."""
    names = sorted(set(intents))
    if len(names) < _FEWEST_INTENTS or len(intents) < _FEWEST_SENTENCES:
        return
    draw = random.Random(_SEED)  # noqa: S311  a training is to come out the same again
    for fold in range(_FOLDS):
        left_out = set(names[fold::_FOLDS])
        outside = [row for row, intent in enumerate(intents) if intent in left_out]
        inside = [row for row, intent in enumerate(intents) if intent not in left_out]
        held_out = [row for place, row in enumerate(inside) if place % _FOLDS == fold]
        rows = [row for place, row in enumerate(inside) if place % _FOLDS != fold]
        known = {intents[row] for row in rows}
        held_out = [row for row in held_out if intents[row] in known]
        yield (
            [*_some(held_out, draw), *_some(outside, draw)],
            rows,
        )


def _some(rows: list[int], draw: random.Random) -> list[int]:
    return rows if len(rows) <= _MOST_HELD_OUT else sorted(draw.sample(rows, _MOST_HELD_OUT))


def calibrated(samples: Sequence[Sample], default: Calibration, outside: float) -> Calibration:
    """The most likely calibration; the default where nothing could be held out. A sentence about
    something else counts `outside` beside a right one."""
    if not samples:
        return default
    found = [Calibration(steepness, none) for steepness in _STEEPNESSES for none in _NONES]
    table = _Table(samples, outside)
    return max(found, key=lambda each: table.likelihood(each) - _distance(each, default))


def _distance(first: Calibration, second: Calibration) -> float:
    steep = math.log(first.steepness / second.steepness)
    return _PRIOR * (steep * steep + (first.none - second.none) ** 2)


class _Table:
    """The samples as numbers, for many calibrations."""

    def __init__(self, samples: Sequence[Sample], outside: float) -> None:
        import numpy as np

        widest = max(len(sample.scores) for sample in samples)
        self._scores = np.full((len(samples), widest), -np.inf)
        self._right = np.full(len(samples), -np.inf)
        for row, sample in enumerate(samples):
            values = list(sample.scores.values())
            self._scores[row, : len(values)] = values
            if sample.right is not None:
                self._right[row] = sample.scores[sample.right]
        self._unknown = np.array([sample.unknown for sample in samples])
        self._inside = np.isfinite(self._right)
        self._counts = np.where(self._inside, 1.0, outside)

    def likelihood(self, calibration: Calibration) -> float:
        import numpy as np

        none = calibration.none + calibration.unknown * self._unknown
        highest = np.maximum(self._scores.max(axis=1), none)
        steepness = calibration.steepness
        whole = np.exp(steepness * (self._scores - highest[:, None])).sum(axis=1)
        whole += np.exp(steepness * (none - highest))
        said = np.where(self._inside, self._right, none)
        logs = steepness * (said - highest) - np.log(whole)
        return float((logs * self._counts).sum())
