"""The offline command generator: deterministic, without a network or a language model.

Order of work: what the message does (cancel, skip, repeat); a flow to start; the answer to the open
question, corrections and values said beside it; small talk; and last, that nothing was understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from modelservice.calm.content.flow import ActionStep
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    Knowledge,
    RepeatBotMessages,
    SessionStart,
    SetSlot,
    SkipQuestion,
    StartFlow,
)
from modelservice.calm.dialogue.generator import Proposal, Request
from modelservice.calm.understanding.acts import (
    after_act,
    is_act,
    is_question,
    joined_parts,
    without_correction,
    yes_or_no,
)
from modelservice.calm.understanding.embeddings import Embedding, MessageEmbedder
from modelservice.calm.understanding.everyday import everyday_act, everyday_flows
from modelservice.calm.understanding.flow_choice import FlowChooser
from modelservice.calm.understanding.language import VAGUE_ACTIONS, Language, language_of
from modelservice.calm.understanding.similarity import FlowIndex
from modelservice.calm.understanding.situation import AllFeatures, Candidate, Choice, Situation
from modelservice.calm.understanding.slot_filling import SlotFilling, SlotReader, last_said
from modelservice.calm.understanding.teaching import Taught, Teaching
from modelservice.calm.understanding.text import words

# Flows with this part of the best one's probability cannot be told apart: ask which was meant.
CLARIFY_SHARE = 0.9
# Of `card` or `my card` alone nobody can know what is wanted.
CLARIFY_SHARE_VAGUE = 0.5
_CLARIFY_SHARE_SAME_WORDS = 0.1
_VAGUE_WORDS = 2
_SHORT_ANSWER = 2
_MOST_OPTIONS = 4
_SURE, _MOST_PARTS = 0.75, 4
# Actions that a question asks for by being one.
_ASKED_BY_QUESTIONS = VAGUE_ACTIONS | {"find", "explain", "compare", "measure"}
# Whoever says more has said what it is about by then.
_LONGEST_READ = 2_000
_SHOWN_CANDIDATES = 3
# A greeting or thanks is only about a flow that has been taught it nearly word by word.
_SMALL_TALK_SIMILARITY = 0.7
_ACTS: tuple[tuple[str, type[Command]], ...] = (
    ("cancel", CancelFlow),
    ("skip", SkipQuestion),
    ("repeat", RepeatBotMessages),
)
_NO_KNOWLEDGE = "utter_no_knowledge_base"
_SMALL_TALK = ("greeting", "thanks", "goodbye", "pause")


class Documents(Protocol):
    """What can be asked whether the documents of an assistant answer a text."""

    async def answers(self, text: str) -> bool: ...


class OfflineGenerator:
    """Commands from the assistant's own texts and a few word lists."""

    name = "offline"

    def __init__(
        self,
        assistant: Assistant,
        learned: Mapping[str, Any],
        search: Documents | None = None,
        embedder: MessageEmbedder | None = None,
    ) -> None:
        self._language: Language = language_of(assistant.languages)
        self._search = search
        self.index = FlowIndex(learned, self._language)
        self._embedder = embedder or MessageEmbedder(None, None)
        is_english = all(code.split("-")[0].lower() == "en" for code in assistant.languages)
        self._chooser = FlowChooser(self.index, self._language, is_english=is_english)
        self._teaching = Teaching(learned, self._language)
        self._reader = SlotReader(self._language, frozenset(self.index.vocabulary))
        self._searches = _searches(assistant)
        self._everyday = everyday_flows(assistant.flows.user_flows(), self._language)

    async def propose(self, request: Request) -> Proposal:
        request = replace(request, text=request.text[:_LONGEST_READ])
        if request.tracker.stack:
            for act, command in _ACTS:
                if is_act(request.text, act, self._language):
                    return Proposal([command()], {"reason": f"the message means {act}"})
            stopped = await self._stop_and_go_on(request)
            if stopped is not None:
                return stopped
        return await self._understand(request)

    async def _understand(self, request: Request) -> Proposal:
        embedding, about_embeddings = await self._embedder.embed(request.text)
        filling = SlotFilling(request, self._reader)
        corrected = filling.corrections()
        if corrected:
            return Proposal(corrected, {"reason": "corrects an earlier answer"})
        situation = self._situation(request, filling, embedding)
        choice = self._chooser.choose(situation)
        started, why = self._everyday_flow(situation) or self._flow_commands(situation, choice)
        details = {
            "embeddings": about_embeddings,
            "matches": [_as_dict(candidate) for candidate in choice.candidates[:_SHOWN_CANDIDATES]],
            "no_flow": round(choice.none, 3),
            "no_flow_evidence": [list(sign) for sign in choice.none_evidence],
            **_about_examples(situation),
            "reason": why,
        }
        if started and isinstance(started[0], StartFlow):
            both = self._two_flows(situation, started[0].flow)
            if both:
                return Proposal(both, {**details, "reason": "asks for two flows"})
            return Proposal([*started, *filling.beside(started[0].flow)], details)
        answers = filling.answers()
        if answers:
            return Proposal(answers, {**details, "reason": _reason_of_answers(request)})
        if started:
            return Proposal(started, details)
        return await self._small_talk(request, details)

    async def _stop_and_go_on(self, request: Request) -> Proposal | None:
        """`Stop, I want to pay my bill`: cancels, and starts what is asked for beside it."""
        rest = after_act(request.text, "cancel", self._language)
        if rest is None:
            return None
        following = await self._understand(replace(request, text=rest))
        if following.commands and isinstance(following.commands[0], StartFlow):
            return Proposal([CancelFlow(), *following.commands], following.details)
        sets = any(isinstance(command, SetSlot) for command in following.commands)
        if sets and without_correction(rest, self._language) is not None:
            return None  # `no, stop, I meant 500` goes on
        return Proposal([CancelFlow()], {"reason": "the message means cancel"})

    async def features(self, request: Request) -> AllFeatures:
        """What speaks for each flow and for none, before it is weighed."""
        embedding, _ = await self._embedder.embed(request.text)
        filling = SlotFilling(request, self._reader)
        return self._chooser.features(self._situation(request, filling, embedding))

    def _situation(
        self, request: Request, filling: SlotFilling, embedding: Embedding | None
    ) -> Situation:
        return Situation(
            text=request.text,
            offered=[flow.id for flow in request.flows],
            active=request.active[0].id if request.active else None,
            recent=_just_completed(request),
            asked=request.asked is not None and not filling.is_yes_or_no_asked,
            confirming=filling.is_yes_or_no_asked,
            answered=filling.has_clear_answer(),
            taught=self._taught(request, embedding),
            well_taught=self._teaching.well_taught,
            bot=last_said(request.tracker),
            embedding=embedding,
        )

    def _taught(self, request: Request, embedding: Embedding | None) -> Taught:
        """What the example sentences say, unless a flow without any is called by its name.

        The classifier does not know such a flow; the next best would take its messages.
        """
        named = self.index.named_in(request.text)
        is_other = any(
            flow.id in named and not self.index.topics[flow.id].examples for flow in request.flows
        )
        return Taught() if is_other else self._teaching.classify(request.text, embedding)

    def _everyday_flow(self, situation: Situation) -> tuple[list[Command], str] | None:
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

    def _flow_commands(self, situation: Situation, choice: Choice) -> tuple[list[Command], str]:
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
        """`What does a card weigh?` asks for nothing that a flow does to cards; `what is my
        balance?` and `what is the weather?` do."""
        spoken = words(situation.text)
        is_general = (
            self._searches
            and situation.active is None
            and bool(spoken)
            and spoken[0] in self._language.phrases["question"]
            and not self._language.phrases["first_person"] & set(spoken)
        )
        if not is_general or len(" ".join(best.words).split()) > 1:
            return False
        does = self.index.topics[best.flow_id].actions - _ASKED_BY_QUESTIONS
        said = frozenset().union(*self._language.actions_in(situation.text))
        return bool(does) and not does & said

    def _two_flows(self, situation: Situation, found: str) -> list[Command]:
        """The flows of a message that asks for two, in its order; `found` is one of them."""
        if situation.asked or situation.confirming:
            return []
        for parts in joined_parts(situation.text, self._language)[:_MOST_PARTS]:
            flows = [self._asked_for(situation, part) for part in parts]
            if None not in flows and flows[0] != flows[1] and found in flows:
                return [StartFlow(flow_id) for flow_id in flows if flow_id is not None]
        return []

    def _asked_for(self, situation: Situation, part: str) -> str | None:
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
        best = choice.best
        if best is None or best.probability < _SURE or best.flow_id == situation.active:
            return None
        return best.flow_id if actions & self.index.topics[best.flow_id].actions else None

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
            if probability >= CLARIFY_SHARE * likely
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
        return any(is_act(text, act, self._language) for act in _SMALL_TALK)

    async def _small_talk(self, request: Request, details: dict[str, Any]) -> Proposal:
        if is_act(request.text, "greeting", self._language):
            greets = self._greets(request.assistant)
            command: Command = SessionStart() if greets else ChitChat()
            return Proposal([command], {**details, "reason": "the message is a greeting"})
        for act in _SMALL_TALK:
            if is_act(request.text, act, self._language):
                return Proposal([ChitChat()], {**details, "reason": f"the message means {act}"})
        if self._searches and is_question(request.text, self._language):
            return Proposal([Knowledge()], {**details, "reason": "a question, and no flow's"})
        if await self._asks_documents(request.text):
            return Proposal([Knowledge()], {**details, "reason": "the documents speak about it"})
        return Proposal([CannotHandle()], details)

    async def _asks_documents(self, text: str) -> bool:
        agrees = yes_or_no(text, self._language)
        asks_nothing = agrees is not None and len(words(text)) <= _SHORT_ANSWER
        if self._search is None or asks_nothing:
            return False
        return await self._search.answers(text)

    @staticmethod
    def _greets(assistant: Assistant) -> bool:
        pattern = assistant.flows.get("pattern_session_start")
        return pattern is not None and len(pattern.steps) > 1


def _searches(assistant: Assistant) -> bool:
    """Whether a question of knowledge gets an answer: the pattern does more than regret."""
    pattern = assistant.flows.get("pattern_search")
    steps = () if pattern is None else pattern.steps.values()
    actions = [step.action for step in steps if isinstance(step, ActionStep)]
    return any(action != _NO_KNOWLEDGE for action in actions)


def _just_completed(request: Request) -> str | None:
    """The flow that ended with the bot's last words."""
    for event in reversed(request.tracker.events):
        if event.type == "user":
            break
        if event.type == "flow_completed":
            flow = request.assistant.flows.get(str(event["flow_id"]))
            if flow is not None and not flow.is_pattern:
                return flow.id
    return None


def _reason(candidate: Candidate) -> str:
    if candidate.words:
        said = ", ".join(f"'{word}'" for word in candidate.words)
        return f"{said} fits '{candidate.text}'"
    return f"goes on with '{candidate.text}'"


def _reason_of_answers(request: Request) -> str:
    return (
        "answers the open question" if request.asked is not None else "values for the running flow"
    )


def _as_dict(candidate: Candidate) -> dict[str, Any]:
    return {
        "flow": candidate.flow_id,
        "score": round(candidate.probability, 3),
        "text": candidate.text,
        "words": list(candidate.words),
        "evidence": [list(sign) for sign in candidate.evidence],
    }


def _about_examples(situation: Situation) -> dict[str, Any]:
    """How likely each flow is by its example sentences, and none of them."""
    if not situation.taught.flows:
        return {}
    found = {name: round(value, 3) for name, value in situation.taught.flows.items()}
    return {"examples": {"flows": found, "none": round(situation.taught.none, 3)}}
