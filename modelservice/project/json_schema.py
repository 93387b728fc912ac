"""The shapes that `structure` checks, as JSON Schema: what an item must be to be stored.

The tables are those of the checks, so that a description made of them cannot say anything else.
"""

from typing import Any

from modelservice.project.structure import (
    BRANCH_TYPES,
    FLOW_TYPES,
    STEP_TYPES,
    VARIATION_TYPES,
)

JsonSchema = dict[str, Any]

_NAMES: dict[type, str] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
}
_MAP: JsonSchema = {"type": "object"}


def _map(description: str, **keys: str) -> JsonSchema:
    """A map of which storing checks no more than that it is one; the usual keys are described."""
    properties = {key: {"description": about} for key, about in keys.items()}
    described = {**_MAP, "description": description, "additionalProperties": True}
    return {**described, "properties": properties} if keys else described


def _maps(description: str, **keys: str) -> JsonSchema:
    return {"type": "array", "items": _map(description, **keys)}


_CONDITION = "A condition, such as `slots.amount > 50000`"
_BUTTONS = _maps(
    "A button",
    title="What it says",
    payload="What is sent when it is pressed, such as `/SetSlots(amount=20)`",
)


def body_schemas(place: str) -> dict[str, JsonSchema]:
    """By name; they refer to each other as `place` + name."""

    def many(name: str) -> JsonSchema:
        return {"type": "array", "items": {"$ref": f"{place}{name}"}}

    def typed(types: dict[str, tuple[type, ...]], **lists: JsonSchema) -> JsonSchema:
        return _typed(types, lists)

    steps = many("FlowStep")
    return {
        "FlowBody": typed(FLOW_TYPES, steps=steps)
        | {"description": "A flow as the YAML of Rasa has it, without its id"},
        "FlowStep": typed(
            STEP_TYPES,
            next=many("FlowBranch"),
            set_slots=_maps("Values by the names of slots; null empties one"),
            rejections=_maps(
                "A check of the value", **{"if": _CONDITION, "utter": "The response where it holds"}
            ),
        )
        | {"description": "A step of a flow: one of action, collect, link, call, set_slots, noop"},
        "FlowBranch": typed(BRANCH_TYPES, then=steps, **{"else": steps})
        | {"description": "One way on from a step: `if` with `then`, or `else`"},
        "ResponseBody": {**many("ResponseVariation"), "description": "All variations"},
        "ResponseVariation": typed(
            VARIATION_TYPES,
            buttons=_BUTTONS,
            quick_replies=_BUTTONS,
            condition=_maps(
                "A condition on a slot", type="slot", name="Name of the slot", value="Its value"
            ),
        ),
        "SlotBody": _map(
            "A slot as the domain has it",
            type="text, bool, float, categorical, any, list, date or the name of a class",
            values="Of a categorical slot",
            mappings="Where it is filled from; by default from the language model",
            initial_value="What is in it when a conversation starts",
            influence_conversation="Whether stories and rules heed it",
        ),
        "NamedBody": {
            "type": ["object", "null"],
            "description": "Settings beside the name; null: there are none",
        },
        "NluBody": _map(
            "An entry of the training data: examples of an intent, synonyms, a pattern, a list",
            **dict.fromkeys(("intent", "synonym", "regex", "lookup"), "Its name, if it is one"),
            examples="A text with a line for each, or a list",
        ),
        "PromptBody": {
            **_MAP,
            "required": ["text"],
            "properties": {"text": {"type": "string"}},
            "description": "A Jinja template",
        },
    }


def _typed(types: dict[str, tuple[type, ...]], lists: dict[str, JsonSchema]) -> JsonSchema:
    """An object whose keys have these types or are null; others are kept as they are."""
    return {
        "type": "object",
        "properties": {key: _either(allowed, lists.get(key)) for key, allowed in types.items()},
        "additionalProperties": True,
    }


def _either(allowed: tuple[type, ...], entries: JsonSchema | None) -> JsonSchema:
    plain = [_NAMES[kind] for kind in allowed if entries is None or kind is not list]
    if entries is None:
        return {"type": [*plain, "null"]}
    return {"anyOf": [entries, {"type": [*plain, "null"]}]}
