"""Corrections of earlier answers: which slot a message takes back, and what it says instead."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.slot_profiles import Profile
from modelservice.calm.understanding.text import folded, plain, stem, stems, words

_AROUND = " ,.:;!?-"
_POINTING = frozenset(
    {"it", "that", "this", "es", "das", "eso", "esto", "cela", "ca", "il", "elle"}
)


@dataclass(frozen=True, slots=True)
class Correction:
    """`said` is the part of the message that holds the new value, None if there is none."""

    profile: Profile
    said: str | None


def correction_in(
    text: str,
    profiles: Sequence[Profile],
    values: Mapping[str, Any],
    latest: Collection[str],
    language: Language,
) -> Correction | None:
    """The correction of one of the slots that have a value; `latest` are those that the message
    before has filled. None if the message corrects nothing in so many words."""
    filled = [profile for profile in profiles if values.get(profile.slot.name) is not None]
    if not filled:
        return None
    reading = _Reading(text, filled, values, latest, language)
    rules = (
        reading.should_be,
        reading.not_meant,
        reading.use_as,
        reading.change,
        reading.wrong,
        reading.previous,
    )
    for rule in rules:
        found = rule()
        if found is not None:
            return found
    return None


class _Reading:
    def __init__(
        self,
        text: str,
        filled: Sequence[Profile],
        values: Mapping[str, Any],
        latest: Collection[str],
        language: Language,
    ) -> None:
        self._text = text
        self._folded = folded(text)
        self._filled = filled
        self._values = values
        self._latest = latest
        self._language = language

    # -- the kinds of corrections ----------------------------------------------------------

    def should_be(self) -> Correction | None:
        """`the amount should be 50`, `Tim should be Tom`, `it should be 50`."""
        match = self._find("should_be")
        if match is None:
            return None
        before, after = self._text[: match.start()], self._part(match.end())
        target = self._valued(before) or self._named(before)
        if (
            target is None
            and set(words(before)) <= _POINTING | self._language.phrases["correction"]
        ):
            target = self._only([p for p in self._filled if p.slot.name in self._latest])
        return Correction(target, after) if target is not None and after else None

    def not_meant(self) -> Correction | None:
        """`not Tim, I meant Tom`, `Tom, not Tim`, `I didn't mean Tim`."""
        for match in self._pattern("not_meant").finditer(self._folded):
            rest = self._text[match.end() :]
            target = self._begins_with_value(rest)
            if target is None:
                continue
            value = plain(str(self._values[target.slot.name]))
            after = _after_words(rest, len(value.split()))
            meant = self._pattern("meant").search(folded(after))
            said = after[meant.end() :] if meant else after
            said = said.strip(_AROUND) or self._without_correction(self._text[: match.start()])
            return Correction(target, said or None)
        return None

    def use_as(self) -> Correction | None:
        """`use Tom as the name`, `put 50 for the amount`."""
        match = self._find("use")
        if match is None:
            return None
        rest = self._text[match.end() :]
        for joint in self._pattern("as").finditer(folded(rest)):
            target, said = self._named_alone(rest[joint.end() :]), rest[: joint.start()]
            if target is not None and said.strip(_AROUND):
                return Correction(target, said.strip(_AROUND))
        return None

    def change(self) -> Correction | None:
        """`change the amount to 50`, `change the amount`."""
        found = (
            self._changed(match.end()) for match in self._pattern("change").finditer(self._folded)
        )
        return next((correction for correction in found if correction is not None), None)

    def _changed(self, start: int) -> Correction | None:
        rest = self._text[start:]
        to = self._pattern("to").search(folded(rest))
        while to is not None:
            target = self._named_alone(rest[: to.start()])
            if target is not None and rest[to.end() :].strip(_AROUND):
                return Correction(target, rest[to.end() :].strip(_AROUND))
            to = self._pattern("to").search(folded(rest), to.end())
        target = self._named_alone(rest)
        return None if target is None else Correction(target, None)

    def wrong(self) -> Correction | None:
        """`the date is wrong`, `I made a mistake with the date`."""
        match = self._find("mistake_in")
        target = None if match is None else self._named_alone(self._text[match.end() :])
        if target is not None:
            return Correction(target, None)
        match = self._find("wrong")
        if match is None:
            return None
        target = self._named(self._text[: match.start()])
        said = self._part(match.end()) or None
        return None if target is None else Correction(target, said)

    def previous(self) -> Correction | None:
        """`I need to correct my last answer`."""
        match = self._find("change") or self._find("mistake_in")
        if match is None or self._pattern("previous").search(self._folded, match.end()) is None:
            return None
        target = self._only([p for p in self._filled if p.slot.name in self._latest])
        return None if target is None else Correction(target, None)

    # -- which slot ------------------------------------------------------------------------

    def _named(self, text: str) -> Profile | None:
        """The slot whose own words a text has, if it is only one."""
        spoken = set(stems(text))
        return self._only([p for p in self._filled if p.words and p.words <= spoken]) or self._only(
            [p for p in self._filled if p.words & spoken]
        )

    def _named_alone(self, text: str) -> Profile | None:
        """The slot that a text names without saying anything else."""
        target = self._named(text)
        if target is None:
            return None
        known = target.words | target.about
        beside = {
            *self._language.stop_words,
            *self._language.lists["corrections"].get("beside", ()),
        }
        spoken = words(text)
        # What stands right before the slot's own word says more of the same: `delivery address`.
        of_it = {word for word, then in pairwise(spoken) if stem(then) in target.words}
        others = [
            word
            for word in spoken
            if stem(word) not in known and word not in beside and word not in of_it
        ]
        return None if others else target

    def _valued(self, text: str) -> Profile | None:
        """The slot whose value a text has."""
        padded = f" {plain(text)} "
        return self._only(
            [p for p in self._filled if f" {plain(str(self._values[p.slot.name]))} " in padded]
        )

    def _begins_with_value(self, text: str) -> Profile | None:
        said = [word for word in words(text) if word not in ("the", "a", "an")]
        found = []
        for profile in self._filled:
            value = words(str(self._values[profile.slot.name]))
            value = [word.removesuffix(".0") for word in value]
            if value and said[: len(value)] == value:
                found.append(profile)
        return self._only(found)

    @staticmethod
    def _only(profiles: Sequence[Profile]) -> Profile | None:
        return profiles[0] if len(profiles) == 1 else None

    # -- parts of the message --------------------------------------------------------------

    def _part(self, start: int) -> str:
        return self._text[start:].strip(_AROUND)

    def _without_correction(self, text: str) -> str:
        """What is said before `not Tim`, without a `no` at its beginning."""
        said = text.strip(_AROUND)
        for phrase in sorted(self._language.phrases["correction"], key=len, reverse=True):
            if f"{folded(said)} ".startswith((f"{phrase} ", f"{phrase}, ")):
                said = said[len(phrase) :].strip(_AROUND)
        return said

    def _find(self, kind: str) -> re.Match[str] | None:
        return self._pattern(kind).search(self._folded)

    def _pattern(self, kind: str) -> re.Pattern[str]:
        return _any_of(self._language.lists["corrections"].get(kind, ()))


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first: Iterable[str] = sorted(phrases, key=len, reverse=True)
    either = "|".join(re.escape(phrase) for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if either else r"(?!)")


def _after_words(text: str, count: int) -> str:
    """What follows so many words and an article before them."""
    found = list(re.finditer(r"[^\W_]+(?:['’][^\W_]+)?", text))
    if found and folded(found[0][0]) in ("the", "a", "an"):
        count += 1
    return text[found[count - 1].end() :] if len(found) >= count else ""
