"""The prompts of an assistant: whose each is, what it may name, and what is wrong in it."""

import posixpath
from collections.abc import Mapping
from typing import Any

from modelservice.project.config_text import PROMPT_NAMES, prompt_paths, read_map
from modelservice.project.errors import Finding, ProjectError
from modelservice.project.language_model import CONFIG, ENDPOINTS
from modelservice.project.model import Kind
from modelservice.project.prompts import VARIABLES, PromptName, holder_of, prompt_findings
from studio.common.errors import NotFound
from studio.content.models import Branch, Item
from studio.content.selectors.default_content import default_content
from studio.content.selectors.items import text_of
from studio.model_service.errors import ModelServiceUnavailable

Document = dict[str, Any]
# In the order of a page.
NAMES: tuple[PromptName, ...] = (
    "command_generator",
    "contextual_response_rephraser",
    "enterprise_search",
)
assert set(NAMES) == set(PROMPT_NAMES)  # noqa: S101  of one list


def prompt_list(branch: Branch) -> list[Document]:
    """One document for each; what is the default is unknown while the model service is away."""
    config, endpoints = _maps(branch)
    paths = prompt_paths(config, endpoints)
    try:
        own = default_content(branch)["prompts"]
    except ModelServiceUnavailable:
        own = {}
    found = []
    for name in NAMES:
        used = holder_of(name, config, endpoints) is not None
        path = _normal(paths.get(name))
        found.append(
            {
                "name": name,
                "state": _state(branch, path) if used else "unused",
                "path": path or "",
                "default": own.get(name),
                "variables": list(VARIABLES[name]),
            }
        )
    return found


def prompt_document(branch: Branch, name: PromptName) -> Document:
    return next(each for each in prompt_list(branch) if each["name"] == name)


def prompt_name(name: str) -> PromptName:
    """:raises NotFound: there is no such prompt"""
    for each in NAMES:
        if each == name:
            return each
    raise NotFound(f"There is no prompt “{name}”.")


def findings_of(branch: Branch, path: str, text: str) -> list[Finding]:
    """What is wrong in a file that a component names as its prompt; nothing in all others."""
    config, endpoints = _maps(branch)
    named = prompt_paths(config, endpoints)
    found = next((name for name in NAMES if _normal(named.get(name)) == path), None)
    return [] if found is None else prompt_findings(found, text, path)


def _state(branch: Branch, path: str | None) -> str:
    if path is None:
        return "default"
    there = Item.objects.filter(branch=branch, kind__in=[Kind.PROMPT, Kind.FILE], key=path)
    return "own" if there.exists() else "missing"


def _normal(path: str | None) -> str | None:
    return None if path is None else posixpath.normpath(path)


def _maps(branch: Branch) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Of config.yml and endpoints.yml; empty where one cannot be read, which its page says."""
    try:
        return (
            read_map(text_of(branch, Kind.CONFIG), CONFIG),
            read_map(text_of(branch, Kind.ENDPOINTS), ENDPOINTS),
        )
    except ProjectError:
        return {}, {}
