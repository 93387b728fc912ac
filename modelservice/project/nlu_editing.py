"""Examples of one intent are added, changed, moved and removed, in the entries that hold them.

An example is known by its words: an intent has each of them once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.nlu_examples import example_texts, plain_example
from modelservice.project.nlu_writing import compared_example, with_examples

LONGEST_EXAMPLE = 2000


class UnusableExample(ValueError):
    """Why an example cannot be written, in a sentence."""


@dataclass(slots=True)
class _Entry:
    """`body` as it was read; None: there was none of this intent yet."""

    body: dict[str, Any] | None
    texts: list[str]
    # New words to those that an example had.
    was: dict[str, str] = field(default_factory=dict)
    changed: bool = False


class IntentExamples:
    """The examples of one intent over all its entries, while they are changed."""

    def __init__(self, intent: str, entries: Sequence[dict[str, Any]]) -> None:
        self.intent = intent
        self._entries = [_Entry(body, list(example_texts(body))) for body in entries]

    def texts(self) -> list[str]:
        return [text for entry in self._entries for text in entry.texts]

    def add(self, text: str, position: int | None = None) -> None:
        """Put it before the example that is at `position` now; behind all without one.

        :raises UnusableExample: it is there already, or is no example
        """
        text = self._checked(text)
        if not self._entries:
            self._entries.append(_Entry(None, []))
        entry, index = self._place(position)
        entry.texts.insert(index, text)
        entry.changed = True

    def remove(self, text: str) -> None:
        """:raises KeyError: there is none in these words"""
        entry, index = self._find(text)
        del entry.texts[index]
        entry.changed = True

    def change(self, old: str, new: str) -> None:
        """
        :raises KeyError: there is none in the old words
        :raises UnusableExample: the new ones are there already, or are no example
        """
        entry, index = self._find(old)
        new = self._checked(new, but=old)
        entry.was[new] = entry.was.get(old, old)
        entry.texts[index] = new
        entry.changed = True

    def bodies(self) -> list[dict[str, Any] | None]:
        """Of each entry its body now, in the order given; None: it has lost its last example. A new
        one comes last, where the intent had none."""
        return [self._body(entry) for entry in self._entries]

    def _body(self, entry: _Entry) -> dict[str, Any] | None:
        if not entry.changed:
            return entry.body
        if not entry.texts:
            return None
        return with_examples(entry.body or {"intent": self.intent}, entry.texts, entry.was)

    def _place(self, position: int | None) -> tuple[_Entry, int]:
        if position is not None:
            for entry in self._entries:
                if position < len(entry.texts):
                    return entry, position
                position -= len(entry.texts)
        # Behind the last that has any: an entry without examples says something else.
        last = [entry for entry in self._entries if entry.texts] or self._entries[:1]
        return last[-1], len(last[-1].texts)

    def _find(self, text: str) -> tuple[_Entry, int]:
        for entry in self._entries:
            if text in entry.texts:
                return entry, entry.texts.index(text)
        raise KeyError(text)

    def _checked(self, text: str, but: str | None = None) -> str:
        text = " ".join(text.split()).removeprefix("- ").strip()
        if not plain_example(text).strip("-"):
            raise UnusableExample("An example must have some words.")
        if len(text) > LONGEST_EXAMPLE:
            raise UnusableExample(f"An example has at most {LONGEST_EXAMPLE} characters.")
        compared = same_words(text)
        for known in self.texts():
            if known != but and same_words(known) == compared:
                raise UnusableExample(f"“{known}” is an example of “{self.intent}” already.")
        return text


def same_words(text: str) -> str:
    """Equal for two examples that teach the same."""
    return compared_example(text).casefold()
