"""Events on their way into the table of events. Tuples: many thousands are made a second."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

# What differs when a bot publishes an event again, by itself or by `rasa export`.
_VARIES = ("metadata", "user_id", "sender_id")
_NOTHING: dict[str, Any] = {}


class Columns(NamedTuple):
    type: str
    text: str | None
    name: str | None
    value: Any
    flow_id: str | None
    step_id: str | None


class IncomingEvent(NamedTuple):
    """`body` has `sender_id`, `event` and `timestamp` (epoch seconds) of the right types; `text` is
    the JSON that it was read from."""

    offset: int
    body: dict[str, Any]
    text: str
    at: datetime
    fingerprint: int
    columns: Columns


def incoming(offset: int, body: dict[str, Any], text: str) -> IncomingEvent:
    at = datetime.fromtimestamp(body["timestamp"], UTC)
    return IncomingEvent(offset, body, text, at, _fingerprint(body), _columns(body))


def _columns(body: dict[str, Any]) -> Columns:
    """What is read from an event into columns of its own; `value` not yet as JSON."""
    metadata = body.get("metadata") or _NOTHING
    get = body.get
    return Columns(
        get("event", "")[:64],
        _text(get("text"), None),
        _text(get("name"), 500),
        get("value"),
        _text(get("flow_id") or metadata.get("active_flow"), 255),
        _text(get("step_id") or metadata.get("step_id"), 500),
    )


def _fingerprint(body: dict[str, Any]) -> int:
    told = body.copy()
    for name in _VARIES:
        told.pop(name, None)
    canonical = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.blake2b(canonical, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _text(value: Any, limit: int | None) -> str | None:
    """PostgreSQL stores no NUL in texts; `data` keeps it escaped."""
    if type(value) is not str:
        return None
    return value.replace("\0", "")[:limit] if "\0" in value else value[:limit]
