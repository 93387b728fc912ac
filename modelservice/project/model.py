"""A project as items: an item is what an author edits as one thing (a flow, a response …)."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from modelservice.project.errors import Finding

PATTERN_PREFIX = "pattern_"


class Kind(StrEnum):
    FLOW = "flow"
    SYSTEM_FLOW = "system_flow"
    RESPONSE = "response"
    SLOT = "slot"
    ACTION = "action"
    INTENT = "intent"
    ENTITY = "entity"
    NLU = "nlu"
    PROMPT = "prompt"
    # Any other top-level key of a project file, kept whole: session_config, forms, stories …
    SECTION = "section"
    # The lines of a YAML file around the items in it (`layout`), by its path.
    SOURCE = "source"
    # A file that is carried along as it is, by its path: code, tests, documents.
    FILE = "file"
    # Files that are edited as texts and exported byte for byte, by their path.
    CONFIG = "config"
    ENDPOINTS = "endpoints"
    CREDENTIALS = "credentials"


class TextKind(StrEnum):
    """Files that are edited as texts and exported byte for byte."""

    CONFIG = "config"
    ENDPOINTS = "endpoints"
    CREDENTIALS = "credentials"


MAP_SECTIONS = {"flows": Kind.FLOW, "responses": Kind.RESPONSE, "slots": Kind.SLOT}
NAME_LIST_SECTIONS = {"actions": Kind.ACTION, "intents": Kind.INTENT, "entities": Kind.ENTITY}
NLU_SECTION = "nlu"
SECTION_OF_KIND = {
    Kind.FLOW: "flows",
    Kind.SYSTEM_FLOW: "flows",
    Kind.RESPONSE: "responses",
    Kind.SLOT: "slots",
    Kind.ACTION: "actions",
    Kind.INTENT: "intents",
    Kind.ENTITY: "entities",
    Kind.NLU: NLU_SECTION,
}
NOT_USED_SECTIONS = {"stories", "rules", "forms"}
# Of training data; the others of a project belong to its domain.
DATA_SECTIONS = {"flows", NLU_SECTION, "stories", "rules"}
DOMAIN_SECTIONS = {"session_config", "e2e_actions", "forms", "config"}
PROJECT_SECTIONS = {
    *MAP_SECTIONS,
    *NAME_LIST_SECTIONS,
    NLU_SECTION,
    *NOT_USED_SECTIONS,
    *DOMAIN_SECTIONS - {"config"},
}


@dataclass(slots=True)
class Item:
    """`body` is the parsed YAML of the item; `position` its place among those of its file.

    `text` is what the item was read from, with comments and layout. An item that was edited since
    has none, but a `base`: the item as it was when it had one.
    """

    kind: Kind
    key: str
    body: Any
    source_path: str | None = None
    position: int = 0
    text: str | None = None
    base: "Item | None" = None

    @property
    def identity(self) -> tuple[str, str]:
        return self.kind.value, self.key


@dataclass(slots=True)
class SourceFile:
    """A file that items came from: see `layout` for its segments.

    `digests` are (kind, key, `digest_of` the item) of its items in their order, so that a file
    whose items did not change is exported as the bytes that came in.
    """

    path: str
    segments: list[str | tuple[str, str]]
    digests: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(slots=True)
class Text:
    path: str
    text: str


@dataclass(slots=True)
class KeptFile:
    path: str
    content: bytes
    what: str


@dataclass(slots=True)
class Project:
    items: list[Item] = field(default_factory=list)
    texts: dict[TextKind, Text] = field(default_factory=dict)
    sources: list[SourceFile] = field(default_factory=list)
    kept: list[KeptFile] = field(default_factory=list)
    unused: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        found = Counter(item.kind for item in self.items)
        return {
            "flows": found[Kind.FLOW],
            "system_flows": found[Kind.SYSTEM_FLOW],
            "responses": found[Kind.RESPONSE],
            "slots": found[Kind.SLOT],
            "actions": found[Kind.ACTION],
            "intents": found[Kind.INTENT],
            "entities": found[Kind.ENTITY],
            "nlu": found[Kind.NLU],
            "prompts": found[Kind.PROMPT],
            "stories": self._entries("stories"),
            "rules": self._entries("rules"),
        }

    def _entries(self, section: str) -> int:
        """Of all files that have this section."""
        keys = (item.key.rsplit("#", 1)[-1] for item in self.items)
        return sum(
            len(item.body)
            for item, key in zip(self.items, keys, strict=True)
            if item.kind is Kind.SECTION and key == section
        )


def flow_kind(flow_id: str) -> Kind:
    return Kind.SYSTEM_FLOW if flow_id.startswith(PATTERN_PREFIX) else Kind.FLOW


def names_of(entries: Any) -> list[str]:
    """The names of a list such as `intents`, whose entries are `name` or `{name: settings}`."""
    if not isinstance(entries, list):
        return []
    return [str(next(iter(one), "") if isinstance(one, dict) else one) for one in entries]


def digest_of(item: Item) -> str:
    """sha256 of body and text, or, of an edited item, of its body and the digest of its base."""
    body = json.dumps(item.body, ensure_ascii=False, separators=(",", ":"))
    stands_in = digest_of(item.base) if item.base is not None else item.text or ""
    whole = f"{body}\0{stands_in}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
