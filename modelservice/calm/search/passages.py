"""Documents of a project, cut into passages that can be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelservice.calm.content.components import first_component

POLICY = "EnterpriseSearchPolicy"
DEFAULT_FOLDER = "docs"
MAX_CHARACTERS = 10_000_000
_BELOW = " › "
_SUFFIXES = (".md", ".txt")
_PASSAGE_CHARACTERS = 500
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_BLOCK_END = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_QUESTION = re.compile(r"^Q:\s*(.+?)\s*\nA:\s*", re.MULTILINE)
# Markdown that would be noise in a chat: pictures, addresses of links, emphasis.
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)")
_EMPHASIS = re.compile(r"\*\*|__|`")


@dataclass(frozen=True, slots=True)
class Passage:
    """`source` is the document's path; `title` the headings or the question above it."""

    source: str
    title: str
    text: str


def read_documents(
    config: Mapping[str, Any], roots: Sequence[Path]
) -> tuple[dict[str, str], list[str]]:
    """Texts by path below the folder of documents, and what was left out and why.

    The folder is the one that the search policy names, in the first of the project's possible
    roots that has it.
    """
    source = _source(config)
    root = next((root for root in roots if (root / source).is_dir()), None)
    if root is None:
        return {}, []
    if not _is_inside(root / source, root):
        return {}, [f"the documents in '{source}' lie outside the project and are not read"]
    texts: dict[str, str] = {}
    problems: list[str] = []
    room = MAX_CHARACTERS
    for file in _documents(root / source, root):
        path = file.relative_to(root / source).as_posix()
        try:
            text = file.read_text(encoding="utf-8") if file.stat().st_size <= room * 4 else None
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"document '{path}' cannot be read ({error})")
            continue
        if text is None or len(text) > room:
            problems.append(f"document '{path}' is left out: all together are too long")
            continue
        room -= len(text)
        texts[path] = text
    return texts, problems


def _source(config: Mapping[str, Any]) -> str:
    store = (first_component(config, "policies", [POLICY]) or {}).get("vector_store")
    source = store.get("source") if isinstance(store, Mapping) else None
    return source if isinstance(source, str) and source else DEFAULT_FOLDER


def _documents(folder: Path, root: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in _SUFFIXES and file.is_file() and _is_inside(file, root):
            yield file


def _is_inside(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root.resolve())


def passages_of(source: str, text: str) -> Iterator[Passage]:
    """The passages of one document: answers of `Q:`/`A:` pairs, else what stands together."""
    normal = _FRONT_MATTER.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    questions = list(_QUESTION.finditer(normal))
    if not questions:
        yield from _prose(source, normal)
        return
    yield from _prose(source, normal[: questions[0].start()])
    ends = [question.start() for question in questions[1:]] + [len(normal)]
    for question, end in zip(questions, ends, strict=True):
        answer = _readable(normal[question.end() : end])
        if answer:
            yield Passage(source, question[1], answer)


def _prose(source: str, text: str) -> Iterator[Passage]:
    headings: dict[int, str] = {}
    waiting = ""
    for block in _blocks(text):
        heading = _HEADING.fullmatch(block) if source.lower().endswith(".md") else None
        if waiting and (heading or len(waiting) + len(block) > _PASSAGE_CHARACTERS):
            yield Passage(source, _BELOW.join(headings.values()), waiting)
            waiting = ""
        if heading:
            level = len(heading[1])
            headings = {k: title for k, title in headings.items() if k < level}
            headings[level] = _readable(heading[2])
        else:
            waiting = f"{waiting}\n{block}" if waiting else block
    if waiting:
        yield Passage(source, _BELOW.join(headings.values()), waiting)


def _blocks(text: str) -> Iterator[str]:
    """Headings and paragraphs; long paragraphs come in parts that end with a sentence."""
    for block in _BLOCK_END.split(text):
        lines = block.strip().split("\n")
        while lines and _HEADING.fullmatch(lines[0]):
            yield lines.pop(0)
        readable = _readable("\n".join(lines))
        if len(readable) <= _PASSAGE_CHARACTERS:
            if readable:
                yield readable
            continue
        yield from _parts(readable)


def _parts(paragraph: str) -> Iterator[str]:
    part = ""
    for sentence in _SENTENCE_END.split(paragraph):
        if part and len(part) + len(sentence) > _PASSAGE_CHARACTERS:
            yield part
            part = ""
        part = f"{part} {sentence}" if part else sentence
        while len(part) > 2 * _PASSAGE_CHARACTERS:
            yield part[:_PASSAGE_CHARACTERS]
            part = part[_PASSAGE_CHARACTERS:]
    if part:
        yield part


def _readable(text: str) -> str:
    plain = _EMPHASIS.sub("", _LINK.sub(r"\1", _PICTURE.sub("", text)))
    return "\n".join(line.strip() for line in plain.strip().split("\n"))
