"""The domain of an assistant: slots, responses, intents, entities, actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from modelservice.calm.content.flow import Rejection
from modelservice.calm.content.step_reading import read_rejections
from modelservice.project.checks import defaults as default_names
from modelservice.project.config_text import Languages
from modelservice.project.model import names_of
from modelservice.project.slot_types import LANGUAGE_SLOT, SLOT_TYPES, number_of

NLU_MAPPINGS = ("from_entity", "from_intent", "from_trigger_intent", "from_text")
ROUTING_SLOT = "route_session_to_calm"
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
        return name in self.intents or name in default_names.INTENTS


def read_domain(
    raw: Mapping[str, Any],
    *,
    defaults: Mapping[str, Any],
    languages: Languages,
) -> Domain:
    """Build the domain from a merged domain map over the patterns' default domain.

    The checks find no error in its slots and responses.
    """
    slots = {
        name: read_slot(name, body, is_builtin=True)
        for name, body in {**_BUILTIN_SLOTS, **defaults["slots"]}.items()
    }
    slots[LANGUAGE_SLOT] = Slot(
        LANGUAGE_SLOT,
        "strict_categorical",
        initial_value=languages.language,
        values=(languages.language, *languages.additional),
        mappings=(),
        is_builtin=True,
    )
    for name, body in (raw.get("slots") or {}).items():
        slots[str(name)] = read_slot(str(name), body, is_builtin=name in defaults["slots"])
    responses = {
        name: tuple(items)
        for name, items in {**defaults["responses"], **(raw.get("responses") or {})}.items()
    }
    return Domain(
        slots=slots,
        responses=responses,
        actions=frozenset(names_of(raw.get("actions"))),
        actions_that_need_the_domain=_sending_domain(raw.get("actions")),
        intents=frozenset(names_of(raw.get("intents"))),
        entities=frozenset(names_of(raw.get("entities"))),
        session=_session(raw.get("session_config")),
        raw=raw,
    )


_BUILTIN_SLOTS: dict[str, dict[str, Any]] = {
    "flow_hashes": {"type": "any", "mappings": [{"type": "controlled"}]},
    "session_started_metadata": {"type": "any", "mappings": [{"type": "controlled"}]},
    "mocked_datetime": {"type": "text", "mappings": [{"type": "controlled"}]},
}


def read_slot(name: str, body: Mapping[str, Any], *, is_builtin: bool = False) -> Slot:
    """Read one slot in which the checks find no error."""
    slot_type = body["type"]
    values = body.get("values")
    minimum, maximum = number_of(body.get("min_value")), number_of(body.get("max_value"))
    both = minimum is not None and maximum is not None
    return Slot(
        name=name,
        type=slot_type if slot_type in SLOT_TYPES else "any",
        initial_value=body.get("initial_value"),
        values=tuple(map(str, values)) if isinstance(values, list) else (),
        minimum=minimum if both else None,
        maximum=maximum if both else None,
        mappings=_mappings(body.get("mappings")),
        validation=_validation(name, body.get("validation")),
        is_builtin=is_builtin,
        shared_for_coexistence=bool(body.get("shared_for_coexistence")),
    )


def _mappings(items: list[Mapping[str, Any]] | None) -> tuple[Mapping[str, Any], ...]:
    if items is None:
        return ({"type": "from_llm"},)
    return tuple(_renamed_custom(mapping) for mapping in items)


def _renamed_custom(mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    """`custom` with `action` is the older spelling of `controlled`."""
    if mapping["type"] != "custom":
        return mapping
    renamed = {"type": "controlled"}
    if "action" in mapping:
        renamed["run_action_every_turn"] = mapping["action"]
    return renamed


def _validation(name: str, body: Mapping[str, Any] | None) -> SlotValidation | None:
    if body is None:
        return None
    utter = body.get("refill_utter") or f"utter_ask_{name}"
    return SlotValidation(read_rejections(body["rejections"]), str(utter))


def _sending_domain(items: Any) -> frozenset[str]:
    return frozenset(
        str(name)
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, Mapping)
        for name, options in item.items()
        if isinstance(options, Mapping) and options.get("send_domain")
    )


def _session(body: Any) -> SessionConfig:
    """What is no number counts as not written."""
    found = body if isinstance(body, Mapping) else {}
    minutes = number_of(found.get("session_expiration_time"))
    return SessionConfig(
        60.0 if minutes is None else minutes,
        bool(found.get("carry_over_slots_to_new_session", True)),
        bool(found.get("start_session_after_expiry", True)),
    )
