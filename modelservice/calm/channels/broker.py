"""Publishes tracker events, as Rasa's `event_broker` does: to a file here, to Kafka in
`kafka_broker`."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Any, Protocol

from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ProjectError

logger = logging.getLogger(__name__)


class EventBroker(Protocol):
    def publish(self, tracker: Tracker, *, after: float) -> None:
        """Publish the tracker's events later than `after` (seconds since the epoch)."""
        ...

    def close(self) -> None:
        """Give what is still on its way a moment to arrive. It may block."""
        ...


class NoBroker:
    def publish(self, tracker: Tracker, *, after: float) -> None:
        """Nothing is published."""

    def close(self) -> None:
        """Nothing is open."""


class FileBroker:
    """Appends one JSON a line to a file that others read while it grows.

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
            json.dumps(body_of(tracker.sender_id, event, self._environment))
            for event in tracker.events_after(after)
        ]
        if not lines:
            return
        try:
            os.write(self._file, ("\n".join(lines) + "\n").encode())
        except OSError as error:
            logger.error("events could not be written to %s: %s", self._path, error)

    def close(self) -> None:
        """What was written is in the file."""


def body_of(sender_id: str, event: Event, environment: str | None) -> dict[str, Any]:
    """An event as brokers publish it; `environment` is the RASA_ENVIRONMENT."""
    metadata = {**event.metadata, "rasa_environment": environment}
    return {
        "sender_id": sender_id,
        "user_id": None,
        "event": event.type,
        "timestamp": event.timestamp,
        "metadata": metadata,
        **event.fields,
    }
