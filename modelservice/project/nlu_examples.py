"""What nlu.yml teaches: sentences by intent, the entities marked in them, look-ups and patterns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

# [the value](entity) or [the value]{"entity": …, "role": …, "group": …, "value": …}
_MARKED = re.compile(r"\[(?P<text>[^\]]+)\](?:\((?P<entity>[^)]*)\)|(?P<fields>\{[^}]*\}))")


@dataclass(frozen=True, slots=True)
class MarkedEntity:
    """An entity as it is marked in an example; `before` and `after` are the texts around it."""

    text: str
    entity: str
    value: str
    role: str | None
    group: str | None
    before: str
    after: str


@dataclass(slots=True)
class NluExamples:
    """`synonyms` are from what is said to the value meant, all in lower case."""

    intents: dict[str, list[str]] = field(default_factory=dict)
    entities: list[MarkedEntity] = field(default_factory=list)
    lookups: dict[str, list[str]] = field(default_factory=dict)
    patterns: dict[str, list[str]] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)


def read_examples(nlu: Iterable[Any]) -> NluExamples:
    """Everything of nlu.yml that can be learned from; what is malformed is left out."""
    found = NluExamples()
    for item in nlu:
        if not isinstance(item, Mapping):
            continue
        texts = list(example_texts(item))
        if isinstance(item.get("intent"), str):
            found.intents.setdefault(item["intent"], []).extend(map(_plain, texts))
            found.entities.extend(entity for text in texts for entity in _marked(text))
        elif isinstance(item.get("lookup"), str):
            found.lookups.setdefault(item["lookup"], []).extend(texts)
        elif isinstance(item.get("regex"), str):
            found.patterns.setdefault(item["regex"], []).extend(texts)
        elif item.get("synonym") is not None:
            found.synonyms |= {text.casefold(): str(item["synonym"]) for text in texts}
    for entity in found.entities:
        if entity.value != entity.text:
            found.synonyms[entity.text.casefold()] = entity.value
    return found


def with_example(entry: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The entry with one more example, written as its others are.

    :raises ValueError: its examples are neither a text nor a list
    """
    examples = entry.get("examples") or ""
    if isinstance(examples, str):
        before = f"{examples.rstrip()}\n" if examples.strip() else ""
        return {**entry, "examples": f"{before}- {text}\n"}
    if not isinstance(examples, list):
        raise ValueError("examples are neither a text nor a list")
    as_map = isinstance(examples[-1], Mapping)
    return {**entry, "examples": [*examples, {"text": text} if as_map else text]}


def plain_example(text: str) -> str:
    """What somebody said as an example of nlu.yml: one line without the marks of entities."""
    return " ".join(_plain(text).split()).removeprefix("- ")


def example_texts(item: Mapping[str, Any]) -> Iterator[str]:
    """The examples of an entry, which are lines of a text or entries of a list."""
    examples = item.get("examples")
    if isinstance(examples, str):
        for line in examples.splitlines():
            text = line.strip().removeprefix("-").strip()
            if text:
                yield text
    for entry in examples if isinstance(examples, list) else []:
        written = entry.get("text") if isinstance(entry, Mapping) else entry
        if isinstance(written, str):
            yield written.strip()


def _plain(text: str) -> str:
    return _MARKED.sub(lambda match: match["text"], text)


def _marked(text: str) -> Iterator[MarkedEntity]:
    for match in _MARKED.finditer(text):
        fields = entity_fields(match)
        if isinstance(fields.get("entity"), str):
            yield MarkedEntity(
                text=match["text"],
                entity=fields["entity"],
                value=str(fields.get("value", match["text"])),
                role=fields.get("role"),
                group=fields.get("group"),
                before=_plain(text[: match.start()]),
                after=_plain(text[match.end() :]),
            )


def marked_parts(written: Callable[[re.Match[str]], str], text: str) -> str:
    """The text with each marked entity written anew; see `entity_fields`."""
    return _MARKED.sub(written, text)


def entity_fields(match: re.Match[str]) -> dict[str, Any]:
    """What is said of a marked entity: `entity`, `value`, `role`, `group`."""
    if match["fields"] is None:
        entity, _, value = match["entity"].partition(":")  # the older [text](entity:value)
        return {"entity": entity, **({"value": value} if value else {})}
    try:
        fields = json.loads(match["fields"])
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
