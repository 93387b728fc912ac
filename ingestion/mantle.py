"""Events of Rasa's Mantle engine, brought into the shape of all others (kafka_events §5)."""

from typing import Any

from modelservice.common import lenient_json

_COMMON = frozenset(
    {
        *("conversation_id", "user_id", "timestamp", "metadata", "deployment_environment"),
        *("session_id", "event_id", "sequence"),
    }
)
# Of the common ones, those that have another name or place elsewhere.
_MOVED = frozenset({"conversation_id", "deployment_environment", "session_id", "metadata"})


def is_mantle(body: dict[str, Any]) -> bool:
    return "conversation_id" in body and "event" not in body


def translated(body: dict[str, Any]) -> dict[str, Any]:
    """The one payload becomes the event's own fields; nothing of it is left out.

    :raises ValueError: there is not exactly one payload, or its metadata cannot be read
    """
    payloads = {
        name: value
        for name, value in body.items()
        if name not in _COMMON and isinstance(value, dict)
    }
    if len(payloads) != 1:
        raise ValueError(f"it has {len(payloads)} payloads instead of one")
    [(event, payload)] = payloads.items()
    others = {name: body[name] for name in body if name not in payloads and name not in _MOVED}
    return {
        **payload,
        **others,
        "sender_id": body["conversation_id"],
        "event": event,
        "metadata": _metadata(body),
    }


def _metadata(body: dict[str, Any]) -> dict[str, Any]:
    """In Mantle a JSON text; session and environment are in the metadata of all others."""
    raw = body.get("metadata")
    metadata = lenient_json.loads(raw) if isinstance(raw, str) and raw else raw or {}
    if not isinstance(metadata, dict):
        raise ValueError("its metadata is not a map")
    if body.get("session_id"):
        metadata = {**metadata, "session_id": body["session_id"]}
    if "deployment_environment" in body:
        metadata = {**metadata, "rasa_environment": body["deployment_environment"]}
    return metadata
