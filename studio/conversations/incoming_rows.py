"""Events prepared as rows of the event table. Tuples, for speed: thousands are made a second."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

# What differs when a bot publishes an event again, by itself or by `rasa export`.
_VARIES = ("metadata", "user_id", "sender_id")
_NOTHING: dict[str, Any] = {}
_NULL = "\\N"


class Columns(NamedTuple):
    type: str
    text: str | None
    name: str | None
    value: Any
    flow_id: str | None
    step_id: str | None


class IncomingEvent(NamedTuple):
    """`body` has `sender_id`, `event` and `timestamp` (epoch seconds) of the right types; `row` is
    its line for COPY, with the columns `IN_ROW`."""

    offset: int
    body: dict[str, Any]
    at: datetime
    fingerprint: int
    row: bytes


IN_ROW = (
    *("source_offset", "type", "at", "text", "name", "value", "flow_id", "step_id"),
    *("data", "fingerprint"),
)


def incoming(offset: int, body: dict[str, Any], text: str) -> IncomingEvent:
    """`text` is the JSON that the body was read from."""
    at = datetime.fromtimestamp(body["timestamp"], UTC)
    fingerprint = _fingerprint(body)
    row = _row(offset, body, text, at, fingerprint)
    return IncomingEvent(offset, body, at, fingerprint, row)


def _row(offset: int, body: dict[str, Any], text: str, at: datetime, fingerprint: int) -> bytes:
    """A line in COPY's text format. The reader makes it, so that the writer does not keep the
    database waiting."""
    type_, said, name, value, flow_id, step_id = columns_of(body)
    return (
        f"{offset}\t{_field(type_)}\t{at.isoformat()}\t{_field(said)}\t{_field(name)}\t"
        f"{_NULL if value is None else _field(orjson.dumps(value).decode())}\t"
        f"{_field(flow_id)}\t{_field(step_id)}\t{_field(text)}\t{fingerprint}\n"
    ).encode()


def _field(text: str | None) -> str:
    """Escapes backslash, tab and line ends (PostgreSQL, "COPY", text format)."""
    if text is None:
        return _NULL
    text = text.replace("\\", "\\\\").replace("\t", "\\t")
    return text.replace("\n", "\\n").replace("\r", "\\r")


def columns_of(body: dict[str, Any]) -> Columns:
    """The values of an event that have columns of their own; `value` is not encoded as JSON yet."""
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
    compared = body.copy()
    for name in _VARIES:
        compared.pop(name, None)
    canonical = orjson.dumps(compared, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.blake2b(canonical, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _text(value: Any, limit: int | None) -> str | None:
    """PostgreSQL stores no NUL in texts; `data` keeps it escaped."""
    if type(value) is not str:
        return None
    return value.replace("\0", "")[:limit] if "\0" in value else value[:limit]
