"""The answer in a whole message, without the words around it."""

from __future__ import annotations

from collections.abc import Collection

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, plain, stem, words

_LONGEST_VALUE = 120
_AROUND = " ,.:;!?-"
_SHORT_AGREEMENT = 3
_POINTING = frozenset({"that", "it", "this", "das", "es", "eso", "esto", "cela", "ca"})


def answer_text(text: str, language: Language, *, topic: Collection[str] = ()) -> str:
    """`my name is Ana` → `Ana`, `a thriller would be great` → `thriller`.

    `topic` are words that only repeat what was asked about: `comedy movies` → `comedy`.
    """
    answer = text.strip().strip(_AROUND)
    about = {stem(word) for word in topic}
    shorter = _without_end(_without_begin(answer, language), language, about)
    while shorter != answer:
        answer = shorter
        shorter = _without_end(_without_begin(answer, language), language, about)
    return answer[:_LONGEST_VALUE]


def _without_begin(text: str, language: Language) -> str:
    lowered = folded(text).replace("-", " ")
    for phrase in sorted(language.phrases["introduction"], key=len, reverse=True):
        if lowered.startswith(phrase) and text[len(phrase) : len(phrase) + 1] in (" ", ","):
            rest = text[len(phrase) :].lstrip(_AROUND)
            return rest or text
    return text


def _without_end(text: str, language: Language, topic: set[str]) -> str:
    lowered = folded(text).replace("-", " ")
    for phrase in sorted(language.phrases["trailer"], key=len, reverse=True):
        if lowered.endswith((f" {phrase}", f",{phrase}")):
            return text[: -len(phrase)].rstrip(_AROUND) or text
    head, _, last = text.rpartition(" ")
    if head and topic and {stem(word) for word in words(last)} & topic:
        return head.rstrip(_AROUND)
    return text


def without_wish(answer: str, language: Language) -> str:
    """The name behind words for wishing it: `want to watch supa modo` → `supa modo`.

    Articles stay (`The Upside`), and so does an answer that begins with something else.
    """
    spoken = answer.split()
    wishes = language.phrases["first_person"].union(
        language.phrases["preference"], language.lists["markers"].get("name", ())
    )
    small = language.stop_words - set(language.lists["markers"].get("naming", ()))

    def is_wish(word: str) -> bool:
        return word in wishes or (stem(word),) in language.actions

    first = words(answer)[:1]
    if not first or not is_wish(first[0]):
        return answer
    place = 0
    while place < len(spoken) - 1 and all(
        word in small or is_wish(word) for word in words(spoken[place])
    ):
        place += 1
    return " ".join(spoken[place:])


def agrees_at_length(text: str, language: Language) -> bool:
    """Whether a message agrees and says so in a sentence: `yes, that is suitable for me`."""
    spoken = plain(text)
    agreements = [p for p in language.phrases["yes"] if spoken.startswith(f"{p} ")]
    rest = spoken[len(max(agreements, key=len)) :].split() if agreements else []
    pointing = language.phrases["first_person"] | _POINTING
    return len(rest) >= _SHORT_AGREEMENT and rest[0] in pointing
