"""Reads the files of a project into one raw description, before anything is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from modelservice.calm.errors import ProjectError
from modelservice.calm.project.yaml_text import load_yaml
from modelservice.calm.search.passages import read_documents
from modelservice.project.yaml_reader import line_of

_MERGED_AS_MAP = ("slots", "responses", "forms")
_MERGED_AS_LIST = ("intents", "entities", "actions", "e2e_actions")


@dataclass(slots=True)
class RawProject:
    """Parsed YAML by meaning; `flow_files` names the file that each flow came from."""

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


def read_project(
    *, data: list[Path], domain: Path, config: Path, endpoints: Path | None
) -> RawProject:
    """Read all files. Raises `ProjectError` naming file, line and item."""
    project = RawProject()
    project.config = _top_level(config)
    if endpoints is not None and endpoints.exists():
        project.endpoints = _top_level(endpoints)
    for path in data:
        for file in _yaml_files(path):
            _add_data_file(project, file)
    for file in _yaml_files(domain):
        _merge_domain(project.domain, _top_level(file), file)
    # Paths in these files are relative to the project, where Rasa's commands are run; the
    # configuration itself may lie in a folder of its own.
    roots = [config.parent, Path.cwd()]
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


def _top_level(path: Path) -> dict[str, Any]:
    content = load_yaml(read_text(path), file=str(path))
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ProjectError("must be a map at its top level", file=str(path), line=1)
    return content


def _add_data_file(project: RawProject, file: Path) -> None:
    content = _top_level(file)
    flows = content.get("flows") or {}
    if not isinstance(flows, Mapping):
        raise ProjectError("'flows' must be a map of flow ids", file=str(file))
    for flow_id, body in flows.items():
        if flow_id in project.flows:
            raise ProjectError(
                f"is defined in {project.flow_files[flow_id]} as well",
                file=str(file),
                line=line_of(body),
                item=f"flow '{flow_id}'",
            )
        project.flows[flow_id] = body
        project.flow_files[flow_id] = str(file)
    nlu = content.get("nlu") or []
    if not isinstance(nlu, list):
        raise ProjectError("'nlu' must be a list", file=str(file))
    project.nlu.extend(nlu)
    if "responses" in content:
        _merge_domain(project.domain, {"responses": content["responses"]}, file)
    project.stories.extend(f"{file}: {key}" for key in ("stories", "rules") if content.get(key))


def _merge_domain(merged: dict[str, Any], part: Mapping[str, Any], file: Path) -> None:
    for key, value in part.items():
        if value is None:
            continue
        if key in _MERGED_AS_MAP:
            _merge_map(merged.setdefault(key, {}), key, value, file)
        elif key in _MERGED_AS_LIST:
            _merge_list(merged.setdefault(key, []), key, value, file)
        else:
            merged[key] = value


def _merge_map(merged: dict[str, Any], key: str, value: Any, file: Path) -> None:
    if not isinstance(value, Mapping):
        raise ProjectError(f"'{key}' must be a map", file=str(file))
    for name, body in value.items():
        if name in merged:
            item = f"{key.removesuffix('s')} '{name}'"
            raise ProjectError("is defined twice", file=str(file), line=line_of(body), item=item)
        merged[str(name)] = body


def _merge_list(merged: list[Any], key: str, value: Any, file: Path) -> None:
    if not isinstance(value, list):
        raise ProjectError(f"'{key}' must be a list", file=str(file))
    merged.extend(item for item in value if item not in merged)


def _prompts(project: RawProject, root: Path) -> dict[str, str]:
    """Texts of the prompt templates that config and endpoints refer to, by their path."""
    components = [
        *(project.config.get("pipeline") or []),
        *(project.config.get("policies") or []),
        project.endpoints.get("nlg") or {},
    ]
    paths = {
        component[key]
        for component in components
        if isinstance(component, Mapping)
        for key in ("prompt", "prompt_template")
        if isinstance(component.get(key), str)
    }
    return {path: read_text(root / path) for path in sorted(paths) if (root / path).is_file()}
