"""Examples that are nearly the same in words, and the one that is most like a sentence.

Each example is the set of its words, without their endings; a rare word counts more than a common
one. Two in the same words are 1 alike, two without a common word 0.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelservice.project.nlu_examples import plain_example

CLOSE = 0.7
MOST_PAIRS = 100
# So many letters of a word tell it, whatever its ending.
_STEM = 5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Example:
    intent: str
    text: str


@dataclass(frozen=True, slots=True)
class ClosePair:
    here: Example
    there: Example
    alike: float


class ExampleIndex:
    """The examples of a project by their words."""

    def __init__(self, examples: Mapping[str, Sequence[str]]) -> None:
        """`examples` are by intent, as they are written."""
        self._examples = [
            Example(intent, text) for intent, texts in examples.items() for text in texts
        ]
        self._words = [stems_in(example.text) for example in self._examples]
        self._having: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._words):
            for word in words:
                self._having[word].append(place)
        # Squares, because nothing else is needed.
        self._weights = {word: self._weight(len(places)) for word, places in self._having.items()}
        self._lengths = [math.sqrt(self._sum(words)) for words in self._words]

    def close_pairs(self, least: float = CLOSE, most: int = MOST_PAIRS) -> list[ClosePair]:
        """Pairs of different intents, the nearest first; an example stands in one pair at most."""
        found: dict[tuple[int, int], float] = {}
        for place, example in enumerate(self._examples):
            for other in self._candidates(place, least):
                if other > place and self._examples[other].intent != example.intent:
                    alike = self._alike(self._words[place], self._lengths[place], other)
                    if alike >= least:
                        found[place, other] = alike
        pairs, taken = [], set[int]()
        for (place, other), alike in sorted(found.items(), key=lambda one: (-one[1], one[0])):
            if place not in taken and other not in taken:
                taken |= {place, other}
                here, there = self._examples[place], self._examples[other]
                pairs.append(ClosePair(here, there, round(alike, 3)))
        return pairs[:most]

    def closest(self, text: str) -> tuple[Example, float] | None:
        """The example that is most like the text; None where none shares a word with it."""
        words = stems_in(text)
        unknown = sum(self._weight(0) for word in words if word not in self._weights)
        length = math.sqrt(self._sum(words) + unknown)
        sharing = {place for word in words for place in self._having.get(word, ())}
        scored = [(self._alike(words, length, place), -place) for place in sharing]
        alike, place = max(scored, default=(0.0, 0))
        return (self._examples[-place], round(alike, 3)) if scored else None

    def _candidates(self, place: int, least: float) -> set[int]:
        """All that may be so much alike: they share one of its rarest words, because all others
        together are too little."""
        rarest = sorted(self._words[place], key=lambda word: (-self._weights[word], word))
        rest = self._lengths[place] ** 2
        enough = rest * least**2
        found: set[int] = set()
        for word in rarest:
            if rest < enough:
                break
            found.update(self._having[word])
            rest -= self._weights[word]
        return found

    def _alike(self, words: frozenset[str], length: float, place: int) -> float:
        both = self._sum(words & self._words[place])
        return min(1.0, both / (length * self._lengths[place] or 1.0))

    def _sum(self, words: Iterable[str]) -> float:
        return sum(self._weights.get(word, 0.0) for word in words)

    def _weight(self, count: int) -> float:
        return (1 + math.log((1 + len(self._examples)) / (1 + count))) ** 2


def stems_in(text: str) -> frozenset[str]:
    words = _WORD.findall(plain_example(text).casefold())
    return frozenset(word[:_STEM] for word in words)
