"""Events as assistants publish them, for the description of the API: the fields of each type.

Rasa's versions differ in which fields there are, so that only those are required that the ingestion
asks for. An event is passed on as it was published, with whatever other fields it has.
"""

from typing import Any

JsonSchema = dict[str, Any]

_PLACE = "#/components/schemas/"
_TEXT: JsonSchema = {"type": ["string", "null"]}
_NUMBER: JsonSchema = {"type": ["number", "null"]}
_TRUTH: JsonSchema = {"type": ["boolean", "null"]}
_ANY: JsonSchema = {"description": "Any JSON"}
_MAP: JsonSchema = {"type": ["object", "null"], "additionalProperties": True}
_ENTITIES: JsonSchema = {"type": ["array", "null"], "items": {"$ref": f"{_PLACE}EventEntity"}}
_ANONYMIZED: JsonSchema = {**_NUMBER, "description": "When it was anonymised, seconds since 1970"}
_OF_MESSAGE: JsonSchema = {
    "anyOf": [{"$ref": f"{_PLACE}EventMessageData"}, {"type": "null"}],
    "description": "What is shown beside the text",
}
_OF_ACTION = {"name": _TEXT, "policy": _TEXT, "confidence": _NUMBER}

# Name of the shape: its types of events, and the fields that they have beside those of all.
_EVENTS: dict[str, tuple[tuple[str, ...], dict[str, JsonSchema]]] = {
    "User": (
        ("user",),
        {
            "text": _TEXT,
            "input_channel": _TEXT,
            "message_id": _TEXT,
            "parse_data": {
                "anyOf": [{"$ref": f"{_PLACE}EventParseData"}, {"type": "null"}],
                "description": "What was understood",
            },
            "anonymized_at": _ANONYMIZED,
        },
    ),
    "Bot": (
        ("bot", "agent"),
        {"text": _TEXT, "data": _OF_MESSAGE, "anonymized_at": _ANONYMIZED},
    ),
    "Slot": (
        ("slot",),
        {"name": _TEXT, "value": _ANY, "filled_by": _TEXT, "anonymized_at": _ANONYMIZED},
    ),
    "Action": (
        ("action", "action_execution_rejected"),
        {**_OF_ACTION, "action_text": _TEXT, "hide_rule_turn": _TRUTH},
    ),
    "Flow": (
        (
            "flow_started",
            "flow_completed",
            "flow_interrupted",
            "flow_resumed",
            "flow_cancelled",
        ),
        {"flow_id": _TEXT, "step_id": _TEXT},
    ),
    "Stack": (
        ("stack",),
        {"update": {**_TEXT, "description": "A JSON Patch (RFC 6902) of the stack, as a text"}},
    ),
    "Entities": (("entities",), {"entities": _ENTITIES}),
    "Name": (("active_loop", "followup"), {"name": _TEXT}),
    "Loop": (("loop_interrupted",), {"is_interrupted": _TRUTH}),
    "Reminder": (
        ("reminder",),
        {
            "intent": _TEXT,
            "date_time": {**_TEXT, "description": "When, as ISO 8601"},
            "entities": _ENTITIES,
            "name": _TEXT,
            "kill_on_user_msg": _TRUTH,
        },
    ),
    "Agent": (
        (
            "agent_started",
            "agent_completed",
            "agent_cancelled",
            "agent_interrupted",
            "agent_resumed",
            "agent_processing",
        ),
        {"agent_id": _TEXT, "flow_id": _TEXT, "status": _TEXT, "reason": _TEXT},
    ),
    "Error": (("error",), {"error_code": _TEXT}),
}
_OTHER = "Other"
_PARTS: dict[str, JsonSchema] = {
    "EventEntity": {
        "properties": {
            "entity": _TEXT,
            "value": _ANY,
            "start": _NUMBER,
            "end": _NUMBER,
            "role": _TEXT,
            "group": _TEXT,
        }
    },
    "EventMessageData": {
        "properties": {
            "buttons": {"type": ["array", "null"], "items": _MAP},
            "quick_replies": {"type": ["array", "null"], "items": _MAP},
            "elements": {"type": ["array", "null"], "items": _MAP},
            "image": _TEXT,
            "attachment": _ANY,
            "custom": _ANY,
        }
    },
    "EventParseData": {
        "properties": {
            "text": _TEXT,
            "message_id": _TEXT,
            "intent": {**_MAP, "properties": {"name": _TEXT, "confidence": _NUMBER}},
            "entities": _ENTITIES,
            "commands": {
                "type": ["array", "null"],
                "items": {"$ref": f"{_PLACE}EventCommand"},
            },
        }
    },
    "EventCommand": {
        "properties": {
            "command": {**_TEXT, "description": "Such as `start flow` or `set slot`"},
            "flow": {**_TEXT, "description": "Of `start flow`"},
            "name": {**_TEXT, "description": "Of `set slot`"},
            "value": {**_ANY, "description": "Of `set slot`, any JSON"},
            "options": {
                "type": ["array", "null"],
                "items": {"type": "string"},
                "description": "Ids of flows, of `clarify`",
            },
        }
    },
}


def add_events(result: dict[str, Any], **_rest: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: `PublishedEvent`, by the type of the event."""
    known = [kind for kinds, _fields in _EVENTS.values() for kind in kinds]
    events = {name: _event({"enum": [*kinds]}, own) for name, (kinds, own) in _EVENTS.items()}
    events[_OTHER] = _event({"not": {"enum": known}}, {})
    schemas = result["components"]["schemas"]
    schemas.update({f"Published{name}Event": shape for name, shape in events.items()})
    schemas.update({name: _open(shape) for name, shape in _PARTS.items()})
    schemas["PublishedEvent"] = {
        "description": "An event as the assistant published it, by `event`, its type",
        "oneOf": [{"$ref": f"{_PLACE}Published{name}Event"} for name in events],
    }
    return result


def _event(type_: JsonSchema, fields: dict[str, JsonSchema]) -> JsonSchema:
    common = {
        "event": {"type": "string", **type_},
        "timestamp": {"type": "number", "description": "Seconds since 1970"},
        "sender_id": {"type": "string"},
        "metadata": _MAP,
    }
    return _open({"required": ["event", "timestamp", "sender_id"], "properties": common | fields})


def _open(shape: JsonSchema) -> JsonSchema:
    return {"type": "object", **shape, "additionalProperties": True}
