"""Which flow a sentence is about: TF-IDF over each flow's own texts."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from modelservice.calm.understanding.text import features

Vector = dict[str, float]
_CONTENT_SHARE = 0.35
_TITLE_SHARE = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """`score` is between 0 and about 1; `text` is the flow's text that came nearest."""

    flow_id: str
    score: float
    text: str


class FlowIndex:
    """Similarity of sentences to flows, from what `learning.learn` has collected."""

    def __init__(self, learned: Mapping[str, Any], stop_words: frozenset[str]) -> None:
        self._stop_words = stop_words
        flows: Mapping[str, Mapping[str, list[str]]] = learned.get("flows", {})
        self._weights = self._inverse_frequencies(flows)
        # Feature → [(flow, number of text, weight)], so that only texts that share one are read.
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._texts: list[tuple[str, str, float]] = []
        for flow_id, parts in flows.items():
            for text in [*parts["titles"], *parts["examples"]]:
                self._add(flow_id, text, _TITLE_SHARE)
            everything = " ".join([*parts["titles"], *parts["content"]])
            self._add(flow_id, everything, _CONTENT_SHARE)

    def _inverse_frequencies(
        self, flows: Mapping[str, Mapping[str, list[str]]]
    ) -> dict[str, float]:
        counts: dict[str, int] = {}
        for parts in flows.values():
            texts = [*parts["titles"], *parts["examples"], *parts["content"]]
            for feature in features(" ".join(texts), self._stop_words):
                counts[feature] = counts.get(feature, 0) + 1
        total = len(flows)
        return {f: math.log((1 + total) / (0.5 + n)) + 0.3 for f, n in counts.items()}

    def _add(self, flow_id: str, text: str, share: float) -> None:
        vector = self._vector(text)
        number = len(self._texts)
        self._texts.append((flow_id, text, share))
        for feature, weight in vector.items():
            self._postings.setdefault(feature, []).append((number, weight))

    def _vector(self, text: str) -> Vector:
        unknown = math.log(1 + 2 * len(self._weights or (1,)) ** 0.25)
        raw = {
            feature: (1 + math.log(max(count, 1.0)))
            * min(count, 1.0)
            * self._weights.get(feature, unknown)
            for feature, count in features(text, self._stop_words).items()
        }
        length = math.sqrt(sum(weight * weight for weight in raw.values()))
        return {feature: weight / length for feature, weight in raw.items()} if length else {}

    def matches(self, text: str, offered: Collection[str]) -> list[Match]:
        """The offered flows by similarity, best first; flows that share nothing are left out."""
        scores: dict[int, float] = {}
        for feature, weight in self._vector(text).items():
            for number, other in self._postings.get(feature, ()):
                scores[number] = scores.get(number, 0.0) + weight * other
        best: dict[str, tuple[float, str]] = {}
        content: dict[str, float] = {}
        for number, score in scores.items():
            flow_id, known, share = self._texts[number]
            if flow_id not in offered:
                continue
            if share == _CONTENT_SHARE:
                content[flow_id] = score
            if score * share > best.get(flow_id, (0.0, ""))[0]:
                best[flow_id] = (score * share, known)
        found = [
            Match(flow_id, score + _CONTENT_SHARE * content.get(flow_id, 0.0), known)
            for flow_id, (score, known) in best.items()
        ]
        return sorted(found, key=lambda match: (-match.score, match.flow_id))
