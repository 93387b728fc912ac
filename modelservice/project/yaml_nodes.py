"""Where the values of a YAML text stand in it: a tree of nodes with character offsets."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from yaml import nodes

_BREAK = re.compile(r"\r?\n")
# What an anchor, an alias or a tag begins with, where one may begin.
_MARKS = re.compile(r"(?:^|[\s\[{,:?-])[&*!]", re.MULTILINE)
# Line breaks of YAML 1.1 that an editor would not show as such; and a lone carriage return.
_ODD_BREAKS = re.compile("[\x85\u2028\u2029]|\r(?!\n)")


@dataclass(slots=True)
class Node:
    """`start` and `end` are offsets of the value; a block ends with its last line's content.

    `entries` are (key, key's start, value) of a map, `items` the values of a list.
    """

    start: int
    end: int
    column: int
    style: str
    entries: list[tuple[str, int, "Node"]] = field(default_factory=list)
    items: list["Node"] = field(default_factory=list)

    @property
    def is_block_map(self) -> bool:
        return self.style == "block map"

    @property
    def is_block_list(self) -> bool:
        return self.style == "block list"


class Source:
    """A text with its lines. `root` is None where it cannot be edited in place.

    That is so for aliases, anchors and tags, whose meaning an edit of one place would change, and
    for texts without a value.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        self.root = self._read()

    def line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset) - 1

    def line_start(self, line: int) -> int:
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def line(self, line: int) -> str:
        """Without its break."""
        return self.text[self._starts[line] : self.line_start(line + 1)].rstrip("\r\n")

    def line_end(self, offset: int) -> int:
        """Offset of the break that ends the line of `offset`, or of the text's end."""
        line = self.line_of(offset)
        return self._starts[line] + len(self.line(line))

    def before(self, offset: int) -> str:
        """What stands before `offset` in its line."""
        return self.text[self._starts[self.line_of(offset)] : offset]

    def comment_start(self, line: int, column: int) -> int:
        """The first of the comment lines right above `line` that are indented alike."""
        while line > 0:
            above = self.line(line - 1)
            stripped = above.lstrip(" ")
            if not stripped.startswith("#") or len(above) - len(stripped) != column:
                break
            line -= 1
        return line

    def _read(self) -> Node | None:
        if _ODD_BREAKS.search(self.text):
            return None
        try:
            if _MARKS.search(self.text) and any(map(_changes_elsewhere, self._events())):
                return None
            root = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            return None
        return None if root is None else self._node(root)

    def _events(self) -> Iterator[yaml.Event]:
        yield from yaml.parse(self.text, Loader=yaml.CSafeLoader)

    def _offset(self, mark: yaml.Mark) -> int:
        return self.line_start(mark.line) + mark.column

    def _node(self, node: nodes.Node) -> Node:
        start = self._offset(node.start_mark)
        made = Node(start, self._offset(node.end_mark), node.start_mark.column, "flow")
        if isinstance(node, nodes.ScalarNode):
            made.style = {"'": "single", '"': "double", "|": "block text", ">": "block text"}.get(
                node.style or "", "plain"
            )
            if made.style == "block text":
                made.end = self._content_end(made.end)
        elif isinstance(node, nodes.MappingNode):
            for key, value in node.value:
                name = key.value if isinstance(key, nodes.ScalarNode) else ""
                made.entries.append(
                    (name or "null", self._offset(key.start_mark), self._node(value))
                )
            if not node.flow_style:
                made.style = "block map"
                made.end = self._last_end(made.entries[-1][2])
        elif isinstance(node, nodes.SequenceNode):
            made.items = [self._node(item) for item in node.value]
            if not node.flow_style:
                made.style = "block list"
                made.end = self._last_end(made.items[-1])
        return made

    def _last_end(self, node: Node) -> int:
        return node.end

    def _content_end(self, offset: int) -> int:
        """The end of the last line with content before `offset`."""
        return len(self.text[:offset].rstrip())


def _changes_elsewhere(event: yaml.Event) -> bool:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        return True
    return getattr(event, "tag", None) is not None
