"""Tracker events: one record type; what an event means is decided where it is applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

NO_BOT_DATA: dict[str, Any] = dict.fromkeys(
    ("elements", "quick_replies", "buttons", "attachment", "image", "custom")
)
# Metadata of an event that says to the author what went wrong there.
ERROR_MESSAGE = "execution_error_message"


@dataclass(frozen=True, slots=True)
class Event:
    """`timestamp` is in seconds since the epoch; 0.0 until the tracker took the event."""

    type: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    timestamp: float = 0.0

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def get(self, name: str) -> Any:
        return self.fields.get(name)

    def with_metadata(self, metadata: Mapping[str, Any]) -> Event:
        return replace(self, metadata={**metadata, **self.metadata})

    def as_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {"event": self.type, "timestamp": self.timestamp}
        if self.metadata or self.type in ("user", "bot"):
            body["metadata"] = dict(self.metadata)
        body.update(self.fields)
        return body


def event_from_dict(body: Mapping[str, Any]) -> Event:
    """Read an event object of the wire. Raises `KeyError` without `event`."""
    own = {k: v for k, v in body.items() if k not in ("event", "timestamp", "metadata")}
    return Event(
        str(body["event"]),
        own,
        dict(body.get("metadata") or {}),
        float(body.get("timestamp") or 0.0),
    )


def slot_set(name: str, value: Any, filled_by: str | None = None, *, reset: bool = False) -> Event:
    fields = {"name": name, "value": value, "filled_by": filled_by, "anonymized_at": None}
    return Event("slot", fields, {"reset": True} if reset else {})


def flow_event(kind: str, flow_id: str, step_id: str, active: Mapping[str, Any]) -> Event:
    """`flow_completed`, `flow_interrupted`, `flow_resumed` or `flow_cancelled`."""
    return Event(kind, {"flow_id": flow_id, "step_id": step_id}, active)


def action_executed(
    name: str,
    *,
    policy: str | None = None,
    confidence: float | None = None,
    metadata: Mapping[str, Any] | None = None,
) -> Event:
    fields = {
        "name": name,
        "policy": policy,
        "confidence": confidence,
        "action_text": None,
        "hide_rule_turn": False,
    }
    return Event("action", fields, metadata or {})


def bot_uttered(text: str | None, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Event:
    body = {"text": text, "data": {**NO_BOT_DATA, **data}, "anonymized_at": None}
    return Event("bot", body, metadata)
