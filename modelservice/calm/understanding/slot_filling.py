"""Slot values of a message: the answer to the open question, corrections, and values beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.commands import Command, SetSlot
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.understanding.acts import is_act, is_question, without_correction, yes_or_no
from modelservice.calm.understanding.answers import agrees_at_length, answer_text, without_wish
from modelservice.calm.understanding.assigning import Assignment
from modelservice.calm.understanding.categories import are_opposites, bool_said, category_in
from modelservice.calm.understanding.correcting import correction_in
from modelservice.calm.understanding.names import INSIDE_NAMES
from modelservice.calm.understanding.numbers import bare_number, number_in
from modelservice.calm.understanding.pair_features import CLEAR_KINDS
from modelservice.calm.understanding.sentence import Circumstances, Sentence
from modelservice.calm.understanding.slot_profiles import (
    BOOL,
    CATEGORY,
    COUNT,
    PERSON,
    PLACE,
    SORT,
    THING,
    Profile,
    profile_of,
)
from modelservice.calm.understanding.slot_reader import SlotReader
from modelservice.calm.understanding.spans import DATE, MONEY, TIME
from modelservice.calm.understanding.text import identifier_words, stem, words

_LONGEST_ANSWER_WORDS, _MOST_BESIDE_NAME = 12, 2
_LONGEST_BY_KIND = {PLACE: 5, PERSON: 5, DATE: 4, TIME: 4, SORT: 5}
# What is asked for as one of these is nothing that clearly has the shape of something else.
_TOLD_APART = frozenset({PLACE, PERSON, DATE, TIME})
_TALK = ("greeting", "thanks", "goodbye", "pause")


class SlotFilling:
    """One message's values. `reader` belongs to the assistant, `request` to the message."""

    def __init__(self, request: Request, reader: SlotReader) -> None:
        self._request = request
        self._reader = reader
        self._language = reader.language
        self._text = request.text

    @cached_property
    def _sentence(self) -> Sentence:
        reader = self._reader
        topics = reader.topics(self._request.assistant)
        return Sentence(self._text, reader.finder, self._language, reader.vocabulary, topics)

    # -- what the generator asks -----------------------------------------------------------

    def answers(self) -> list[Command]:
        """Commands for a message that starts no flow."""
        if self._is_talk():
            return []
        asked = self._asked
        found = self._found(self._running_profiles(), asked, self._request.active)
        if asked is None:
            return _commands(found)
        if asked.kind == BOOL and is_act(self._text, "yes", self._language):
            found = {}  # `in Ordnung` names no place
        indifferent = self._indifferent(asked)
        if indifferent is not None:
            return _commands({asked.slot.name: indifferent})
        if asked.slot.name in found:
            whole = {**self._whole_time(asked, found), **self._whole_name(asked, found)}
            return _commands(found | whole)
        if asked.kind == BOOL and found and not self._agrees():
            # `no, 500` changes the amount instead of refusing; `one, and sharing is fine` agrees.
            said = bool_said(self._text, asked, self._language, ())
            return _commands(found if said is None else {asked.slot.name: said} | found)
        value = self._whole_answer(asked, alone=not found)
        if asked.kind == BOOL and value is not None:
            found = self._beside_agreement(found) if value else {}
        return _commands(({} if value is None else {asked.slot.name: value}) | found)

    def _indifferent(self, asked: Profile) -> str | None:
        """`Any is fine`: the allowed value that says so, or the word itself for a text."""
        if asked.kind == BOOL or not self._says_any(asked):
            return None
        values = asked.slot.values or asked.options
        for value in values:
            if is_act(identifier_words(value), "any", self._language):
                return value
        return "any" if asked.slot.type == "text" and not values else None

    def _says_any(self, asked: Profile) -> bool:
        """`Any is fine`, and `any cinema is fine` for a cinema."""
        related = self._language.related
        groups = {group for name in asked.words for group in related.get((name,), ())}
        unnamed = [
            word
            for word in words(self._text)
            if stem(word) not in asked.about
            and word not in INSIDE_NAMES  # the `of` of `any kind of food`
            and not groups & set(related.get((stem(word),), ()))
        ]
        return any(is_act(t, "any", self._language) for t in (self._text, " ".join(unnamed)))

    def _whole_time(self, asked: Profile, found: Mapping[str, Any]) -> dict[str, Any]:
        """`Friday evening` for a text that takes both, where nothing else is said."""
        if asked.kind not in (DATE, TIME) or len(found) > 1 or asked.slot.type != "text":
            return {}
        answer = answer_text(self._text, self._language)
        spans = [span for span in self._sentence.spans if span.text in answer]
        if any(span.kind not in (DATE, TIME) for span in spans):
            return {}
        rest = answer
        for span in spans:
            rest = rest.replace(span.text, " ")
        parts = set(self._language.lists["times"].get("parts", ()))
        left = set(words(rest)) - self._language.stop_words
        says_both = left <= parts and (len(spans) > 1 or bool(left))
        others = any(p.kind in (DATE, TIME) and p != asked for p in self._running_profiles())
        return {asked.slot.name: answer} if says_both and not others else {}

    def _whole_name(self, asked: Profile, found: Mapping[str, Any]) -> dict[str, Any]:
        """`Hackney office`, `city of Ulm`: the words beside a name that belong to it."""
        if asked.kind != THING or len(found) > 1 or is_question(self._text, self._language):
            return {}
        answer, name = answer_text(self._text, self._language), str(found[asked.slot.name])
        language = self._language
        said_often = language.stop_words | language.common_words
        before, _, behind = answer.partition(name)
        beside = [*words(before), *words(behind)]
        leads_on = not words(before) or words(before)[-1] in INSIDE_NAMES  # `city of`
        tells = leads_on and not any(
            word in said_often
            or (stem(word),) in language.actions
            or stem(word) in asked.about
            or word in self._topic_words()
            for word in words(behind)
        )
        is_name = tells and 0 < len(beside) <= _MOST_BESIDE_NAME and name in answer
        return {asked.slot.name: answer} if is_name else {}

    def corrections(self) -> list[Command]:
        """Commands for a message that takes back an earlier answer of a running flow in so many
        words: its new value, or none, so that it is asked for again."""
        profiles = [p for p in self._running_profiles() if p != self._asked or p.kind != BOOL]
        found = correction_in(
            self._text,
            profiles,
            self._request.tracker.slots,
            _just_filled(self._request.tracker),
            self._language,
        )
        if found is None:
            return []
        if found.said is None:
            return [SetSlot(found.profile.slot.name, None)]
        said = SlotFilling(replace(self._request, text=found.said), self._reader)
        value = said.value_for(found.profile)
        return [] if value is None else [SetSlot(found.profile.slot.name, value)]

    def value_for(self, profile: Profile) -> Any:
        """The message as the answer to the question for one slot."""
        found = self._found([profile], profile, self._request.active)
        if profile.slot.name in found:
            return (found | self._whole_name(profile, found))[profile.slot.name]
        return self._whole_answer(profile, alone=True)

    def _agrees(self) -> bool:
        agrees = yes_or_no(self._text, self._language)
        return agrees is True and not self._language.means(self._text, "but")

    def beside(self, flow_id: str) -> list[Command]:
        """Values said in the same message that starts a flow."""
        flow = self._request.assistant.flows.get(flow_id)
        if flow is None:
            return []
        return _commands(self.assignment(flow_id).values())

    @property
    def is_yes_or_no_asked(self) -> bool:
        return self._asked is not None and self._asked.kind == BOOL

    def has_clear_answer(self) -> bool:
        """Whether the message holds a value of the kind that is asked for."""
        asked = self._asked
        if asked is None:
            return False
        if asked.kind == BOOL:
            return yes_or_no(self._text, self._language) is not None
        return asked.slot.name in self._found([asked], asked, self._request.active)

    # -- which slots -----------------------------------------------------------------------

    @cached_property
    def _asked(self) -> Profile | None:
        asked = self._request.asked
        slot = None if asked is None else self._request.assistant.domain.slots.get(asked.name)
        if asked is None or slot is None:
            return None
        if asked.step is not None:
            return self._reader.profile(self._request, asked.step)
        return profile_of(slot, None, self._language)

    def _running_profiles(self) -> list[Profile]:
        profiles = [
            p for flow in self._request.active for p in self._profiles(flow, only_open=False)
        ]
        known = {profile.slot.name for profile in profiles}
        if self._asked is not None and self._asked.slot.name not in known:
            profiles.insert(0, self._asked)
        return profiles

    def _profiles(self, flow: Flow, *, only_open: bool) -> list[Profile]:
        values, asked = self._request.tracker.slots, self._request.asked
        found: dict[str, Profile] = {}
        for part in self._request.assistant.flows.with_called(flow):
            for step in part.collect_steps():
                is_asked = asked is not None and asked.name == step.collect
                if step.ask_before_filling and not is_asked:
                    continue
                if only_open and values.get(step.collect) is not None:
                    continue
                profile = self._reader.profile(self._request, step)
                if profile is not None:
                    found.setdefault(step.collect, profile)
        return list(found.values())

    # -- values ----------------------------------------------------------------------------

    def _found(
        self,
        profiles: Sequence[Profile],
        asked: Profile | None,
        flows: Iterable[Flow],
        *,
        starts: bool = False,
    ) -> dict[str, Any]:
        """Values of a recognisable kind by slot, in the order of the slots."""
        return self._assignment(profiles, asked, flows, starts=starts).values()

    def _assignment(
        self,
        profiles: Sequence[Profile],
        asked: Profile | None,
        flows: Iterable[Flow],
        *,
        starts: bool = False,
    ) -> Assignment:
        corrected = without_correction(self._text, self._language) is not None
        confirming = asked is not None and asked.kind == BOOL
        filled = {name for name, value in self._request.tracker.slots.items() if value is not None}
        circumstances = Circumstances(
            asked=None if asked is None else asked.slot.name,
            bot=last_said(self._request.tracker),
            filled=frozenset(filled),
            may_change=corrected or confirming,
            corrected=corrected,
            latest=_just_filled(self._request.tracker),
            topic=frozenset(
                word for flow in flows for word in words(f"{flow.name} {flow.description}")
            ),
            starts=starts,
        )
        return Assignment(self._sentence, profiles, circumstances, self._reader.weights)

    def assignment(self, flow_id: str | None) -> Assignment:
        """How values are found beside the start of a flow, or in a message that starts none."""
        flow = self._request.assistant.flows.get(flow_id) if flow_id is not None else None
        if flow is not None:
            return self._assignment(self._profiles(flow, only_open=True), None, [flow], starts=True)
        return self._assignment(self._running_profiles(), self._asked, self._request.active)

    def _whole_answer(self, asked: Profile, *, alone: bool) -> Any:
        """The message itself as the answer, where nothing of the asked kind stands out."""
        if asked.kind == BOOL:
            return self._yes_or_no(asked)
        text = without_correction(self._text, self._language) or self._text
        if asked.slot.type == "float" or (asked.kind == MONEY and asked.is_numeric):
            read = number_in if asked.slot.type == "float" else bare_number
            return read(text, self._language)
        if asked.kind in (CATEGORY, COUNT) and asked.slot.type != "text":
            return self._category(asked, text, alone=alone)
        is_too_long = asked.kind == MONEY or len(words(text)) > _LONGEST_ANSWER_WORDS
        if not alone or is_too_long or self._is_talk() or is_question(text, self._language):
            return None
        return self._whole_text(asked, text)

    def _whole_text(self, asked: Profile, text: str) -> str | None:
        if agrees_at_length(text, self._language):
            return None  # `yes, that suits me` is none of its values
        topic = self._topic_words() | asked.about if asked.kind == SORT else frozenset()
        answer = answer_text(text, self._language, topic=topic)
        is_named = asked.is_name and answer[:1].isupper() and not text.startswith(answer)
        if asked.is_name and not is_named:
            answer = without_wish(answer, self._language)
        may_be = is_named or self._may_be_value(answer, asked)
        return answer if may_be and self._fits(asked) else None

    def _yes_or_no(self, asked: Profile) -> bool | None:
        """Said as such, or by naming what was asked about: `a shared ride would do`."""
        agrees = yes_or_no(self._text, self._language)
        if agrees is not None or is_question(self._text, self._language):
            return agrees
        return bool_said(self._text, asked, self._language, ())

    def _fits(self, asked: Profile) -> bool:
        """A phone number is no name, and a time is no place."""
        clear = {span.kind for span in self._sentence.spans} & CLEAR_KINDS
        return asked.kind not in _TOLD_APART or clear <= {asked.kind}

    def _may_be_value(self, answer: str, asked: Profile) -> bool:
        """Not a whole sentence, and not only words that everybody says."""
        spoken = words(answer)
        longest = _LONGEST_BY_KIND.get(asked.kind, _LONGEST_ANSWER_WORDS)
        language = self._language
        said_often = (
            word in language.stop_words or word in language.common_words for word in spoken
        )
        return 0 < len(spoken) <= longest and not all(said_often)

    def _beside_agreement(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """`Yes, 500` answers what is still open; `yes. Is it furnished?` is another question."""
        if is_question(self._text, self._language):
            return {}
        slots = self._request.tracker.slots
        return {name: value for name, value in found.items() if slots.get(name) is None}

    def _topic_words(self) -> frozenset[str]:
        return frozenset(
            word
            for flow in self._request.active
            for word in words(f"{flow.name} {flow.description}")
        )

    def _category(self, asked: Profile, text: str, *, alone: bool) -> Any:
        named = category_in(text, asked.slot, self._language, names=asked.names)
        if named is not None:
            return named
        agreed = yes_or_no(text, self._language)
        # Questions with two answers such as satisfied/unsatisfied are answered with yes or no.
        if agreed is not None and are_opposites(asked.slot.values):
            return asked.slot.values[0] if agreed else asked.slot.values[1]
        # A wrong value is worth saying so, but `no, Tim` is one for the slot before.
        is_answer = alone and len(words(text)) <= 3 and agreed is None and not self._is_talk()
        return answer_text(text, self._language) if is_answer else None

    def _is_talk(self) -> bool:
        return any(is_act(self._text, act, self._language) for act in _TALK)


def _commands(values: dict[str, Any]) -> list[Command]:
    return [SetSlot(name, value) for name, value in values.items()]


def _just_filled(tracker: Tracker) -> frozenset[str]:
    """The slots that the user's last message gave values to."""
    names: set[str] = set()
    for event in reversed(tracker.events):
        if event.type == "user":
            break
        if event.type == "slot" and event["value"] is not None and event.fields.get("filled_by"):
            names.add(str(event["name"]))
    return frozenset(names)


def last_said(tracker: Tracker) -> str:
    """What the bot said since the user's last message."""
    texts: list[str] = []
    for event in reversed(tracker.events):
        if event.type == "user":
            break
        if event.type == "bot" and event.fields.get("text"):
            texts.insert(0, str(event.fields["text"]))
    return " ".join(texts)
