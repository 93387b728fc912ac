"""Which broker an assistant publishes its events by."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modelservice.calm.channels.broker import EventBroker, FileBroker, NoBroker
from modelservice.calm.errors import ProjectError

DEFAULT_PATH = "rasa_event.log"
# The second is Rasa's way of not waiting for Kafka; ours never waits.
KAFKA_KINDS = ("kafka", "concurrent_kafka")


def broker_from(endpoints: Mapping[str, Any], environment: Mapping[str, str]) -> EventBroker:
    """The broker that endpoints.yml asks for: `file`, `kafka`, or none."""
    settings = endpoints.get("event_broker")
    if not settings:
        return NoBroker()
    if not isinstance(settings, Mapping):
        raise ProjectError("event_broker must be a map with a type", file="endpoints.yml")
    kind, where = settings.get("type"), environment.get("RASA_ENVIRONMENT")
    if kind == "file":
        return FileBroker(Path(str(settings.get("path") or DEFAULT_PATH)), environment=where)
    if kind in KAFKA_KINDS:
        # Its library is large, and most assistants need none.
        from modelservice.calm.channels.kafka_broker import KafkaBroker

        return KafkaBroker(settings, environment=where)
    message = f"event_broker '{kind}' is not known here; use type: file or type: kafka"
    raise ProjectError(message, file="endpoints.yml")
