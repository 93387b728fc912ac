"""Whether a flow starts, and which: what the weighed candidates mean for the conversation.

Each rule gives the commands and why, in words that the inspector shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.commands import Clarify, Command, StartFlow
from modelservice.calm.understanding.acts import begins, is_act, joined_parts
from modelservice.calm.understanding.everyday import everyday_act, everyday_flows
from modelservice.calm.understanding.flow_choice import FlowChooser
from modelservice.calm.understanding.language import (
    ASKED_BY_QUESTIONS,
    TELLING_ACTIONS,
    VAGUE_ACTIONS,
    Language,
    first_action,
    same_action,
)
from modelservice.calm.understanding.similarity import FlowIndex
from modelservice.calm.understanding.situation import Candidate, Choice, Situation
from modelservice.calm.understanding.teaching import Teaching
from modelservice.calm.understanding.text import words

# Flows with this part of the best one's probability cannot be told apart: ask which was meant.
CLARIFY_SHARE = 0.9
# Of `card` or `my card` alone nobody can know what is wanted.
CLARIFY_SHARE_VAGUE = 0.5
_CLARIFY_SHARE_SAME_WORDS = 0.1
_VAGUE_WORDS = 2
_SHORT_ANSWER = 2
_MOST_OPTIONS = 4
_SURE, _MOST_PARTS, _SEVERAL = 0.75, 4, 2
# A greeting or thanks is only about a flow that has been taught it nearly word by word.
_SMALL_TALK_SIMILARITY = 0.7
# What calibrated probabilities of two intents must have in common to be asked about.
_AS_LIKELY = 0.95
# Example sentences know it better than any rule.
_SURELY_TAUGHT = 0.9
SMALL_TALK = ("greeting", "thanks", "goodbye", "pause")
Start = tuple[list[Command], str]


class StartRules:
    """`searches` says that questions of knowledge have an answer elsewhere."""

    def __init__(
        self,
        index: FlowIndex,
        chooser: FlowChooser,
        teaching: Teaching,
        language: Language,
        flows: Iterable[Flow],
        *,
        searches: bool,
    ) -> None:
        self._index = index
        self._chooser = chooser
        self._teaching = teaching
        self._language = language
        self._everyday = everyday_flows(flows, language)
        self._searches = searches

    def started(self, situation: Situation, choice: Choice) -> Start:
        """The flow that starts, or several to choose from; no commands where none does."""
        return (
            self._everyday_flow(situation)
            or self._told_flow(situation, choice)
            or self._called_flows(situation)
            or self._flow_commands(situation, choice)
        )

    def _everyday_flow(self, situation: Situation) -> Start | None:
        """The flow that is there for what everybody says, unless examples say otherwise."""
        act = everyday_act(situation.text, self._language)
        if act is None:
            return None
        if self._taught_alone(situation):
            return None
        for flow_id in self._everyday[act]:
            if flow_id in situation.offered and flow_id != situation.active:
                return [StartFlow(flow_id)], f"the flow is there for: {act}"
        return None

    def _told_flow(self, situation: Situation, choice: Choice) -> Start | None:
        found = self._told(situation, choice)
        if found is None:
            return None
        return [StartFlow(found.flow_id)], f"a question that the flow answers: {_reason(found)}"

    def _told(self, situation: Situation, choice: Choice) -> Candidate | None:
        """The flow that tells what `who are my payees?` and `show my payees` ask for, not one that
        changes them."""
        text, language = situation.text, self._language
        first = first_action(text, language)
        is_own = bool(language.phrases["first_person"] & set(words(text)))
        asks = is_own and begins(text, "content_question", language)
        if not asks and not first & (TELLING_ACTIONS - VAGUE_ACTIONS):
            return None
        best = choice.best
        if best is None or situation.taught.likeness(best.flow_id) > _SURELY_TAUGHT:
            return None
        things = self._things(best)
        telling = (
            candidate
            for candidate in choice.candidates
            if self._tells(candidate)
            # Of two flows with many examples these say which is meant.
            and not (situation.taught.best and candidate.flow_id in situation.well_taught)
            and things <= self._things(candidate)
            and self._index.covers(text, candidate.flow_id)
        )
        return next(telling, None)

    def _called_flows(self, situation: Situation) -> Start | None:
        """`Add` and `my card` say a word of several flows' names, and nothing else."""
        is_open = situation.asked or situation.confirming
        if is_open or len(words(situation.text)) > _VAGUE_WORDS:
            return None
        called = self._index.called(situation.text, situation.offered)
        if len(called) < _SEVERAL:
            return None
        return [Clarify(tuple(called[:_MOST_OPTIONS]))], "a word of the names of several flows"

    def _flow_commands(self, situation: Situation, choice: Choice) -> Start:
        taught = self._taught_alone(situation)
        if taught and not self._is_rivalled(taught[0], choice):
            if len(taught) > 1:
                return [Clarify(tuple(taught))], "like the example sentences of several flows"
            return [StartFlow(taught[0])], "like the example sentences of the flow"
        best = choice.best
        refused = self._reason_against(situation, choice, best)
        if best is None or refused is not None:
            return [], refused or ""
        needed = CLARIFY_SHARE if len(words(situation.text)) > _VAGUE_WORDS else CLARIFY_SHARE_VAGUE
        # `card` is a word of both flows, however much more else there is of one.
        is_vague = len(words(situation.text)) <= _VAGUE_WORDS
        close = [
            c
            for c in choice.candidates
            if c.probability >= needed * best.probability
            or (is_vague and c.words == best.words and c.probability >= _CLARIFY_SHARE_SAME_WORDS)
        ]
        if len(close) > 1 and not situation.asked and not situation.confirming:
            options = tuple(candidate.flow_id for candidate in close[:_MOST_OPTIONS])
            return [Clarify(options)], "several flows are close"
        return [StartFlow(best.flow_id)], _reason(best)

    def _tells(self, candidate: Candidate) -> bool:
        return bool(self._index.topics[candidate.flow_id].actions & TELLING_ACTIONS)

    def _things(self, candidate: Candidate) -> set[str]:
        """What the message shares with a flow besides what is to be done."""
        shared = {word for said in candidate.words for word in said.split()}
        return {word for word in shared if not self._language.actions_in(word)}

    def _reason_against(
        self, situation: Situation, choice: Choice, best: Candidate | None
    ) -> str | None:
        """Why no flow is started, None if nothing speaks against the best one."""
        if best is None or best.probability <= choice.none:
            return "no flow is asked for"
        if best.similarity < _SMALL_TALK_SIMILARITY and self._is_small_talk(situation.text):
            return "the message is small talk"
        return self._reason_to_go_on(situation, choice, best)

    def _reason_to_go_on(self, situation: Situation, choice: Choice, best: Candidate) -> str | None:
        """Why the message belongs to what is under way, or to the documents."""
        is_open = situation.asked or situation.confirming
        if is_open and len(words(situation.text)) == 1:
            return "a word is an answer to the open question"
        if self._asks_for_knowledge(situation, best):
            return "a question with no more than a word of the flow"
        if situation.answered and choice.running >= best.similarity:
            return "the running flow is more similar"
        if situation.answered and len(words(situation.text)) <= _SHORT_ANSWER:
            return "a short answer to the open question"
        return None

    def _asks_for_knowledge(self, situation: Situation, best: Candidate) -> bool:
        """`What does a card weigh?` and `are there fees for cards?` ask for nothing that a flow
        does to cards; `what is my balance?` and `what is the weather?` do."""
        text, language = situation.text, self._language
        if not self._searches:
            return False
        actions = self._index.topics[best.flow_id].actions
        said = frozenset().union(*language.actions_in(text))
        if begins(text, "how_to", language):
            asked = said - ASKED_BY_QUESTIONS
            return bool(asked) and not asked & actions
        about = begins(text, "question_about", language)
        is_own = bool(language.phrases["first_person"] & set(words(text)))
        if not about and (is_own or begins(text, "request", language)):
            return False
        does = actions - ASKED_BY_QUESTIONS
        shared = len(" ".join(best.words).split())
        if about:
            other = said - ASKED_BY_QUESTIONS
            return bool(does or (other and not other & actions)) or (
                shared <= 1 and not actions & ASKED_BY_QUESTIONS
            )
        if begins(text, "fact_question", language):
            return bool(does) and not actions & (ASKED_BY_QUESTIONS - VAGUE_ACTIONS)
        begins_so = bool(words(text)) and words(text)[0] in language.phrases["question"]
        return begins_so and shared <= 1 and bool(does) and not does & said

    def two_flows(self, situation: Situation, found: str) -> list[Command]:
        """The flows of a message that asks for two, in its order; `found` is one of them."""
        if situation.asked or situation.confirming:
            return []
        for parts in joined_parts(situation.text, self._language)[:_MOST_PARTS]:
            flows = [self.asked_for(situation, part) for part in parts]
            if None not in flows and flows[0] != flows[1] and found in flows:
                return [StartFlow(flow_id) for flow_id in flows if flow_id is not None]
        return []

    def asked_for(self, situation: Situation, part: str) -> str | None:
        """The flow that a part of a message asks for by itself, with what is to be done."""
        actions = frozenset().union(*self._language.actions_in(part))
        alone = replace(
            situation,
            text=part,
            active=None,
            recent=None,
            embedding=None,
            taught=self._teaching.classify(part, None),
        )
        choice = self._chooser.choose(alone)
        told = self._told(alone, choice)
        if told is not None:
            return told.flow_id if told.flow_id != situation.active else None
        best = choice.best
        if best is None or best.probability < _SURE or best.flow_id == situation.active:
            return None
        does = self._index.topics[best.flow_id].actions
        covered = self._index.covers(part, best.flow_id)
        fits = actions & does or (covered and same_action(actions, does))
        return best.flow_id if fits else None

    def _taught_alone(self, situation: Situation) -> list[str]:
        """The well taught flows that the message is like, the best first and those that are as
        likely; example sentences alone decide where no question is open."""
        best = situation.taught.best
        if best is None or situation.asked or situation.confirming:
            return []
        likely = situation.taught.flows[best]
        found = [
            flow_id
            for flow_id, probability in sorted(
                situation.taught.flows.items(), key=lambda item: (-item[1], item[0])
            )
            if probability >= _AS_LIKELY * likely
            and situation.taught.likeness(flow_id)
            and flow_id in situation.offered
            and flow_id in situation.well_taught
            and flow_id != situation.active
        ]
        return found if best in found else []

    def _is_rivalled(self, flow_id: str, choice: Choice) -> bool:
        """Whether a flow with too few sentences to be known by them fits better all the same."""
        probabilities = {each.flow_id: each.probability for each in choice.candidates}
        own = probabilities.get(flow_id, 0.0)
        return any(
            probability > own and other not in self._teaching.well_taught
            for other, probability in probabilities.items()
        )

    def _is_small_talk(self, text: str) -> bool:
        return any(is_act(text, act, self._language) for act in SMALL_TALK)


def _reason(candidate: Candidate) -> str:
    if candidate.words:
        said = ", ".join(f"'{word}'" for word in candidate.words)
        return f"{said} fits '{candidate.text}'"
    return f"goes on with '{candidate.text}'"
