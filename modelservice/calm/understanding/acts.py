"""What a short message does, apart from its content: agree, refuse, cancel, greet …"""

from __future__ import annotations

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import plain, words

_SHORT = 7


def is_act(text: str, act: str, language: Language) -> bool:
    """Whether the whole message is one of the act's phrases, politeness aside."""
    return _polite(text, language) in language.phrases[act]


def _polite(text: str, language: Language) -> str:
    spoken = words(text)
    while len(spoken) > 1 and spoken[-1] in ("please", "bitte", "thanks", "danke"):
        spoken.pop()
    while len(spoken) > 1 and spoken[0] in ("please", "bitte"):
        spoken.pop(0)
    return " ".join(spoken)


def yes_or_no(text: str, language: Language) -> bool | None:
    """Agreement or refusal, None if the message is neither."""
    spoken = plain(text)
    refusal = _longest_phrase(spoken, "no", language)
    agreement = _longest_phrase(spoken, "yes", language)
    if refusal is None and agreement is None:
        return None
    if refusal is None or agreement is None:
        return agreement is not None
    # The phrase that comes first decides; of two at one place the longer one.
    return (agreement[0], -agreement[1]) < (refusal[0], -refusal[1])


def _longest_phrase(spoken: str, act: str, language: Language) -> tuple[int, int] | None:
    """Place and length of the phrase that comes first; long messages only count their start."""
    found: list[tuple[int, int]] = []
    padded = f" {spoken} "
    is_short = len(spoken.split()) <= _SHORT
    for phrase in language.phrases[act]:
        place = padded.find(f" {phrase} ")
        if place == 0 or (place > 0 and is_short):
            found.append((place, -len(phrase)))
    if not found:
        return None
    place, length = min(found)
    return place, -length


def is_question(text: str, language: Language) -> bool:
    spoken = words(text)
    return text.rstrip().endswith("?") or (bool(spoken) and spoken[0] in language.questions)


def without_correction(text: str, language: Language) -> str | None:
    """What follows `no,` or `actually` at the start of a message, None without such a start."""
    rest = text.strip()
    found = False
    changed = True
    while changed:
        changed = False
        lowered = rest.casefold()
        for phrase in sorted(language.corrections, key=len, reverse=True):
            if lowered.startswith(phrase) and not lowered[len(phrase) :][:1].isalnum():
                rest = rest[len(phrase) :].lstrip(" ,.:;-")
                found = changed = True
                break
    return rest if found and rest else None
