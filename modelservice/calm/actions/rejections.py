"""action_run_slot_rejections: is the value just given one that this question accepts?"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from modelservice.calm.actions.context import ActionContext
from modelservice.calm.content.domain import Slot
from modelservice.calm.dialogue.conditions import UNFIT, evaluate
from modelservice.calm.dialogue.events import Event, slot_set
from modelservice.calm.dialogue.slots import coerce, is_valid
from modelservice.project.conditions.syntax import ConditionError

logger = logging.getLogger(__name__)
_TYPE_REJECTIONS = {
    "bool": "utter_boolean_slot_rejection",
    "float": "utter_float_slot_rejection",
    "categorical": "utter_categorical_slot_rejection",
    "strict_categorical": "utter_categorical_slot_rejection",
}


def run_slot_rejections(context: ActionContext) -> Sequence[Event]:
    """Null the asked slot and say why, or store its value in the type's own form."""
    top = context.tracker.stack.top
    name = None if top is None else top.fields.get("collect") or top.fields.get("validate")
    slot = context.assistant.domain.slots.get(str(name))
    if top is None or slot is None:
        return []
    value = context.tracker.slots.get(slot.name)
    if value is None or slot.name not in context.tracker.state.slots_set_in_session:
        return []
    if not is_valid(slot, value):
        utter: str | None = _TYPE_REJECTIONS.get(slot.type)
    else:
        utter = _first_rejection(slot, value, top.fields.get("rejections") or [])
        if utter is None:
            return _coerced(slot, value)
    emptied = [slot_set(slot.name, None)]
    return emptied if utter is None else [*emptied, *context.say(utter, {"value": value})]


def _coerced(slot: Slot, value: Any) -> list[Event]:
    coerced = coerce(slot, value)
    if coerced == value and type(coerced) is type(value):
        return []
    return [slot_set(slot.name, coerced)]


def _first_rejection(slot: Slot, value: Any, rejections: list[dict[str, str]]) -> str | None:
    """Rejections see this slot only; a condition that cannot be evaluated rejects."""
    visible = {slot.name: coerce(slot, value)}
    for rejection in rejections:
        try:
            if evaluate(rejection["if"], slots=visible):
                return rejection["utter"]
        except (*UNFIT, ConditionError) as error:
            logger.error("rejection '%s' of slot '%s': %s", rejection["if"], slot.name, error)
            return "utter_internal_error_rasa"
    return None
