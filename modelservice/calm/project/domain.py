"""The domain of an assistant: slots, responses, intents, entities, actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from modelservice.calm.errors import ProjectError
from modelservice.calm.project.flow import Rejection
from modelservice.calm.project.step_reading import read_rejections

SLOT_TYPES = ("text", "bool", "float", "categorical", "strict_categorical", "list", "any")
NLU_MAPPINGS = ("from_entity", "from_intent", "from_trigger_intent", "from_text")
ROUTING_SLOT = "route_session_to_calm"
DEFAULT_INTENTS = frozenset(
    {
        "restart",
        "back",
        "out_of_scope",
        "session_start",
        "session_end",
        "silence_timeout",
        "nlu_fallback",
    }
)

Variation = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SlotValidation:
    rejections: tuple[Rejection, ...]
    refill_utter: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot as declared; `values` are texts, in the spelling they are stored with."""

    name: str
    type: str
    initial_value: Any = None
    values: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    mappings: tuple[Mapping[str, Any], ...] = ({"type": "from_llm"},)
    validation: SlotValidation | None = None
    is_builtin: bool = False
    shared_for_coexistence: bool = False

    def has_mapping(self, *types: str) -> bool:
        return any(mapping.get("type") in types for mapping in self.mappings)


@dataclass(frozen=True, slots=True)
class SessionConfig:
    """`expiration_minutes` 0 means that a session never expires."""

    expiration_minutes: float = 60.0
    carry_over_slots: bool = True
    start_after_expiry: bool = True


@dataclass(frozen=True)
class Domain:
    slots: Mapping[str, Slot]
    responses: Mapping[str, tuple[Variation, ...]]
    actions: frozenset[str]
    actions_that_need_the_domain: frozenset[str]
    intents: frozenset[str]
    entities: frozenset[str]
    session: SessionConfig
    raw: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def actions_of_every_turn(self) -> tuple[str, ...]:
        """Custom actions that slots ask to be run beside each message, each once."""
        names = (
            mapping["run_action_every_turn"]
            for slot in self.slots.values()
            for mapping in slot.mappings
            if "run_action_every_turn" in mapping
        )
        return tuple(dict.fromkeys(names))

    def knows_intent(self, name: str) -> bool:
        return name in self.intents or name in DEFAULT_INTENTS


def read_domain(
    raw: Mapping[str, Any],
    *,
    defaults: Mapping[str, Any],
    language: str,
    additional_languages: list[str],
) -> Domain:
    """Build the domain from a merged domain map over the patterns' default domain.

    Raises `ProjectError` naming the slot or response.
    """
    slots = {
        name: read_slot(name, body, is_builtin=True)
        for name, body in {**_BUILTIN_SLOTS, **defaults["slots"]}.items()
    }
    slots["language"] = Slot(
        "language",
        "strict_categorical",
        initial_value=language,
        values=(language, *additional_languages),
        mappings=(),
        is_builtin=True,
    )
    for name, body in (raw.get("slots") or {}).items():
        if name == "language":
            raise ProjectError("is made from config.yml's languages", item="slot 'language'")
        slots[str(name)] = read_slot(str(name), body, is_builtin=name in defaults["slots"])
    responses = {
        name: _variations(name, items)
        for name, items in {**defaults["responses"], **(raw.get("responses") or {})}.items()
    }
    return Domain(
        slots=slots,
        responses=responses,
        actions=frozenset(_names(raw.get("actions"))),
        actions_that_need_the_domain=_sending_domain(raw.get("actions")),
        intents=frozenset(_names(raw.get("intents"))),
        entities=frozenset(_names(raw.get("entities"))),
        session=_session(raw.get("session_config") or {}),
        raw=raw,
    )


_BUILTIN_SLOTS: dict[str, dict[str, Any]] = {
    "flow_hashes": {"type": "any", "mappings": [{"type": "controlled"}]},
    "session_started_metadata": {"type": "any", "mappings": [{"type": "controlled"}]},
    "mocked_datetime": {"type": "text", "mappings": [{"type": "controlled"}]},
}


def read_slot(name: str, body: Any, *, is_builtin: bool = False) -> Slot:
    item = f"slot '{name}'"
    if not isinstance(body, Mapping):
        raise ProjectError("must be a map with a type", item=item)
    slot_type = body.get("type")
    if not isinstance(slot_type, str) or ("." not in slot_type and slot_type not in SLOT_TYPES):
        raise ProjectError(f"unknown type '{slot_type}'", item=item)
    values = tuple(str(value) for value in body.get("values") or ())
    if slot_type.endswith("categorical") and not values:
        raise ProjectError("a categorical slot needs 'values'", item=item)
    minimum, maximum = _range(body, item)
    return Slot(
        name=name,
        type=slot_type if slot_type in SLOT_TYPES else "any",
        initial_value=body.get("initial_value"),
        values=values,
        minimum=minimum,
        maximum=maximum,
        mappings=_mappings(body.get("mappings"), item),
        validation=_validation(name, body.get("validation"), item),
        is_builtin=is_builtin,
        shared_for_coexistence=bool(body.get("shared_for_coexistence")),
    )


def _range(body: Mapping[str, Any], item: str) -> tuple[float | None, float | None]:
    minimum, maximum = body.get("min_value"), body.get("max_value")
    if minimum is None or maximum is None:
        return None, None
    if not minimum < maximum:
        raise ProjectError("'min_value' must be below 'max_value'", item=item)
    return float(minimum), float(maximum)


def _mappings(items: Any, item: str) -> tuple[Mapping[str, Any], ...]:
    if items is None:
        return ({"type": "from_llm"},)
    if not isinstance(items, list):
        raise ProjectError("'mappings' must be a list", item=item)
    for mapping in items:
        if not isinstance(mapping, Mapping) or not isinstance(mapping.get("type"), str):
            raise ProjectError("a mapping needs a 'type'", item=item)
        needed = {"from_entity": "entity", "from_intent": "value"}.get(mapping["type"])
        if needed and needed not in mapping:
            raise ProjectError(f"a {mapping['type']} mapping needs '{needed}'", item=item)
    return tuple(_renamed_custom(mapping) for mapping in items)


def _renamed_custom(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """`custom` with `action` is the older spelling of `controlled`."""
    if mapping["type"] != "custom":
        return mapping
    renamed = {"type": "controlled"}
    if "action" in mapping:
        renamed["run_action_every_turn"] = mapping["action"]
    return renamed


def _validation(name: str, body: Any, item: str) -> SlotValidation | None:
    if body is None:
        return None
    if not isinstance(body, Mapping) or not body.get("rejections"):
        raise ProjectError("'validation' needs 'rejections'", item=item)
    rejections = read_rejections(body["rejections"], lambda text: ProjectError(text, item=item))
    return SlotValidation(rejections, str(body.get("refill_utter", f"utter_ask_{name}")))


def _variations(name: str, items: Any) -> tuple[Variation, ...]:
    if not isinstance(items, list):
        raise ProjectError("must be a list of variations", item=f"response '{name}'")
    return tuple(_variation(variation, f"response '{name}'") for variation in items)


_VARIATION_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": (str, int, float),
    "translation": Mapping,
    "metadata": Mapping,
    "buttons": list,
    "quick_replies": list,
    "elements": list,
    "condition": (str, list),
}


def _variation(variation: Any, item: str) -> Variation:
    if not isinstance(variation, Mapping):
        raise ProjectError("a variation must be a map", item=item)
    if variation.get("text") is None and not variation.get("custom"):
        raise ProjectError("a variation needs 'text' or 'custom'", item=item)
    for key, wanted in _VARIATION_TYPES.items():
        value = variation.get(key)
        if value is not None and not isinstance(value, wanted):
            raise ProjectError(f"'{key}' of a variation has the wrong type", item=item)
    buttons = [*(variation.get("buttons") or []), *(variation.get("quick_replies") or [])]
    if not all(isinstance(button, Mapping) for button in buttons):
        raise ProjectError("a button must be a map with a title", item=item)
    text = variation.get("text")
    return variation if text is None or isinstance(text, str) else {**variation, "text": str(text)}


def _names(items: Any) -> list[str]:
    if not isinstance(items, list):
        return []
    return [str(next(iter(item), "") if isinstance(item, Mapping) else item) for item in items]


def _sending_domain(items: Any) -> frozenset[str]:
    return frozenset(
        str(name)
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, Mapping)
        for name, options in item.items()
        if isinstance(options, Mapping) and options.get("send_domain")
    )


def _session(body: Mapping[str, Any]) -> SessionConfig:
    return SessionConfig(
        float(body.get("session_expiration_time", 60.0)),
        bool(body.get("carry_over_slots_to_new_session", True)),
        bool(body.get("start_session_after_expiry", True)),
    )
