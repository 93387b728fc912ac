"""From the items of a project to its files."""

from collections.abc import Callable, Sequence
from typing import Any

from modelservice.project.archive import pack_files
from modelservice.project.layout import (
    carried,
    joined,
    placed,
    reads_as_items,
    sections_of,
)
from modelservice.project.model import Item, Kind, Project, SourceFile, digest_of
from modelservice.project.yaml_edit import edited
from modelservice.project.yaml_reader import parse_yaml
from modelservice.project.yaml_writer import to_yaml

DOMAIN_FILE = "domain.yml"
Digest = Callable[[Item], str]


def write_zip(project: Project) -> bytes:
    return pack_files(write_files(project))


def write_files(project: Project, *, digest: Digest = digest_of) -> dict[str, bytes]:
    """Path to bytes. Files whose items did not change come back as the bytes they came in as.

    In other files only the lines of the items that changed are written anew. `digest` tells the
    digest of an item where it is known already.
    """
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
        content = _file_text(sources.get(path) or SourceFile(path, []), items, digest)
        if content is not None:
            files[path] = content.encode()
    return files


def _file_text(source: SourceFile, items: Sequence[Item], digest: Digest) -> str | None:
    texts = {item.identity: item.text for item in items if item.text is not None}
    if source.segments and source.digests == [(*item.identity, digest(item)) for item in items]:
        return joined(source.segments, texts)
    if not items:
        return None
    text = _edited_file(source, items)
    if text is not None and reads_as_items(text, source.path, items):
        return text
    return to_yaml(_whole_document(source, items))


def _edited_file(source: SourceFile, items: Sequence[Item]) -> str | None:
    """The file with the lines of changed items written anew; it may come out wrong."""
    if not any(isinstance(segment, tuple) for segment in source.segments):
        whole = joined(source.segments, {})
        before = parse_yaml(whole.removeprefix("\ufeff"), source.path).value if whole else None
        return edited(whole, before, _whole_document(source, items)) if before else None
    known = {segment for segment in source.segments if isinstance(segment, tuple)}
    texts = {
        item.identity: text_of(item)
        for item in items
        if item.identity in known and (item.text is not None or item.base is not None)
    }
    return placed(source.segments, texts, [item for item in items if item.identity not in texts])


def text_of(item: Item) -> str:
    """The item's own text, or that of its base with the edits carried into it."""
    if item.text is not None or item.base is None:
        return item.text or ""
    return carried(item.base.text or "", item.base, item)


def default_path(item: Item) -> str:
    """Where an item goes that was not imported."""
    if item.kind in {Kind.FLOW, Kind.SYSTEM_FLOW}:
        return f"data/flows/{item.key}.yml"
    return "data/nlu.yml" if item.kind is Kind.NLU else DOMAIN_FILE


def _whole_document(source: SourceFile, items: Sequence[Item]) -> dict[str, Any]:
    """The parsed YAML of the file: its own sections in their order, then new ones."""
    sections = sections_of(items)
    document: dict[str, Any] = {}
    for name, value in _own_sections(source).items():
        if name in sections:
            document[name] = sections.pop(name)
        elif name == "version" or not value:
            document[name] = value
    return {**document, **sections}


def _own_sections(source: SourceFile) -> dict[str, Any]:
    if not source.segments:
        return {}
    holders = {
        (segment[0], segment[1]): "" for segment in source.segments if isinstance(segment, tuple)
    }
    text = joined(source.segments, holders).removeprefix("\ufeff")
    value = parse_yaml(text, source.path).value
    return value if isinstance(value, dict) else {}
