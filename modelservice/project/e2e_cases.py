"""The end-to-end test cases of a file, each edited without touching the rest of its text.

A case is known by its place in the list: names may be there twice.
"""

import json
from dataclasses import dataclass
from typing import Any

from modelservice.project.e2e_shape import case_problem
from modelservice.project.errors import Finding, ProjectError
from modelservice.project.file_roles import TEST_CASES, cases_in
from modelservice.project.yaml_edit import edited
from modelservice.project.yaml_nodes import Node, Source
from modelservice.project.yaml_reader import Document, Located, line_of, parse_yaml
from modelservice.project.yaml_writer import to_yaml

_STUBS = "stub_custom_actions"
_INDENT = 2
_NOT_IN_PLACE = (
    "The tests of this file are not written as a plain list (they use anchors, or brackets): edit"
    " it on the page Files."
)


@dataclass(frozen=True, slots=True)
class Case:
    """`problem` says why the runner could not read it."""

    place: int
    name: str
    body: Any
    line: int | None
    problem: str | None


def read_cases(text: str, path: str) -> list[Case] | None:
    """None where the file holds no tests.

    :raises ProjectError: it is no YAML, or its `test_cases` are no list
    """
    cases = cases_in(parse_yaml(text, path, located=True).value)
    if cases is None:
        return None
    if not isinstance(cases, list):
        raise ProjectError(Finding(f"“{TEST_CASES}” must be a list.", path, 1))
    return [_case(place, body) for place, body in enumerate(cases)]


def _case(place: int, body: Any) -> Case:
    problem = case_problem(body)
    name = body.get("test_case") if isinstance(body, Located) else None
    said = None if problem is None else problem[0]
    return Case(place, "" if name is None else str(name), body, line_of(body), said)


def case_of_text(text: str, path: str) -> dict[str, Any]:
    """The test case that an author wrote as YAML.

    :raises ProjectError: with the line in this text
    """
    document = parse_yaml(text, path, located=True)
    problem = case_problem(document.value)
    if problem is not None:
        line = problem[1] or _line_of_step(document)
        raise ProjectError(Finding(f"This is not a test yet: {problem[0]}.", path, line))
    return dict(document.value)


def _line_of_step(document: Document) -> int:
    """Of the first one that is no map, and so knows no line of its own."""
    steps = document.value.get("steps") if isinstance(document.value, dict) else None
    for place, step in enumerate(steps if isinstance(steps, list) else []):
        if not isinstance(step, dict):
            return document.line_of(("steps", place))
    return 1


def checked_body(body: Any, path: str) -> dict[str, Any]:
    """:raises ProjectError: the runner could not read this test case"""
    problem = case_problem(body)
    if problem is not None:
        raise ProjectError(Finding(f"This is not a test yet: {problem[0]}.", path, 1))
    return dict(body)


def case_text(text: str, place: int) -> str:
    """The lines of one case, with the comment above it, as YAML of its own."""
    return _Cases(text).text_of(place)


def with_case(text: str, path: str, place: int, new: str) -> str:
    """`new` is the YAML of the case that takes this one's place."""
    cases = _Cases(text)
    if cases.text_of(place) == new:
        return text
    return _proven(text, cases.replaced(place, new), path, place, new, added=0)


def with_body(text: str, path: str, place: int, body: Any) -> str:
    """The same with the values of the case; of its lines those stay that mean what they meant."""
    old = case_text(text, place)
    before = parse_yaml(old, path).value
    new = edited(old, before, body)
    if new is None or not _means(new, path, body):
        new = to_yaml(body)
    return with_case(text, path, place, new)


def _means(text: str, path: str, body: Any) -> bool:
    try:
        return _same(parse_yaml(text, path).value, body)
    except ProjectError:
        return False


def renamed(text: str, path: str, place: int, name: str) -> str:
    """A case with another name; stubs of actions that are for it alone follow."""
    content = parse_yaml(text, path).value
    old = str(content[TEST_CASES][place]["test_case"])
    body = {**content[TEST_CASES][place], "test_case": name}
    after = with_body(text, path, place, body)
    stubs = content.get(_STUBS)
    if not isinstance(stubs, dict):
        return after
    changed = {_of_case(key, old, name): answer for key, answer in stubs.items()}
    before = parse_yaml(after, path).value
    wanted = {**before, _STUBS: changed}
    return edited(after, before, wanted) or after


def _of_case(stub: str, old: str, new: str) -> str:
    """`case::action`, where blanks may be underscores."""
    case, separator, action = stub.rpartition("::")
    is_it = separator and case.replace(" ", "_") == old.replace(" ", "_")
    return f"{new.replace(' ', '_')}::{action}" if is_it else stub


def with_new_case(text: str | None, path: str, new: str, place: int | None = None) -> str:
    """One more case, at the end or at `place`; `text` None makes the file."""
    if text is None or not text.strip():
        text = f"{TEST_CASES}: []\n"
    cases = _Cases(text)
    at = cases.count if place is None else min(place, cases.count)
    return _proven(text, cases.with_new(at, new), path, at, new, added=1)


def without_case(text: str, path: str, place: int) -> str:
    result = _Cases(text).without(place)
    before, after = _values(text, path), _values(result, path)
    if _same(before[:place] + before[place + 1 :], after):
        return result
    raise ProjectError(Finding(_NOT_IN_PLACE, path, 1))


def _proven(text: str, result: str, path: str, place: int, new: str, *, added: int) -> str:
    """`result`, if it is read as `text` with the one case changed and nothing else."""
    before, after = _values(text, path), _values(result, path)
    wanted = parse_yaml(new, path).value
    if _same([*before[:place], wanted, *before[place + 1 - added :]], after):
        return result
    raise ProjectError(Finding(_NOT_IN_PLACE, path, 1))


def _values(text: str, path: str) -> list[Any]:
    return list(cases_in(parse_yaml(text, path).value) or [])


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one) == json.dumps(other)


class _Cases:
    """The text of a file with the nodes of its cases."""

    def __init__(self, text: str) -> None:
        self._source = Source(text)
        self._node = self._list()
        self.count = len(self._node.items)

    def _list(self) -> Node:
        root = self._source.root
        entries = root.entries if root is not None and root.is_block_map else []
        found = next((node for name, _start, node in entries if name == TEST_CASES), None)
        if found is None or (found.items and not found.is_block_list):
            raise ProjectError(Finding(_NOT_IN_PLACE, None, 1))
        return found

    def text_of(self, place: int) -> str:
        item = self._item(place)
        first, dash, last = self._lines(item)
        column = self._node.column
        comments = [self._source.line(line)[column:] for line in range(first, dash)]
        lines = [self._source.line(line) for line in range(dash, last + 1)]
        lines[0] = lines[0].replace("-", " ", 1)
        own = [_dedented(line, item.column) for line in lines]
        return "".join(f"{line}\n" for line in [*comments, *own])

    def replaced(self, place: int, new: str) -> str:
        item = self._item(place)
        first, dash, last = self._lines(item)
        same_line = self._source.line_of(item.start) == dash
        indent = item.column - self._node.column if same_line else _INDENT
        return self._spliced(first, last + 1, self._written(new, indent))

    def with_new(self, place: int, new: str) -> str:
        items = self._node.items
        if not items:
            return self._first_item(new)
        gap = [""] if self.count == 1 or self._has_gaps() else []
        lines = self._written(new, _INDENT)
        if place < self.count:
            first = self._lines(items[place])[0]
            return self._spliced(first, first, [*lines, *gap])
        after = self._lines(items[-1])[2] + 1
        return self._spliced(after, after, [*gap, *lines])

    def without(self, place: int) -> str:
        first, _dash, last = self._lines(self._item(place))
        if self.count == 1:
            node, text = self._node, self._source.text
            begin = self._source.line_of(text.rindex(TEST_CASES, 0, node.start))
            head = [*map(self._source.line, range(begin, first))]
            head[0] = head[0].replace(":", ": []", 1)
            return self._spliced(begin, last + 1, head)
        end = last + 1
        if place < self.count - 1:  # the lines between this one and the next
            end = self._lines(self._node.items[place + 1])[0]
        else:
            while first > 0 and not self._source.line(first - 1).strip():
                first -= 1
        return self._spliced(first, end, [])

    def _item(self, place: int) -> Node:
        if not 0 <= place < self.count:
            raise ProjectError(Finding("There is no such test in the file.", None, 1))
        return self._node.items[place]

    def _lines(self, item: Node) -> tuple[int, int, int]:
        """Numbers of the first line of its comment, of its dash, and of its last line."""
        column = self._node.column
        dash = self._source.line_of(item.start)
        while self._source.line(dash)[column : column + 1] != "-":
            if dash == 0:
                raise ProjectError(Finding(_NOT_IN_PLACE, None, 1))
            dash -= 1
        last = self._source.line_of(max(item.end, item.start))
        return self._source.comment_start(dash, column), dash, last

    def _written(self, new: str, indent: int) -> list[str]:
        """The lines of a case of the list."""
        column, written, is_open = " " * self._node.column, [], False
        for line in new.replace("\r\n", "\n").rstrip().split("\n"):
            if not is_open and (not line.strip() or line.startswith("#")):
                written.append(f"{column}{line}".rstrip())
                continue
            head = " " * indent if is_open else "-" + " " * (indent - 1)
            written.append(f"{column}{head}{line}" if line.strip() else line)
            is_open = True
        return written

    def _has_gaps(self) -> bool:
        first = self._lines(self._node.items[1])[0]
        return first > 0 and not self._source.line(first - 1).strip()

    def _first_item(self, new: str) -> str:
        """In place of the empty list, or of nothing."""
        source, node = self._source, self._node
        node.column = _INDENT
        line = source.line_of(node.start)
        start = source.line_start(line)
        text = source.line(line)
        kept = text[: node.start - start].rstrip() + text[node.end - start :]
        return self._spliced(line, line + 1, [kept, *self._written(new, _INDENT)])

    def _spliced(self, first: int, end: int, lines: list[str]) -> str:
        """The text with these lines in the place of those from `first` up to `end`."""
        text = self._source.text
        line_break = "\r\n" if "\r\n" in text else "\n"
        head, tail = text[: self._source.line_start(first)], text[self._source.line_start(end) :]
        if head and not head.endswith("\n"):
            head += line_break
        return head + "".join(f"{line}{line_break}" for line in lines) + tail


def _dedented(line: str, column: int) -> str:
    blanks = len(line) - len(line.lstrip(" "))
    return line[min(column, blanks) :]
