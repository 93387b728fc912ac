"""The offline command generator: deterministic, without a network or a language model.

Order of work: what the message does (cancel, skip, repeat); the answer to the open question;
a correction of an earlier answer; a flow to start, by similarity; values said beside it; small
talk; and last, that nothing was understood.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    RepeatBotMessages,
    SessionStart,
    SkipQuestion,
    StartFlow,
)
from modelservice.calm.dialogue.generator import Proposal, Request
from modelservice.calm.understanding.acts import is_act
from modelservice.calm.understanding.language import Language, language_of
from modelservice.calm.understanding.similarity import FlowIndex, Match
from modelservice.calm.understanding.slot_filling import SlotFilling

# Similarity from which a flow is started; while a question is open more is needed, because
# the message is more likely an answer.
START_SCORE = 0.18
START_SCORE_WHILE_ASKED = 0.35
START_SCORE_OVER_AN_ANSWER = 0.6
# Flows that reach this share of the best one's score cannot be told apart: ask which was meant.
CLARIFY_SHARE = 0.8
# A greeting or thanks is only about a flow that has been taught it nearly word by word.
START_SCORE_OF_SMALL_TALK = 0.7
_ACTS: tuple[tuple[str, type[Command]], ...] = (
    ("cancel", CancelFlow),
    ("skip", SkipQuestion),
    ("repeat", RepeatBotMessages),
)
_SMALL_TALK = ("greeting", "thanks", "goodbye")


class OfflineGenerator:
    """Commands from the assistant's own texts and a few word lists."""

    name = "offline"

    def __init__(self, assistant: Assistant, learned: Mapping[str, Any]) -> None:
        # English is always understood besides the assistant's own languages.
        codes = [assistant.language, *assistant.additional_languages, "en"]
        self._language: Language = language_of(codes)
        self._index = FlowIndex(learned, self._language.stop_words)

    async def propose(self, request: Request) -> Proposal:
        if request.tracker.stack:
            for act, command in _ACTS:
                if is_act(request.text, act, self._language):
                    return Proposal([command()], {"reason": f"the message means {act}"})
        matches = self._index.matches(request.text, [flow.id for flow in request.flows])
        return self._understood(request, matches)

    def _understood(self, request: Request, matches: list[Match]) -> Proposal:
        filling = SlotFilling(request, self._language)
        started, why = self._flow_commands(request, matches)
        details = {"matches": [_as_dict(match) for match in matches[:3]], "reason": why}
        if started and isinstance(started[0], StartFlow):
            return Proposal([*started, *filling.beside(started[0].flow)], details)
        answers = filling.answers()
        if answers:
            return Proposal(answers, {**details, "reason": "answers the open question"})
        if started:
            return Proposal(started, details)
        return self._small_talk(request, details)

    def _flow_commands(self, request: Request, matches: list[Match]) -> tuple[list[Command], str]:
        running = {flow.id for flow in request.active}
        others = [match for match in matches if match.flow_id not in running]
        needed = self._needed_score(request)
        if not others or others[0].score < needed:
            return [], "no flow is similar enough"
        if matches[0].flow_id in running and matches[0].score > others[0].score:
            return [], "the running flow is more similar"
        close = [m for m in others if m.score >= CLARIFY_SHARE * others[0].score]
        if len(close) > 1 and request.asked is None:
            return [Clarify(tuple(match.flow_id for match in close))], "several flows are close"
        return [StartFlow(others[0].flow_id)], f"similar to '{others[0].text}'"

    def _needed_score(self, request: Request) -> float:
        if any(is_act(request.text, act, self._language) for act in _SMALL_TALK):
            return START_SCORE_OF_SMALL_TALK
        if request.asked is None:
            return START_SCORE
        if SlotFilling(request, self._language).has_clear_answer():
            return START_SCORE_OVER_AN_ANSWER
        return START_SCORE_WHILE_ASKED

    def _small_talk(self, request: Request, details: dict[str, Any]) -> Proposal:
        if is_act(request.text, "greeting", self._language):
            greets = self._greets(request.assistant)
            command: Command = SessionStart() if greets else ChitChat()
            return Proposal([command], {**details, "reason": "the message is a greeting"})
        for act in _SMALL_TALK:
            if is_act(request.text, act, self._language):
                return Proposal([ChitChat()], {**details, "reason": f"the message means {act}"})
        return Proposal([CannotHandle()], details)

    @staticmethod
    def _greets(assistant: Assistant) -> bool:
        pattern = assistant.flows.get("pattern_session_start")
        return pattern is not None and len(pattern.steps) > 1


def _as_dict(match: Match) -> dict[str, Any]:
    return {"flow": match.flow_id, "score": round(match.score, 3), "text": match.text}
