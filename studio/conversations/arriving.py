"""Events on their way into the table of events. Tuples: many thousands are made a second."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

# What differs when a bot publishes an event again, by itself or by `rasa export`.
_VARIES = ("metadata", "user_id", "sender_id")


class IncomingEvent(NamedTuple):
    """`body` has `sender_id`, `event` and `timestamp` (epoch seconds) of the right types; `text` is
    the JSON that it was read from."""

    offset: int
    body: dict[str, Any]
    text: str


class ArrivingEvent(NamedTuple):
    """An event that has found its conversation."""

    event: IncomingEvent
    at: datetime
    fingerprint: int


def arriving(event: IncomingEvent) -> ArrivingEvent:
    return ArrivingEvent(event, moment(event.body), _fingerprint(event.body))


def moment(body: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(body["timestamp"], UTC)


def columns_of(body: dict[str, Any]) -> dict[str, Any]:
    """The columns that are read from an event; `value` not yet as JSON."""
    metadata = body.get("metadata") or {}
    return {
        "type": body["event"][:64],
        "text": _text(body.get("text")),
        "name": _text(body.get("name"), 500),
        "value": body.get("value"),
        "flow_id": _text(body.get("flow_id") or metadata.get("active_flow"), 255),
        "step_id": _text(body.get("step_id") or metadata.get("step_id"), 500),
    }


def _fingerprint(body: dict[str, Any]) -> int:
    told = body.copy()
    for name in _VARIES:
        told.pop(name, None)
    canonical = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.blake2b(canonical, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _text(value: Any, limit: int | None = None) -> str | None:
    """PostgreSQL stores no NUL in texts; `data` keeps it escaped."""
    if not isinstance(value, str):
        return None
    return value.replace("\0", "")[:limit] if "\0" in value else value[:limit]
