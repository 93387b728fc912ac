"""Regular expressions that cannot run for ever.

Python's own engine tries one way through an expression after another, which for some expressions
doubles with every character. This one follows all ways at once, so its time grows with the length
of the text alone. Python still parses the expression and judges the single characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from re import _compiler, _constants, _parser  # type: ignore[attr-defined]  # private, but there is no other way in
from typing import Any

_MAX_STATES = 1000
_MAX_STEPS = 1_000_000
_ONE_CHARACTER = (_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN)
_REPEATS = (_constants.MAX_REPEAT, _constants.MIN_REPEAT)
_LOOKS = (_constants.AT, _constants.ASSERT, _constants.ASSERT_NOT)


class UnsuitableExpression(ValueError):
    """The expression needs what only an engine that may run for ever can do."""


@dataclass(slots=True)
class _State:
    """Leads to the next states: after one character, at a fitting place, or freely."""

    next: list[int] = field(default_factory=list)
    character: re.Pattern[str] | None = None
    place: re.Pattern[str] | None = None


class LinearExpression:
    """An expression as `re` reads it. Raises `UnsuitableExpression` for back references,
    atomic groups, look-arounds that repeat, and what would be too large."""

    def __init__(self, pattern: str) -> None:
        self._states = [_State()]
        try:
            self._start = self._sequence(_parser.parse(pattern), 0, lambda part: part)
        except RecursionError as error:
            raise UnsuitableExpression("is nested too deeply") from error
        self._longest = _MAX_STEPS // len(self._states)

    def search(self, text: str) -> bool:
        """Whether the expression fits anywhere in the text; of a long one, in its beginning."""
        fits: dict[tuple[int, str], bool] = {}
        current: set[int] = set()
        for position in range(min(len(text), self._longest) + 1):
            current = self._reachable({*current, self._start}, text, position)
            if 0 in current:
                return True
            character = text[position : position + 1]
            current = {
                following
                for number in current
                for following in self._after(number, character, fits)
            }
        return False

    def _after(
        self, number: int, character: str, fits: dict[tuple[int, str], bool]
    ) -> Iterable[int]:
        state = self._states[number]
        if state.character is None:
            return ()
        key = (number, character)
        if key not in fits:
            fits[key] = state.character.match(character) is not None
        return state.next if fits[key] else ()

    def _reachable(self, numbers: set[int], text: str, position: int) -> set[int]:
        """The states and all that can be reached from them without another character."""
        waiting, found = list(numbers), set(numbers)
        while waiting:
            state = self._states[waiting.pop()]
            if state.character is not None:
                continue
            if state.place is not None and state.place.match(text, position) is None:
                continue
            for following in state.next:
                if following not in found:
                    found.add(following)
                    waiting.append(following)
        return found

    # -- building, from the end to the beginning; each returns the number of the first state -----

    def _add(self, state: _State) -> int:
        if len(self._states) >= _MAX_STATES:
            raise UnsuitableExpression("repeats too much")
        self._states.append(state)
        return len(self._states) - 1

    def _sequence(self, parsed: Any, following: int, within: Callable[[Any], Any]) -> int:
        for item in reversed(list(parsed)):
            following = self._item(parsed.state, item, following, within)
        return following

    def _item(self, state: Any, item: Any, following: int, within: Callable[[Any], Any]) -> int:
        operator, argument = item
        if operator in _ONE_CHARACTER:
            return self._add(_State([following], character=_leaf(state, item, within)))
        if operator in _LOOKS and not _repeats(item):
            return self._add(_State([following], place=_leaf(state, item, within)))
        if operator is _constants.BRANCH:
            ways = [self._sequence(way, following, within) for way in argument[1]]
            return self._add(_State(ways))
        if operator is _constants.SUBPATTERN:
            _, added, removed, inner = argument
            return self._sequence(inner, following, _scoped(state, added, removed, within))
        if operator in _REPEATS:
            return self._repeat(argument, following, within)
        raise UnsuitableExpression("refers back to what it has found, or keeps it")

    def _repeat(self, argument: Any, following: int, within: Callable[[Any], Any]) -> int:
        least, most, inner = argument
        first = following
        if most is _constants.MAXREPEAT:
            first = self._add(_State([following]))
            self._states[first].next.append(self._sequence(inner, first, within))
        else:
            for _ in range(most - least):
                first = self._add(_State([following, self._sequence(inner, first, within)]))
        for _ in range(least):
            first = self._sequence(inner, first, within)
        return first


def _leaf(state: Any, item: Any, within: Callable[[Any], Any]) -> re.Pattern[str]:
    """Python's own matcher for one character or place, with the flags that hold there."""
    compiled: re.Pattern[str] = _compiler.compile(within(_parser.SubPattern(state, [item])))
    return compiled


def _scoped(
    state: Any, added: int, removed: int, within: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    if not added and not removed:
        return within

    def scoped(part: Any) -> Any:
        group = (_constants.SUBPATTERN, (None, added, removed, part))
        return within(_parser.SubPattern(state, [group]))

    return scoped


def _repeats(item: Any) -> bool:
    """Whether a parsed item, or one in it, repeats or refers back."""
    if isinstance(item, (list, tuple, _parser.SubPattern)):
        return any(_repeats(part) for part in item)
    return item in (*_REPEATS, _constants.POSSESSIVE_REPEAT, _constants.GROUPREF)
