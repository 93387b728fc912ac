"""The few facts that Studio reads from config.yml, and the one that it writes for a training."""

import re
from dataclasses import dataclass, field
from typing import Any

from modelservice.project.errors import Finding, ProjectError
from modelservice.project.yaml_reader import parse_yaml

_ASSISTANT_ID = re.compile(r"^assistant_id:.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ConfigFacts:
    language: str = "en"
    additional_languages: list[str] = field(default_factory=list)
    assistant_id: str = ""


def read_map(text: str, file: str) -> dict[str, Any]:
    """:raises ProjectError: not YAML, or not a map (empty is an empty map)"""
    value = parse_yaml(text, file).value
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ProjectError(Finding("The file must hold a map (key: value).", file, 1))
    return value


def config_facts(text: str) -> ConfigFacts:
    value = read_map(text, "config.yml")
    more = value.get("additional_languages")
    return ConfigFacts(
        language=str(value.get("language") or "en"),
        additional_languages=[str(code) for code in more] if isinstance(more, list) else [],
        assistant_id=str(value.get("assistant_id") or ""),
    )


def with_assistant_id(text: str, assistant_id: str) -> str:
    """The same text with this `assistant_id`; everything else stays as it was written."""
    line = f"assistant_id: {assistant_id}"
    if _ASSISTANT_ID.search(text):
        return _ASSISTANT_ID.sub(line, text, count=1)
    return f"{text.rstrip()}\n{line}\n" if text.strip() else f"{line}\n"
