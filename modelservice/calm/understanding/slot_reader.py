"""What an assistant's slots ask for, and what words its flows are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelservice.calm.content.domain import Slot
from modelservice.calm.content.flow import CollectStep, Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.options import options_in
from modelservice.calm.understanding.slot_profiles import Profile, profile_of
from modelservice.calm.understanding.slot_weights import WEIGHTS
from modelservice.calm.understanding.spans import SpanFinder
from modelservice.calm.understanding.text import identifier_words, stem, words
from modelservice.calm.understanding.value_names import value_names


class SlotReader:
    """Finds slot values by what the slots of an assistant ask for."""

    def __init__(
        self,
        language: Language,
        vocabulary: frozenset[str],
        weights: Mapping[str, float] = WEIGHTS,
    ) -> None:
        self.language = language
        self.weights = weights
        self.vocabulary = vocabulary
        self.finder = SpanFinder(language)
        self._topics: frozenset[str] | None = None
        self._profiles: dict[tuple[str, str | None], Profile] = {}

    def profile(self, request: Request, step: CollectStep) -> Profile | None:
        slot = request.assistant.domain.slots.get(step.collect)
        if slot is None:
            return None
        key = (slot.name, step.description)
        if key not in self._profiles:
            variations = request.assistant.domain.responses.get(step.utter, ())
            names = value_names(slot.name, variations, self.language)
            options = () if slot.values else self._options(slot, step, variations)
            self._profiles[key] = profile_of(slot, step.description, self.language, names, options)
        return self._profiles[key]

    def topics(self, assistant: Assistant) -> frozenset[str]:
        """The stems of what flows and their slots are called and described by; names in example
        sentences are none."""
        if self._topics is None:
            texts = [text for flow in assistant.flows.user_flows() for text in _texts_about(flow)]
            self._topics = frozenset(
                stem(word)
                for text in texts
                for word in words(text)
                if word not in self.language.stop_words
            )
        return self._topics

    def _options(
        self, slot: Slot, step: CollectStep, variations: Sequence[Mapping[str, Any]]
    ) -> tuple[str, ...]:
        if slot.type not in ("text", "any"):
            return ()
        return options_in(step.description or "", variations, self.language)


def _texts_about(flow: Flow) -> Iterator[str]:
    yield f"{flow.name} {flow.description}"
    for step in flow.collect_steps():
        yield f"{identifier_words(step.collect)} {step.description or ''}"
