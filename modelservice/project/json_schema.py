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
_MAPS: JsonSchema = {"type": "array", "items": _MAP}


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
        "FlowStep": typed(STEP_TYPES, next=many("FlowBranch"), set_slots=_MAPS, rejections=_MAPS)
        | {"description": "A step of a flow: one of action, collect, link, call, set_slots, noop"},
        "FlowBranch": typed(BRANCH_TYPES, then=steps, **{"else": steps})
        | {"description": "One way on from a step: `if` with `then`, or `else`"},
        "ResponseBody": {**many("ResponseVariation"), "description": "All variations"},
        "ResponseVariation": typed(
            VARIATION_TYPES, buttons=_MAPS, quick_replies=_MAPS, condition=_MAPS
        ),
        "SlotBody": {**_MAP, "description": "A slot as the domain has it: type, mappings …"},
        "NamedBody": {
            "type": ["object", "null"],
            "description": "Settings beside the name; null: there are none",
        },
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
    }


def _either(allowed: tuple[type, ...], entries: JsonSchema | None) -> JsonSchema:
    plain = [_NAMES[kind] for kind in allowed if entries is None or kind is not list]
    if entries is None:
        return {"type": [*plain, "null"]}
    return {"anyOf": [entries, {"type": [*plain, "null"]}]}
