"""YAML to JSON values, with line numbers, on input that nobody vouches for.

Values are built from libyaml's event stream rather than by PyYAML's loader: its composer recurses
in C (deep nesting ends the process), expands aliases without limit and lets the last of two equal
keys win.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml
from yaml import events

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.scalars import plain_value

MAX_DEPTH = 100
MAX_ALIASED_VALUES = 100_000
MAX_TEXT = 200_000
_MERGE_KEY = "<<"
_STRING_TAGS = {"!", "tag:yaml.org,2002:str"}
_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = {f"{_CORE}{name}" for name in ("null", "bool", "int", "float")}
_COLLECTION_TAGS = {None, "!", f"{_CORE}map", f"{_CORE}seq"}

Path = tuple[str | int, ...]


class Located(dict[str, Any]):
    """A map that knows the line (from 1) that it begins in."""

    line: int = 0


def line_of(value: object) -> int | None:
    """The line of a map that was read with `located`, else None."""
    return value.line if isinstance(value, Located) else None


@dataclass(slots=True)
class Document:
    """A parsed file. `line_of` finds the line of any value in it."""

    value: Any
    warnings: list[Finding] = field(default_factory=list)
    _lines: dict[int, dict[str | int, int]] = field(default_factory=dict)

    def line_of(self, path: Path) -> int:
        """Line of the key or list entry at `path`, or of its nearest parent that exists."""
        line, value = 1, self.value
        for part in path:
            try:
                line = self._lines[id(value)][part]
                value = value[part]
            except (KeyError, IndexError, TypeError):
                break
        return line


@dataclass(slots=True)
class _Open:
    """A map or list whose end has not been read yet."""

    value: dict[str, Any] | list[Any]
    lines: dict[str | int, int]
    anchor: str | None
    line: int
    key: str | None = None
    has_key: bool = False
    size: int = 1
    merged: set[str] = field(default_factory=set)


def parse_yaml(text: str, file: str, *, located: bool = False) -> Document:
    """Maps are `Located` if `located`.

    :raises ProjectError: naming file and line, for anything but one YAML document
    """
    return _Builder(file, located=located).build(text)


class _Builder:
    def __init__(self, file: str, *, located: bool) -> None:
        self._file = file
        self._located = located
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._aliased = 0
        self._documents = 0
        self._document = Document(value=None)

    def build(self, text: str) -> Document:
        try:
            for event in self._events(text):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = " ".join(part for part in (error.problem, error.context) if part)
            self._fail(f"This is not valid YAML: {reason}.", (mark.line if mark else 0) + 1)
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self._fail(f"A character is not allowed in YAML: {error.reason}.", line)
        return self._document

    @staticmethod
    def _events(text: str) -> Iterator[events.Event]:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)

    def _take(self, event: events.Event) -> None:
        line = _line(event)
        if isinstance(event, events.ScalarEvent):
            self._scalar(event, line)
        elif isinstance(event, events.MappingStartEvent):
            self._start(self._map(line), event, line)
        elif isinstance(event, events.SequenceStartEvent):
            self._start([], event, line)
        elif isinstance(event, events.CollectionEndEvent):
            self._end()
        elif isinstance(event, events.AliasEvent):
            self._alias(str(event.anchor), line)
        elif isinstance(event, events.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._fail("Only one YAML document may be in a file.", line)

    def _scalar(self, event: events.ScalarEvent, line: int) -> None:
        if len(event.value) > MAX_TEXT:
            self._fail(
                f"This text has {len(event.value):,} characters; at most {MAX_TEXT:,} are allowed.",
                line,
            )
        if "\0" in event.value:
            self._fail("A text cannot hold the character NUL.", line)
        top = self._open[-1] if self._open else None
        is_key = top is not None and isinstance(top.value, dict) and not top.has_key
        plain = event.implicit[0]
        if not plain and event.tag is not None and event.tag not in _STRING_TAGS:
            if event.tag not in _PLAIN_TAGS:
                self._fail(f"The tag {event.tag} means nothing here.", line)
            plain = True
        value = plain_value(event.value) if plain else event.value
        if top is not None and is_key:
            self._key(top, value, event.value, line)
            return
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._add(value, 1, line)

    def _key(self, top: _Open, value: Any, text: str, line: int) -> None:
        key = value if isinstance(value, str) else text or "null"
        top.key, top.has_key = key, True
        if not isinstance(value, str):
            message = f"The key {key} is not a text; it is read as the text “{key}”."
            self._document.warnings.append(Finding(message, self._file, line, self._item()))
        if key in top.value and key not in top.merged:
            first = top.lines[key]
            self._fail(f"“{key}” is written twice; the first one is in line {first}.", line)
        top.merged.discard(key)
        if key != _MERGE_KEY:
            top.lines[key] = line

    def _map(self, line: int) -> dict[str, Any]:
        if not self._located:
            return {}
        located = Located()
        located.line = line
        return located

    def _start(
        self, value: dict[str, Any] | list[Any], event: events.CollectionStartEvent, line: int
    ) -> None:
        if event.tag not in _COLLECTION_TAGS:
            self._fail(f"The tag {event.tag} means nothing here.", line)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and not top.has_key:
            self._fail("A list or a map cannot be a key here.", line)
        if len(self._open) >= MAX_DEPTH:
            self._fail(f"This is nested more than {MAX_DEPTH} levels deep.", line)
        self._open.append(_Open(value=value, lines={}, anchor=event.anchor, line=line))

    def _end(self) -> None:
        done = self._open.pop()
        self._document._lines[id(done.value)] = done.lines
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.size)
        self._add(done.value, done.size, done.line)

    def _alias(self, name: str, line: int) -> None:
        if name not in self._anchors:
            self._fail(f"*{name} stands for something that is not written above it.", line)
        value, size = self._anchors[name]
        self._aliased += size
        if self._aliased > MAX_ALIASED_VALUES:
            self._fail("Aliases (*name) make this file far too large.", line)
        top = self._open[-1] if self._open else None
        if top is not None and isinstance(top.value, dict) and not top.has_key:
            self._key(top, value, str(value), line)
            return
        self._add(value, size, line)

    def _add(self, value: Any, size: int, line: int) -> None:
        if not self._open:
            self._document.value = value
            return
        top = self._open[-1]
        top.size += size
        if isinstance(top.value, list):
            top.lines[len(top.value)] = line
            top.value.append(value)
            return
        if top.key == _MERGE_KEY:
            self._merge(top, value, line)
        else:
            top.value[str(top.key)] = value
        top.has_key = False

    def _merge(self, top: _Open, value: Any, line: int) -> None:
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            self._fail("<< takes a map, or a list of maps.", line)
        assert isinstance(top.value, dict)  # noqa: S101  a key was read, so this is a map
        for source in sources:
            for key, entry in source.items():
                if key not in top.value:
                    top.value[key] = entry
                    top.lines[key] = line
                    top.merged.add(key)

    def _item(self) -> str | None:
        """Name of the flow, response … that is being read: the second key from the outside."""
        names = [opened.key for opened in self._open if isinstance(opened.value, dict)]
        return names[1] if len(names) > 1 else None

    def _fail(self, message: str, line: int) -> NoReturn:
        raise ProjectError(Finding(message, self._file, line, self._item()))


def _line(event: events.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
