"""Publishes tracker events, as Rasa's `event_broker: {type: file}` does: one JSON a line."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ProjectError

logger = logging.getLogger(__name__)
DEFAULT_PATH = "rasa_event.log"


class EventBroker(Protocol):
    def publish(self, tracker: Tracker, *, after: float) -> None:
        """Publish the tracker's events later than `after` (seconds since the epoch)."""
        ...


class NoBroker:
    def publish(self, tracker: Tracker, *, after: float) -> None:
        """Nothing is published."""


class FileBroker:
    """Appends to a file that others read while it grows.

    One write per turn: with O_APPEND the lines of a turn stay together and whole, also when
    several assistants write to the same file.
    """

    def __init__(self, path: Path, *, environment: str | None) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except OSError as error:
            message = f"events cannot be written to {path}: {error.strerror}"
            raise ProjectError(message, file="endpoints.yml") from error
        self._path = path
        self._environment = environment

    def publish(self, tracker: Tracker, *, after: float) -> None:
        lines = [
            json.dumps(self._body(tracker.sender_id, event))
            for event in tracker.events_after(after)
        ]
        if not lines:
            return
        try:
            os.write(self._file, ("\n".join(lines) + "\n").encode())
        except OSError as error:
            logger.error("events could not be written to %s: %s", self._path, error)

    def _body(self, sender_id: str, event: Event) -> dict[str, Any]:
        metadata = {**event.metadata, "rasa_environment": self._environment}
        return {
            "sender_id": sender_id,
            "user_id": None,
            "event": event.type,
            "timestamp": event.timestamp,
            "metadata": metadata,
            **event.fields,
        }


def broker_from(endpoints: Mapping[str, Any], environment: Mapping[str, str]) -> EventBroker:
    """The broker that endpoints.yml asks for; `file` is the only kind there is here."""
    settings = endpoints.get("event_broker")
    if not settings:
        return NoBroker()
    if not isinstance(settings, Mapping) or settings.get("type") != "file":
        kind = settings.get("type") if isinstance(settings, Mapping) else settings
        raise ProjectError(f"event_broker '{kind}' is not known here; use type: file")
    path = Path(str(settings.get("path") or DEFAULT_PATH))
    return FileBroker(path, environment=environment.get("RASA_ENVIRONMENT"))
