"""What flows are about, and how near a sentence comes to that.

A text becomes a vector of the stems of its words and of the groups of related words that they
belong to; what few flows share weighs more (TF-IDF). A word that no flow knows is read as the known
word that it resembles: a typing error, or the end of a compound.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from modelservice.calm.understanding.embeddings import Embedding, Space, unpack
from modelservice.calm.understanding.language import (
    VAGUE_ACTIONS,
    Language,
    first_action,
    phrases_in,
    same_action,
)
from modelservice.calm.understanding.text import plain, stem, words

Feature = str | int
Vector = Mapping[Feature, float]
Texts = tuple[tuple[str, Vector], ...]
# Weight of a group of related words beside the word itself.
_RELATED_WEIGHT = 0.8
_SIMILAR_ENOUGH, _SIMILAR_IF_SHORT = 80, 86
_SHORTEST_MISSPELT, _SHORT_WORD = 4, 5
_MOST_MISSPELT = 10


@dataclass(frozen=True, slots=True)
class Topic:
    """A flow's texts as vectors.

    `head` is its name and description, `name` the name's words that are no actions, `slots` what it
    asks for; `actions` are those of the first action word in the name and in the description.
    `embedding` is what name and description mean together, if the model was trained with any.
    """

    flow_id: str
    title: str
    head: Vector
    name: Vector
    slots: Vector
    actions: frozenset[str]
    slot_names: frozenset[str]
    values: tuple[str, ...]
    titles: Texts = ()
    examples: Texts = ()
    embedding: Embedding | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence as a vector; `words` are those behind each feature, as they were said, `unknown`
    those that no flow knows."""

    vector: Vector
    words: Mapping[Feature, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    def said(self, features: Collection[Feature]) -> list[str]:
        return list(dict.fromkeys(self.words[name] for name in self.words if name in features))


@dataclass(frozen=True, slots=True)
class Match:
    """`score` is between 0 and 1; `text` is the flow's text that came nearest."""

    flow_id: str
    score: float
    text: str


class FlowIndex:
    """The flows of an assistant by topic, from what `learning.learn` has collected."""

    def __init__(self, learned: Mapping[str, Any], language: Language) -> None:
        self._language = language
        flows: Mapping[str, Mapping[str, Any]] = learned.get("flows", {})
        space = learned.get("embeddings")
        self.space = Space(**space) if space else None
        self._weights = self._inverse_frequencies(flows.values())
        self.vocabulary = [name for name in self._weights if isinstance(name, str)]
        self.topics = {flow_id: self._topic(flow_id, flow) for flow_id, flow in flows.items()}
        # Feature → flows that have it, so that only what shares a feature is compared.
        self._having: dict[Feature, list[str]] = {}
        for flow_id, topic in self.topics.items():
            features = {*topic.head, *(name for _, vector in topic.examples for name in vector)}
            for name in features:
                self._having.setdefault(name, []).append(flow_id)

    # -- learning --------------------------------------------------------------------------

    def _inverse_frequencies(self, flows: Collection[Mapping[str, Any]]) -> dict[Feature, float]:
        counts: dict[Feature, int] = {}
        for flow in flows:
            head = [*flow["titles"], flow["description"]]
            for name in {name for text in head for name in self._features(text)}:
                counts[name] = counts.get(name, 0) + 1
        # Words of examples and slots are known, but it is the names that tell flows apart.
        for flow in flows:
            for text in [*flow["examples"], *flow["slots"], *flow["values"]]:
                for name in self._features(text):
                    counts.setdefault(name, 1)
        # 1 for what one flow alone has, however many flows there are.
        rarest = _inverse_frequency(len(flows), 1)
        return {
            name: _inverse_frequency(len(flows), count) / rarest for name, count in counts.items()
        }

    def _topic(self, flow_id: str, flow: Mapping[str, Any]) -> Topic:
        titles, description = flow["titles"], flow["description"]
        head: dict[Feature, float] = {}
        for text in [*titles, description]:
            head |= self._weighted(self._features(text))
        name = self._weighted(self._features(titles[0])) if titles else {}
        return Topic(
            flow_id=flow_id,
            title=description or titles[0],
            head=head,
            name={key: weight for key, weight in name.items() if not self.is_action(key)},
            slots=self._weighted(self._features(" ".join(flow["slots"]))),
            actions=frozenset().union(
                *(
                    found[0]
                    for text in [*titles, description]
                    if (found := self._language.actions_in(text))
                )
            ),
            slot_names=frozenset(flow["slot_names"]),
            values=tuple(plain(value) for value in flow["values"]),
            titles=self._texts(titles),
            examples=self._texts(flow["examples"]),
            embedding=unpack(flow["embedding"]) if "embedding" in flow else None,
        )

    def _texts(self, texts: Iterable[str]) -> Texts:
        return tuple((text, self._weighted(self._features(text))) for text in texts)

    def is_action(self, feature: Feature) -> bool:
        """Whether a word says what is to be done rather than with what."""
        if isinstance(feature, int):
            return feature in self._language.action_groups
        return (feature,) in self._language.actions

    def is_vague(self, feature: Feature) -> bool:
        """Whether a word asks for something without saying for what: `tell me`, `get`."""
        actions = self._language.actions
        if isinstance(feature, int):
            return feature in self._language.vague_groups
        return (feature,) in actions and actions[feature,] <= VAGUE_ACTIONS

    # -- reading a sentence ----------------------------------------------------------------

    def read(self, text: str) -> Spoken:
        """A user's sentence; words that no flow knows count as the known ones they resemble."""
        said: dict[Feature, str] = {}
        for name, word in self._words_of(text).items():
            said.setdefault(name, word)
        misspelt = 0
        for word in words(text):
            if misspelt < _MOST_MISSPELT and self._may_be_misspelt(word):
                misspelt += 1
                for name in self._resembling(word):
                    said.setdefault(name, word)
        known = {name: word for name, word in said.items() if name in self._weights}
        understood = {part for word in known.values() for part in word.split()}
        unknown = [word for word in words(text) if self._tells(word) and word not in understood]
        return Spoken(self._weighted(known), known, tuple(dict.fromkeys(unknown)))

    def _tells(self, word: str) -> bool:
        """Whether a word is about something; what everybody says is not."""
        return not (
            word.isdigit()
            or word in self._language.stop_words
            or word in self._language.common_words
            or (stem(word),) in self._language.actions
        )

    def _may_be_misspelt(self, word: str) -> bool:
        return (
            len(stem(word)) >= _SHORTEST_MISSPELT
            and not word.isdigit()
            and word not in self._language.stop_words
            and stem(word) not in self._weights
            and (stem(word),) not in self._language.related
        )

    def called(self, text: str, offered: Collection[str]) -> list[str]:
        """The offered flows whose name has what the text says, where that is a single word; only
        the one that has no other name, if there is one."""
        said = {name for name in self._features(text) if isinstance(name, str)}
        if len(said) != 1:
            return []
        names = {
            flow_id: [
                {name for name in vector if isinstance(name, str)}
                for _, vector in self.topics[flow_id].titles
            ]
            for flow_id in sorted(offered)
            if flow_id in self.topics
        }
        whole = [flow_id for flow_id, own in names.items() if said in own]
        return whole or [flow_id for flow_id, own in names.items() if any(said <= n for n in own)]

    def named_in(self, text: str) -> set[str]:
        """Flows whose whole name of several words is said, and what it does first of all."""
        said = self.read(text).vector.keys()
        action = first_action(text, self._language)
        return {
            topic.flow_id
            for topic in self.topics.values()
            for title, vector in topic.titles
            if len(own := {name for name in vector if isinstance(name, str)}) > 1
            and own <= said
            and (not (does := first_action(title, self._language)) or same_action(does, action))
        }

    def is_wish_for(self, text: str, flow_id: str) -> bool:
        """Whether a text says no more than that this flow is wanted: its action, what the flow is
        called, and nothing that its name and description do not say."""
        topic = self.topics.get(flow_id)
        if topic is None:
            return False
        spoken = self.read(text)
        said = {name for name in spoken.vector if isinstance(name, str)}
        acts = frozenset().union(*self._language.actions_in(text))
        return bool(
            not spoken.unknown
            and said <= topic.head.keys()
            and said & topic.name.keys()
            and acts & topic.actions
        )

    def covers(self, text: str, flow_id: str) -> bool:
        """Whether the name and description of a flow have every word of a text that says what it
        is about."""
        head, spoken = self.topics[flow_id].head, self.read(text)
        known = {part for word in spoken.said(head) for part in word.split()}
        is_about = any(name in head and not self.is_action(name) for name in spoken.words)
        return is_about and known.issuperset(word for word in words(text) if self._tells(word))

    def _resembling(self, word: str) -> Iterable[Feature]:
        found = process.extractOne(
            stem(word),
            self.vocabulary,
            scorer=fuzz.ratio,
            score_cutoff=_SIMILAR_ENOUGH if len(stem(word)) > _SHORT_WORD else _SIMILAR_IF_SHORT,
        )
        known = found[0] if found is not None else self._end_of_compound(stem(word))
        if known is None:
            return []
        return [known, *self._language.related.get((known,), ())]

    def _end_of_compound(self, word: str) -> str | None:
        """`kreditkart` → `kart`; only ends, because they say what kind of thing it is."""
        ends = [w for w in self.vocabulary if len(w) >= 4 and word.endswith(w)]
        return max(ends, key=len, default=None)

    def _features(self, text: str) -> Collection[Feature]:
        return self._words_of(text)

    def _words_of(self, text: str) -> dict[Feature, str]:
        """Features of a text with the word behind each; numbers are values, not topics."""
        spoken = words(text)
        stemmed = tuple(stem(word) for word in spoken)
        found: dict[Feature, str] = {}
        for word, name in zip(spoken, stemmed, strict=True):
            if not word.isdigit() and word not in self._language.stop_words:
                found[name] = word
        for start, phrase in phrases_in(stemmed, self._language.related):
            said = " ".join(spoken[start : start + len(phrase)])
            if len(phrase) > 1 or said not in self._language.stop_words:
                for group in self._language.related[phrase]:
                    found.setdefault(group, said)
        return found

    def _weighted(self, features: Iterable[Feature]) -> dict[Feature, float]:
        return {
            name: self._weights.get(name, 0.0) * (_RELATED_WEIGHT if isinstance(name, int) else 1.0)
            for name in features
        }

    # -- comparing -------------------------------------------------------------------------

    def candidates(self, spoken: Spoken) -> set[str]:
        """Flows that share anything with a sentence."""
        return {flow_id for name in spoken.vector for flow_id in self._having.get(name, ())}

    def matches(self, text: str, offered: Collection[str]) -> list[Match]:
        """The offered flows by similarity, best first; flows that share nothing are left out."""
        spoken = self.read(text)
        found = []
        for flow_id in self.candidates(spoken) & frozenset(offered):
            found.append(self.match(spoken, self.topics[flow_id]))
        return sorted(found, key=lambda match: (-match.score, match.flow_id))

    def match(self, spoken: Spoken, topic: Topic) -> Match:
        best = Match(topic.flow_id, cosine(spoken.vector, topic.head), topic.title)
        for text, vector in (*topic.titles, *topic.examples):
            score = cosine(spoken.vector, vector)
            if score > best.score:
                best = Match(topic.flow_id, score, text)
        return best


def _inverse_frequency(flows: int, having: int) -> float:
    # The constant keeps words that all flows share from vanishing in small assistants.
    return math.log((1 + flows) / (0.5 + having)) + 0.3


def cosine(first: Vector, second: Vector) -> float:
    shared = sum(weight * second[name] for name, weight in first.items() if name in second)
    return shared / (length(first) * length(second)) if shared else 0.0


def length(vector: Vector) -> float:
    return math.sqrt(sum(weight * weight for weight in vector.values()))
