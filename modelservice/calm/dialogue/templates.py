"""Jinja2 in a sandbox: the templates are written by authors, who are not trusted with code."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

# What a template may put out at most; the rest is cut off.
MAX_RENDERED_CHARACTERS = 100_000


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox forbids access; this also forbids growing values without end."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "**" or not (_is_number(left) and _is_number(right)):
            raise SecurityError(f"'{operator}' is only for the product of numbers here")
        return super().call_binop(context, operator, left, right)


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**15)


_environment = _Environment()
# A filter that prompt templates of Rasa projects use.
_environment.filters["to_json_escaped_string"] = json.dumps


@lru_cache(maxsize=4096)
def _template(text: str) -> Template:
    return _environment.from_string(text)


def render(text: str, variables: Mapping[str, Any], *, most: int = MAX_RENDERED_CHARACTERS) -> str:
    """Render a template. Raises `jinja2.TemplateError` if it is broken or forbidden."""
    return _template(text).render(variables)[:most]
