"""A project in the parts that the Rasa CLI sends and fetches (cli_graphql §4.4 and §4.6)."""

import hashlib
import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from modelservice.project.config_text import prompt_paths, read_map
from modelservice.project.documents import (
    domain_document,
    flows_document,
    nlu_document,
)
from modelservice.project.errors import Finding, ProjectError
from modelservice.project.file_roles import FileRole, can_be_sent, role_of, what_is
from modelservice.project.items import ItemReader
from modelservice.project.model import (
    DOMAIN_SECTIONS,
    Item,
    KeptFile,
    Kind,
    Project,
    Text,
    TextKind,
)
from modelservice.project.nlu_examples import read_examples
from modelservice.project.spelled_flow import shortened
from modelservice.project.yaml_reader import Document, parse_yaml
from modelservice.project.yaml_writer import to_yaml

# Where the parts of a new project go; messages call them so, too.
PART_FILES = {
    "flows": "data/flows.yml",
    "nlu": "data/nlu.yml",
    "domain": "domain.yml",
    "config": "config.yml",
    "endpoints": "endpoints.yml",
}
_TEXT_PARTS = {"config": TextKind.CONFIG, "endpoints": TextKind.ENDPOINTS}
_FLOW_KINDS = frozenset({Kind.FLOW.value, Kind.SYSTEM_FLOW.value})
# Of these a part holds all that there is.
_KINDS = {
    "domain": frozenset(
        kind.value for kind in (Kind.RESPONSE, Kind.SLOT, Kind.ACTION, Kind.INTENT, Kind.ENTITY)
    ),
    "flows": _FLOW_KINDS,
    "nlu": frozenset({Kind.NLU.value}),
}
# Sections that an upload leaves out even where the project has them.
_NOT_ALWAYS_SENT = frozenset({"e2e_actions", "config"})
_FIRST_KEYS = ("name", "description", "if")


@dataclass(frozen=True, slots=True)
class Parts:
    """YAML by part. A part that is None was not sent; an empty one holds nothing any more.

    `prompts` are texts by the name of their component (`prompt_paths`).
    """

    flows: str | None = None
    domain: str | None = None
    config: str | None = None
    endpoints: str | None = None
    nlu: str | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """Those that were sent."""
        found = {name: getattr(self, name) for name in PART_FILES}
        return {name: text for name, text in found.items() if text is not None}

    def digests(self) -> dict[str, str]:
        """sha256 of each that was sent."""
        return {
            name: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            for name, text in self.texts().items()
        }

    def without(self, names: Collection[str]) -> "Parts":
        rest = {name: text for name, text in self.texts().items() if name not in names}
        return Parts(**rest, prompts=self.prompts)


@dataclass(slots=True)
class Sent:
    """What was sent, as a project; a push says by it what the assistant holds now.

    `kinds` are those of which it holds all, `sections` the names of such sections of the domain.
    """

    project: Project = field(default_factory=Project)
    kinds: set[str] = field(default_factory=set)
    sections: set[str] = field(default_factory=set)


def read_parts(parts: Parts) -> Sent:
    """Flows come without what Rasa has added to them.

    :raises ProjectError: a part is no YAML, or an item in it has no possible shape
    """
    sent = Sent()
    project = sent.project
    texts = parts.texts()
    project.items.extend(_items(texts))
    for name, kind in _TEXT_PARTS.items():
        if name in texts:
            _document(name, texts[name])
            project.texts[kind] = Text(PART_FILES[name], texts[name])
    for name, path in _prompt_files(parts, texts).items():
        _add_prompt(project, path, parts.prompts[name])
    for name in texts.keys() & _KINDS.keys():
        sent.kinds |= _KINDS[name]
    own = {section_name(item.key) for item in project.items if item.kind is Kind.SECTION}
    sent.sections = own | (DOMAIN_SECTIONS - _NOT_ALWAYS_SENT if "domain" in texts else set())
    return sent


def parts_of(project: Project, *, intents: Sequence[str] | None, entities: Sequence[str]) -> Parts:
    """What is fetched. With `intents` only these, their examples and these `entities` are in it."""
    items = [(item.kind.value, item.key, item.body) for item in project.items]
    if intents is not None:
        items = [one for one in items if _is_chosen(one, set(intents), set(entities))]
    texts = {kind: text.text for kind, text in project.texts.items()}
    flows, nlu = flows_document(items), nlu_document(items)
    config, endpoints = (texts.get(kind, "") for kind in (TextKind.CONFIG, TextKind.ENDPOINTS))
    return Parts(
        flows=to_yaml(flows) if flows else None,
        domain=to_yaml(domain_document(items)),
        config=config,
        # An empty text is none for the CLI, which stops there.
        endpoints=endpoints if endpoints.strip() else "{}\n",
        nlu=to_yaml(nlu) if nlu else None,
        prompts=_prompts_in(project, config, endpoints),
    )


def parts_to_push(project: Project) -> Parts:
    """What the CLI sends of a project: examples also where there are none any more, and of the
    rest what the project has."""
    parts = parts_of(project, intents=None, entities=())
    has_domain = parts.domain is not None and bool(read_map(parts.domain, PART_FILES["domain"]))
    return replace(
        parts,
        domain=parts.domain if has_domain else None,
        config=parts.config if TextKind.CONFIG in project.texts else None,
        endpoints=parts.endpoints if TextKind.ENDPOINTS in project.texts else None,
        nlu=parts.nlu or "",
    )


def section_name(key: str) -> str:
    """Of the key of a section, which begins with its file."""
    return key.rsplit("#", 1)[-1]


def _document(name: str, text: str) -> Document:
    document = parse_yaml(text, PART_FILES[name])
    if document.value is not None and not isinstance(document.value, dict):
        raise ProjectError(Finding("It must hold a map (key: value).", PART_FILES[name], 1))
    return document


def _items(texts: Mapping[str, str]) -> list[Item]:
    reader = ItemReader()
    for name in _KINDS:
        if name in texts:
            document = _document(name, texts[name])
            for section, value in (document.value or {}).items():
                if section != "version" and value:
                    reader.read_section(PART_FILES[name], document, section)
    if reader.errors:
        raise ProjectError(*reader.errors)
    for item in reader.items:
        if item.kind in _FLOW_KINDS:
            item.body = _readable(shortened(item.key, item.body))
            item.source_path = f"data/flows/{item.key}.yml"
    return reader.items


def _add_prompt(project: Project, path: str, text: str) -> None:
    if role_of(path) is FileRole.PROMPT:
        project.items.append(Item(Kind.PROMPT, path, {"text": text}, path, len(project.items)))
    else:
        project.kept.append(KeptFile(path, text.encode(), what_is(path)))


def _readable(body: Any) -> Any:
    """What a flow is called and for comes before its steps; Rasa sends the steps first."""
    if not isinstance(body, dict):
        return body
    first = {key: body[key] for key in _FIRST_KEYS if key in body}
    last = {"steps": body["steps"]} if "steps" in body else {}
    return {**first, **{k: v for k, v in body.items() if k not in {*first, *last}}, **last}


def _prompt_files(parts: Parts, texts: Mapping[str, str]) -> dict[str, str]:
    """Component to the path of its prompt: the one that its setting names, if it can be one."""
    named = prompt_paths(*(_map(texts.get(name, ""), name) for name in ("config", "endpoints")))
    found = {}
    for name in parts.prompts:
        path = posixpath.normpath(named.get(name, f"prompts/{name}.jinja2"))
        found[name] = path if can_be_sent(path) else f"prompts/{name}.jinja2"
    return found


def _map(text: str, name: str) -> dict[str, Any]:
    return read_map(text, PART_FILES[name])


def _prompts_in(project: Project, config: str, endpoints: str) -> dict[str, str]:
    try:
        named = prompt_paths(_map(config, "config"), _map(endpoints, "endpoints"))
    except ProjectError:  # the checks say so
        return {}
    texts = {item.key: item.body["text"] for item in project.items if item.kind is Kind.PROMPT}
    kept = {each.path: each.content for each in project.kept}
    found = {}
    for name, written in named.items():
        path = posixpath.normpath(written)
        if path in texts:
            found[name] = texts[path]
        elif path in kept:
            found[name] = kept[path].decode("utf-8", "replace")
    return found


def _is_chosen(item: tuple[str, str, Any], intents: set[str], entities: set[str]) -> bool:
    kind, key, body = item
    if kind == Kind.INTENT:
        return key in intents
    if kind == Kind.ENTITY:
        return key in entities
    if kind != Kind.NLU:
        return True
    if isinstance(body, dict) and "intent" in body:
        return body["intent"] in intents or any(
            entity.entity in entities for entity in read_examples([body]).entities
        )
    return True
