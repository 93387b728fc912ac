"""Values from outside: what can be kept in events and written as JSON again, and how much it is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

# Deeper values could be read but not written again: Python's JSON is recursive.
_DEEPEST = 50


def is_json_value(value: Any, depth: int = _DEEPEST) -> bool:
    """Whether a value read from JSON is not nested too deeply and has finite numbers only."""
    if isinstance(value, float):
        return math.isfinite(value)
    if not isinstance(value, (Mapping, list)):
        return True
    items = value.values() if isinstance(value, Mapping) else value
    return depth > 0 and all(is_json_value(item, depth - 1) for item in items)


def characters(value: Any) -> int:
    """About how long a plain value is when it is written."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(len(str(key)) + characters(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(characters(item) for item in value)
    return 1
