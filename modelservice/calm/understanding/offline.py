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
    after_agreement,
    after_clause,
    begins,
    cancels,
    is_act,
    is_question,
    refuses,
    without_correction,
    without_hesitation,
    yes_or_no,
)
from modelservice.calm.understanding.embeddings import Embedding, MessageEmbedder
from modelservice.calm.understanding.flow_choice import FlowChooser
from modelservice.calm.understanding.language import Language, language_of
from modelservice.calm.understanding.similarity import FlowIndex
from modelservice.calm.understanding.situation import AllFeatures, Candidate, Situation
from modelservice.calm.understanding.slot_filling import SlotFilling, last_said
from modelservice.calm.understanding.slot_reader import SlotReader
from modelservice.calm.understanding.start_rules import SMALL_TALK, StartRules
from modelservice.calm.understanding.teaching import Taught, Teaching
from modelservice.calm.understanding.text import stems, words
from modelservice.project.payloads import SET_SLOTS, assignments_in

_SHORT_ANSWER = 2
# Whoever says more has said what it is about by then.
_LONGEST_READ = 2_000
_SHOWN_CANDIDATES = 3
_ACTS: tuple[tuple[str, type[Command]], ...] = (
    ("skip", SkipQuestion),
    ("repeat", RepeatBotMessages),
)
# What the default patterns say where an assistant has neither documents nor small talk.
_NO_KNOWLEDGE, _NO_SMALL_TALK = "utter_no_knowledge_base", "utter_cannot_handle"


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
        self.reader = SlotReader(self._language, frozenset(self.index.vocabulary))
        self._searches = _does_more(assistant, "pattern_search", _NO_KNOWLEDGE)
        self._chats = _does_more(assistant, "pattern_chitchat", _NO_SMALL_TALK)
        self._rules = StartRules(
            self.index,
            self._chooser,
            self._teaching,
            self._language,
            assistant.flows.user_flows(),
            searches=self._searches,
        )

    async def propose(self, request: Request) -> Proposal:
        text = without_hesitation(_as_said(request.text[:_LONGEST_READ]), self._language)
        request = replace(request, text=text)
        if request.tracker.stack:
            if self._cancels(request, request.text):
                return Proposal([CancelFlow()], {"reason": "the message means cancel"})
            for act, command in _ACTS:
                if is_act(request.text, act, self._language):
                    return Proposal([command()], {"reason": f"the message means {act}"})
            stopped = await self._stop_and_go_on(request)
            if stopped is not None:
                return stopped
        return await self._understand(request)

    async def _understand(self, request: Request) -> Proposal:
        embedding, about_embeddings = await self._embedder.embed(request.text)
        filling = SlotFilling(request, self.reader)
        corrected = filling.corrections() or self._restated(request, filling)
        if corrected:
            return Proposal(corrected, {"reason": "corrects an earlier answer"})
        situation = self._situation(request, filling, embedding)
        choice = self._chooser.choose(situation)
        started, why = self._rules.started(situation, choice)
        details = {
            "embeddings": about_embeddings,
            "matches": [_as_dict(candidate) for candidate in choice.candidates[:_SHOWN_CANDIDATES]],
            "no_flow": round(choice.none, 3),
            "no_flow_evidence": [list(sign) for sign in choice.none_evidence],
            **_about_examples(situation),
        }
        commands, reason = self._commands(request, filling, situation, started)
        details["reason"] = reason or why
        if commands:
            return Proposal(commands, details)
        return await self._small_talk(request, details)

    def _commands(
        self, request: Request, filling: SlotFilling, situation: Situation, started: list[Command]
    ) -> tuple[list[Command], str]:
        """What starts, else what is answered; the reason is empty where it is that of the start."""
        first = started[0] if started else None
        if isinstance(first, StartFlow):
            rest = after_agreement(request.text, self._language) if situation.confirming else None
            if rest is not None:
                return self._agreed(request, filling, situation, rest)
            both = self._rules.two_flows(situation, first.flow)
            if both:
                return both, "asks for two flows"
            return [*started, *filling.beside(first.flow)], ""
        answers = filling.answers()
        if self._repeats_wish(request, situation, answers):
            # It is running: its question is asked again.
            return [StartFlow(request.active[0].id)], "asks for the running flow again"
        if answers:
            return answers, _reason_of_answers(request)
        return started, ""

    def _agreed(
        self, request: Request, filling: SlotFilling, situation: Situation, rest: str
    ) -> tuple[list[Command], str]:
        """`Yes. Is it furnished?` confirms, and asks no other flow to do anything; `yes. And block
        my card` does."""
        other = self._rules.asked_for(situation, rest)
        if other is None:
            return filling.answers(), _reason_of_answers(request)
        agreement = replace(request, text=request.text.removesuffix(rest))
        agreed = SlotFilling(agreement, self.reader).answers()
        return [*agreed, StartFlow(other), *filling.beside(other)], "agrees, and asks for a flow"

    def _cancels(self, request: Request, text: str) -> bool:
        """`Cancel`, or `cancel the transfer` where no other flow is there to cancel things."""
        topics = self.index.topics
        active = request.active[0] if request.active else None
        others = (flow.id for flow in request.flows if active is None or flow.id != active.id)
        may_be_other = any(name in topics and "cancel" in topics[name].actions for name in others)
        if active is None or may_be_other:
            return is_act(text, "cancel", self._language)
        about = frozenset(stems(f"{active.name} {active.description}"))
        confirming = SlotFilling(request, self.reader).is_yes_or_no_asked
        return cancels(text, about, self._language, confirming=confirming)

    async def _stop_and_go_on(self, request: Request) -> Proposal | None:
        """`Stop, I want to pay my bill`: cancels, and starts what is asked for beside it."""
        rest = after_clause(request.text, lambda clause: self._cancels(request, clause))
        if rest is None:
            return None
        # What is asked for is no answer to a question that is over.
        anew = replace(request, text=rest, active=[], asked=None)
        following = await self._understand(anew)
        if self._starts_other(following, request) and not refuses(rest, self._language):
            return Proposal([CancelFlow(), *following.commands], following.details)
        following = await self._understand(replace(request, text=rest))
        sets = any(isinstance(command, SetSlot) for command in following.commands)
        if sets and without_correction(rest, self._language) is not None:
            return None  # `no, stop, I meant 500` goes on
        return Proposal([CancelFlow()], {"reason": "the message means cancel"})

    @staticmethod
    def _starts_other(proposal: Proposal, request: Request) -> bool:
        running = {flow.id for flow in request.active}
        first = proposal.commands[0] if proposal.commands else None
        return isinstance(first, StartFlow) and first.flow not in running

    async def features(self, request: Request) -> AllFeatures:
        """What speaks for each flow and for none, before it is weighed."""
        embedding, _ = await self._embedder.embed(request.text)
        filling = SlotFilling(request, self.reader)
        return self._chooser.features(self._situation(request, filling, embedding))

    def likelihood(self, request: Request, flow_id: str) -> float:
        """How probable the flow is by the words of the message alone."""
        filling = SlotFilling(request, self.reader)
        choice = self._chooser.choose(self._situation(request, filling, None))
        found = (each.probability for each in choice.candidates if each.flow_id == flow_id)
        return next(found, 0.0)

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

    def _restated(self, request: Request, filling: SlotFilling) -> list[Command]:
        """`Actually, can I pay by card?` names another of the values that a slot may have."""
        if without_correction(request.text, self._language) is None:
            return []
        slots, values = request.assistant.domain.slots, request.tracker.slots
        return [
            command
            for command in filling.answers()
            if isinstance(command, SetSlot)
            and command.value in slots[command.slot].values
            and values.get(command.slot) not in (None, command.value)
        ]

    def _repeats_wish(self, request: Request, situation: Situation, answers: list[Command]) -> bool:
        """`Check my balance` while that is running is no answer to its question."""
        if not request.active or not situation.asked or situation.answered:
            return False
        asked = None if request.asked is None else request.asked.name
        if any(not isinstance(c, SetSlot) or c.slot != asked for c in answers):
            return False  # it says something besides
        return self.index.is_wish_for(request.text, request.active[0].id)

    async def _small_talk(self, request: Request, details: dict[str, Any]) -> Proposal:
        if is_act(request.text, "greeting", self._language):
            # A project that has small talk of its own answers a greeting by it, as Rasa does.
            greets = self._greets(request.assistant) and not self._chats
            command: Command = SessionStart() if greets else ChitChat()
            return Proposal([command], {**details, "reason": "the message is a greeting"})
        for act in SMALL_TALK:
            if is_act(request.text, act, self._language):
                return Proposal([ChitChat()], {**details, "reason": f"the message means {act}"})
        asks = is_question(request.text, self._language) or begins(
            request.text, "question_about", self._language
        )
        if self._searches and asks:
            return Proposal([Knowledge()], {**details, "reason": "a question, and no flow's"})
        if request.asked is None and await self._asks_documents(request.text):
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


def _as_said(text: str) -> str:
    """`SetSlots(card=1234)`, a payload that is none here, says what its button stands for."""
    payload = f"/{text}"
    pairs = assignments_in(payload) if payload.startswith(f"{SET_SLOTS}(") else []
    return ", ".join(value for _, value in pairs) or text


def _does_more(assistant: Assistant, pattern_id: str, regret: str) -> bool:
    """Whether a pattern does anything but say that the assistant cannot do it."""
    pattern = assistant.flows.get(pattern_id)
    steps = () if pattern is None else pattern.steps.values()
    return any(step.action != regret for step in steps if isinstance(step, ActionStep))


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
