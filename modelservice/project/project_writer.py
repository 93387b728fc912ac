"""From items back to the files of a Rasa project."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from modelservice.project.archive import pack_files
from modelservice.project.model import (
    MAP_SECTIONS,
    NAME_LIST_SECTIONS,
    SECTION_OF_KIND,
    Item,
    Kind,
    Project,
    SourceFile,
)
from modelservice.project.yaml_writer import to_yaml

DOMAIN_FILE = "domain.yml"


def write_zip(project: Project) -> bytes:
    return pack_files(write_files(project))


def write_files(project: Project) -> dict[str, bytes]:
    """Path to bytes. Files whose items did not change come back as the bytes they came in as."""
    files = {kept.path: kept.content for kept in project.kept}
    files.update({text.path: text.text.encode() for text in project.texts.values()})
    by_path: dict[str, list[Item]] = {source.path: [] for source in project.sources}
    for item in sorted(project.items, key=lambda item: item.position):
        if item.kind is Kind.PROMPT:
            files[item.key] = item.body["text"].encode()
        else:
            by_path.setdefault(item.source_path or default_path(item), []).append(item)
    sources = {source.path: source for source in project.sources}
    for path, items in by_path.items():
        content = _file_content(sources.get(path) or SourceFile(path, b"", []), items)
        if content is not None:
            files[path] = content
    return files


def _file_content(source: SourceFile, items: Sequence[Item]) -> bytes | None:
    if source.fingerprint and fingerprint_of(source, items) == source.fingerprint:
        return source.content
    document = build_document(source.layout, items)
    if not document:
        return None
    return to_yaml(document).encode()


def default_path(item: Item) -> str:
    """Where an item goes that was not imported."""
    if item.kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return f"data/flows/{item.key}.yml"
    return "data/nlu.yml" if item.kind is Kind.NLU else DOMAIN_FILE


def build_document(layout: Iterable[dict[str, Any]], items: Sequence[Item]) -> dict[str, Any]:
    """The parsed YAML of one file: the sections of `layout` in order, then new ones."""
    sections = sections_of(items)
    document: dict[str, Any] = {}
    for entry in layout:
        name = entry["key"]
        if name in sections:
            document[name] = sections.pop(name)
        elif "value" in entry:
            document[name] = entry["value"]
    document.update(sections)
    return document


def sections_of(items: Sequence[Item]) -> dict[str, Any]:
    """The items by the top-level key that they stand under, as YAML has them."""
    sections: dict[str, Any] = {}
    for item in sorted(items, key=lambda item: item.position):
        name = SECTION_OF_KIND.get(item.kind) or item.key.rsplit("#", 1)[-1]
        if name in MAP_SECTIONS:
            sections.setdefault(name, {})[item.key] = item.body
        elif name in NAME_LIST_SECTIONS:
            entry = item.key if item.body is None else {item.key: item.body}
            sections.setdefault(name, []).append(entry)
        elif item.kind is Kind.NLU:
            sections.setdefault(name, []).append(item.body)
        else:
            sections[name] = item.body
    return sections


def fingerprint_of(source: SourceFile, items: Sequence[Item]) -> str:
    return digest_of(build_document(source.layout, items))


def digest_of(value: Any) -> str:
    """sha256 of the JSON text, key order included."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
