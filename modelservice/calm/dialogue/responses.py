"""Responses: choosing a variation, filling in values, translating."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jinja2 import TemplateError

from modelservice.calm.content.domain import Variation
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.conditions import holds
from modelservice.calm.dialogue.templates import render
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.project import placeholders
from modelservice.project.conditions.syntax import ConditionError

logger = logging.getLogger(__name__)
_DATA_KEYS = ("elements", "quick_replies", "buttons", "attachment", "image", "custom")
_OWN_KEYS = frozenset({"text", "translation", *_DATA_KEYS})
_NO_PAYLOAD = (None, "")
_BUTTON_TEXTS = frozenset({"title", "payload"})
UTTER_SOURCE = "TemplatedNaturalLanguageGenerator"


@dataclass(frozen=True, slots=True)
class Message:
    """What the bot says: `data` has only keys with a value, `metadata` the variation's rest.

    `problem` says why it is not what was to be said, or nothing at all.
    """

    text: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


class ResponseGenerator:
    def __init__(
        self,
        assistant: Assistant,
        choose: Callable[[Sequence[Variation]], Variation] = random.choice,
    ) -> None:
        self._assistant = assistant
        self._choose = choose

    def generate(
        self,
        name: str,
        tracker: Tracker,
        channel: str,
        arguments: Mapping[str, Any] | None = None,
    ) -> Message:
        """The message of a response; without text and data if there is no such response."""
        group, problem = self._fitting(name, tracker, channel), ""
        if not group:
            problem = self._problem(name, channel)
            logger.error("%s", problem)
            group = self._instead_of(name, tracker, channel)
        if not group:
            return Message(problem=problem)
        language = tracker.slots.get("language")
        translated = [item for item in group if _has_translation(item, language)]
        variation = self._choose(translated or group)
        values = {**tracker.slots, **(arguments or {})}
        message = _message(variation, values, tracker.stack.context(), language)
        return replace(message, problem=problem)

    def _problem(self, name: str, channel: str) -> str:
        if name not in self._assistant.domain.responses:
            return f"there is no response '{name}'"
        return f"no variation of '{name}' fits this moment and the channel '{channel}'"

    def _instead_of(self, name: str, tracker: Tracker, channel: str) -> list[Variation]:
        """A response that exists but does not fit is an error that the user hears of."""
        if name not in self._assistant.domain.responses:
            return []
        return self._fitting("utter_internal_error_rasa", tracker, channel)

    def _fitting(self, name: str, tracker: Tracker, channel: str) -> list[Variation]:
        variations = self._assistant.domain.responses.get(name, ())
        groups: list[list[Variation]] = [[], [], [], []]
        for variation in variations:
            condition = variation.get("condition")
            if condition is not None and not _condition_holds(condition, tracker):
                continue
            if variation.get("channel") not in (None, channel):
                continue
            on_channel = 0 if variation.get("channel") else 2
            groups[on_channel + (condition is None)].append(variation)
        return next((group for group in groups if group), [])


def _condition_holds(condition: Any, tracker: Tracker) -> bool:
    if isinstance(condition, str):
        try:
            return holds(condition, slots=tracker.slots)
        except ConditionError as error:
            logger.error("a response's %s", error)
            return False
    items = condition if isinstance(condition, list) else [condition]
    return all(tracker.slots.get(item.get("name")) == item.get("value") for item in items)


def _has_translation(variation: Variation, language: str | None) -> bool:
    return language in (variation.get("translation") or {})


def _message(
    variation: Variation,
    values: Mapping[str, Any],
    context: Mapping[str, Any],
    language: str | None,
) -> Message:
    use_jinja = (variation.get("metadata") or {}).get("template") == "jinja"

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            if use_jinja:
                return _fill_jinja(value, values, context)
            return _fill_placeholders(value, values)
        if isinstance(value, Mapping):
            return {key: fill(item) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        return value

    text = (variation.get("translation") or {}).get(language) or variation.get("text")
    data = {key: fill(variation[key]) for key in _DATA_KEYS if variation.get(key)}
    if "buttons" in data:
        data["buttons"] = [_translated_button(button, language) for button in data["buttons"]]
    if "image" in data and "attachment" not in data:
        data["attachment"] = data["image"]
    metadata = {key: value for key, value in variation.items() if key not in _OWN_KEYS}
    return Message(fill(text), data, metadata)


def _translated_button(button: Any, language: str | None) -> Any:
    """Its title and payload are texts for every client, whatever YAML has made of them. Without a
    payload it sends its title."""
    if not isinstance(button, Mapping):
        return button
    translation = button.get("translation")
    translated = translation.get(language) if isinstance(translation, Mapping) else None
    plain = {key: value for key, value in button.items() if key != "translation"}
    both = {**plain, **(translated if isinstance(translated, Mapping) else {})}
    is_link = "url" in both or both.get("type") == "web_url"
    if not is_link and both.get("payload") in _NO_PAYLOAD and both.get("title"):
        both["payload"] = both["title"]
    return {
        key: _button_text(value) if key in _BUTTON_TEXTS else value for key, value in both.items()
    }


def _button_text(value: Any) -> Any:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return _as_text(value) if is_number else value


def _fill_jinja(text: str, values: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    try:
        return render(text, {**values, "slots": values, "context": context})
    except TemplateError as error:
        logger.error("a response is said as it is written: %s", error)
        return text


def _fill_placeholders(text: str, values: Mapping[str, Any]) -> str:
    filled = placeholders.fill(text, values, _as_text)
    if filled.unknown:
        names = ", ".join(f"{{{name}}}" for name in filled.unknown)
        logger.error("a response says %s as it is written: there is no such slot", names)
    return filled.text


def _as_text(value: Any) -> str:
    """Whole numbers are written without `.0`; nobody says "250.0 euros"."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
