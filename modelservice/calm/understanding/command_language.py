"""The line languages in which language models write commands.

Version 1 looks like function calls (`SetSlot(size, big)`), versions 2 and 3 like short
sentences (`set slot size big`). Each line is tried against every form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from modelservice.calm.dialogue.commands import (
    CancelFlow,
    CannotHandle,
    ChitChat,
    Clarify,
    Command,
    Knowledge,
    Noop,
    RepeatBotMessages,
    SetSlot,
    SkipQuestion,
    StartFlow,
)

Version = Literal["v1", "v2", "v3"]
_NULL_WORDS = frozenset({"[missing information]", "[missing]", "none", "undefined", "null", ""})
_QUOTE = "[\"'`]?"
# What may stand before a sentence-like command: list marks, numbers, quotes.
_JUNK = r"^[\s\d\W_]*"


@dataclass(frozen=True, slots=True)
class _Form:
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Command]


def _value(text: str) -> str | None:
    trimmed = text.strip().strip("\"'`").strip()
    return None if trimmed.casefold() in _NULL_WORDS else trimmed


def _set_slot(match: re.Match[str]) -> Command:
    value = _value(match[2])
    if match[1] == "flow_name" and value is not None:
        return StartFlow(value)
    return SetSlot(match[1], value)


def _clarify(match: re.Match[str]) -> Command:
    return Clarify(tuple(sorted(set(re.findall(r"[A-Za-z0-9_-]+", match[1])))))


def _word_form(pattern: str, command: type[Command]) -> _Form:
    return _Form(re.compile(pattern), lambda _: command())


def _call_form(name: str, command: type[Command]) -> _Form:
    return _word_form(rf"{name}\(\)", command)


def _sentence_form(words: str, command: type[Command]) -> _Form:
    return _word_form(rf"{_JUNK}{words}[\"'`]*\s*$", command)


# The order within a version is the order in which the commands of one line come out.
_CALLS = (
    _Form(
        re.compile(rf"SetSlot\({_QUOTE}([A-Za-z_][\w-]*){_QUOTE}\s*,\s*(.*)\)"),
        _set_slot,
    ),
    _Form(re.compile(rf"StartFlow\({_QUOTE}([\w-]+){_QUOTE}\)"), lambda m: StartFlow(m[1])),
    _call_form("CancelFlow", CancelFlow),
    _Form(re.compile(r"Clarify\(([^)]*)\)"), _clarify),
    _call_form("ChitChat", ChitChat),
    _call_form("SearchAndReply", Knowledge),
    _call_form("SkipQuestion", SkipQuestion),
    _call_form("RepeatLastBotMessages", RepeatBotMessages),
    _call_form("CannotHandle", CannotHandle),
    _call_form("ChangeFlow", Noop),
)


_NAME = rf"{_QUOTE}([A-Za-z_][\w-]*){_QUOTE}"
_SENTENCES = (
    _Form(re.compile(rf"{_JUNK}set slot {_NAME}\s+(.*?)[^\w\]]*$"), _set_slot),
    _Form(re.compile(rf"{_JUNK}start flow {_QUOTE}([\w-]+)"), lambda m: StartFlow(m[1])),
    _sentence_form("cancel flow", CancelFlow),
    _Form(re.compile(rf"{_JUNK}disambiguate flows(.*)$"), _clarify),
    _sentence_form("offtopic reply", ChitChat),
    # Version 2 has the first, version 3 the second.
    _sentence_form("(?:provide info|search and reply)", Knowledge),
    _sentence_form("skip question", SkipQuestion),
    _sentence_form("repeat message", RepeatBotMessages),
)


# A prompt of a project's own may be made from the runtime's, which asks for sentences, whatever
# the component is; answers in calls are none of them.
_FORMS: dict[Version, tuple[_Form, ...]] = {
    "v1": (*_CALLS, *_SENTENCES),
    "v2": _SENTENCES,
    "v3": _SENTENCES,
}


def read_commands(text: str, *, version: Version, flows: Collection[str]) -> list[Command]:
    """The commands of a model's answer; `flows` are the ids that may be named.

    An answer without any readable command is a cannot-handle.
    """
    found = [command for line in text.splitlines() for command in _of_line(line, _FORMS[version])]
    known = list(_with_known_flows(found, flows))
    return known or [CannotHandle()]


def _of_line(line: str, forms: Iterable[_Form]) -> list[Command]:
    matches = [(form, form.pattern.search(line)) for form in forms]
    return [form.build(match) for form, match in matches if match is not None]


def _with_known_flows(commands: list[Command], flows: Collection[str]) -> Iterable[Command]:
    for command in commands:
        if isinstance(command, Clarify):
            options = tuple(option for option in command.options if option in flows)
            yield StartFlow(options[0]) if len(options) == 1 else Clarify(options)
        elif not isinstance(command, StartFlow) or command.flow in flows:
            yield command
