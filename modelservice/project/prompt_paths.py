"""Which file of a project is the prompt of which component, by config.yml and endpoints.yml."""

from collections.abc import Iterable, Mapping
from typing import Any

REPHRASER, COMMAND_GENERATOR, SEARCH = (
    "contextual_response_rephraser",
    "command_generator",
    "enterprise_search",
)
PROMPT_NAMES = (REPHRASER, COMMAND_GENERATOR, SEARCH)
_SEARCH_POLICY = "EnterpriseSearchPolicy"
# `prompt` is the older name of the one, and the newer of the other.
_KEYS = ("prompt_template", "prompt")


def prompt_paths(config: Mapping[str, Any], endpoints: Mapping[str, Any]) -> dict[str, str]:
    """Name of the component, as the Rasa CLI has it, to the path that is written there."""
    generators = (
        each for each in _maps(config.get("pipeline")) if "CommandGenerator" in _name(each)
    )
    searches = (each for each in _maps(config.get("policies")) if _name(each) == _SEARCH_POLICY)
    found = {
        REPHRASER: _path_in(_maps([endpoints.get("nlg")])),
        COMMAND_GENERATOR: _path_in(generators),
        SEARCH: _path_in(searches),
    }
    return {name: path for name, path in found.items() if path is not None}


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _name(component: Mapping[str, Any]) -> str:
    return str(component.get("name", "")).rsplit(".", 1)[-1]


def _path_in(components: Iterable[Mapping[str, Any]]) -> str | None:
    """Of the first component that names one."""
    for component in components:
        for key in _KEYS:
            path = component.get(key)
            if isinstance(path, str) and path:
                return path
    return None
