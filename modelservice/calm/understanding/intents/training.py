"""Training of the intent classifier: one linear support vector machine an intent and view.

Solved by dual coordinate descent (Hsieh et al. 2008, the method of liblinear), for all intents at
once. Needs numpy, which a running bot does not.
"""

from __future__ import annotations

import base64
import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from modelservice.calm.understanding.intents.features import VIEWS, Part, parts_of, vector
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COST = 0.5
_PASSES = 10
# Weights are kept in steps of this share of a view's greatest; smaller ones are left out.
_STEPS = 127
_SEED = 1


def train_intents(examples: Mapping[str, Sequence[str]], language: Language) -> dict[str, Any]:
    """The trained classifier as JSON; empty with fewer than two intents to tell apart."""
    names = sorted(name for name, texts in examples.items() if texts)
    if len(names) < 2:
        return {}
    texts = [(text, number) for number, name in enumerate(names) for text in examples[name]]
    return {
        "names": names,
        "vocabulary": sorted({stem(word) for text, _ in texts for word in words(text)}),
        "views": {
            view: _trained_view(
                [parts_of(text, view, language) for text, _ in texts],
                [number for _, number in texts],
                len(names),
            )
            for view in VIEWS
        },
    }


def _trained_view(parts: list[list[Part]], intents: list[int], count: int) -> dict[str, Any]:
    having = Counter(name for of in parts for name in {name for part in of for name in part})
    rarity = {name: math.log((1 + len(parts)) / (1 + n)) + 1 for name, n in having.items()}
    numbers = {name: number for number, name in enumerate(rarity)}
    vectors = [vector(of, rarity.get) for of in parts]
    weights, bias = _solve(
        [[(numbers[name], value) for name, value in of.items()] for of in vectors],
        intents,
        features=len(numbers),
        intent_count=count,
    )
    return _packed(rarity, weights, bias)


def _solve(
    rows: list[list[tuple[int, float]]], intents: list[int], *, features: int, intent_count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    import numpy as np

    weights = np.zeros((features + 1, intent_count), np.float32)
    signs = -np.ones((len(rows), intent_count), np.float32)
    signs[np.arange(len(rows)), intents] = 1
    alphas = np.zeros_like(signs)
    softness = np.float32(0.5 / _COST)
    # The last feature is the bias: 1 in every row.
    indices = [np.array([*(number for number, _ in row), features]) for row in rows]
    values = [np.array([*(value for _, value in row), 1.0], np.float32) for row in rows]
    lengths = [float(value @ value) + softness for value in values]
    random = np.random.default_rng(_SEED)
    for _ in range(_PASSES):
        for row in random.permutation(len(rows)):
            margins = signs[row] * (values[row] @ weights[indices[row]])
            gradient = margins - 1 + softness * alphas[row]
            updated = np.maximum(alphas[row] - gradient / lengths[row], 0)
            change = (updated - alphas[row]) * signs[row]
            alphas[row] = updated
            weights[indices[row]] += values[row][:, None] * change[None]
    return weights[:-1], weights[-1]


def _packed(
    rarity: Mapping[str, float], weights: NDArray[np.float32], bias: NDArray[np.float32]
) -> dict[str, Any]:
    """Of each feature the intents that it speaks for or against, in whole steps."""
    import numpy as np

    step = float(np.abs(weights).max(initial=0)) / _STEPS or 1.0
    steps = np.rint(weights / step).astype(np.int8)
    rows, columns = np.nonzero(steps)
    counts = np.bincount(rows, minlength=len(steps))
    return {
        "features": list(rarity),
        "rarity": [round(value, 3) for value in rarity.values()],
        "step": step,
        "bias": [round(float(value), 4) for value in bias],
        "counts": _text(array("H", counts.tolist())),
        "intents": _text(array("H", columns.tolist())),
        "weights": _text(array("b", steps[rows, columns].tolist())),
    }


def _text(numbers: array[int]) -> str:
    return base64.b85encode(numbers.tobytes()).decode("ascii")
