"""Answers a user's question from the documents: a passage itself, or a language model's words."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.search.index import Hit
from modelservice.calm.search.passages import POLICY
from modelservice.calm.search.search import Search

if TYPE_CHECKING:
    from modelservice.calm.understanding.llm.client import LanguageModel

logger = logging.getLogger(__name__)
_MOST_PASSAGES = 4
_NO_ANSWER = "[NO_ANSWER]"


@dataclass(frozen=True, slots=True)
class KnowledgeAnswer:
    """`metadata` is that of the bot event: the query, the passages, and how they were used."""

    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Answering:
    """`template` is the project's prompt for the model, None for our own."""

    def __init__(
        self,
        search: Search,
        policy: Mapping[str, Any],
        *,
        model: LanguageModel | None = None,
        template: str | None = None,
    ) -> None:
        self._search = search
        self._model = model
        self._template = template
        self._cites = policy.get("citation_enabled")

    async def answer(self, tracker: Tracker) -> KnowledgeAnswer | None:
        """An answer to what the user said last, None if the documents have none."""
        query, hits = await self._found(tracker)
        if not hits:
            return None
        found = {
            "utter_source": POLICY,
            "search_query": query,
            "search_results": [_as_dict(hit) for hit in hits],
        }
        if self._model is None:
            return KnowledgeAnswer(_quoted(hits[0]), found)
        return await self._generated(self._model, tracker, hits, found)

    async def _found(self, tracker: Tracker) -> tuple[str, list[Hit]]:
        """A question may go on from the one before ("and on Sundays?")."""
        said = [event["text"] for event in tracker.session_events() if event.type == "user"]
        queries = [said[-1:], said[-2:]] if self._search.goes_on(said[-1]) else [said[-1:]]
        for query in queries:
            text = " ".join(query)
            hits = await self._search.find(text, _MOST_PASSAGES)
            if hits:
                return text, hits
        return "", []

    async def _generated(
        self, model: LanguageModel, tracker: Tracker, hits: Sequence[Hit], found: dict[str, Any]
    ) -> KnowledgeAnswer | None:
        from modelservice.calm.understanding.llm.client import LanguageModelFailure

        try:
            prompt = self._prompt(tracker, hits)
            answer = await model.complete(prompt)
        except LanguageModelFailure as error:
            logger.warning("%s; a passage is quoted instead", error)
            note = f"{error}; the passage itself is quoted"
            return KnowledgeAnswer(_quoted(hits[0]), {**found, "note": note})
        if _NO_ANSWER in answer.text:
            return None
        details = {
            "model": answer.model,
            "usage": dict(answer.usage),
            "milliseconds": answer.milliseconds,
        }
        return KnowledgeAnswer(self._with_sources(answer.text, hits), {**found, **details})

    async def prompt(self, tracker: Tracker) -> str:
        """What a language model would be asked. Raises `LanguageModelFailure`."""
        _query, hits = await self._found(tracker)
        return self._prompt(tracker, hits)

    def _prompt(self, tracker: Tracker, hits: Sequence[Hit]) -> str:
        from modelservice.calm.understanding.llm.prompt import render_prompt

        template = self._template or own_prompt()
        return render_prompt(template, answering_variables(tracker, hits, cites=bool(self._cites)))

    def _with_sources(self, text: str, hits: Sequence[Hit]) -> str:
        # A project's own template asks for the citations itself.
        if self._cites is False or (self._cites and self._template is not None):
            return text.strip()
        sources = dict.fromkeys(hit.passage.source for hit in hits)
        return f"{text.strip()}\n({', '.join(sources)})"


def _quoted(hit: Hit) -> str:
    passage = hit.passage
    place = f"{passage.source}: {passage.title}" if passage.title else passage.source
    return f"{passage.text}\n({place})"


def _as_dict(hit: Hit) -> dict[str, Any]:
    passage = hit.passage
    return {
        "text": passage.text,
        "metadata": {"source": passage.source, "title": passage.title},
        "score": hit.coverage,
    }


def answering_variables(tracker: Tracker, hits: Sequence[Hit], *, cites: bool) -> dict[str, Any]:
    """Everything that a template for answers may name."""
    from modelservice.calm.understanding.llm.prompt import transcript

    return {
        "docs": [_as_dict(hit) for hit in hits],
        "slots": [
            {"name": name, "value": value, "type": type(value).__name__}
            for name, value in tracker.slots.items()
            if value is not None and name != "flow_hashes"
        ],
        "current_conversation": transcript(tracker),
        "citation_enabled": cites,
    }


def own_prompt() -> str:
    """The text of this runtime's own."""
    file = Path(__file__).parent / "answer_from_documents.jinja2"
    return file.read_text(encoding="utf-8")
