"""The few facts that Studio reads from config.yml, and the one that it writes for a training."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeGuard

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.yaml_reader import parse_yaml

# A tag of BCP 47 (`de`, `pt-BR`), or one of one's own (`x-en-formal`).
LANGUAGE_CODE = r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"
MAX_CODE = 35
MAX_ASSISTANT_ID = 255

_ASSISTANT_ID = re.compile(r"^assistant_id:.*$", re.MULTILINE)
# `prompt` is the older name.
_PROMPT_KEYS = ("prompt_template", "prompt")
# What the Rasa CLI calls the components that have a prompt.
REPHRASER: Final = "contextual_response_rephraser"
COMMAND_GENERATOR: Final = "command_generator"
SEARCH: Final = "enterprise_search"
PROMPT_NAMES = (REPHRASER, COMMAND_GENERATOR, SEARCH)
_SEARCH_POLICY = "EnterpriseSearchPolicy"


@dataclass(frozen=True, slots=True)
class ConfigFacts:
    language: str = "en"
    additional_languages: list[str] = field(default_factory=list)
    assistant_id: str = ""


@dataclass(frozen=True, slots=True)
class Languages:
    """`problem` is a sentence about what was left out, or empty."""

    language: str
    additional: tuple[str, ...]
    problem: str = ""


def languages_of(config: Mapping[str, Any]) -> Languages:
    """The language of an assistant and its further ones, without what makes no sense."""
    written = config.get("language")
    language, problem = "en", ""
    if _is_code(written):
        language = written
    elif written:
        problem = f"“language” is no code of a language, of {MAX_CODE} letters at most; “en” is."
    more = config.get("additional_languages")
    if more is None:
        return Languages(language, (), problem)
    if not isinstance(more, list):
        return Languages(language, (), "“additional_languages” must be a list; it is left out.")
    codes = dict.fromkeys(code for code in more if _is_code(code) and code != language)
    if len(codes) < len(more):
        problem = "“additional_languages” holds the language itself, or what is no code; left out."
    return Languages(language, tuple(codes), problem)


def _is_code(value: object) -> TypeGuard[str]:
    """Also codes of projects that are no tags (`zh_CN`), where they can be stored and shown."""
    return isinstance(value, str) and 0 < len(value) <= MAX_CODE and value.isprintable()


def read_map(text: str, file: str) -> dict[str, Any]:
    """:raises ProjectError: not YAML, or not a map (empty is an empty map)"""
    value = parse_yaml(text, file).value
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProjectError(Finding("The file must hold a map (key: value).", file, 1))
    return value


def prompt_templates_of(config: Mapping[str, Any], endpoints: Mapping[str, Any]) -> list[str]:
    """The files that these two name as prompts for a language model, as they write the paths:
    components of the pipeline, policies, and the rephraser."""
    components = [
        *_maps(config.get("pipeline")),
        *_maps(config.get("policies")),
        *_maps([endpoints.get("nlg")]),
    ]
    paths = [
        component[key]
        for component in components
        for key in _PROMPT_KEYS
        if isinstance(component.get(key), str) and component[key]
    ]
    return list(dict.fromkeys(paths))


def prompt_paths(config: Mapping[str, Any], endpoints: Mapping[str, Any]) -> dict[str, str]:
    """Name of the component, as the Rasa CLI has it, to the path that is written there."""
    generators = filter(is_command_generator, components(config, "pipeline"))
    searches = filter(is_search, components(config, "policies"))
    found = {
        REPHRASER: _prompt_in(_maps([endpoints.get("nlg")])),
        COMMAND_GENERATOR: _prompt_in(generators),
        SEARCH: _prompt_in(searches),
    }
    return {name: path for name, path in found.items() if path is not None}


def components(holder: Mapping[str, Any], key: str) -> list[Any]:
    """The maps of a list, those of a pipeline for one."""
    return _maps(holder.get(key))


def is_command_generator(component: Mapping[str, Any]) -> bool:
    """Whether it is a component of the pipeline that asks a language model for commands."""
    return "CommandGenerator" in _name(component)


def is_search(component: Mapping[str, Any]) -> bool:
    """Whether it is the policy that answers from documents."""
    return _name(component) == _SEARCH_POLICY


def _maps(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _name(component: Mapping[str, Any]) -> str:
    return str(component.get("name", "")).rsplit(".", 1)[-1]


def _prompt_in(components: Iterable[Mapping[str, Any]]) -> str | None:
    """Of the first component that names one."""
    for component in components:
        for key in _PROMPT_KEYS:
            path = component.get(key)
            if isinstance(path, str) and path:
                return path
    return None


Rephrasing = Literal["none", "marked", "all"]


def rephrasing_of(endpoints: Mapping[str, Any]) -> Rephrasing:
    """Which responses a language model says in other words: none, those whose metadata ask for it,
    or all whose metadata do not forbid it."""
    nlg = endpoints.get("nlg")
    if not isinstance(nlg, Mapping) or nlg.get("type") != "rephrase":
        return "none"
    return "all" if nlg.get("rephrase_all") is True else "marked"


def config_facts(text: str) -> ConfigFacts:
    value = read_map(text, "config.yml")
    languages = languages_of(value)
    return ConfigFacts(
        language=languages.language,
        additional_languages=list(languages.additional),
        assistant_id=_assistant_id(str(value.get("assistant_id") or "")),
    )


def _assistant_id(written: str) -> str:
    """No bot has an id that is too long to be stored, or has signs that are no text."""
    return written if len(written) <= MAX_ASSISTANT_ID and written.isprintable() else ""


def with_assistant_id(text: str, assistant_id: str) -> str:
    """The same text with this `assistant_id`; everything else stays as it was written."""
    line = f"assistant_id: {assistant_id}"
    if _ASSISTANT_ID.search(text):
        return _ASSISTANT_ID.sub(line, text, count=1)
    return f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"
