"""What the offline generator is measured beside: plain TF-IDF."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

from modelservice.calm.understanding.text import words

Vector = Mapping[str, float]


class PlainTfIdf:
    """The nearest of some texts by the cosine of their words."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        known = [(name, Counter(words(text))) for name, text in texts]
        having = Counter(word for _, counts in known for word in counts)
        self._rarity = {word: math.log(len(known) / count) + 1 for word, count in having.items()}
        self._texts = [(name, self._vector(counts)) for name, counts in known]

    def _vector(self, counts: Mapping[str, int]) -> Vector:
        weights = {w: n * self._rarity[w] for w, n in counts.items() if w in self._rarity}
        length = math.sqrt(sum(value * value for value in weights.values())) or 1.0
        return {word: value / length for word, value in weights.items()}

    def nearest(self, text: str, offered: frozenset[str] | None = None) -> tuple[str, float]:
        """The name of the nearest text and its similarity."""
        wanted = self._vector(Counter(words(text)))
        best = ("", 0.0)
        for name, vector in self._texts:
            if offered is None or name in offered:
                score = sum(value * vector.get(word, 0.0) for word, value in wanted.items())
                if score > best[1]:
                    best = (name, score)
        return best
