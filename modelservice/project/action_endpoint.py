"""`action_endpoint` of endpoints.yml: who runs a project's custom actions."""

import re
from collections.abc import Mapping
from typing import Any

_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)


def actions_module(endpoints: Mapping[str, Any]) -> str | None:
    """The Python module with the project's own actions; None if an action server is named, which
    wins, or if there is none that could be imported."""
    settings = endpoints.get("action_endpoint")
    if not isinstance(settings, Mapping) or settings.get("url"):
        return None
    module = settings.get("actions_module")
    return module if isinstance(module, str) and _MODULE.fullmatch(module) else None
