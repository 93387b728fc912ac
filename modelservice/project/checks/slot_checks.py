"""Checks of one slot."""

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

from modelservice.project.checks.conditions import check_condition
from modelservice.project.checks.content import Surroundings
from modelservice.project.checks.problems import Fix, Problem
from modelservice.project.checks.reporting import Report
from modelservice.project.slot_types import (
    CATEGORICAL,
    LANGUAGE_SLOT,
    MAPPING_NEEDS,
    RESERVED_SLOTS,
    SLOT_TYPES,
    number_of,
)

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*")


def check_slot(key: str, body: Any, surroundings: Surroundings) -> list[Problem]:
    report = Report("slot", key, key)
    slot = body if isinstance(body, dict) else {}
    if not _NAME.fullmatch(key):
        report.error("slot_name_invalid", "A slot name has only letters, digits, _ and -.")
    elif key == LANGUAGE_SLOT:
        message = (
            "“language” is Rasa's own slot, made from the languages of config.yml: rename yours."
        )
        report.error("slot_reserved", message, fix=_rename(key, surroundings))
    elif key in RESERVED_SLOTS:
        message = f"“{key}” is Rasa's own slot, which it fills itself: rename yours."
        report.warning("slot_reserved", message, fix=_rename(key, surroundings))
    elif "-" in key:
        message = "Conditions cannot always read a slot whose name contains “-”; use _ instead."
        report.warning("slot_name_hyphen", message)
    _check_type(slot, report)
    _check_mappings(slot.get("mappings"), report)
    _check_validation(slot.get("validation"), report, surroundings)
    return report.problems


def _rename(key: str, surroundings: Surroundings) -> Fix:
    """Under a name that is free; all that refers to the slot follows."""
    names = (f"own_{key}{number or ''}" for number in count())
    new = next(name for name in names if name not in surroundings.slots)
    return Fix(f"Rename to {new}", "rename_slot", {"id": key, "new": new})


def _check_type(slot: dict[str, Any], report: Report) -> None:
    kind = slot.get("type")
    if not isinstance(kind, str) or not kind:
        report.error("slot_type_missing", "The slot needs a type.", pointer="/type")
    elif kind not in SLOT_TYPES and "." not in kind:
        message = f"“{kind}” is not a type of slot."
        report.error("slot_type_unknown", message, pointer="/type")
    elif kind in CATEGORICAL:
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
    for key in ("min_value", "max_value"):
        if slot.get(key) is not None and number_of(slot[key]) is None:
            report.error("slot_range", f"“{key}” must be a number.", pointer=f"/{key}")
    low, high = number_of(slot.get("min_value")), number_of(slot.get("max_value"))
    if low is None or high is None:
        return
    initial = number_of(slot.get("initial_value"))
    if low >= high:
        message = "The smallest value must be less than the largest."
        report.error("slot_range", message, pointer="/min_value")
    elif initial is not None and not low <= initial <= high:
        message = f"The initial value {initial:g} is not between {low:g} and {high:g}."
        report.error("slot_initial_value", message, pointer="/initial_value")


def _check_mappings(mappings: Any, report: Report) -> None:
    if mappings is not None and not isinstance(mappings, list):
        report.error("mapping_unknown", "“mappings” must be a list.", pointer="/mappings")
        return
    for index, mapping in enumerate(mappings or []):
        pointer = f"/mappings/{index}"
        kind = mapping.get("type") if isinstance(mapping, dict) else None
        if not isinstance(kind, str) or kind not in MAPPING_NEEDS:
            message = f"“{kind}” is not a way to fill a slot."
            report.error("mapping_unknown", message, pointer=f"{pointer}/type")
            continue
        for key, message in _lacking(kind, mapping):
            report.error("mapping_incomplete", message, pointer=f"{pointer}/{key}".rstrip("/"))


def _lacking(kind: str, mapping: dict[str, Any]) -> Iterator[tuple[str, str]]:
    needed = MAPPING_NEEDS[kind]
    if needed and needed not in mapping:
        yield "", f"A mapping of type {kind} needs “{needed}”."
    for key in ("run_action_every_turn", "action", "entity"):
        if not isinstance(mapping.get(key, ""), str):
            yield key, f"“{key}” must be a name."


def _check_validation(body: Any, report: Report, surroundings: Surroundings) -> None:
    if body is None:
        return
    rejections = body.get("rejections") if isinstance(body, dict) else None
    if isinstance(body, dict):
        _check_keys(body, {"rejections", "refill_utter"}, "/validation", report)
    if not rejections or not isinstance(rejections, list):
        message = "“validation” needs “rejections”, a list of If and Utter."
        report.error("validation_incomplete", message, pointer="/validation")
        return
    for index, rejection in enumerate(rejections):
        pointer = f"/validation/rejections/{index}"
        if not isinstance(rejection, dict) or None in (rejection.get("if"), rejection.get("utter")):
            message = "A rejection needs “if” and “utter”."
            report.error("validation_incomplete", message, pointer=pointer)
            continue
        _check_keys(rejection, {"if", "utter"}, pointer, report)
        for finding in check_condition(rejection["if"], surroundings):
            report.add(
                finding.code,
                finding.severity,
                finding.message,
                pointer=f"{pointer}/if",
                fix=finding.fix,
            )


def _check_keys(body: dict[str, Any], known: set[str], pointer: str, report: Report) -> None:
    for key in sorted(map(str, body.keys() - known)):
        message = f"“{key}” is not a key of “validation”; it has no effect."
        report.warning("validation_key_unknown", message, pointer=f"{pointer}/{key}")
