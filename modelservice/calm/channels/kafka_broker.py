"""Publishes tracker events to Kafka, with the settings of Rasa's `event_broker: {type: kafka}`."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from typing import Any

from confluent_kafka import KafkaException, Producer

from modelservice.calm.channels.broker import body_of
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ProjectError

logger = logging.getLogger(__name__)
DEFAULT_TOPIC = "rasa_core_events"
_FILE = "endpoints.yml"
_QUEUED_KILOBYTES = 64 * 1024
_CLOSE_SECONDS = 1.5
_POLL_SECONDS = 0.5
_PROTOCOLS = ("PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL")
_SASL = {
    "sasl_mechanism": "sasl.mechanism",
    "sasl_username": "sasl.username",
    "sasl_password": "sasl.password",
}
_SSL = {
    "ssl_cafile": "ssl.ca.location",
    "ssl_certfile": "ssl.certificate.location",
    "ssl_keyfile": "ssl.key.location",
}


class KafkaBroker:
    """Events of a conversation come to one partition, each once and in their order.

    The chat never waits for Kafka. While it is away events wait in memory, as many as `queue_size`
    says; further ones are lost and the log says so.
    """

    def __init__(self, settings: Mapping[str, Any], *, environment: str | None) -> None:
        self._topic = str(settings.get("topic") or DEFAULT_TOPIC)
        self._environment = environment
        self._headers: list[tuple[str, str | bytes | None]] = [
            ("RASA_ENVIRONMENT", environment or "RASA_ENVIRONMENT_NOT_SET")
        ]
        self._failed: list[str] = []
        self._problem: int | None = None
        client = client_settings(settings)
        self._name = f"Kafka at {client['bootstrap.servers']}, topic {self._topic}"
        try:
            self._producer = Producer({**client, "error_cb": self._told})
        except KafkaException as error:
            message = f"event_broker cannot be used: {error.args[0].str()}"
            raise ProjectError(message, file=_FILE) from error
        self._closing = threading.Event()
        self._poller = threading.Thread(target=self._poll, name="kafka", daemon=True)
        self._poller.start()

    def publish(self, tracker: Tracker, *, after: float) -> None:
        key = tracker.sender_id.encode(errors="surrogatepass")
        for event in tracker.events_after(after):
            body = json.dumps(body_of(tracker.sender_id, event, self._environment)).encode()
            try:
                self._producer.produce(
                    self._topic, body, key, headers=self._headers, on_delivery=self._delivered
                )
            except (BufferError, KafkaException) as error:
                self._failed.append(str(error))

    def close(self) -> None:
        self._closing.set()
        self._poller.join()
        waiting = self._producer.flush(_CLOSE_SECONDS)
        if waiting:
            self._failed += ["it does not answer"] * waiting
        self._tell_lost()

    def _poll(self) -> None:
        """Kafka's answers are heard also while nobody talks to the assistant."""
        while not self._closing.is_set():
            self._producer.poll(_POLL_SECONDS)
            self._tell_lost()

    def _delivered(self, error: Any, _message: Any) -> None:
        if error is None:
            self._problem = None
        else:
            self._failed.append(error.str())

    def _told(self, error: Any) -> None:
        """Once for each kind, however long it lasts."""
        if error.code() != self._problem:
            self._problem = error.code()
            logger.warning("%s: %s", self._name, error.str())

    def _tell_lost(self) -> None:
        if count := len(self._failed):
            logger.error("%d events are lost, %s: %s", count, self._name, self._failed[count - 1])
            del self._failed[:count]  # more may have come behind them


def client_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of endpoints.yml in librdkafka's words. Raises `ProjectError`."""
    url = settings.get("url")
    brokers = ",".join(map(str, url)) if isinstance(url, list) else str(url or "")
    if not brokers:
        message = "event_broker of type kafka needs the brokers' address in url"
        raise ProjectError(message, file=_FILE)
    protocol = str(settings.get("security_protocol") or "SASL_PLAINTEXT").upper()
    if protocol not in _PROTOCOLS:
        message = f"security_protocol of event_broker must be one of {', '.join(_PROTOCOLS)}"
        raise ProjectError(message, file=_FILE)
    names = {
        **(_SASL if protocol.startswith("SASL") else {}),
        **(_SSL if protocol.endswith("SSL") else {}),
    }
    given = {theirs: str(settings[ours]) for ours, theirs in names.items() if settings.get(ours)}
    if protocol.startswith("SASL"):
        given.setdefault("sasl.mechanism", "PLAIN")
    if protocol.endswith("SSL"):
        checked = settings.get("ssl_check_hostname", True)
        given["ssl.endpoint.identification.algorithm"] = "https" if checked else "none"
    return {
        "bootstrap.servers": brokers,
        "client.id": str(settings.get("client_id") or "rasa"),
        "security.protocol": protocol,
        # What is sent again after a broken connection comes once, and at its place.
        "enable.idempotence": True,
        "message.timeout.ms": 0,  # an outage may be long
        "queue.buffering.max.messages": str(settings.get("queue_size") or 100_000),
        "queue.buffering.max.kbytes": _QUEUED_KILOBYTES,
        "reconnect.backoff.max.ms": 2_000,
        **given,
    }
