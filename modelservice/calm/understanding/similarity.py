"""Which flow a sentence is about: TF-IDF over each flow's own texts.

A flow's score is a mixture of the similarity to its nearest single text and of the similarity
to all its texts together: the first finds sentences that were written down, the second flows
that are described in many words.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from modelservice.calm.understanding.text import features, is_whole_word

Vector = dict[str, float]
_SHARE_OF_ALL_TEXTS = 0.7
# Weight of a word that no flow knows, as a share of the rarest known word's.
_UNKNOWN_SHARE = 0.8
_NOTHING = (0.0, "")


@dataclass(frozen=True, slots=True)
class Match:
    """`score` is between 0 and 1; `text` is the flow's text that came nearest."""

    flow_id: str
    score: float
    text: str


class FlowIndex:
    """Similarity of sentences to flows, from what `learning.learn` has collected."""

    def __init__(self, learned: Mapping[str, Any], stop_words: frozenset[str]) -> None:
        self._stop_words = stop_words
        flows: Mapping[str, Mapping[str, list[str]]] = learned.get("flows", {})
        self._weights = self._inverse_frequencies(flows)
        self._unknown = _UNKNOWN_SHARE * _inverse_frequency(len(flows), 0)
        # Feature → [(what has it, weight)], so that only what shares a feature is read.
        self._by_text: dict[str, list[tuple[int, float]]] = {}
        self._by_flow: dict[str, list[tuple[str, float]]] = {}
        self._texts: list[tuple[str, str]] = []
        for flow_id, parts in flows.items():
            self._add(flow_id, parts)

    def _inverse_frequencies(
        self, flows: Mapping[str, Mapping[str, list[str]]]
    ) -> dict[str, float]:
        counts: dict[str, int] = {}
        for parts in flows.values():
            texts = [*parts["titles"], *parts["examples"], *parts["content"]]
            known = {name for text in texts for name in features(text, self._stop_words)}
            for feature in known:
                counts[feature] = counts.get(feature, 0) + 1
        return {name: _inverse_frequency(len(flows), count) for name, count in counts.items()}

    def _add(self, flow_id: str, parts: Mapping[str, list[str]]) -> None:
        together: Vector = {}
        for text in [*parts["titles"], *parts["examples"]]:
            for feature, weight in self._vector(text).items():
                self._by_text.setdefault(feature, []).append((len(self._texts), weight))
                together[feature] = together.get(feature, 0.0) + weight
            self._texts.append((flow_id, text))
        for feature, weight in self._vector(" ".join(parts["content"])).items():
            together[feature] = together.get(feature, 0.0) + weight
        for feature, weight in _unit(together).items():
            self._by_flow.setdefault(feature, []).append((flow_id, weight))

    def _vector(self, text: str) -> Vector:
        weighted = {
            feature: count * self._weight(feature)
            for feature, count in features(text, self._stop_words).items()
        }
        return _unit(weighted)

    def _weight(self, feature: str) -> float:
        known = self._weights.get(feature)
        if known is not None:
            return known
        # Unknown words speak against every flow; their letter groups need not say so again.
        return self._unknown if is_whole_word(feature) else 0.0

    def matches(self, text: str, offered: Collection[str]) -> list[Match]:
        """The offered flows by similarity, best first; flows that share nothing are left out."""
        allowed = frozenset(offered)
        texts: dict[int, float] = {}
        flows: dict[str, float] = {}
        for feature, weight in self._vector(text).items():
            for number, other in self._by_text.get(feature, ()):
                texts[number] = texts.get(number, 0.0) + weight * other
            for flow_id, other in self._by_flow.get(feature, ()):
                flows[flow_id] = flows.get(flow_id, 0.0) + weight * other
        nearest: dict[str, tuple[float, str]] = {}
        for number, score in texts.items():
            flow_id, known = self._texts[number]
            if score > nearest.get(flow_id, _NOTHING)[0]:
                nearest[flow_id] = (score, known)
        found = []
        for flow_id in allowed & flows.keys():
            score, known = nearest.get(flow_id, _NOTHING)
            found.append(Match(flow_id, _mixed(score, flows[flow_id]), known))
        return sorted(found, key=lambda match: (-match.score, match.flow_id))


def _mixed(nearest: float, together: float) -> float:
    return (1 - _SHARE_OF_ALL_TEXTS) * nearest + _SHARE_OF_ALL_TEXTS * together


def _inverse_frequency(flows: int, having: int) -> float:
    # The constant keeps words that all flows share from vanishing in small assistants.
    return math.log((1 + flows) / (0.5 + having)) + 0.3


def _unit(vector: Vector) -> Vector:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {name: weight / length for name, weight in vector.items()} if length else {}
