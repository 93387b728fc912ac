"""Checks of one slot."""

import re
from typing import Any

from modelservice.project.checks.content import Surroundings
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.reporting import Report

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*")
_TYPES = {"text", "bool", "float", "categorical", "strict_categorical", "list", "any"}
_MAPPING_NEEDS = {
    "from_llm": None,
    "controlled": None,
    "custom": None,
    "from_text": None,
    "from_entity": "entity",
    "from_intent": "value",
    "from_trigger_intent": "value",
}


def check_slot(key: str, body: Any, surroundings: Surroundings) -> list[Problem]:
    report = Report("slot", key, key)
    slot = body if isinstance(body, dict) else {}
    if not _NAME.fullmatch(key):
        report.error("slot_name_invalid", "A slot name has only letters, digits, _ and -.")
    elif "-" in key:
        message = "Conditions cannot always read a slot whose name contains “-”; use _ instead."
        report.warning("slot_name_hyphen", message)
    _check_type(slot, report)
    for index, mapping in enumerate(slot.get("mappings") or []):
        if isinstance(mapping, dict):
            _check_mapping(mapping, f"/mappings/{index}", report)
    return report.problems


def _check_type(slot: dict[str, Any], report: Report) -> None:
    kind = slot.get("type")
    if not isinstance(kind, str) or not kind:
        report.error("slot_type_missing", "The slot needs a type.", pointer="/type")
    elif kind not in _TYPES and "." not in kind:
        message = f"“{kind}” is not a type of slot."
        report.error("slot_type_unknown", message, pointer="/type")
    elif "categorical" in kind:
        _check_values(slot, report)
    elif kind == "float":
        _check_range(slot, report)


def _check_values(slot: dict[str, Any], report: Report) -> None:
    values = slot.get("values")
    if not isinstance(values, list) or not values:
        report.error("slot_values_missing", "List the values of the slot.", pointer="/values")
        return
    words = [str(value).casefold() for value in values]
    for index, word in enumerate(words):
        if words.index(word) < index:
            message = f"The value “{values[index]}” is listed twice."
            report.warning("slot_value_twice", message, pointer=f"/values/{index}")
    initial = slot.get("initial_value")
    if initial is not None and str(initial).casefold() not in words:
        message = f"The initial value “{initial}” is not one of the values."
        report.error("slot_initial_value", message, pointer="/initial_value")


def _check_range(slot: dict[str, Any], report: Report) -> None:
    low, high = slot.get("min_value"), slot.get("max_value")
    if not isinstance(low, (int, float)) or not isinstance(high, (int, float)):
        return
    initial = slot.get("initial_value")
    if low >= high:
        message = "The smallest value must be less than the largest."
        report.error("slot_range", message, pointer="/min_value")
    elif isinstance(initial, (int, float)) and not low <= initial <= high:
        message = f"The initial value {initial} is not between {low} and {high}."
        report.error("slot_initial_value", message, pointer="/initial_value")


def _check_mapping(mapping: dict[str, Any], pointer: str, report: Report) -> None:
    kind = mapping.get("type")
    if kind not in _MAPPING_NEEDS:
        message = f"“{kind}” is not a way to fill a slot."
        report.error("mapping_unknown", message, pointer=f"{pointer}/type")
        return
    needed = _MAPPING_NEEDS[kind]
    if needed and needed not in mapping:
        message = f"A mapping of type {kind} needs “{needed}”."
        report.error("mapping_incomplete", message, pointer=pointer)
