"""The words of a response: each text that a person reads, with its place and language.

Lists and find and replace walk here; what is to be translated is in `translatable`.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Literal

Field = Literal["text", "button", "quick_reply"]
Path = tuple[str | int, ...]

BUTTON_LISTS: dict[str, Field] = {"buttons": "button", "quick_replies": "quick_reply"}

# What is written in braces names slots, or is Jinja: its words are no words of a text.
IN_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{[^\n{}]*\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ResponseText:
    """`language` None: the assistant's own. `path` leads to the text in the body."""

    path: Path
    field: Field
    language: str | None
    text: str

    @property
    def variation(self) -> int:
        return int(self.path[0])

    @property
    def pointer(self) -> str:
        return "".join(f"/{part}" for part in self.path)


def texts_of(body: Any) -> Iterator[ResponseText]:
    """All words, in the order in which they stand; empty ones and odd shapes are passed over."""
    for index, variation in enumerate(body if isinstance(body, list) else []):
        if not isinstance(variation, dict):
            continue
        yield from _with_translations((index,), variation, "text", "text")
        for key, named in BUTTON_LISTS.items():
            entries = variation.get(key)
            for place, entry in enumerate(entries if isinstance(entries, list) else []):
                if isinstance(entry, dict):
                    yield from _with_translations((index, key, place), entry, "title", named)


def _with_translations(
    path: Path, owner: dict[str, Any], key: str, named: Field
) -> Iterator[ResponseText]:
    text = owner.get(key)
    if isinstance(text, str) and text.strip():
        yield ResponseText((*path, key), named, None, text)
    translations = owner.get("translation")
    for language, value in (translations if isinstance(translations, dict) else {}).items():
        place: Path = (*path, "translation", language)
        translated = value
        if named != "text":
            translated = value.get(key) if isinstance(value, dict) else None
            place = (*place, key)
        if isinstance(translated, str) and translated.strip():
            yield ResponseText(place, named, str(language), translated)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for in texts. Braces are left alone, unless the searched words have one."""

    words: str
    whole_words: bool = False
    match_case: bool = False

    def pattern(self) -> re.Pattern[str]:
        escaped = re.escape(self.words)
        if self.whole_words:
            escaped = rf"(?<!\w){escaped}(?!\w)"
        return re.compile(escaped, 0 if self.match_case else re.IGNORECASE)

    def replaced(self, text: str, replacement: str) -> str:
        pattern = self.pattern()

        def change(part: str) -> str:
            return pattern.sub(lambda _found: replacement, part)

        if "{" in self.words or "}" in self.words:
            return change(text)
        done, last = [], 0
        for braces in IN_BRACES.finditer(text):
            done += [change(text[last : braces.start()]), braces[0]]
            last = braces.end()
        return "".join([*done, change(text[last:])])


def with_texts(body: Any, changes: dict[Path, str]) -> Any:
    """A copy of the body with other words at these places."""
    copied = deepcopy(body)
    for path, text in changes.items():
        owner = copied
        for part in path[:-1]:
            owner = owner[part]
        owner[path[-1]] = text
    return copied
