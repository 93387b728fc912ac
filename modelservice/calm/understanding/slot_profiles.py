"""What kind of value a slot asks for, judged by its name and description."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modelservice.calm.content.domain import Slot
from modelservice.calm.understanding.language import Language, Stems, phrases_in
from modelservice.calm.understanding.spans import PHONE
from modelservice.calm.understanding.text import identifier_words, plain, stem, stems, words
from modelservice.calm.understanding.value_names import NO_NAMES, ValueNames

BOOL, CATEGORY, COUNT, PLACE, PERSON, SORT, THING = (
    "bool", "category", "count", "place", "person", "sort", "thing",
)  # fmt: skip
# A kind of word that says that the slot holds a name, and the unit of numbers of people.
NAMED, PEOPLE = "named", "people"
BEGIN, END = "begin", "end"
_SHORTEST_TELLING = 5


@dataclass(frozen=True, slots=True)
class Profile:
    """`kind` is one of the constants or of `spans`; `side` says which of two of a kind is meant;
    `words` are the stems of its name, `units` the groups of what it counts, `names` what buttons
    call its values, `options` the values that its description or question lists. A number that is
    stored as a text `is_numeric` where the description asks for one. Of two dates of a stay the
    first is that of the arrival. `is_name`: it is named or described as a name."""

    slot: Slot
    kind: str
    side: str | None
    words: frozenset[str]
    about: frozenset[str]
    units: frozenset[str]
    names: ValueNames
    options: tuple[str, ...] = ()
    is_numeric: bool = False
    is_stay: bool = False
    is_name: bool = False


def profile_of(
    slot: Slot,
    description: str | None,
    language: Language,
    names: ValueNames = NO_NAMES,
    options: tuple[str, ...] = (),
) -> Profile:
    name = identifier_words(slot.name)
    own = frozenset(stem(word) for word in _head(words(name)) if word not in language.stop_words)
    text = f"{name} {description or ''}"
    about = frozenset(stem(word) for word in words(text) if word not in language.stop_words)
    return Profile(
        slot=slot,
        kind=_kind(slot, name, description or "", language),
        side=_side(name, description or "", language),
        words=own,
        about=about,
        units=frozenset(language.units[word] for word in about if word in language.units),
        names=names,
        options=options,
        is_numeric=any(
            f" {phrase} " in f" {plain(description or '')} "
            for phrase in map(plain, language.lists["listed"].get("numeric", ()))
        ),
        is_name=NAMED in _kinds(text, language.kinds)[:1] or NAMED in _kinds(name, language.kinds),
        is_stay=bool(
            phrases_in(
                stems(text), dict.fromkeys(map(stems, language.lists["stays"].get("of", ())))
            )
        ),
    )


def _head(name: list[str]) -> list[str]:
    """`city` of `city of event`: what it belongs to is beside other things, too."""
    place = name.index("of") if "of" in name else len(name)
    return name[:place] if name[:place] not in ([], ["number"]) else name


def _kind(slot: Slot, name: str, description: str, language: Language) -> str:
    if slot.type == "bool" or _is_yes_or_no(slot, name, description, language):
        return BOOL
    if slot.type in ("categorical", "strict_categorical"):
        return COUNT if slot.values and all(v.isdigit() for v in slot.values) else CATEGORY
    kinds = language.kinds
    if slot.type == "float":
        named = _last_kind(name, kinds)
        return "money" if named == "money" else COUNT
    named_kinds = _kinds(name, kinds)
    if NAMED in named_kinds:
        return PERSON if PERSON in _kinds(f"{name} {description}", kinds) else THING
    for kind in (PHONE, COUNT):  # a `phone number` counts nothing
        if kind in named_kinds:
            return kind
    return _last_kind(name, kinds) or _described_kind(description, kinds) or THING


def _is_yes_or_no(slot: Slot, name: str, description: str, language: Language) -> bool:
    """Many a text slot holds an agreement: `transfer_confirmation`, `true or false`."""
    if slot.type not in ("text", "any"):
        return False
    lists, own = language.lists["yes_or_no"], stems(name)
    ends = any(own[-len(word) :] == word for word in map(stems, lists.get("name_ends", ())))
    said = phrases_in(stems(description), dict.fromkeys(map(stems, lists.get("described", ()))))
    return ends or bool(said)


def _kinds(text: str, kinds: Mapping[Stems, str]) -> list[str]:
    return [kinds[phrase] for _, phrase in phrases_in(stems(text), kinds)]


def _last_kind(text: str, kinds: Mapping[Stems, str]) -> str | None:
    """The head of an English compound stands last: an `event date` is a date."""
    return next(reversed(_kinds(text, kinds)), None)


def _described_kind(description: str, kinds: Mapping[Stems, str]) -> str | None:
    """A description begins with what it describes: `date of the event in a city`. `Name of the
    director` is that of a person."""
    found = _kinds(description, kinds)
    if found[:1] == [NAMED]:
        return next((kind for kind in found[1:2] if kind in (PERSON, PLACE)), THING)
    return next(iter(found), None)


def _side(name: str, description: str, language: Language) -> str | None:
    sides = {stems(word): side for side, items in language.lists["sides"].items() for word in items}
    named = _telling_first(phrase for _, phrase in phrases_in(stems(name), sides))
    described = [
        phrase
        for _, phrase in phrases_in(stems(description), sides)
        if _is_telling(phrase)  # `to` and `for` say nothing here
    ]
    return next((sides[phrase] for phrase in [*named, *described]), None)


def _telling_first(cues: Iterable[Stems]) -> list[Stems]:
    """`ciudad de destino` is where it ends, whatever `de` says."""
    return sorted(cues, key=lambda cue: not _is_telling(cue))


def _is_telling(cue: Stems) -> bool:
    return len(" ".join(cue)) >= _SHORTEST_TELLING
