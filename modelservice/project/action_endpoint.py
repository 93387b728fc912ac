"""`action_endpoint` of endpoints.yml: who runs a project's custom actions."""

import re
from collections.abc import Mapping
from typing import Any

_USUAL = "actions"
_OWN_MACHINE = re.compile(r"https?://(localhost|127(\.\d+){3}|\[::1\])(:|/|$)", re.IGNORECASE)
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


def actions_module(endpoints: Mapping[str, Any]) -> str | None:
    """The Python module with the project's own actions; None if an action server is named, which
    wins, or if there is none that could be imported."""
    module = _named_module(endpoints)
    return module if isinstance(module, str) and _MODULE.fullmatch(module) else None


def actions_problem(endpoints: Mapping[str, Any]) -> str:
    """Why there is no such module, where no action server is named either."""
    module = _named_module(endpoints)
    if module is not None:
        return f"actions_module {module!r} in endpoints.yml is not the name of a Python module"
    return (
        "name the project's module, `action_endpoint: {actions_module: actions}`, or the url of "
        "an action server in endpoints.yml"
    )


def stand_in_module(endpoints: Mapping[str, Any]) -> str | None:
    """The module that stands in for an action server on the assistant's own machine while that one
    is not there: whoever wrote the project started it by hand, from this module."""
    settings = endpoints.get("action_endpoint")
    if not isinstance(settings, Mapping) or not _OWN_MACHINE.match(str(settings.get("url"))):
        return None
    module = settings.get("actions_module") or _USUAL
    return module if isinstance(module, str) and _MODULE.fullmatch(module) else None


def module_to_run(endpoints: Mapping[str, Any]) -> str | None:
    """The module whose files an assistant needs beside it, if the project has it."""
    return actions_module(endpoints) or stand_in_module(endpoints)


def _named_module(endpoints: Mapping[str, Any]) -> Any:
    settings = endpoints.get("action_endpoint")
    if not isinstance(settings, Mapping) or settings.get("url"):
        return None
    return settings.get("actions_module")
