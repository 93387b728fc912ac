"""Values that the description or the question of a slot lists: `one of standard, express`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, words

_LONGEST_OPTION, _FEWEST, _MOST = 4, 2, 20
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{3,200})[)\]]")
_AFTER_COLON = re.compile(r":\s*([^:.?!]{3,200})(?:[.?!]|$)")
_QUOTES = "\"'`‘’“”«»* "


def options_in(
    description: str, question: Iterable[Mapping[str, Any]], language: Language
) -> tuple[str, ...]:
    """The listed values; empty if there are fewer than two."""
    texts = [description, *(str(each.get("text") or "") for each in question)]
    for text in texts:
        for part in _lists(text, language):
            found = _split(part, language)
            if found:
                return found
    return ()


def _lists(text: str, language: Language) -> Iterable[str]:
    """Parts of a text where a list may stand: in brackets, behind a colon, behind `one of`."""
    yield from (match[1] for match in _BRACKETS.finditer(text))
    yield from (match[1] for match in _AFTER_COLON.finditer(text))
    cues = "|".join(map(re.escape, sorted(language.lists["listed"].get("options", ()), key=len)))
    if cues:
        for match in re.finditer(rf"(?<!\w)(?:{cues})(?!\w)[:\s]+([^.?!:]+)", folded(text)):
            yield text[match.start(1) : match.end(1)]
    # `small or large?`
    yield from re.findall(r"(?:^|[\s,])((?:[\w-]+, )*[\w-]+ \w{1,4} [\w-]+)\?", text)


def _split(part: str, language: Language) -> tuple[str, ...]:
    either = "|".join(map(re.escape, language.lists["listed"].get("or", ())))
    pieces = re.split(rf",|;|/|\||\s(?:{either})\s" if either else r",|;|/|\|", part)
    cleaned = [
        re.sub(rf"^(?:{either})\s", "", piece.strip()) if either else piece for piece in pieces
    ]
    options = [piece.strip(_QUOTES) for piece in cleaned if piece.strip(_QUOTES)]
    fits = all(0 < len(words(option)) <= _LONGEST_OPTION for option in options)
    say_more = any(_is_example(option, language) for option in options)
    if not fits or say_more or not _FEWEST <= len(options) <= _MOST:
        return ()
    return tuple(dict.fromkeys(options))


def _is_example(option: str, language: Language) -> bool:
    """`e.g. 10.5.2024`, `etc.`: what is only meant as an example, or says nothing."""
    said = words(option)
    return (
        said[0] in ("e", "eg", "example", "etc", "z", "bzw", "ej", "ex", "such", "like", "optional")
        or said[-1] == "etc"
        or all(len(w) > 1 and (w in language.stop_words or w.isdigit()) for w in said)
    )
