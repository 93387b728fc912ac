"""The answer in a whole message, without the words around it."""

from __future__ import annotations

from collections.abc import Collection

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, stem, words

_LONGEST_VALUE = 120
_AROUND = " ,.:;!?-"


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
