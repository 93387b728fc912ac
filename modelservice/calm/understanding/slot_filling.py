"""Slot values of a message: the answer to the open question, corrections, and values beside."""

from __future__ import annotations

from typing import Any

from modelservice.calm.dialogue.commands import Command, SetSlot
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.project.domain import Slot
from modelservice.calm.project.flow import CollectStep, Flow
from modelservice.calm.understanding.acts import is_act, is_question, without_correction, yes_or_no
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import identifier_words, stem, words
from modelservice.calm.understanding.values import (
    answer_text,
    are_opposites,
    category_in,
    name_in,
    number_in,
)

_LONGEST_ANSWER_WORDS = 12
# Types whose values can be told from a change of subject; a text may be anything.
_CLEAR_TYPES = ("bool", "float", "categorical", "strict_categorical")


class SlotFilling:
    def __init__(self, request: Request, language: Language) -> None:
        self._request = request
        self._language = language
        self._text = request.text

    def answers(self) -> list[Command]:
        """Commands for a message that starts no flow."""
        corrected = self._corrections()
        if corrected:
            return corrected
        asked = self._asked_slot()
        if asked is None:
            return []
        value = self._answer_to(asked)
        commands: list[Command] = [] if value is None else [SetSlot(asked.name, value)]
        if asked.type != "text":
            commands += self._others(asked)
        return commands

    def beside(self, flow_id: str) -> list[Command]:
        """Values said in the same message that starts a flow."""
        flow = self._request.assistant.flows.get(flow_id)
        return [] if flow is None else self._mentioned(flow, known=set())

    # -- the open question -----------------------------------------------------------------

    def has_clear_answer(self) -> bool:
        """Whether the message holds a yes or no, a number or a category that is asked for."""
        asked = self._asked_slot()
        if asked is None or asked.type not in _CLEAR_TYPES:
            return False
        if asked.type.endswith("categorical"):
            return category_in(self._text, asked) is not None
        return self._answer_to(asked) is not None

    def _asked_slot(self) -> Slot | None:
        asked = self._request.asked
        return None if asked is None else self._slot(asked.name)

    def _slot(self, name: str) -> Slot | None:
        return self._request.assistant.domain.slots.get(name)

    def _answer_to(self, slot: Slot) -> Any:
        text = without_correction(self._text, self._language) or self._text
        if slot.type == "bool":
            return yes_or_no(self._text, self._language)
        if slot.type == "float":
            return number_in(text, self._language)
        if slot.type in ("categorical", "strict_categorical"):
            return self._category(slot, text)
        return self._free_text(slot, text)

    def _category(self, slot: Slot, text: str) -> Any:
        named = category_in(text, slot)
        if named is not None:
            return named
        agreed = yes_or_no(text, self._language)
        # Questions with two answers such as satisfied/unsatisfied are answered with yes or no.
        if agreed is not None and are_opposites(slot.values):
            return slot.values[0] if agreed else slot.values[1]
        is_answer = len(words(text)) <= 3 and agreed is None
        return answer_text(text, self._language) if is_answer and not self._is_talk() else None

    def _is_talk(self) -> bool:
        acts = ("greeting", "thanks", "goodbye")
        return any(is_act(self._text, act, self._language) for act in acts)

    def _free_text(self, slot: Slot, text: str) -> Any:
        if self._is_talk() or is_question(text, self._language):
            return None
        if len(words(text)) > _LONGEST_ANSWER_WORDS:
            return name_in(text, self._language)
        return answer_text(text, self._language)

    # -- corrections -----------------------------------------------------------------------

    def _corrections(self) -> list[Command]:
        """`no, 500` at a confirmation changes the amount instead of refusing."""
        rest = without_correction(self._text, self._language)
        asked = self._asked_slot()
        mentioned = self._mentioned_slot()
        if rest is None and mentioned is None:
            return []
        if asked is not None and asked.type != "bool" and mentioned is None:
            return []
        for slot in [mentioned] if mentioned is not None else self._filled_slots(asked):
            value = self._correcting_value(slot, rest or self._text)
            if value is not None:
                return [SetSlot(slot.name, value)]
        return []

    def _filled_slots(self, asked: Slot | None) -> list[Slot]:
        """Slots of the running flow that have a value, the latest question first."""
        values = self._request.tracker.slots
        names = [step.collect for flow in self._request.active for step in flow.collect_steps()]
        slots = [self._slot(name) for name in reversed(names)]
        return [
            slot
            for slot in slots
            if slot is not None and slot is not asked and values.get(slot.name) is not None
        ]

    def _mentioned_slot(self) -> Slot | None:
        """A filled slot that the message names: `change the amount to 500`."""
        spoken = {stem(word) for word in words(self._text)}
        for slot in self._filled_slots(self._asked_slot()):
            name = words(identifier_words(slot.name))
            if name and {stem(word) for word in name} <= spoken:
                return slot
        return None

    def _correcting_value(self, slot: Slot, text: str) -> Any:
        if slot.type == "float":
            return number_in(text, self._language)
        if slot.type in ("categorical", "strict_categorical"):
            return category_in(text, slot)
        if slot.type != "text" or number_in(text, self._language) is not None:
            return None
        named = name_in(text, self._language)
        if named is not None:
            return named
        answer = answer_text(text, self._language)
        is_name = answer[:1].isupper() and len(words(answer)) <= 3
        return answer if is_name and yes_or_no(answer, self._language) is None else None

    # -- values beside ---------------------------------------------------------------------

    def _others(self, asked: Slot) -> list[Command]:
        """Further values in an answer such as `200 to Ana`."""
        found: list[Command] = []
        for flow in self._request.active:
            found += self._mentioned(flow, known={asked.name})
        return found

    def _mentioned(self, flow: Flow, *, known: set[str]) -> list[Command]:
        commands: list[Command] = []
        taken_number = asked_number = any(self._is_number(name) for name in known)
        named = False
        for step in self._open_steps(flow, known):
            slot = self._slot(step.collect)
            if slot is None:
                continue
            value: Any = None
            if slot.type == "float" and not taken_number:
                value = number_in(self._text, self._language)
                taken_number = value is not None or asked_number
            elif slot.type in ("categorical", "strict_categorical"):
                value = category_in(self._text, slot)
            elif slot.type == "text" and not named:
                value = name_in(self._text, self._language)
                named = value is not None
            if value is not None:
                commands.append(SetSlot(slot.name, value))
        return commands

    def _is_number(self, name: str) -> bool:
        slot = self._slot(name)
        return slot is not None and slot.type == "float"

    def _open_steps(self, flow: Flow, known: set[str]) -> list[CollectStep]:
        values = self._request.tracker.slots
        return [
            step
            for part in self._request.assistant.flows.with_called(flow)
            for step in part.collect_steps()
            if step.collect not in known
            and not step.ask_before_filling
            and values.get(step.collect) is None
        ]
