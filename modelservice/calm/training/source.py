"""Reads the files of a project into one raw description, before anything is checked."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelservice.calm.content.yaml_text import problem_of, read_document
from modelservice.calm.errors import ProjectError
from modelservice.calm.search.passages import read_documents
from modelservice.project.config_text import prompt_templates_of
from modelservice.project.file_roles import NO_MANTLE, is_mantle
from modelservice.project.items import ItemReader, Place
from modelservice.project.layout import sections_of
from modelservice.project.model import MAP_SECTIONS, NAME_LIST_SECTIONS, Item, Kind
from modelservice.project.yaml_reader import Document

_DATA_SECTIONS = ("flows", "nlu", "responses")
_CLASSIC_SECTIONS = ("stories", "rules")
_DOMAIN_SECTIONS = ("slots", "responses", "intents", "entities", "actions")
_FLOWS = (Kind.FLOW, Kind.SYSTEM_FLOW)


@dataclass(slots=True)
class RawProject:
    """Parsed YAML by meaning; `flow_files` names the file that each flow came from, `places` where
    items are written, `problems` are items whose shape is wrong, and `agents` the sub agents."""

    flows: dict[str, Any] = field(default_factory=dict)
    flow_files: dict[str, str] = field(default_factory=dict)
    domain: dict[str, Any] = field(default_factory=dict)
    nlu: list[Any] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    endpoints: dict[str, Any] = field(default_factory=dict)
    prompts: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    document_problems: list[str] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    problems: list[ProjectError] = field(default_factory=list)
    agents: frozenset[str] = frozenset()


def read_project(
    *, data: list[Path], domain: Path, config: Path, endpoints: Path | None
) -> RawProject:
    """Read all files. Raises `ProjectError` naming file, line and item."""
    project = RawProject()
    if not config.exists() and is_mantle(path.name for path in Path.cwd().iterdir()):
        raise ProjectError(NO_MANTLE)
    project.config = _top_level(config).value
    if endpoints is not None and endpoints.exists():
        project.endpoints = _top_level(endpoints).value
    reader = ItemReader()
    for path in data:
        for file in _yaml_files(path):
            _add_data_file(project, reader, file)
    for file in _yaml_files(domain):
        _add_domain_file(project, reader, file)
    project.problems.extend(map(problem_of, reader.errors))
    project.places = reader.places
    _sort_items(project, reader.items)
    # Paths in these files are relative to the project, where Rasa's commands are run; the
    # configuration itself may lie in a folder of its own.
    roots = [config.parent, Path.cwd()]
    project.agents = _agents(roots)
    project.prompts = {**_prompts(project, roots[1]), **_prompts(project, roots[0])}
    project.documents, project.document_problems = read_documents(project.config, roots)
    return project


def _yaml_files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    if not path.is_dir():
        raise ProjectError("there is no such file or folder", file=str(path))
    for file in sorted(path.rglob("*")):
        if file.suffix in (".yml", ".yaml") and file.is_file():
            yield file


def read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProjectError(f"cannot be read ({error})", file=str(path)) from error


def _top_level(path: Path) -> Document:
    """A document that is a map; an empty file is an empty map."""
    document = read_document(read_text(path), file=str(path))
    if document.value is None:
        document.value = {}
    if not isinstance(document.value, dict):
        message = "The file must hold a map (key: value)."
        raise ProjectError(message, file=str(path), line=1)
    return document


def _add_data_file(project: RawProject, reader: ItemReader, file: Path) -> None:
    document = _top_level(file)
    for name in _DATA_SECTIONS:
        if document.value.get(name):
            reader.read_section(str(file), document, name)
    classic = (name for name in _CLASSIC_SECTIONS if document.value.get(name))
    project.stories.extend(f"{file}: {name}" for name in classic)


def _add_domain_file(project: RawProject, reader: ItemReader, file: Path) -> None:
    document = _top_level(file)
    for name, value in document.value.items():
        if not value:
            continue
        if name in _DOMAIN_SECTIONS:
            reader.read_section(str(file), document, name)
        else:
            known = project.domain.get(name)
            if isinstance(known, dict) and isinstance(value, dict):
                known.update(value)
            else:
                project.domain[name] = value


def _sort_items(project: RawProject, items: list[Item]) -> None:
    sections = sections_of(items)
    project.flows = sections.get("flows", {})
    project.nlu = sections.get("nlu", [])
    project.flow_files = {item.key: item.source_path or "" for item in items if item.kind in _FLOWS}
    for name in (*MAP_SECTIONS, *NAME_LIST_SECTIONS):
        if name in sections and name != "flows":
            project.domain[name] = sections[name]


def _agents(roots: list[Path]) -> frozenset[str]:
    """Names of the sub agents: the folders of their settings."""
    found = (file for root in roots for file in root.glob("sub_agents/*/config.yml"))
    return frozenset(file.parent.name for file in found)


def _prompts(project: RawProject, root: Path) -> dict[str, str]:
    """Texts of the prompt templates that config and endpoints refer to, by their path. Nothing
    outside the project is read."""
    paths = [
        path
        for path in prompt_templates_of(project.config, project.endpoints)
        if not posixpath.normpath(path).startswith(("/", ".."))
    ]
    return {path: read_text(root / path) for path in paths if (root / path).is_file()}
