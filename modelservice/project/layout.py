"""A project file as lines of its own and the texts of its items, so that an export of one edited
item leaves the rest of the file as it is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from modelservice.project.errors import ProjectError
from modelservice.project.items import ItemReader
from modelservice.project.model import (
    MAP_SECTIONS,
    NAME_LIST_SECTIONS,
    NLU_SECTION,
    SECTION_OF_KIND,
    Item,
    Kind,
)
from modelservice.project.yaml_edit import edited, with_key
from modelservice.project.yaml_nodes import Node, Source
from modelservice.project.yaml_reader import Path, parse_yaml
from modelservice.project.yaml_writer import to_yaml

Identity = tuple[str, str]
# A literal text, or (kind, key) of the item whose text stands there.
Segment = str | Identity
_BYTE_ORDER_MARK = "\ufeff"


def split(text: str, places: Mapping[Path, Identity]) -> tuple[list[Segment], dict[Identity, str]]:
    """The segments of a file and the text of each item in it.

    `places` tells which item was read at (section, index or key), or at (section,) where the item
    is a whole section. A file that cannot be split is one literal segment.
    """
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    source = Source(text.removeprefix(mark))
    regions = _regions(source, places)
    if regions is None:
        return [text], {}
    segments: list[Segment] = []
    texts: dict[Identity, str] = {}
    done = 0
    for start, end, identity in regions:
        if start < done or identity in texts:
            return [text], {}
        if start > done:
            segments.append(source.text[done:start])
        segments.append(identity)
        texts[identity] = source.text[start:end]
        done = end
    segments.append(source.text[done:])
    if mark:
        segments.insert(0, mark)
    return [segment for segment in segments if segment], texts


def _regions(
    source: Source, places: Mapping[Path, Identity]
) -> list[tuple[int, int, Identity]] | None:
    if source.root is None or not source.root.is_block_map:
        return None
    found = []
    for name, start, node in source.root.entries:
        for place, offset, value in _entries(source, name, start, node):
            identity = places.get(place)
            if identity is None:
                continue
            if source.before(offset).strip():
                return None
            line = source.comment_start(source.line_of(offset), len(source.before(offset)))
            end = source.line_start(source.line_of(max(value.end, offset)) + 1)
            found.append((source.line_start(line), end, identity))
    return None if len(found) != len(places) else found


def _entries(source: Source, name: str, start: int, node: Node) -> list[tuple[Path, int, Node]]:
    """(place, offset of the key or dash, value) of what may be an item."""
    if name in MAP_SECTIONS and node.is_block_map:
        return [((name, key), offset, value) for key, offset, value in node.entries]
    if (name in NAME_LIST_SECTIONS or name == NLU_SECTION) and node.is_block_list:
        dashes = []
        for index, item in enumerate(node.items):
            line = source.line_of(item.start)
            while source.line(line)[node.column : node.column + 1] != "-":
                line -= 1
            dashes.append(((name, index), source.line_start(line) + node.column, item))
        return dashes  # type: ignore[return-value]  # a path of a name and a number
    return [((name,), start, node)]


def joined(segments: Sequence[Segment], texts: Mapping[Identity, str]) -> str:
    """The file of these segments; items without a text are left out."""
    return "".join(
        segment if isinstance(segment, str) else texts.get(segment, "") for segment in segments
    )


def placed(segments: Sequence[Segment], texts: Mapping[Identity, str], new: Sequence[Item]) -> str:
    """The file with `new` items put behind the last one of their section, or at its end."""
    waiting: dict[str, list[Item]] = {}
    for item in new:
        waiting.setdefault(section_of(item.kind.value, item.key), []).append(item)
    behind = {}
    for number, segment in enumerate(segments):
        if not isinstance(segment, str) and segment in texts:
            behind[section_of(*segment)] = number
    parts = []
    for number, segment in enumerate(segments):
        part = segment if isinstance(segment, str) else texts.get(segment, "")
        parts.append(part)
        if isinstance(segment, str):
            continue
        section = section_of(*segment)
        if behind.get(section) == number and section in waiting:
            parts[-1] = _ended(part)
            indent = len(part.lstrip("\r\n")) and _indent_of(part)
            parts.extend(_shifted(fresh_text(item), indent) for item in waiting.pop(section))
    text = "".join(parts)
    for section, items in waiting.items():
        text = _ended(text) + _new_section(section, items)
    return text


def section_of(kind: str, key: str) -> str:
    return SECTION_OF_KIND.get(Kind(kind)) or key.rsplit("#", 1)[-1]


def sections_of(items: Sequence[Item]) -> dict[str, Any]:
    """The items by the top-level key that they stand under, as YAML has them."""
    document: dict[str, Any] = {}
    for item in sorted(items, key=lambda item: item.position):
        name = section_of(item.kind.value, item.key)
        if name in MAP_SECTIONS:
            document.setdefault(name, {})[item.key] = item.body
        elif name in NAME_LIST_SECTIONS:
            entry = item.key if item.body is None else {item.key: item.body}
            document.setdefault(name, []).append(entry)
        elif item.kind is Kind.NLU:
            document.setdefault(name, []).append(item.body)
        else:
            document[name] = item.body
    return document


def fresh_text(item: Item) -> str:
    """The text of an item that has none, as an entry of a section without indentation."""
    document = sections_of([item])
    if item.kind is Kind.SECTION:
        return to_yaml(document)
    [entries] = document.values()
    return to_yaml(entries)


def carried(text: str, before: Item, after: Item) -> str:
    """The text of an item after an edit, made from the text before it.

    Written anew, at its indentation, where the edit cannot be carried.
    """
    whole: str | None = text if before.kind is Kind.SECTION else _wrapped(before, text)
    if whole is not None and section_of(before.kind.value, before.key) in MAP_SECTIONS:
        # It may have got another name since.
        whole = with_key(whole, after.key)
    one = sections_of([replace(before, key=after.key)])
    other = sections_of([after])
    result = edited(whole, one, other) if whole else None
    if result is not None and _reads_as(result, other):
        return result if before.kind is Kind.SECTION else result.split("\n", 1)[1]
    return _shifted(fresh_text(after), _indent_of(text))


def _in_order(value: Any) -> str:
    """Equal texts for equal values with their keys in one order."""
    return json.dumps(value, ensure_ascii=False)


def _wrapped(item: Item, text: str) -> str:
    return f"{section_of(item.kind.value, item.key)}:\n{text}"


def _reads_as(text: str, document: dict[str, Any]) -> bool:
    try:
        return _in_order(parse_yaml(text, "").value) == _in_order(document)
    except ProjectError:
        return False


def reads_as_items(text: str, path: str, items: Sequence[Item]) -> bool:
    """Whether an import of this file would find exactly these items, in this order."""
    try:
        document = parse_yaml(text.removeprefix(_BYTE_ORDER_MARK), path)
    except ProjectError:
        return False
    reader = ItemReader()
    for name, value in (document.value or {}).items():
        if name != "version" and value:
            reader.read_section(path, document, name)
    found = [(item.identity, item.body) for item in reader.items]
    wanted = [(item.identity, item.body) for item in items]
    return not reader.errors and _by_section(found) == _by_section(wanted)


def _by_section(pairs: list[tuple[Identity, Any]]) -> dict[str, list[tuple[str, Any]]]:
    sections: dict[str, list[tuple[str, Any]]] = {}
    for (kind, key), body in pairs:
        name = "" if kind == Kind.NLU else key
        sections.setdefault(section_of(kind, key), []).append((name, body))
    return sections


def _new_section(section: str, items: Sequence[Item]) -> str:
    return to_yaml({section: sections_of(items)[section]})


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _indent_of(text: str) -> int:
    line = next((line for line in text.split("\n") if line.strip()), "")
    return len(line) - len(line.lstrip(" "))


def _shifted(text: str, indent: int) -> str:
    return "".join(
        " " * indent + line if line.strip() else line for line in text.splitlines(keepends=True)
    )
