"""Conditions: can they be read, and do they speak of what is there?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from modelservice.project.checks import defaults
from modelservice.project.checks.content import Surroundings
from modelservice.project.checks.problems import Fix
from modelservice.project.checks.reporting import create
from modelservice.project.conditions.reading import (
    STAND_IN,
    Comparison,
    ConditionFacts,
    read_condition,
)
from modelservice.project.conditions.syntax import ConditionError, with_names

# As other languages write null. In a condition each is a name that nothing stands for.
_NULL_ELSEWHERE = frozenset({"none", "nil"})


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    code: str
    message: str
    severity: Literal["error", "warning"] = "error"
    fix: Fix | None = None


def check_condition(
    text: Any, surroundings: Surroundings, *, context: bool = True
) -> Iterator[ConditionFinding]:
    """`context` says whether `context.<field>` may be used besides `slots.<name>`."""
    if isinstance(text, bool):
        return
    if not isinstance(text, str):
        yield ConditionFinding("condition_invalid", "The condition must be a text.")
        return
    if not text.strip():
        yield ConditionFinding("condition_invalid", "Choose a slot for the condition.")
        return
    facts = read_condition(text)
    if facts.error is not None:
        yield _unreadable(facts)
        return
    for name in facts.names:
        yield from _check_name(name, text, surroundings, context=context)
    for word in facts.words:
        yield from _check_word(word, text, surroundings, context=context)
    for comparison in facts.comparisons:
        yield from _check_comparison(comparison, surroundings)


def _unreadable(facts: ConditionFacts) -> ConditionFinding:
    said = str(facts.error)
    message = f"{said[0].upper()}{said[1:]}."
    if facts.has_jinja:
        message = f"{message} If it is still so when the templates are filled in, it fails."
        return ConditionFinding("condition_invalid", message, "warning")
    return ConditionFinding("condition_invalid", message)


def _check_name(
    name: str, text: str, surroundings: Surroundings, *, context: bool
) -> Iterator[ConditionFinding]:
    if STAND_IN in name or (context and name.startswith("context.")):
        return
    if name.casefold() in _NULL_ELSEWHERE:
        yield _null_elsewhere(name, text)
    elif name.startswith("slots."):
        yield from _check_slot(name.removeprefix("slots."), surroundings)
    else:
        likely = name in surroundings.slots
        hint = f"Write slots.{name}." if likely else f"Put “{name}” in quotes if it is a text."
        message = f"“{name}” is neither a slot (slots.…) nor context.…. {hint}"
        yield ConditionFinding("condition_without_namespace", message)


def _check_slot(slot: str, surroundings: Surroundings) -> Iterator[ConditionFinding]:
    if slot not in surroundings.slots and slot not in defaults.SLOTS:
        message = f"The condition uses the slot “{slot}”, which does not exist."
        yield ConditionFinding("slot_missing", message, fix=create("slot", slot))


def _check_word(
    word: str, text: str, surroundings: Surroundings, *, context: bool
) -> Iterator[ConditionFinding]:
    """An unquoted word on the right of a comparison: Rasa takes it for a name without value."""
    if word.startswith("slots.") or (context and word.startswith("context.")) or STAND_IN in word:
        yield from _check_name(word, text, surroundings, context=context)
    elif word.casefold() in _NULL_ELSEWHERE:
        yield _null_elsewhere(word, text)
    else:
        message = f"Put “{word}” in quotes: without them it is a name that has no value."
        fix = _rewritten(f"Write '{word}'", text, word, f"'{word}'")
        yield ConditionFinding("condition_value_not_quoted", message, "warning", fix)


def _null_elsewhere(word: str, text: str) -> ConditionFinding:
    message = f"{word} is an unknown word here; write null."
    fix = _rewritten("Write null", text, word, "null")
    return ConditionFinding("condition_unknown_word", message, "warning", fix)


def _rewritten(label: str, text: str, old: str, new: str) -> Fix | None:
    """None where templates in the condition are not made of its own tokens."""
    try:
        return Fix(label, "set_text", {"text": with_names(text, {old: new})})
    except ConditionError:
        return None


def _check_comparison(
    comparison: Comparison, surroundings: Surroundings
) -> Iterator[ConditionFinding]:
    slot = comparison.name.removeprefix("slots.")
    facts = surroundings.slots.get(slot)
    if facts is None or not comparison.name.startswith("slots.") or comparison.value is None:
        return
    value = comparison.value
    if "categorical" in facts.type:
        allowed = {word.casefold() for word in facts.values}
        word = _word(comparison)
        if word.casefold() not in allowed:
            known = ", ".join(facts.values)
            message = f"“{word}” is not a value of the slot “{slot}” ({known})."
            yield ConditionFinding("condition_value_unknown", message)
    elif facts.type == "bool" and not isinstance(value, bool):
        message = f"The slot “{slot}” is true or false; compare it with true or false, not quoted."
        yield ConditionFinding("condition_not_boolean", message)


def _word(comparison: Comparison) -> str:
    """A number of a condition is always a float; `5` and `5.0` are the same value."""
    value = comparison.value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
