"""`${NAME}` references: kept as text in models, expanded when an assistant is run."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from typing import Any

from modelservice.calm.errors import ProjectError

logger = logging.getLogger(__name__)

_REFERENCE = re.compile(r"\$\{(\w+)\}")


def expand(value: Any, environment: Mapping[str, str], *, file: str) -> Any:
    """Replace references in all texts of a YAML value.

    Raises `ProjectError` naming the variable that is not set.
    """
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: _lookup(match[1], environment, file), value)
    if isinstance(value, Mapping):
        return {key: expand(item, environment, file=file) for key, item in value.items()}
    if isinstance(value, list):
        return [expand(item, environment, file=file) for item in value]
    return value


def expand_parts(
    parts: Mapping[str, Any], names: Iterable[str], environment: Mapping[str, str], *, file: str
) -> dict[str, Any]:
    """The named parts of a file, expanded. A part that needs a variable which is not set is left
    out with a warning: projects name systems that are not there where one only tries them."""
    expanded = {}
    for name in names:
        if name not in parts:
            continue
        try:
            expanded[name] = expand(parts[name], environment, file=file)
        except ProjectError as error:
            logger.warning("%s is not used: %s", name, error)
    return expanded


def _lookup(name: str, environment: Mapping[str, str], file: str) -> str:
    if name not in environment:
        raise ProjectError(f"the environment variable '{name}' is not set", file=file)
    return environment[name]
