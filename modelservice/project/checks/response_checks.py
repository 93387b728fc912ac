"""Checks of one response: its variations, placeholders, buttons and conditions."""

import re
from collections.abc import Iterator
from typing import Any

from modelservice.project.checks import defaults
from modelservice.project.checks.conditions import check_condition
from modelservice.project.checks.content import Surroundings
from modelservice.project.checks.problems import Fix, Problem
from modelservice.project.checks.reporting import Report, create
from modelservice.project.payloads import (
    MAX_ASSIGNMENTS,
    SET_SLOTS,
    assignments_in,
    intent_in,
    sets_too_many,
)
from modelservice.project.placeholders import names_in

_CLOSED = re.compile(rf"{SET_SLOTS}\(.*\)\s*", re.DOTALL)


def check_response(key: str, body: Any, surroundings: Surroundings) -> list[Problem]:
    report = Report("response", key, key)
    variations = body if isinstance(body, list) else []
    if not variations:
        report.warning("response_empty", "The response has no text.", pointer="")
    for index, variation in enumerate(variations):
        if isinstance(variation, dict):
            _check_variation(variation, f"/{index}", report, surroundings)
    return report.problems


def _check_variation(
    variation: dict[str, Any], pointer: str, report: Report, surroundings: Surroundings
) -> None:
    if not isinstance(variation.get("text"), str) and not variation.get("custom"):
        message = "This variation has neither a text nor custom content."
        report.error("variation_empty", message, pointer=f"{pointer}/text")
    is_jinja = (variation.get("metadata") or {}).get("template") == "jinja"
    if not is_jinja:
        for text, place in _texts(variation, pointer):
            _check_placeholders(text, place, report, surroundings)
    for index, button in enumerate(variation.get("buttons") or []):
        if isinstance(button, dict):
            _check_button(button, f"{pointer}/buttons/{index}", report, surroundings)
    _check_variation_condition(variation.get("condition"), pointer, report, surroundings)


def _texts(variation: dict[str, Any], pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(variation.get("text"), str):
        yield variation["text"], f"{pointer}/text"
    translations = variation.get("translation")
    for language, text in (translations if isinstance(translations, dict) else {}).items():
        if isinstance(text, str):
            yield text, f"{pointer}/translation/{language}"
    for index, button in enumerate(variation.get("buttons") or []):
        if isinstance(button, dict) and isinstance(button.get("title"), str):
            yield button["title"], f"{pointer}/buttons/{index}/title"


def _check_placeholders(
    text: str, pointer: str, report: Report, surroundings: Surroundings
) -> None:
    for name in names_in(text):
        if not name.strip():
            message = "{} is an empty placeholder: write the name of a slot into it."
            report.warning("placeholder_empty", message, pointer=pointer)
        elif not _is_known(name, surroundings):
            message = f"The text uses {{{name}}}, but there is no slot “{name}”."
            fix = create("slot", name)
            report.warning("placeholder_unknown", message, pointer=pointer, fix=fix)


def _is_known(name: str, surroundings: Surroundings) -> bool:
    known = (surroundings.slots, defaults.SLOTS, defaults.RESPONSE_ARGUMENTS)
    return any(name in names for names in known)


def _check_button(
    button: dict[str, Any], pointer: str, report: Report, surroundings: Surroundings
) -> None:
    if not str(button.get("title") or "").strip():
        report.warning("button_title_missing", "The button has no title.", pointer=pointer)
    if button.get("type") == "web_url" or "url" in button:
        return
    payload = button.get("payload")
    place = f"{pointer}/payload"
    if payload is not None and not isinstance(payload, str):
        _report_odd_payload(payload, place, report)
    elif not payload or not payload.strip():
        message = "The button has no payload: it sends its title."
        report.warning("payload_missing", message, pointer=pointer)
    elif payload.startswith(SET_SLOTS):
        _check_set_slots(payload, place, report, surroundings)
    elif payload.startswith("/"):
        _check_intent_payload(payload, place, report, surroundings)
    elif payload != button.get("title"):
        message = f"The button sends the text “{payload}” as if the user had typed it."
        report.warning("payload_is_text", message, pointer=place)


def _report_odd_payload(payload: Any, pointer: str, report: Report) -> None:
    """Rasa's schema wants a text."""
    if isinstance(payload, (dict, list)):
        report.warning("payload_not_text", "Rasa takes only text as payload.", pointer=pointer)
        return
    written = str(payload).lower() if isinstance(payload, bool) else str(payload)
    noun = "value" if isinstance(payload, bool) else "number"
    message = f"The payload is the {noun} {written}; put it in quotes."
    fix = Fix(f'Write "{written}"', "set_text", {"text": written})
    report.warning("payload_not_text", message, pointer=pointer, fix=fix)


def _check_set_slots(
    payload: str, pointer: str, report: Report, surroundings: Surroundings
) -> None:
    pairs = assignments_in(payload)
    if not pairs or not _CLOSED.fullmatch(payload):
        message = f"“{payload}” cannot be read; write /SetSlots(slot=value)."
        report.warning("payload_invalid", message, pointer=pointer)
        return
    names = [name for name, _value in pairs]
    if sets_too_many(payload):
        message = f"A button can set {MAX_ASSIGNMENTS} slots at most; this one sets {len(names)}."
        report.warning("payload_too_long", message, pointer=pointer)
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            message = f"The button sets the slot “{name}” twice."
            report.warning("payload_slot_twice", message, pointer=pointer)
        if name not in surroundings.slots and name not in defaults.SLOTS:
            message = f"The button sets the slot “{name}”, which does not exist."
            fix = create("slot", name)
            report.warning("slot_missing", message, pointer=pointer, fix=fix)


def _check_intent_payload(
    payload: str, pointer: str, report: Report, surroundings: Surroundings
) -> None:
    found = intent_in(payload)
    known = (surroundings.intents, defaults.INTENTS, defaults.COMMAND_PAYLOADS)
    if found is None or not any(found[0] in names for names in known):
        message = f"“{payload}” is neither /SetSlots(…) nor an intent of this assistant."
        report.warning("payload_invalid", message, pointer=pointer)


def _check_variation_condition(
    condition: Any, pointer: str, report: Report, surroundings: Surroundings
) -> None:
    place = f"{pointer}/condition"
    if isinstance(condition, str):
        for finding in check_condition(condition, surroundings, context=False):
            # The variation is never said, and nothing else is wrong with the assistant.
            report.warning(finding.code, finding.message, pointer=place, fix=finding.fix)
    for index, entry in enumerate(condition if isinstance(condition, list) else []):
        name = entry.get("name") if isinstance(entry, dict) else None
        if name not in surroundings.slots and name not in defaults.SLOTS:
            message = f"The condition uses the slot “{name}”, which does not exist."
            report.warning("slot_missing", message, pointer=f"{place}/{index}")
