"""Dead letters go to a topic too, for those who watch it: with reason, position and payload."""

import logging
from typing import Any

from confluent_kafka import KafkaException, Producer

from ingestion.kafka_settings import KafkaSettings
from ingestion.kafka_source import BrokerAway
from studio.conversations.dead_letters import mark_published, to_publish

log = logging.getLogger(__name__)
_SECONDS = 10.0


class DeadLetterTopic:
    """Every dead letter of a topic is published at least once: after a crash some come twice."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._topic = settings.dead_letter_topic
        self._name = f"Kafka at {settings.brokers}, topic {self._topic}"
        self._producer = Producer(
            {**settings.client, "enable.idempotence": True, "message.max.bytes": 10_000_000}
        )

    def publish(self) -> None:
        """
        :raises BrokerAway: some are not published; they will be tried again
        """
        while letters := to_publish():
            failed: list[str] = []

            def delivered(error: Any, _message: Any, failed: list[str] = failed) -> None:
                if error is not None:
                    failed.append(error.str())

            for letter in letters:
                headers = (
                    ("reason", letter.reason),
                    ("source", letter.source_name),
                    ("offset", str(letter.offset)),
                )
                self._produce(letter.payload, headers, delivered)
            if self._producer.flush(_SECONDS) or failed:
                raise BrokerAway(f"{self._name}: {failed[0] if failed else 'it does not answer'}")
            mark_published([letter.id for letter in letters])

    def _produce(
        self, payload: bytes, headers: tuple[tuple[str, str], ...], delivered: Any
    ) -> None:
        try:
            self._producer.produce(self._topic, payload, headers=[*headers], on_delivery=delivered)
        except (BufferError, KafkaException) as error:
            raise BrokerAway(f"{self._name}: {error}") from None
