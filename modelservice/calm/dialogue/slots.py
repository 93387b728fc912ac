"""Slot values: coercion and validity by type."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from modelservice.calm.content.domain import Slot

# Hidden value that categorical slots always allow.
OTHER_VALUE = "__other__"


def coerce(slot: Slot, value: Any) -> Any:
    """The value as the slot stores it; a value that does not fit comes back unchanged."""
    if value is None:
        return None
    coercion = _COERCIONS.get(slot.type)
    return value if coercion is None else coercion(slot, value)


def _float(slot: Slot, value: Any) -> Any:
    if isinstance(value, bool):
        return float(value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return value
    # "nan" and "1e999" are no numbers that JSON, or a person, could write.
    return number if math.isfinite(number) else str(value)


def _bool(slot: Slot, value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return value == 1
    if isinstance(value, str):
        text = value.strip().casefold()
        if text.isdecimal():
            return text.lstrip("0") == "1"
        return {"true": True, "yes": True, "false": False, "no": False}.get(text, value)
    return value


def _categorical(slot: Slot, value: Any) -> Any:
    text = str(value)
    if text in slot.values:
        return text
    folded = text.casefold()
    return next((known for known in slot.values if known.casefold() == folded), value)


def _list(slot: Slot, value: Any) -> Any:
    return value if isinstance(value, list) else [value]


_COERCIONS: dict[str, Callable[[Slot, Any], Any]] = {
    "float": _float,
    "bool": _bool,
    "categorical": _categorical,
    "strict_categorical": _categorical,
    "list": _list,
}


def is_valid(slot: Slot, value: Any) -> bool:
    """Whether a value is one the slot's type allows; null always is."""
    if value is None:
        return True
    if slot.type == "bool":
        return isinstance(_bool(slot, value), bool)
    if slot.type == "float":
        number = _float(slot, value)
        return isinstance(number, float) and _in_range(slot, number)
    if slot.type in ("categorical", "strict_categorical"):
        return _categorical(slot, value) in (*slot.values, OTHER_VALUE)
    return True


def _in_range(slot: Slot, number: float) -> bool:
    if slot.minimum is None or slot.maximum is None:
        return True
    return slot.minimum <= number <= slot.maximum


def stored(slot: Slot, value: Any) -> Any:
    """What a `slot` event leaves in the slot: only categories and lists are coerced.

    Raises `ValueError` for a value that a strict categorical slot does not know.
    """
    if slot.type == "strict_categorical" and not is_valid(slot, value):
        raise ValueError(f"'{value}' is not a value of slot '{slot.name}'")
    if slot.type in ("categorical", "strict_categorical", "list"):
        return coerce(slot, value)
    return value
