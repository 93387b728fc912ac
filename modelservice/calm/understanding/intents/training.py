"""Training of the intent classifier: one linear support vector machine an intent and view, and with
embeddings one direction an intent (a linear discriminant).

The machines are solved by dual coordinate descent (Hsieh et al. 2008, the method of liblinear), for
all intents at once. Needs numpy, which a running bot does not.
"""

from __future__ import annotations

import base64
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from modelservice.calm.understanding.embeddings import Embedding, pack
from modelservice.calm.understanding.intents.calibration import (
    DEFAULT,
    DEFAULT_EMBEDDED,
    OUTSIDE,
    OUTSIDE_EMBEDDED,
    Sample,
    calibrated,
    folds_of,
)
from modelservice.calm.understanding.intents.features import VIEWS, Part, parts_of, vector
from modelservice.calm.understanding.intents.unknown import unknown_words
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import stem, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COST = 0.5
_PASSES, PASSES_OF_FOLD = 10, 5
# Weights are kept in steps of this share of a view's greatest; smaller ones are left out.
_STEPS = 127
_SEED = 1
# How much of the examples' scatter is taken to be the same in all directions; how large it is at
# least, as a share of the scatter of all examples; and what a unit of it counts beside a margin.
_ROUND, _LEAST_SCATTER, _SHARE_OF_EMBEDDINGS = 0.8, 0.3, 0.02


def train_intents(data: IntentExamples) -> dict[str, Any]:
    """The trained classifier as JSON; empty with fewer than two intents to tell apart."""
    if len(data.names) < 2:
        return {}
    rows = range(len(data.texts))
    views = {view: data.machine(view, rows, _PASSES) for view in VIEWS}
    learned: dict[str, Any] = {
        "names": data.names,
        "vocabulary": sorted(data.vocabulary(rows)),
        "views": {view: machine.packed() for view, machine in views.items()},
        **_calibrations(data),
    }
    if data.vectors is not None:
        directions, biases = data.directions(data.vectors, rows)
        learned["embedded"] = {
            "directions": [pack(row.tolist()) for row in directions],
            "lengths": [round(float(n), 6) for n in _lengths(directions)],
            "bias": [round(float(bias), 5) for bias in biases],
        }
    return learned


def _lengths(rows: NDArray[np.float32]) -> Iterable[float]:
    return [math.sqrt(float(row @ row)) for row in rows]


def _usual_scores(
    vectors: NDArray[np.float32],
    means: NDArray[np.float32],
    directions: NDArray[np.float32],
    intents: NDArray[np.int64],
) -> NDArray[np.float32]:
    """What a sentence of an intent scores there if it is none of its examples: each example is as
    far from the mean of the others as it is from its own, and a bit more."""
    import numpy as np

    counts = np.bincount(intents, minlength=len(means))[intents]
    own = directions[intents]
    nearness = (vectors * own).sum(axis=1) - (means[intents] * own).sum(axis=1) / 2
    # Half of it is along the mean itself; the rest is the distance that grows.
    distance = ((vectors - means[intents]) ** 2).sum(axis=1) * _scale(own, means[intents])
    grown = (counts / np.maximum(1, counts - 1)) ** 2 - 1
    scores: NDArray[np.float32] = nearness - distance * np.where(counts > 1, grown, 1.0)
    return scores


def _scale(directions: NDArray[np.float32], means: NDArray[np.float32]) -> NDArray[np.float32]:
    """How many units of scatter a squared distance is worth, along each mean."""
    found: NDArray[np.float32] = (directions * means).sum(axis=1) / (2 * (means**2).sum(axis=1))
    return found


class _Machine:
    """One view's weights for each intent."""

    def __init__(
        self,
        rarity: Mapping[str, float],
        weights: NDArray[np.float32],
        bias: NDArray[np.float32],
    ) -> None:
        self._numbers = {name: number for number, name in enumerate(rarity)}
        self._rarity, self._weights, self._bias = rarity, weights, bias

    def scores(self, parts: Sequence[Part]) -> NDArray[np.float32]:
        import numpy as np

        found = vector(parts, self._rarity.get)
        if not found:
            return self._bias
        indices = [self._numbers[name] for name in found]
        values = np.array(list(found.values()), np.float32)
        scores: NDArray[np.float32] = self._bias + values @ self._weights[indices]
        return scores

    def packed(self) -> dict[str, Any]:
        return _packed(self._rarity, self._weights, self._bias)


class IntentExamples:
    """The examples, read once: of each row its text and the number of its intent.

    `embeddings` are those of the examples, by text.
    """

    def __init__(
        self,
        examples: Mapping[str, Sequence[str]],
        language: Language,
        embeddings: Mapping[str, Embedding] | None = None,
    ) -> None:
        self.names = sorted(name for name, texts in examples.items() if texts)
        self.texts = [text for name in self.names for text in examples[name]]
        self.intents = [
            number for number, name in enumerate(self.names) for _ in range(len(examples[name]))
        ]
        self.language = language
        self.parts = {
            view: [parts_of(text, view, language) for text in self.texts] for view in VIEWS
        }
        self._words = [{stem(word) for word in words(text)} for text in self.texts]
        self.vectors: NDArray[np.float32] | None = None
        found = [embeddings[text] for text in self.texts] if embeddings else []
        if found:
            import numpy as np

            self.vectors = np.array(
                [np.array(each.numbers, np.float32) / each.length for each in found]
            )

    @property
    def intent_count(self) -> int:
        return len(self.names)

    def vocabulary(self, rows: Iterable[int]) -> set[str]:
        return {word for row in rows for word in self._words[row]}

    def machine(self, view: str, rows: Sequence[int], passes: int) -> _Machine:
        parts = [self.parts[view][row] for row in rows]
        having = Counter(name for of in parts for name in dict.fromkeys(chain.from_iterable(of)))
        rarity = {name: math.log((1 + len(parts)) / (1 + n)) + 1 for name, n in having.items()}
        numbers = {name: number for number, name in enumerate(rarity)}
        weights, bias = _solve(
            [
                [(numbers[name], value) for name, value in vector(of, rarity.get).items()]
                for of in parts
            ],
            [self.intents[row] for row in rows],
            features=len(numbers),
            intent_count=self.intent_count,
            passes=passes,
        )
        return _Machine(rarity, weights, bias)

    def directions(
        self, vectors: NDArray[np.float32], rows: Sequence[int]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """By intent what a text's embedding is multiplied by, and what is added to that.

        Of intents without a row both are those of no text at all.
        """
        import numpy as np

        vectors, intents = vectors[list(rows)], np.array(self.intents)[list(rows)]
        size = vectors.shape[1]
        present = np.unique(intents)
        means = np.zeros((self.intent_count, size), np.float32)
        for number in present:
            means[number] = vectors[intents == number].mean(axis=0)
        rest = vectors - means[intents]
        scatter = rest.T @ rest / max(1, len(vectors) - len(present))
        least = _LEAST_SCATTER * float(((vectors - vectors.mean(axis=0)) ** 2).sum()) / len(vectors)
        trace = max(float(np.trace(scatter)), least, 1e-6)
        scatter = (1 - _ROUND) * scatter + _ROUND * trace / size * np.eye(size)
        directions = np.linalg.solve(scatter, means.T).T
        biases = -(directions * means).sum(axis=1)
        directions *= 2
        usual = float(_usual_scores(vectors, means, directions, intents).mean())
        absent = np.setdiff1d(np.arange(self.intent_count), present)
        biases[absent] = -np.inf
        share = _SHARE_OF_EMBEDDINGS
        return (directions * share).astype(np.float32), ((biases - usual) * share).astype(
            np.float32
        )

    def samples(self, held_out: Sequence[int], rows: Sequence[int]) -> tuple[list[Sample], ...]:
        """How held out sentences score, trained on `rows`: by words, and with embeddings."""
        machines = {view: self.machine(view, rows, PASSES_OF_FOLD) for view in VIEWS}
        vocabulary = self.vocabulary(rows)
        present = {self.intents[row] for row in rows}
        directions = None if self.vectors is None else self.directions(self.vectors, rows)
        by_words, embedded = [], []
        for row in held_out:
            scores = sum(
                machine.scores(self.parts[view][row]) for view, machine in machines.items()
            )
            unknown = unknown_words(self.texts[row], vocabulary, self.language)
            right = self.intents[row] if self.intents[row] in present else None
            candidates = sorted(present)
            kept = {number: float(scores[number]) for number in candidates}  # type: ignore[index]
            by_words.append(Sample(kept, right, unknown))
            if directions is not None and self.vectors is not None:
                nearness = directions[0] @ self.vectors[row] + directions[1]
                both = {number: kept[number] + float(nearness[number]) for number in candidates}
                embedded.append(Sample(both, right, unknown))
        return by_words, embedded


def _calibrations(data: IntentExamples) -> dict[str, Any]:
    by_words: list[Sample] = []
    embedded: list[Sample] = []
    for held_out, rows in folds_of(data.intents):
        some, more = data.samples(held_out, rows)
        by_words += some
        embedded += more
    found = {"calibration": calibrated(by_words, DEFAULT, OUTSIDE).as_dict()}
    if data.vectors is not None:
        found["embedded_calibration"] = calibrated(
            embedded, DEFAULT_EMBEDDED, OUTSIDE_EMBEDDED
        ).as_dict()
    return found


def _solve(
    rows: list[list[tuple[int, float]]],
    intents: list[int],
    *,
    features: int,
    intent_count: int,
    passes: int,
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
    for _ in range(passes):
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
