"""Allowed values, yes-or-no properties and kinds of things that a sentence names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from rapidfuzz import fuzz, process

from modelservice.calm.content.domain import Slot
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.numbers import number_in
from modelservice.calm.understanding.slot_profiles import Profile
from modelservice.calm.understanding.text import folded, identifier_words, plain, stem, stems, words
from modelservice.calm.understanding.value_names import NO_NAMES, ValueNames, value_named

_SIMILAR_ENOUGH = 84
_NEGATIONS = ("un", "in", "dis", "not", "no", "nicht", "kein", "non", "pas")
_WORDS_BEFORE_REFUSED = 6
_CLAUSES = re.compile(r"[^.,!?;]+[.,!?;]*")
_LONGEST_DESCRIPTION = 2


def category_in(
    text: str,
    slot: Slot,
    language: Language,
    topic: Collection[str] = (),
    names: ValueNames = NO_NAMES,
) -> str | None:
    """The allowed value that a text names: itself, as its button is called (`names`), with typing
    errors, or by a related word.

    Words about the whole flow (`topic`) relate to no value.
    """
    spoken = f" {plain(text)} "
    named = [value for value in slot.values if f" {plain(identifier_words(value))} " in spoken]
    wanted = [value for value in named if not _is_value_refused(text, value, language)]
    if named and not wanted:
        return None
    named = wanted
    if named:
        return max(named, key=len)
    return (
        _by_stems(text, slot, language)
        or value_named(text, names, language)
        or _by_telling_word(text, slot, language, topic)
        or _misspelt(text, slot)
        or _by_relation(text, slot, language, topic)
    )


def _is_value_refused(text: str, value: str, language: Language) -> bool:
    """`not too expensive`."""
    spoken, named = words(text), words(identifier_words(value))
    places = [p for p in range(len(spoken)) if spoken[p : p + len(named)] == named]
    return bool(places) and all(_is_refused(text, spoken, p, language) for p in places)


def mentioned(text: str, slot: Slot) -> list[tuple[int, str]]:
    """Places in a text where allowed values stand word for word, in their order."""
    found = []
    for value in slot.values:
        named = r"\W+".join(map(re.escape, words(identifier_words(value))))
        for match in re.finditer(rf"(?<!\w){named}(?!\w)", folded(text)):
            found.append((match.start(), value))
    return sorted(found)


def option_in(text: str, options: Sequence[str]) -> str | None:
    """The only one of some listed values that a text says, or nearly says."""
    spoken = f" {plain(text)} "
    said = [option for option in options if f" {plain(option)} " in spoken]
    longest = [option for option in said if not any(option != o and option in o for o in said)]
    if said:
        return longest[0] if len(longest) == 1 else None
    choices = {option: plain(option) for option in options}
    for word in words(text):
        match = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=_SIMILAR_ENOUGH)
        if match is not None and len(word) > 3:
            return str(match[2])
    return None


def _by_stems(text: str, slot: Slot, language: Language) -> str | None:
    # `check my balance` does not name the `checking` account.
    spoken = {stem(word) for word in words(text) if (stem(word),) not in language.actions}
    named = [
        value
        for value in slot.values
        if (parts := [stem(w) for w in words(identifier_words(value))]) and set(parts) <= spoken
    ]
    return named[0] if len(named) == 1 else None


def _by_telling_word(
    text: str, slot: Slot, language: Language, topic: Collection[str]
) -> str | None:
    """`kitchen` of the `kitchen speaker`, if no other value has that word."""
    about = {stem(word) for word in topic}
    spoken = {
        stem(word)
        for word in words(text)
        if word not in language.stop_words and word not in language.common_words
    }
    parts = {value: stems(identifier_words(value)) for value in slot.values}
    named = [
        value
        for value, own in parts.items()
        if len(own) > 1
        and own[0] in spoken - about
        and (own[0],) not in language.actions
        and sum(own[0] in other for other in parts.values()) == 1
    ]
    return named[0] if len(named) == 1 else None


def _misspelt(text: str, slot: Slot) -> str | None:
    choices = {value: plain(identifier_words(value)) for value in slot.values}
    best: tuple[float, str] | None = None
    for word in [*words(text), plain(text)]:
        match = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=_SIMILAR_ENOUGH)
        if match is not None and len(word) > 3 and (best is None or match[1] > best[0]):
            best = (match[1], match[2])
    return None if best is None else best[1]


def _by_relation(text: str, slot: Slot, language: Language, topic: Collection[str]) -> str | None:
    """`a concert` names `music`, if no other value is related to what was said."""
    groups = {value: _groups(identifier_words(value), language) for value in slot.values}
    about = _groups(" ".join(topic), language)
    # What is about several values says nothing against any: `find concerts and games`.
    if sum(bool(own & about) for own in groups.values()) > 1:
        shared = [own & other for v, own in groups.items() for w, other in groups.items() if v != w]
        about = about - frozenset().union(*groups.values()) | frozenset().union(*shared)
    spoken = _groups(text, language) - about
    shares = {value: len(own & spoken) for value, own in groups.items()}
    most = max(shares.values(), default=0)
    named = [value for value, share in shares.items() if share == most > 0]
    return named[0] if len(named) == 1 else None


def _groups(text: str, language: Language) -> set[int]:
    return {
        group
        for word in words(text)
        for group in language.related.get((stem(word),), ())
        if group not in language.action_groups
    }


def count_value(text: str, slot: Slot, language: Language) -> str | None:
    """The allowed value that is a number in digits or words."""
    number = number_in(text, language)
    if number is None or number != int(number):
        return None
    return next((value for value in slot.values if value == str(int(number))), None)


def bool_said(
    text: str, profile: Profile, language: Language, topic: Collection[str]
) -> bool | None:
    """Whether a property such as `pets allowed` is wanted; None if it is not mentioned.

    Words that are said about the whole flow tell nothing about one of its properties.
    """
    about = {stem(word) for word in topic}
    named = [word for word in profile.words if word not in about]
    # `shared` tells of a `shared ride` of a flow about rides, though one can share other things.
    telling = [word for word in named if not _is_plain(word, language)] or [
        word for word in named if (word,) in language.actions
    ]
    spoken = words(text)
    about_groups = _groups(" ".join(topic), language)
    places = [
        place
        for word in telling
        if (place := _place_of(word, spoken, language, about_groups)) is not None
    ]
    if not places or len(places) < (len(telling) + 1) // 2:
        return None
    return not _is_refused(text, spoken, min(places), language)


def _place_of(
    word: str, spoken: Sequence[str], language: Language, about: Collection[int]
) -> int | None:
    """Where a word, or else a related one, is said."""
    said = [stem(each) for each in spoken]
    if word in said:
        return said.index(word)
    own = set(language.related.get((word,), ())) - language.action_groups - set(about)
    return next(
        (place for place, each in enumerate(said) if own & set(language.related.get((each,), ()))),
        None,
    )


def _is_refused(text: str, spoken: Sequence[str], place: int, language: Language) -> bool:
    """`no pets`, `it need not be furnished`: a refusal stands before it in the same clause."""
    clause: list[str] = []
    for part in _CLAUSES.findall(text):
        said = words(part)
        if place < len(said):
            clause = said[max(0, place - _WORDS_BEFORE_REFUSED) : place]
            break
        place -= len(said)
    return any(word in language.phrases["refusal"] for word in clause)


def _is_plain(word: str, language: Language) -> bool:
    return word in {stem(adjective) for adjective in language.phrases["plain_adjective"]} or (
        (word,) in language.actions
    )


def described_by(
    text: str, topic: Collection[str], language: Language, is_known: Callable[[str], bool]
) -> str | None:
    """What stands before the thing that a flow is about: `Malaysian` in `some Malaysian food`."""
    groups = {g for word in topic for g in _groups(word, language)}
    spoken = text.split()
    for place, word in enumerate(spoken):
        if place == 0 or not (_groups(word, language) & groups):
            continue
        said: list[str] = []
        for other in reversed(spoken[max(0, place - _LONGEST_DESCRIPTION) : place]):
            if other[-1:] in ".,;!?" or not _describes(other, language, is_known):
                break
            said.insert(0, other)
        if said:
            return " ".join(said)
    return None


def _describes(word: str, language: Language, is_known: Callable[[str], bool]) -> bool:
    spoken = words(word)
    return bool(spoken) and not any(
        part in language.stop_words
        or part in language.common_words
        or part in language.numbers
        or part.isdigit()
        or (stem(part),) in language.actions
        or is_known(part)
        for part in spoken
    )


def are_opposites(values: Sequence[str]) -> bool:
    """Two values of which the second denies the first, such as `satisfied` and `unsatisfied`: only
    then do yes and no name one of them."""
    if len(values) != 2:
        return False
    first, second = (plain(identifier_words(value)).replace(" ", "") for value in values)
    return any(second == negation + first for negation in _NEGATIONS)
