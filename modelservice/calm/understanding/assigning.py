"""Which thing in a sentence belongs to which slot.

Values that are named by themselves (allowed values, yes and no) come first. Then each span is
weighed against each slot of its kind; the most probable pairs win, and each span and each slot is
used once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from operator import itemgetter
from typing import Any

from modelservice.calm.understanding.categories import (
    bool_said,
    category_in,
    count_value,
    mentioned,
    option_in,
)
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.numbers import bare_number, number_in
from modelservice.calm.understanding.pair_features import SPANS_OF, PairFeatures
from modelservice.calm.understanding.sentence import Circumstances, Sentence
from modelservice.calm.understanding.shape_features import telling_stems
from modelservice.calm.understanding.sides import last_cue
from modelservice.calm.understanding.slot_profiles import (
    BOOL,
    CATEGORY,
    PERSON,
    PLACE,
    SORT,
    THING,
    Profile,
)
from modelservice.calm.understanding.spans import ADDRESS, MONEY, Span

_NAMED_KINDS = frozenset({PLACE, PERSON, THING})


class Assignment:
    """The values of one message for some slots."""

    def __init__(
        self,
        sentence: Sentence,
        profiles: Sequence[Profile],
        circumstances: Circumstances,
        weights: Mapping[str, float],
    ) -> None:
        self._weights = weights
        self._sentence = sentence
        self._language: Language = sentence.language
        self._profiles = profiles
        self._where = circumstances

    def values(self) -> dict[str, Any]:
        found = self._named()
        taken = [str(value).casefold() for value in found.values()]
        for profile, span in self._pairs(found):
            value = self.value(profile, span)
            if value is not None and span.text.casefold() not in taken:
                found[profile.slot.name] = value
        return {p.slot.name: found[p.slot.name] for p in self._profiles if p.slot.name in found}

    def _named(self) -> dict[str, Any]:
        said = {profile.slot.name: self._said(profile) for profile in self._profiles}
        found = {name: value for name, value in said.items() if value is not None}
        by_values: dict[tuple[str, ...], list[Profile]] = {}
        for profile in self._profiles:
            if profile.kind == CATEGORY and profile.slot.name in found:
                by_values.setdefault(tuple(profile.slot.values), []).append(profile)
        for siblings in by_values.values():
            if len(siblings) > 1:
                found = {n: v for n, v in found.items() if all(p.slot.name != n for p in siblings)}
                found |= self._shared_out(siblings, said)
        return found

    def _shared_out(self, siblings: Sequence[Profile], said: Mapping[str, Any]) -> dict[str, Any]:
        """Each mention of an allowed value to one of the slots that allow it: the one that was
        asked for, the one whose side is said before it, or the first."""
        mentions = mentioned(self._sentence.text, siblings[0].slot)
        if not mentions:
            mentions = [(0, said[siblings[0].slot.name])]
        left, found = list(siblings), {}
        for place, value in mentions[: len(siblings)]:
            side = last_cue(self._sentence.text[:place], self._language)

            def rank(profile: Profile, side: str | None = side) -> tuple[bool, bool, bool]:
                is_asked = len(mentions) == 1 and profile.slot.name == self._where.asked
                fits = side is not None and profile.side == side
                return (not is_asked, not fits, profile.side is not None)

            chosen = min(left, key=rank)
            left.remove(chosen)
            found[chosen.slot.name] = value
        return found

    def _said(self, profile: Profile) -> Any:
        """Values that are named by themselves: allowed values, yes and no."""
        text, is_asked = self._sentence.text, profile.slot.name == self._where.asked
        if self._keeps(profile) and not is_asked:
            return None
        if profile.options:
            named = option_in(text, profile.options)
            if named is not None:
                return named
        topic = self._where.topic
        if profile.kind == BOOL:
            return None if is_asked else bool_said(text, profile, self._language, topic)
        if profile.kind == CATEGORY:
            return category_in(text, profile.slot, self._language, topic, profile.names)
        return None

    def _keeps(self, profile: Profile) -> bool:
        return profile.slot.name in self._where.filled and not self._where.may_change

    # -- spans -----------------------------------------------------------------------------

    def _pairs(self, named: Collection[str]) -> list[tuple[Profile, Span]]:
        weighed = []
        for place, (profile, span, features) in enumerate(self.candidates(named)):
            score = sum(self._weights.get(name, 0.0) * value for name, value in features.items())
            if score >= 0:  # more probable than not
                weighed.append((-score, place, profile, span))
        weighed.sort(key=itemgetter(0, 1))
        pairs: list[tuple[Profile, Span]] = []
        slots: set[str] = set()
        for _, _, profile, span in weighed:
            free = all(span.end <= other.start or other.end <= span.start for _, other in pairs)
            if free and profile.slot.name not in slots:
                slots.add(profile.slot.name)
                pairs.append((profile, span))
        return pairs

    def candidates(
        self, named: Collection[str] | None = None
    ) -> list[tuple[Profile, Span, Mapping[str, float]]]:
        """Each slot with each span of its kind, and what speaks for it and against it; slots whose
        values are `named` by themselves take none."""
        if named is None:
            named = self._named()
        features = PairFeatures(self._sentence, self._profiles, self._where)
        found: list[tuple[Profile, Span, Mapping[str, float]]] = []
        for profile in self._profiles:
            is_asked = profile.slot.name == self._where.asked
            if profile.slot.name in named or (self._keeps(profile) and not is_asked):
                continue
            spans = self._spans_for(profile)
            found += [(profile, span, features.of(profile, span, spans)) for span in spans]
        return found

    def _spans_for(self, profile: Profile) -> list[Span]:
        if profile.kind == ADDRESS and profile.slot.name == self._where.asked:
            return []  # an address is said whole: street, number, town
        kinds = SPANS_OF.get(profile.kind, ())
        spans = [span for span in self._sentence.spans if span.kind in kinds]
        if profile.kind in _NAMED_KINDS:
            called = self._sentence.called
            spans += called
            spans += [s for s in self._sentence.marked if all(s.start != c.start for c in called)]
        if profile.kind == SORT:
            spans += self._sentence.kinds(
                profile.about | telling_stems(" ".join(self._where.topic), self._language)
            )
        return spans

    def value(self, profile: Profile, span: Span) -> Any:
        """What a slot gets of a span; None if it is none of its values."""
        if profile.slot.type == "float":
            return number_in(span.text, self._language)
        if profile.kind == MONEY and profile.is_numeric:
            return bare_number(span.text, self._language)
        if profile.slot.type != "text":
            return count_value(span.text, profile.slot, self._language)
        return span.text
