"""From the sections of project files to items."""

from dataclasses import dataclass
from typing import Any

from modelservice.project.errors import Finding
from modelservice.project.model import (
    MAP_SECTIONS,
    NAME_LIST_SECTIONS,
    NLU_SECTION,
    Item,
    Kind,
    flow_kind,
)
from modelservice.project.structure import check_item, steps_of, unknown_keys
from modelservice.project.yaml_reader import Document, Path

_UNIQUE = {Kind.FLOW, Kind.SYSTEM_FLOW, Kind.RESPONSE, Kind.SLOT, Kind.PROMPT}
_NLU_NAMES = ("intent", "synonym", "regex", "lookup")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is written: `path` in the document of a file."""

    file: str
    document: Document
    path: Path

    def line_of(self, pointer: str | None) -> int:
        """Line of what a JSON pointer into the item's body names, or of what holds it."""
        inside = (pointer or "").split("/")[1:]
        return self.document.line_of(
            (*self.path, *(int(p) if p.isdecimal() else p for p in inside))
        )


class ItemReader:
    """Collects the items of all files, and what is wrong with them."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.errors: list[Finding] = []
        self.warnings: list[Finding] = []
        self.places: dict[tuple[str, str], Place] = {}
        self._places: dict[tuple[str, str], tuple[str | None, int]] = {}

    def read_section(self, path: str, document: Document, name: str) -> None:
        value = document.value[name]
        line = document.line_of((name,))
        if name in MAP_SECTIONS:
            if isinstance(value, dict):
                self._map(path, document, name)
            else:
                self._error(path, line, None, f"“{name}” must be a map of names.")
        elif name in NAME_LIST_SECTIONS or name == NLU_SECTION:
            if isinstance(value, list):
                self._list(path, document, name)
            else:
                self._error(path, line, None, f"“{name}” must be a list.")
        else:
            item = Item(Kind.SECTION, f"{path}#{name}", value, path)
            self.places.setdefault(item.identity, Place(path, document, (name,)))
            self.add(item, line)

    def add(self, item: Item, line: int) -> None:
        first = self._places.get(item.identity)
        if first is None:
            self._places[item.identity] = (item.source_path, line)
            item.position = len(self.items)
            self.items.append(item)
            return
        where = f"{first[0]}, line {first[1]}"
        if item.kind in _UNIQUE:
            noun = item.kind.value.replace("_", " ")
            message = f"The {noun} “{item.key}” is defined twice; the first one is in {where}."
            self._error(item.source_path, line, item.key, message)
        else:
            message = f"“{item.key}” is listed twice; the first one is in {where}."
            self.warnings.append(Finding(message, item.source_path, line, item.key))

    def _map(self, path: str, document: Document, name: str) -> None:
        kind = MAP_SECTIONS[name]
        for key, body in document.value[name].items():
            item_kind = flow_kind(key) if kind is Kind.FLOW else kind
            self._checked(path, document, (name, key), Item(item_kind, key, body, path))

    def _list(self, path: str, document: Document, name: str) -> None:
        for index, entry in enumerate(document.value[name]):
            place: Path = (name, index)
            if name == NLU_SECTION:
                item = self._nlu(path, entry)
            else:
                item = _named(NAME_LIST_SECTIONS[name], path, entry)
            if item is None:
                line = document.line_of(place)
                self._error(path, line, None, f"An entry of “{name}” must be a name or a map.")
            else:
                self._checked(path, document, place, item)

    def _nlu(self, path: str, entry: Any) -> Item | None:
        if not isinstance(entry, dict):
            return None
        label = next((word for word in _NLU_NAMES if word in entry), "other")
        key = f"{label}:{entry.get(label, '')}"
        count = 2
        unique = key
        while (Kind.NLU.value, unique) in self._places:
            unique = f"{key} ({count})"
            count += 1
        return Item(Kind.NLU, unique, entry, path)

    def _checked(self, path: str, document: Document, place: Path, item: Item) -> None:
        findings = [
            Finding(message, path, document.line_of((*place, *inside)), item.key)
            for inside, message in check_item(item.kind, item.body)
        ]
        if findings:
            self.errors.extend(findings)
            return
        if item.kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
            strip_reader_marks(item.body)
        for inside, message in unknown_keys(item.kind, item.body):
            line = document.line_of((*place, *inside))
            self.warnings.append(Finding(message, path, line, item.key))
        self.places.setdefault(item.identity, Place(path, document, place))
        self.add(item, document.line_of(place))

    def _error(self, path: str | None, line: int, item: str | None, message: str) -> None:
        self.errors.append(Finding(message, path, line, item))


def _named(kind: Kind, path: str, entry: Any) -> Item | None:
    """`name` or `{name: settings}`."""
    if isinstance(entry, str):
        return Item(kind, entry, None, path)
    if isinstance(entry, dict) and len(entry) == 1:
        name, body = next(iter(entry.items()))
        return Item(kind, name, body, path)
    return None


def strip_reader_marks(body: dict[str, Any]) -> None:
    """Remove what Rasa's reader writes into flows (assistant_files §1.5): it means one machine."""
    body.pop("file_path", None)
    _strip_line_numbers(body)
    for _path, step in steps_of(body):
        _strip_line_numbers(step)


def _strip_line_numbers(holder: dict[str, Any]) -> None:
    metadata = holder.get("metadata")
    if isinstance(metadata, dict) and "line_numbers" in metadata:
        del metadata["line_numbers"]
        if not metadata:
            del holder["metadata"]
