"""Which thing in a sentence belongs to which slot.

A span is weighed against each slot of its kind: words of the slot beside it, `from` and `to`, what
it counts, and whether the slot was asked for. The best pairs win; each span and each slot is used
once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from modelservice.calm.understanding.categories import (
    bool_said,
    category_in,
    count_value,
    described_by,
    option_in,
)
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.names import marked_names, names_in
from modelservice.calm.understanding.numbers import bare_number, number_in
from modelservice.calm.understanding.slot_profiles import (
    BEGIN,
    BOOL,
    CATEGORY,
    COUNT,
    PEOPLE,
    PERSON,
    PLACE,
    SORT,
    THING,
    Profile,
)
from modelservice.calm.understanding.spans import (
    ADDRESS,
    DATE,
    EMAIL,
    MONEY,
    NAME,
    NUMBER,
    PHONE,
    TIME,
    Span,
    SpanFinder,
)
from modelservice.calm.understanding.text import stem, words

_SPANS_OF: dict[str, tuple[str, ...]] = {
    DATE: (DATE,),
    TIME: (TIME,),
    EMAIL: (EMAIL,),
    PHONE: (PHONE,),
    MONEY: (MONEY, NUMBER),
    COUNT: (NUMBER,),
    PLACE: (NAME,),
    PERSON: (NAME,),
    THING: (NAME,),
    ADDRESS: (NAME,),
    SORT: (NAME,),
}
# Kinds that show their meaning by their shape alone; the others need a sign of it.
CLEAR_KINDS = frozenset({DATE, TIME, EMAIL, PHONE})
_NEEDED, _NEEDED_OF_CLEAR = 1.0, 0.4
_ASKED, _ASKED_ABOUT = 1.6, 0.6
_SAME_SIDE, _OTHER_SIDE, _OTHER_SIDE_ALONE, _BEGINS_FIRST = 2.0, -3.0, -1.5, 0.2
_CORRECTED, _CORRECTED_LATEST = 1.0, 2.0
_BESIDE, _COUNTS, _BARE_NUMBER, _FILLED = 1.5, 2.0, 1.0, -1.0
_MARKED = {PLACE: 1.0, PERSON: 1.0}
_MARKED_THING = 0.6
_OTHER_OF, _MARKED_AS_OTHER = {PLACE: PERSON, PERSON: PLACE}, -2.0
_WORDS_AROUND = 3
_SMALL_WORD, _RIGHT_BEFORE = 4, 3


class Sentence:
    """A message with what stands out in it."""

    def __init__(
        self, text: str, finder: SpanFinder, language: Language, vocabulary: frozenset[str]
    ) -> None:
        self.text = text
        self.language = language
        self._vocabulary = vocabulary
        self.spans = finder.find(text)
        for name in names_in(text, language, self.is_known):
            self._add_name(name)
        self.spans.sort(key=lambda span: span.start)

    def is_known(self, word: str) -> bool:
        return any(
            stem(part) in self._vocabulary or (stem(part),) in self.language.related
            for part in words(word)
        )

    def _add_name(self, name: Span) -> None:
        """A house number belongs to its address; other spans have their own meaning."""
        over = [span for span in self.spans if name.start < span.end and span.start < name.end]
        if all(span.kind == NUMBER for span in over):
            self.spans = [span for span in self.spans if span not in over] + [name]

    def _taken(self, name: Span) -> bool:
        return any(name.start < span.end and span.start < name.end for span in self.spans)

    def with_marked(self, markers: Collection[str]) -> list[Span]:
        found = marked_names(self.text, markers, self.language, self.is_known)
        return [name for name in found if not self._taken(name)]

    def before(self, span: Span) -> str:
        """The text before a span, back to the one before."""
        start = max((other.end for other in self.spans if other.end <= span.start), default=0)
        return self.text[start : span.start]

    def around(self, span: Span) -> tuple[list[str], list[str]]:
        return (
            words(self.before(span))[-_WORDS_AROUND:],
            words(re.split(r"[.,;!?]", self.text[span.end :])[0])[:_WORDS_AROUND],
        )


class Assignment:
    """`filled` slots keep their values unless they `may_change` or the message says clearly so.

    What is `corrected` is most likely a slot of the message before (`latest`).
    """

    def __init__(
        self,
        sentence: Sentence,
        *,
        asked: str | None,
        filled: frozenset[str],
        may_change: bool,
        corrected: bool,
        latest: frozenset[str],
        topic: frozenset[str],
        bot: str,
    ) -> None:
        self._asked_words = frozenset(
            stem(word) for word in words(bot) if word not in sentence.language.stop_words
        )
        self._sentence = sentence
        self._language = sentence.language
        self._asked = asked
        self._filled = filled
        self._may_change = may_change
        self._corrected = corrected
        self._latest = latest
        self._topic = topic

    def values(self, profiles: Sequence[Profile]) -> dict[str, Any]:
        self._sides = {(profile.kind, profile.side) for profile in profiles}
        found: dict[str, Any] = {}
        for profile in profiles:
            value = self._said(profile)
            if value is not None:
                found[profile.slot.name] = value
        taken = [str(value).casefold() for value in found.values()]
        for profile, span in self._pairs(profiles):
            value = self._value(profile, span)
            if value is not None and span.text.casefold() not in taken:
                found[profile.slot.name] = value
        return {p.slot.name: found[p.slot.name] for p in profiles if p.slot.name in found}

    def _said(self, profile: Profile) -> Any:
        """Values that are named by themselves: allowed values, yes and no, kinds of things."""
        text, is_asked = self._sentence.text, profile.slot.name == self._asked
        if self._keeps(profile) and not is_asked:
            return None
        if profile.options:
            named = option_in(text, profile.options)
            if named is not None:
                return named
        if profile.kind == BOOL:
            return None if is_asked else bool_said(text, profile, self._language, self._topic)
        if profile.kind == CATEGORY:
            return category_in(text, profile.slot, self._language, self._topic, profile.names)
        if profile.kind == SORT and not is_asked:
            return described_by(
                text, self._topic | profile.about, self._language, self._sentence.is_known
            )
        return None

    def _keeps(self, profile: Profile) -> bool:
        return profile.slot.name in self._filled and not self._may_change

    # -- spans -----------------------------------------------------------------------------

    def _pairs(self, profiles: Sequence[Profile]) -> list[tuple[Profile, Span]]:
        weighed = []
        for place, profile in enumerate(profiles):
            for span in self._spans_for(profile):
                score = self._score(profile, span)
                needed = _NEEDED_OF_CLEAR if span.kind in CLEAR_KINDS else _NEEDED
                if score >= needed:
                    weighed.append((-score, place, span.start, profile, span))
        weighed.sort(key=lambda item: item[:3])
        pairs: list[tuple[Profile, Span]] = []
        slots: set[str] = set()
        for _, _, _, profile, span in weighed:
            free = all(span.end <= other.start or other.end <= span.start for _, other in pairs)
            if free and profile.slot.name not in slots:
                slots.add(profile.slot.name)
                pairs.append((profile, span))
        return pairs

    def _spans_for(self, profile: Profile) -> list[Span]:
        is_asked = profile.slot.name == self._asked
        if profile.kind == ADDRESS and is_asked:
            return []  # an address is said whole: street, number, town
        kinds = _SPANS_OF.get(profile.kind, ())
        spans = [span for span in self._sentence.spans if span.kind in kinds]
        if profile.kind in (PLACE, PERSON) and (is_asked or profile.side is not None):
            markers = self._language.lists["markers"]
            # `thank you for helping`, `at least`: these say little by themselves.
            loose = () if is_asked else markers.get("loose", ())
            spans += self._sentence.with_marked(
                [marker for marker in markers.get(profile.kind, ()) if marker not in loose]
            )
        return spans

    def _score(self, profile: Profile, span: Span) -> float:
        before, after = self._sentence.around(span)
        score = self._side(profile, span) + self._beside(profile, span, before, after)
        if span.kind == NAME and self._sounds_like(profile, span):
            score += _BESIDE
        if profile.slot.name == self._asked:
            score += _ASKED
        score += self._marks(profile.kind, before)
        if profile.words & self._asked_words:
            score += _ASKED_ABOUT
        if profile.kind in (COUNT, MONEY):
            score += self._counts(profile, span, before, after)
        if profile.slot.name in self._filled:
            score += self._changes(profile.slot.name)
        if span.kind in CLEAR_KINDS:
            score += 1.0
        return score

    def _changes(self, name: str) -> float:
        score = 0.0 if self._may_change else _FILLED
        if self._corrected:
            score += _CORRECTED + (_CORRECTED_LATEST if name in self._latest else 0.0)
        return score

    def _marks(self, kind: str, before: list[str]) -> float:
        if self._is_marked(kind, before):
            return _MARKED.get(kind, _MARKED_THING)
        # Nobody is called what stands behind `nach`.
        is_other = kind in _OTHER_OF and self._is_marked(_OTHER_OF[kind], before)
        return _MARKED_AS_OTHER if is_other else 0.0

    def _side(self, profile: Profile, span: Span) -> float:
        if profile.side is None:
            return 0.0
        said = _last_cue(self._sentence.before(span), self._language)
        if said is None:
            return _BEGINS_FIRST if profile.side == BEGIN else 0.0
        if said == profile.side:
            return _SAME_SIDE
        # Where nothing else of the kind is asked for, the words around tell less.
        return _OTHER_SIDE if (profile.kind, said) in self._sides else _OTHER_SIDE_ALONE

    def _beside(self, profile: Profile, span: Span, before: list[str], after: list[str]) -> float:
        if span.kind == NAME:  # `the Marina hotel`, but not `a hotel in Porto`
            naming = self._language.lists["markers"].get("naming", ())
            unnamed = [word for word in before if word not in naming]
            before, after = unnamed[-1:], after[:1]
        near = {stem(word) for word in [*before, *after] if word not in self._language.stop_words}
        if profile.words & near:
            return _BESIDE
        # `the Giants concert` is an event.
        is_kind = span.kind == NAME and profile.kind == THING and after
        return _BESIDE if is_kind and self._groups(profile) & self._groups_of(after[0]) else 0.0

    def _groups(self, profile: Profile) -> set[int]:
        related = self._language.related
        return {group for word in profile.words for group in related.get((word,), ())}

    def _groups_of(self, word: str) -> set[int]:
        return set(self._language.related.get((stem(word),), ()))

    def _sounds_like(self, profile: Profile, span: Span) -> bool:
        """`Embarcadero Center Cinema` is a theater."""
        own = self._groups(profile)
        return any(own & self._groups_of(word) for word in words(span.text))

    def _is_marked(self, kind: str, before: list[str]) -> bool:
        lists = self._language.lists["markers"]
        markers = lists.get(kind, lists.get("name", ()))
        said = f" {' '.join(before)}"
        return any(said.endswith(f" {marker}") for marker in markers)

    def _counts(self, profile: Profile, span: Span, before: list[str], after: list[str]) -> float:
        if profile.kind == MONEY and span.kind == MONEY:
            return _COUNTS
        units = self._language.units
        near = {units[stem(word)] for word in after[:2] if stem(word) in units}
        if near & profile.units or {stem(word) for word in after[:2]} & profile.words:
            return _COUNTS
        markers = self._language.lists["markers"].get(PEOPLE, ())
        if PEOPLE in profile.units and not near and before and before[-1] in markers:
            return _COUNTS / 2
        if near:
            return -_COUNTS
        # A bare number is an amount before it is anything else.
        return _BARE_NUMBER if profile.slot.type == "float" else 0.0

    def _value(self, profile: Profile, span: Span) -> Any:
        if profile.slot.type == "float":
            return number_in(span.text, self._language)
        if profile.kind == MONEY and profile.is_numeric:
            return bare_number(span.text, self._language)
        if profile.slot.type != "text":
            return count_value(span.text, profile.slot, self._language)
        return span.text


def _last_cue(text: str, language: Language) -> str | None:
    """The side that was said last before a span: `from` or `to`, `leave` or `return`.

    A small word says it only where it stands right before: not the `to` of `want to leave at 3`.
    """
    said = words(text)
    spoken = f" {' '.join(said)} "
    right_before = len(spoken) - len(f" {' '.join(said[-_RIGHT_BEFORE:])} ")
    best: tuple[int, str] | None = None
    for side, cues in language.lists["sides"].items():
        for cue in cues:
            place = spoken.rfind(f" {cue} ")
            if len(cue) <= _SMALL_WORD and place < right_before:
                continue
            if place >= 0 and (best is None or place > best[0]):
                best = (place, side)
    return None if best is None else best[1]
