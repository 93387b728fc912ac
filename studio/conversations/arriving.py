"""Events on their way into the table of events."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

# What differs when a bot publishes an event again, by itself or by `rasa export`.
_VARIES = frozenset({"metadata", "user_id", "sender_id"})


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """`body` has `sender_id`, `event` and `timestamp` (epoch seconds) of the right types; `text` is
    the JSON that it was read from."""

    offset: int
    body: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class ArrivingEvent:
    """An event that has found its conversation."""

    conversation_id: UUID
    event: IncomingEvent
    at: datetime
    fingerprint: int

    @property
    def key(self) -> tuple[UUID, datetime, int]:
        return self.conversation_id, self.at, self.fingerprint

    @property
    def order(self) -> tuple[datetime, int]:
        return self.at, self.event.offset

    def columns(self) -> dict[str, Any]:
        """The columns that are read from the body; `value` and `data` not yet as JSON."""
        body = self.event.body
        metadata = body.get("metadata") or {}
        return {
            "type": body["event"][:64],
            "text": _text(body.get("text")),
            "name": _text(body.get("name"), 500),
            "value": body.get("value"),
            "flow_id": _text(body.get("flow_id") or metadata.get("active_flow"), 255),
            "step_id": _text(body.get("step_id") or metadata.get("step_id"), 500),
        }


def arriving(conversation_id: UUID, event: IncomingEvent) -> ArrivingEvent:
    return ArrivingEvent(conversation_id, event, moment(event.body), _fingerprint(event.body))


def moment(body: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(body["timestamp"], UTC)


def _fingerprint(body: dict[str, Any]) -> int:
    told = {name: value for name, value in body.items() if name not in _VARIES}
    canonical = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.blake2b(canonical, digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _text(value: Any, limit: int | None = None) -> str | None:
    """PostgreSQL stores no NUL in texts; `data` keeps it escaped."""
    if not isinstance(value, str):
        return None
    return value.replace("\0", "")[:limit] if "\0" in value else value[:limit]
