"""Prompts for language models: which there are, what they may name, and what is wrong in one."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Literal

from jinja2 import TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from modelservice.project.config_text import (
    COMMAND_GENERATOR,
    REPHRASER,
    SEARCH,
    components,
    is_command_generator,
    is_search,
    prompt_paths,
    read_map,
)
from modelservice.project.errors import Finding
from modelservice.project.language_model import CONFIG, ENDPOINTS, Texts
from modelservice.project.settings_text import Unwritable, rewritten

# Filters that nobody needs in a prompt, a global, and a filter of Rasa's that projects use.
LEFT_OUT_FILTERS = frozenset({"urlize", "xmlattr"})
LEFT_OUT_GLOBAL = "lipsum"
RASA_FILTER = "to_json_escaped_string"
PromptName = Literal["command_generator", "contextual_response_rephraser", "enterprise_search"]
# What the runtime gives to each, in the order in which a page lists it.
VARIABLES: dict[PromptName, tuple[str, ...]] = {
    COMMAND_GENERATOR: (
        "available_flows",
        "current_conversation",
        "user_message",
        "current_flow",
        "flow_slots",
        "current_slot",
        "current_slot_description",
        "current_slot_type",
        "current_slot_allowed_values",
        "current_datetime",
    ),
    REPHRASER: ("suggested_response", "current_input", "history", "language", "slots"),
    SEARCH: ("docs", "current_conversation", "slots", "citation_enabled"),
}
_KEYS = ("prompt_template", "prompt")
LONGEST = 200_000


def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment()
    del made.globals[LEFT_OUT_GLOBAL]
    for name in LEFT_OUT_FILTERS:
        del made.filters[name]
    made.filters[RASA_FILTER] = str
    return made


_CHECKED = _environment()


def prompt_findings(name: PromptName, text: str, path: str) -> list[Finding]:
    """What the runtime could not render, and variables that it does not give; the first is an
    error, of the others a prompt would have nothing in their places."""
    try:
        tree = _CHECKED.parse(text)
        _CHECKED.from_string(text)
    except TemplateSyntaxError as error:
        return [Finding(f"This is no template: {error.message}", path, error.lineno)]
    except RecursionError:
        return [Finding("The template is nested too deeply.", path, 1)]
    unknown = meta.find_undeclared_variables(tree) - {*VARIABLES[name], *_CHECKED.globals}
    return [
        Finding(f"There is no variable “{variable}”: nothing stands there.", path, line)
        for variable, line in _first_lines(tree, unknown)
    ]


def _first_lines(tree: nodes.Template, names: set[str]) -> Iterator[tuple[str, int]]:
    lines: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.name in names and node.ctx == "load":
            lines[node.name] = min(node.lineno, lines.get(node.name, node.lineno))
    yield from sorted(lines.items(), key=lambda each: (each[1], each[0]))


def holder_of(
    name: PromptName, config: Mapping[str, Any], endpoints: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """The component that this prompt is for; None: the assistant has none."""
    if name == COMMAND_GENERATOR:
        found = filter(is_command_generator, components(config, "pipeline"))
    elif name == SEARCH:
        found = filter(is_search, components(config, "policies"))
    else:
        nlg = endpoints.get("nlg")
        return nlg if isinstance(nlg, Mapping) and nlg.get("type") == "rephrase" else None
    return next(found, None)


def with_prompt(texts: Texts, name: PromptName, path: str | None) -> Texts:
    """Both files with this path as the prompt of its component; None: the default's again.

    :raises ProjectError: a file is no YAML map
    :raises Unwritable: there is no such component, or it is written in a way that only a person can
        edit; nothing is changed
    """
    config, endpoints = read_map(texts.config, CONFIG), read_map(texts.endpoints, ENDPOINTS)
    new_config, new_endpoints = deepcopy(config), deepcopy(endpoints)
    holder: Any = holder_of(name, new_config, new_endpoints)
    file = ENDPOINTS if name == REPHRASER else CONFIG
    if holder is None:
        raise Unwritable(file)
    key = next((each for each in _KEYS if each in holder), _KEYS[0])
    if path is None:
        for each in _KEYS:
            holder.pop(each, None)
    else:
        holder[key] = path
    made = Texts(
        rewritten(texts.config, config, new_config, CONFIG),
        rewritten(texts.endpoints, endpoints, new_endpoints, ENDPOINTS),
    )
    if prompt_paths(new_config, new_endpoints).get(name) != path:
        raise Unwritable(file)
    return made
