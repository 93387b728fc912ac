"""What a short message does, apart from its content: agree, refuse, cancel, greet …"""

from __future__ import annotations

import re

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, plain, words

_SHORT = 8
_SENTENCE_END = re.compile(r"[.!?;]+(?:\s+|$)")


def is_act(text: str, act: str, language: Language) -> bool:
    """Whether the whole message is one of the act's phrases, politeness aside."""
    phrases = language.phrases[act]
    return plain(text) in phrases or _without_politeness(text, language) in phrases


def _without_politeness(text: str, language: Language) -> str:
    spoken, shorter = "", plain(text)
    while shorter != spoken:
        spoken = shorter
        for phrase in language.phrases["polite"]:
            shorter = shorter.removeprefix(f"{phrase} ").removesuffix(f" {phrase}")
    return spoken


def yes_or_no(text: str, language: Language) -> bool | None:
    """Agreement or refusal, None if the message is neither.

    The first sentence decides; `that sounds good. How much is it?` agrees.
    """
    for sentence in _SENTENCE_END.split(text):
        spoken = plain(sentence)
        refusal = _first_phrase(spoken, "no", language)
        agreement = _first_phrase(spoken, "yes", language)
        if refusal is not None and agreement is not None:
            # The phrase that comes first decides; of two at one place the longer one.
            return agreement < refusal
        if refusal is not None or agreement is not None:
            return agreement is not None
        if not _is_act_of_politeness(sentence, language):
            break
    return None


def _is_act_of_politeness(sentence: str, language: Language) -> bool:
    return any(is_act(sentence, act, language) for act in ("thanks", "greeting", "goodbye"))


def _first_phrase(spoken: str, act: str, language: Language) -> tuple[int, int] | None:
    """Place and negative length of the phrase that comes first.

    A long sentence has to begin with it; in a short one it may stand anywhere.
    """
    found: list[tuple[int, int]] = []
    padded = f" {spoken} "
    is_short = len(spoken.split()) <= _SHORT
    for phrase in language.phrases[act]:
        place = padded.find(f" {phrase} ")
        if place == 0 or (place > 0 and is_short):
            found.append((place, -len(phrase)))
    return min(found, default=None)


def is_question(text: str, language: Language) -> bool:
    spoken = words(text)
    return text.rstrip().endswith("?") or (
        bool(spoken) and spoken[0] in language.phrases["question"]
    )


def without_correction(text: str, language: Language) -> str | None:
    """What follows `no,` or `actually` at the start of a message, None without such a start."""
    rest = text.strip()
    found = False
    changed = True
    while changed:
        changed = False
        lowered = folded(rest).replace("-", " ")
        for phrase in sorted(language.phrases["correction"], key=len, reverse=True):
            if lowered.startswith(phrase) and not lowered[len(phrase) :][:1].isalnum():
                rest = rest[len(phrase) :].lstrip(" ,.:;-")
                found = changed = True
                break
    if not found or _is_act_of_politeness(rest, language):  # "no thanks" corrects nothing
        return None
    return rest or None
