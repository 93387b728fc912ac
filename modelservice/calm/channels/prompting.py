"""What a template for a language model would become in a conversation: made by what makes it in a
turn, of a template that may not be trained yet. Nothing is sent and nothing is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from modelservice.calm.actions.wording import DEFAULT_TURNS, rephrasing_variables
from modelservice.calm.content.components import LLM_GENERATORS, first_component
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.offered import asked_slot
from modelservice.calm.dialogue.reading import MessageReader
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import CalmError
from modelservice.calm.models.model import Model
from modelservice.calm.search.answering import Answering, answering_variables
from modelservice.calm.search.passages import POLICY
from modelservice.calm.search.search import Search
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.offline import OfflineGenerator
from modelservice.project.config_text import COMMAND_GENERATOR, REPHRASER, SEARCH

_SENDER = "prompt"


class Prompting:
    def __init__(
        self,
        model: Model,
        assistant: Assistant,
        reader: MessageReader,
        search: Search | None,
        embedder: MessageEmbedder,
    ) -> None:
        self._model = model
        self._assistant = assistant
        self._reader = reader
        self._search = search
        self._embedder = embedder

    async def render(self, name: str, template: str, events: Sequence[Mapping[str, Any]]) -> str:
        """The prompt `name` at the end of a conversation: of its last message of the user, or for
        the rephraser of its last response. Raises `CalmError`."""
        makers = {
            COMMAND_GENERATOR: self._command,
            REPHRASER: self._rephrased,
            SEARCH: self._search_of,
        }
        if name not in makers:
            raise CalmError(f"there is no prompt '{name}'")
        return await makers[name](template, events)

    def _tracker(self, events: Sequence[Mapping[str, Any]]) -> Tracker:
        tracker = Tracker(_SENDER, self._assistant.domain.slots)
        try:
            tracker.replay(events)
        except Exception as error:
            # The events come from outside, and there are as many ways to be wrong as fields.
            raise CalmError(f"the conversation cannot be replayed: {error}") from error
        return tracker

    async def _command(self, template: str, events: Sequence[Mapping[str, Any]]) -> str:
        from modelservice.calm.understanding.llm.generator import (
            command_prompt,
            generator_settings,
        )

        at = _last(events, "user")
        tracker = self._tracker(events[:at])
        component = first_component(self._model.config, "pipeline", LLM_GENERATORS) or {}
        settings = replace(generator_settings(component, {}), template=template)
        asked = asked_slot(self._assistant, tracker)
        request = self._reader.request(str(events[at]["text"]), tracker, asked)
        prompt, _shown = command_prompt(request, settings, self._offline.index)
        return prompt

    @cached_property
    def _offline(self) -> OfflineGenerator:
        return OfflineGenerator(self._assistant, self._model.learned, self._search, self._embedder)

    async def _rephrased(self, template: str, events: Sequence[Mapping[str, Any]]) -> str:
        from modelservice.calm.understanding.llm.prompt import render_prompt

        at = _last(events, "bot")
        nlg = self._model.endpoints.get("nlg")
        turns = nlg.get("max_historical_turns") if isinstance(nlg, Mapping) else None
        turns = turns if isinstance(turns, int) and turns > 0 else DEFAULT_TURNS
        tracker = self._tracker(events[:at])
        return render_prompt(
            template, rephrasing_variables(str(events[at]["text"]), tracker, turns)
        )

    async def _search_of(self, template: str, events: Sequence[Mapping[str, Any]]) -> str:
        from modelservice.calm.understanding.llm.prompt import render_prompt

        tracker = self._tracker(events[: _last(events, "user") + 1])
        policy = first_component(self._model.config, "policies", [POLICY]) or {}
        if self._search is None:
            cites = bool(policy.get("citation_enabled"))
            return render_prompt(template, answering_variables(tracker, [], cites=cites))
        return await Answering(self._search, policy, template=template).prompt(tracker)


def _last(events: Sequence[Mapping[str, Any]], kind: str) -> int:
    """The place of the last one of this type that has a text. Raises `CalmError`."""
    for at in range(len(events) - 1, -1, -1):
        if events[at].get("event") == kind and events[at].get("text"):
            return at
    who = "user" if kind == "user" else "assistant"
    raise CalmError(f"the {who} has said nothing in this conversation")
