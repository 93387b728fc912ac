"""What is said to begin, and what to end: `from` and `to`, `leave` and `return`."""

from __future__ import annotations

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import words

_SMALL_WORD, _RIGHT_BEFORE = 4, 3


def last_cue(
    text: str, language: Language, *, is_stay: bool = False, is_when: bool = False
) -> str | None:
    """The side that was said last before a span: `from` or `to`, `leave` or `return`.

    A small word says it only where it stands right before: not the `to` of `want to leave at 3`.
    A stay begins with the arrival; `for Friday` says nothing about when it ends (`is_when`).
    """
    said = words(text)
    spoken = f" {' '.join(said)} "
    right_before = len(spoken) - len(f" {' '.join(said[-_RIGHT_BEFORE:])} ")
    best: tuple[int, str] | None = None
    loose = language.lists["markers"].get("loose", ())
    sides = language.lists["sides"]
    if is_stay:
        stay = language.lists["stays"]
        moved = {cue for side in sides for cue in stay.get(side, ())}
        sides = {
            side: (*(cue for cue in cues if cue not in moved), *stay.get(side, ()))
            for side, cues in sides.items()
        }
    for side, cues in sides.items():
        for cue in cues:
            if is_when and cue in loose:
                continue
            place = spoken.rfind(f" {cue} ")
            if len(cue) <= _SMALL_WORD and place < right_before:
                continue
            if place >= 0 and (best is None or place > best[0]):
                best = (place, side)
    return None if best is None else best[1]
