"""Which flow a message asks for, if any.

A softmax over linear scores. The features of a flow that may be started are the words that it
shares with the message, the same action (`find`, `book`), values and slots that are named, and how
it goes on from the running flow and from the bot's last words. Asking for no flow has features of
its own: the message answers the open question, thanks, says that nothing else is needed. The
weights were fitted on public dialogues about everyday services, see `tests/bench/fit_weights.py`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from modelservice.calm.understanding.acts import begins, yes_or_no
from modelservice.calm.understanding.language import ASKED_BY_QUESTIONS, VAGUE_ACTIONS, Language
from modelservice.calm.understanding.similarity import FlowIndex, Spoken, Topic, cosine, length
from modelservice.calm.understanding.situation import (
    AllFeatures,
    Candidate,
    Choice,
    Features,
    Situation,
)
from modelservice.calm.understanding.text import plain, words
from modelservice.calm.understanding.weights import BY_WORDS, WITH_EMBEDDINGS, Weights

_SENTENCES = re.compile(r"(?<=[.!?])\s+")
# So much unknown to the running flow makes a message a new topic (a word of one flow alone: 1).
_NEW_TOPIC = 0.7
_MUCH = 2.0
_SOME = 2
# Of more candidates than these only the most similar are weighed.
_MOST_CANDIDATES = 40
# Candidates that are explained, by so many signs each.
_EXPLAINED, _SIGNS = 3, 4


@dataclass(frozen=True, slots=True)
class _Message:
    """What the features of all flows have in common; all numbers are 0 or 1 if not said."""

    situation: Situation
    spoken: Spoken
    weight: float
    active: Topic | None
    actions: frozenset[str]
    first_action: frozenset[str]
    agrees: float
    refuses: float
    offer: float
    offered_actions: frozenset[str]
    question: Spoken
    bot: Spoken
    new_topic: float
    most_related: float
    asks_what: float
    padded: str
    meant: Mapping[str, float]


class FlowChooser:
    def __init__(self, index: FlowIndex, language: Language, *, is_english: bool = True) -> None:
        """`is_english` says that users speak nothing else."""
        self._index = index
        self._language = language
        self._is_english = is_english

    def choose(self, situation: Situation) -> Choice:
        message = self._message(situation)
        topics = self._candidates(message)
        weights = WITH_EMBEDDINGS if message.meant else BY_WORDS
        features = {topic.flow_id: self._for_flow(message, topic) for topic in topics}
        for_none = self._for_none(message)
        likelihoods, none = _probabilities(weights, features, for_none)
        if message.meant and not self._is_english and none >= max(likelihoods.values(), default=0):
            # Weights were fitted on English, which is nearer to its descriptions than others are:
            # what words alone find in another language is not lost by that.
            likelihoods, none = _probabilities(BY_WORDS, features, for_none)
        candidates = [
            self._candidate(message, topic, likelihoods[topic.flow_id]) for topic in topics
        ]
        if message.active is None and not message.meant:
            named = {topic.flow_id for topic in topics if self._names_something(message, topic)}
            candidates = [each for each in candidates if each.flow_id in named]
        candidates.sort(key=lambda candidate: (-candidate.probability, candidate.flow_id))
        running = 0.0
        if message.active is not None:
            running = self._index.match(message.spoken, message.active).score
        shown = [
            replace(each, evidence=_evidence(weights.for_a_flow, features[each.flow_id]))
            for each in candidates[:_EXPLAINED]
        ]
        return Choice(
            (*shown, *candidates[_EXPLAINED:]),
            none,
            running,
            _evidence(weights.for_no_flow, for_none),
        )

    def features(self, situation: Situation) -> AllFeatures:
        """What the weights are fitted on."""
        message = self._message(situation)
        topics = self._candidates(message)
        return AllFeatures(
            {topic.flow_id: self._for_flow(message, topic) for topic in topics},
            self._for_none(message),
        )

    def _candidate(self, message: _Message, topic: Topic, probability: float) -> Candidate:
        match = self._index.match(message.spoken, topic)
        known = {*topic.head, *topic.slots, *(name for _, v in topic.examples for name in v)}
        said = message.spoken.said(known)
        return Candidate(topic.flow_id, probability, match.score, tuple(said), match.text)

    def _names_something(self, message: _Message, topic: Topic) -> bool:
        """Where no flow goes on, one has to be meant by a word at least."""
        vectors = [topic.head, topic.slots, *(vector for _, vector in topic.examples)]
        return message.situation.taught.likeness(topic.flow_id) > 0 or any(
            not self._index.is_vague(name) and any(name in vector for vector in vectors)
            for name in message.spoken.vector
        )

    def _candidates(self, message: _Message) -> list[Topic]:
        topics = self._index.topics
        names = [
            name
            for name in message.situation.offered
            if name != message.situation.active
            and name in topics
            and not message.situation.is_untaught(name)
        ]
        if len(names) > _MOST_CANDIDATES:
            names = self._nearest(message, names)
        return [topics[name] for name in names]

    def _nearest(self, message: _Message, names: list[str]) -> list[str]:
        """The most similar flows, and those that could go on from the running one."""
        near = self._index.candidates(message.spoken) | self._index.candidates(message.question)
        meant = sorted(message.meant, key=lambda name: (-message.meant[name], name))
        near |= set(meant[: _MOST_CANDIDATES // 2])
        topics = self._index.topics
        if message.active is not None:
            slots = message.active.slot_names
            near |= {name for name in names if topics[name].slot_names & slots}

        def similarity(name: str) -> float:
            head = topics[name].head
            return (
                cosine(message.spoken.vector, head)
                + 0.5 * cosine(message.question.vector, head)
                + message.meant.get(name, 0.0)
            )

        found = sorted(near & set(names), key=lambda name: (-similarity(name), name))
        return found[:_MOST_CANDIDATES]

    # -- reading the message ---------------------------------------------------------------

    def _message(self, situation: Situation) -> _Message:
        language, text = self._language, situation.text
        spoken = self._index.read(text)
        active = self._index.topics.get(situation.active or situation.recent or "")
        last = _last_question(situation.bot)
        answer = yes_or_no(text, language)
        offer = (
            language.means(last, "offer")
            and not language.means(last, "anything_else")
            and not situation.asked
            and not situation.confirming
        )
        bot = self._index.read(situation.bot)
        actions = language.actions_in(text)
        return _Message(
            situation=situation,
            spoken=spoken,
            weight=sum(spoken.vector.values()) or 1.0,
            active=active,
            actions=frozenset().union(*actions),
            first_action=actions[0] if actions else frozenset(),
            agrees=float(answer is True),
            refuses=float(answer is False),
            offer=float(offer),
            offered_actions=frozenset().union(*language.actions_in(last)) if offer else frozenset(),
            question=self._index.read(last),
            bot=bot,
            new_topic=float(self._unknown_weight(spoken, bot, active) > _NEW_TOPIC),
            most_related=max(
                (
                    _related(active, self._index.topics[name])
                    for name in situation.offered
                    if name != situation.active and name in self._index.topics
                ),
                default=0.0,
            ),
            asks_what=float(begins(text, "content_question", language)),
            padded=f" {plain(text)} ",
            meant=self._meant(situation),
        )

    def _meant(self, situation: Situation) -> dict[str, float]:
        """How near each flow is in meaning, those that run too; 0 is no nearer than chance."""
        said, space = situation.embedding, self._index.space
        if said is None or space is None:
            return {}
        names = dict.fromkeys([*situation.offered, situation.active or situation.recent or ""])
        found = ((name, self._index.topics[name]) for name in names if name in self._index.topics)
        return {
            name: space.nearness(said, topic.embedding)
            for name, topic in found
            if topic.embedding is not None
        }

    def _unknown_weight(self, spoken: Spoken, bot: Spoken, active: Topic | None) -> float:
        """Weight of the things in a message that neither the running flow nor the bot named."""
        known = set(bot.vector)
        if active is not None:
            known |= {*active.head, *active.slots}
        return sum(
            weight
            for name, weight in spoken.vector.items()
            if name not in known and not self._index.is_action(name)
        )

    # -- features --------------------------------------------------------------------------

    def _for_flow(self, message: _Message, topic: Topic) -> Features:
        vector, head = message.spoken.vector, topic.head
        shared = [name for name in vector if name in head]
        things = [name for name in shared if not self._index.is_action(name)]
        thing = min(1.0, max((vector[name] for name in things), default=0.0))
        similar = cosine(vector, head)
        agree = float(bool(topic.actions & message.actions))
        strict = topic.actions - VAGUE_ACTIONS
        differ = float(bool(strict and message.actions - VAGUE_ACTIONS) and not agree)
        name_weight = sum(topic.name.values()) or 1.0
        named = sum(weight for name, weight in topic.name.items() if name in vector) / name_weight
        related = _related(message.active, topic)
        nearest = float(related > 0 and related >= message.most_related)
        goes_on = (1 - message.new_topic) * related
        # What has just ended is not what the bot offers next.
        is_new = topic is not message.active
        asked_for = cosine(message.question.vector, head) if is_new else 0.0
        offered = message.offer * float(is_new and bool(topic.actions & message.offered_actions))
        told = cosine(message.bot.vector, head)
        finds = float("find" in topic.actions)
        return {
            "similar": similar,
            "similar, on a new topic": similar * message.new_topic,
            "like an example": self._like_example(message, topic),
            "like the examples": message.situation.taught.likeness(topic.flow_id),
            "covers the message": sum(vector[name] for name in shared) / message.weight,
            "head is covered": sum(head[name] for name in shared) / (sum(head.values()) or 1.0),
            "strongest shared thing": thing,
            "name is said": named,
            "much name is said": named * name_weight / _MUCH,
            "slots are named": cosine(vector, topic.slots),
            "allowed value is named": float(
                any(f" {value} " in message.padded for value in topic.values)
            ),
            "same action": agree,
            "other action": differ,
            "same first action": float(bool(topic.actions & message.first_action)),
            "finds, asked to": finds * agree,
            "tells, asked what there is": message.asks_what
            * float(bool(topic.actions & ASKED_BY_QUESTIONS)),
            "does, asked what there is": message.asks_what
            * float(bool(strict) and not topic.actions & ASKED_BY_QUESTIONS),
            "goes on best": nearest * (1 - message.new_topic),
            "goes on best, same action": nearest * agree * (1 - message.new_topic),
            "goes on best, agreed": nearest * message.agrees,
            "goes on, no shared thing": related * float(not things),
            "goes on, agreed": message.agrees * goes_on,
            "bot talked about it": told * (1 - message.new_topic),
            "bot asked about it, agreed": asked_for * message.agrees,
            "bot asked about it, refused": asked_for * message.refuses,
            "bot asked about it": asked_for * (1 - message.agrees) * (1 - message.refuses),
            "offered, agreed": offered * message.agrees,
            "offered, agreed, goes on": offered * message.agrees * float(related > 0),
            "more of the same": float(self._language.means(message.situation.text, "more"))
            * related,
            **self._means(message, topic),
        }

    @staticmethod
    def _means(message: _Message, topic: Topic) -> Features:
        """What the embeddings say; nothing without them."""
        if not message.meant:
            return {}
        near = message.meant.get(topic.flow_id, 0.0)
        nearest = max(message.meant.values())
        running = 0.0 if message.active is None else message.meant.get(message.active.flow_id, 0.0)
        return {
            "means": near,
            "means, on a new topic": near * message.new_topic,
            "means most": float(near >= nearest),
            "means less than the nearest": nearest - near,
            "means more than the running flow": max(0.0, near - running)
            * float(message.active is not None),
        }

    @staticmethod
    def _like_example(message: _Message, topic: Topic) -> float:
        nearest = max((cosine(message.spoken.vector, v) for _, v in topic.examples), default=0.0)
        return nearest * nearest  # half a sentence in common says little

    def _for_none(self, message: _Message) -> Features:
        language, text = self._language, message.situation.text
        situation, active = message.situation, message.active
        spoken = words(text)
        similar = 0.0 if active is None else cosine(message.spoken.vector, active.head)
        same_action = float(active is not None and bool(active.actions & message.actions))
        more = float(language.means(text, "more"))
        asked, confirming = float(situation.asked), float(situation.confirming)
        return {
            "always": 1.0,
            "a flow is running": float(active is not None),
            "a question is open": asked,
            "a question is open, new topic": asked * message.new_topic,
            "to be confirmed": confirming,
            "to be confirmed, agreed": confirming * message.agrees,
            "answers the question": float(situation.answered and not confirming),
            "thanks": float(language.means(text, "thanks")),
            "goodbye": float(language.means(text, "goodbye")),
            "nothing else": float(language.means(text, "finished")),
            "refused": message.refuses,
            "offer agreed": message.offer * message.agrees,
            "offer refused": message.offer * message.refuses,
            "asks": float("?" in text),
            "begins as a question": float(
                bool(spoken) and spoken[0] in language.phrases["question"]
            ),
            "nothing known": float(not message.spoken.vector),
            "unknown words": len(message.spoken.unknown) / (_SOME + len(message.spoken.unknown)),
            "unknown words, no flow is running": float(active is None)
            * len(message.spoken.unknown)
            / (_SOME + len(message.spoken.unknown)),
            "about the running flow": similar,
            "about the running flow, same action": similar * same_action,
            "more": more,
            "more about the running flow": more * similar,
            "new topic": message.new_topic,
            **self._means_none(message),
        }

    @staticmethod
    def _means_none(message: _Message) -> Features:
        if not message.meant:
            return {}
        active = message.active
        running = 0.0 if active is None else message.meant.get(active.flow_id, 0.0)
        return {
            "nearest meaning": max(message.meant.values()),
            "means the running flow": running,
            "means the running flow most": float(
                active is not None and running >= max(message.meant.values())
            ),
        }


def _related(active: Topic | None, topic: Topic) -> float:
    """How much two flows share: slots, or what they are about."""
    if active is None or active is topic:
        return 0.0
    fewest = min(len(active.slot_names), len(topic.slot_names))
    slots = len(active.slot_names & topic.slot_names) / fewest if fewest else 0.0
    return max(cosine(active.head, topic.head), 0.5 * slots) if length(topic.head) else 0.0


def _last_question(bot: str) -> str:
    sentences = _SENTENCES.split(bot.strip())
    questions = [sentence for sentence in sentences if sentence.rstrip().endswith("?")]
    return questions[-1] if questions else sentences[-1]


def _probabilities(
    weights: Weights, flows: Mapping[str, Features], for_none: Features
) -> tuple[dict[str, float], float]:
    """Of each flow, and of none."""
    scores = {name: _sum(weights.for_a_flow, features) for name, features in flows.items()}
    none = _sum(weights.for_no_flow, for_none)
    highest = max([none, *scores.values()])
    likelihoods = {name: math.exp(score - highest) for name, score in scores.items()}
    rest = math.exp(none - highest)
    whole = sum(likelihoods.values()) + rest
    return {name: likelihood / whole for name, likelihood in likelihoods.items()}, rest / whole


def _evidence(weights: Mapping[str, float], features: Features) -> tuple[tuple[str, float], ...]:
    """The signs that counted most, in either direction."""
    counted = [(name, weights[name] * value) for name, value in features.items() if value]
    strongest = sorted(counted, key=lambda item: (-abs(item[1]), item[0]))[:_SIGNS]
    return tuple((name, round(value, 2)) for name, value in strongest)


def _sum(weights: Mapping[str, float], features: Features) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in features.items() if value)
