"""Carries an edit of values into the YAML text that they stand in.

Lines that the edit does not concern stay as they are, with their comments, quotes and layout.
"""

import json
from typing import Any

from modelservice.project.alignment import align
from modelservice.project.yaml_nodes import Node, Source
from modelservice.project.yaml_writer import to_yaml


def edited(text: str, before: Any, after: Any) -> str | None:
    """`text` means `before`; the returned text means `after`.

    None where the text cannot be edited in place (see `Source`); the caller writes it anew then.
    The caller also has to read the result: texts with odd layouts may come out wrong.
    """
    source = Source(text)
    if source.root is None:
        return None
    edit = _Edit(source)
    try:
        edit.value(source.root, before, after)
        return edit.result()
    except _NotInPlace:
        return None


def with_key(text: str, key: str) -> str | None:
    """The text of one entry of a map, below one section, with this key instead of its own.

    None where it is not such a text, or its key is written in another way than plainly.
    """
    source = Source(text)
    root = source.root
    holder = root.entries[0][2] if root is not None and root.entries else None
    if holder is None or len(holder.entries) != 1:
        return None
    old, start, _value = holder.entries[0]
    if not text.startswith(f"{old}:", start):
        return None
    return text[:start] + _inline(key) + text[start + len(old) :]


class _NotInPlace(Exception):
    """The root itself would have to be written anew."""


class _Edit:
    def __init__(self, source: Source) -> None:
        self._source = source
        # (start, end, text): non-overlapping; insertions at one place in the order of making.
        self._changes: list[tuple[int, int, str]] = []

    def result(self) -> str:
        text = self._source.text
        line_break = "\r\n" if "\r\n" in text else "\n"
        order = sorted(range(len(self._changes)), key=lambda n: (self._changes[n][:2], n))
        parts: list[str] = []
        done = 0
        for number in order:
            start, end, new = self._changes[number]
            if start < done:
                raise _NotInPlace
            parts.extend((text[done:start], new.replace("\n", line_break)))
            done = end
        return "".join((*parts, text[done:]))

    def value(self, node: Node, before: Any, after: Any) -> None:
        """Edit inside `node`; :raises _NotInPlace: it has to be written anew as a whole"""
        if _strictly_same(before, after):
            return
        if node.is_block_map and isinstance(after, dict) and after and isinstance(before, dict):
            self._map(node, before, after)
        elif node.is_block_list and isinstance(after, list) and after and isinstance(before, list):
            self._list(node, before, after)
        else:
            self._inline_value(node, after)

    def _inline_value(self, node: Node, after: Any) -> None:
        """A value on its line, in place of one on its line, in the quotes that it had."""
        if node.style in {"block map", "block list", "block text"}:
            raise _NotInPlace
        if node.style == "flow":
            new = _one_line(to_yaml(after, flow=True))
        elif isinstance(after, str) and "\n" not in after and node.style in {"single", "double"}:
            new = _quoted(after, node.style)
        elif isinstance(after, (dict, list)) and after:
            raise _NotInPlace
        else:
            new = _inline(after)
        old = self._source.text[node.start : node.end]
        if "\n" in new or "\n" in old:
            raise _NotInPlace
        space = " " if node.start == node.end else ""
        self._changes.append((node.start, node.end, space + new))

    def _map(self, node: Node, before: dict[str, Any], after: dict[str, Any]) -> None:
        names = [name for name, _start, _node in node.entries]
        kept = [name for name in names if name in after]
        if names != list(before) or not kept or kept != [name for name in after if name in before]:
            raise _NotInPlace
        self._remove_keys(node, after)
        places = {name: (start, value) for name, start, value in node.entries}
        previous: int | None = None
        for name, value in after.items():
            if name not in places:
                self._add_key(node, places[kept[0]][0], previous, name, value)
                continue
            start, child = places[name]
            self._entry(start, child, name, before[name], value)
            previous = child.end

    def _entry(self, start: int, child: Node, name: str, before: Any, after: Any) -> None:
        made = len(self._changes)
        try:
            self.value(child, before, after)
        except _NotInPlace:
            del self._changes[made:]
            column = start - self._source.line_start(self._source.line_of(start))
            new = _indented(to_yaml({name: after}), column)
            self._changes.append((start, max(child.end, start), new))

    def _remove_keys(self, node: Node, after: dict[str, Any]) -> None:
        for name, start, child in node.entries:
            if name not in after:
                self._remove_lines(start, child.end)

    def _remove_lines(self, start: int, end: int) -> None:
        source = self._source
        if source.before(start).strip():
            raise _NotInPlace  # it shares its first line with the dash of a list
        line = source.line_of(start)
        first = source.comment_start(line, len(source.before(start)))
        self._changes.append(
            (source.line_start(first), source.line_start(source.line_of(end) + 1), "")
        )

    def _add_key(self, node: Node, first: int, previous: int | None, name: str, value: Any) -> None:
        column = first - self._source.line_start(self._source.line_of(first))
        new = _indented(to_yaml({name: value}), column)
        if previous is None:
            self._changes.append((first, first, f"{new}\n{' ' * column}"))
        else:
            self._insert_after(previous, " " * column + new)

    def _insert_after(self, offset: int, new: str) -> None:
        """Lines below the line of `offset`."""
        end = self._source.line_end(offset)
        self._changes.append((end, end, "\n" + new))

    def _list(self, node: Node, before: list[Any], after: list[Any]) -> None:
        # The only entry of a list is the same one, however much of it is new.
        pairs = {0: 0} if len(before) == len(after) == 1 else align(before, after)
        order = [pairs[index] for index in sorted(pairs)]
        if len(node.items) != len(before) or not pairs or order != sorted(order):
            raise _NotInPlace
        for index, item in enumerate(node.items):
            if index not in pairs:
                self._remove_lines(self._dash(node, item), item.end)
        paired = {other: one for one, other in pairs.items()}
        first = self._dash(node, node.items[min(pairs)])
        previous: int | None = None
        for index, value in enumerate(after):
            if index not in paired:
                self._add_item(node, first, previous, value)
                continue
            item = node.items[paired[index]]
            self._item(self._dash(node, item), item, before[paired[index]], value)
            previous = item.end

    def _item(self, dash: int, item: Node, before: Any, after: Any) -> None:
        made = len(self._changes)
        try:
            self.value(item, before, after)
        except _NotInPlace:
            del self._changes[made:]
            column = dash - self._source.line_start(self._source.line_of(dash))
            new = _indented(to_yaml([after]), column)
            self._changes.append((dash, max(item.end, dash + 1), new))

    def _add_item(self, node: Node, first: int, previous: int | None, value: Any) -> None:
        new = _indented(to_yaml([value]), node.column)
        if previous is None:
            self._changes.append((first, first, f"{new}\n{' ' * node.column}"))
        else:
            self._insert_after(previous, " " * node.column + new)

    def _dash(self, node: Node, item: Node) -> int:
        """Offset of the dash that begins an entry of a list."""
        line = self._source.line_of(item.start)
        while line >= 0:
            text = self._source.line(line)
            if text[node.column : node.column + 1] == "-":
                return self._source.line_start(line) + node.column
            line -= 1
        raise _NotInPlace


def _strictly_same(one: Any, other: Any) -> bool:
    """The order of keys counts: an export keeps it."""
    return json.dumps(one, ensure_ascii=False) == json.dumps(other, ensure_ascii=False)


def _indented(text: str, column: int) -> str:
    """Every line but the first one moved to the right; without the last break."""
    first, *others = text.rstrip("\n").split("\n")
    return "\n".join((first, *(" " * column + line if line else line for line in others)))


def _inline(value: Any) -> str:
    return _one_line(to_yaml(value))


def _one_line(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\n...")


def _quoted(text: str, style: str) -> str:
    if style == "single":
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return json.dumps(text, ensure_ascii=False)
