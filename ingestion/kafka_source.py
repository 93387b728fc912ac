"""Reads a topic as one of a group of consumers.

Where to read on is kept in the database, written together with the events; offsets that are
committed to Kafka only tell others how far we are. A partition that is taken away and given to
somebody else is safe at any moment: whoever writes looks at the offset under a lock.
"""

import logging
import time
from dataclasses import dataclass
from typing import Any

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient
from django.db import DatabaseError

from ingestion.kafka_settings import KafkaSettings
from ingestion.messages import RawMessage
from studio.conversations.ingest import Position, position_of_partition

log = logging.getLogger(__name__)

# Longer than a database may take to come back: we hold the partitions and wait with it.
_MAX_POLL_MS = 600_000
_ASK_SECONDS = 10
# Bounds what is held of a long backlog, in the library and in a batch.
_QUEUE_KB = 16 * 1024
_BATCH_BYTES = 8 * 1024 * 1024
_AT_ONCE = 500
# The library tries these again by itself.
_PASSING = frozenset({KafkaError._ALL_BROKERS_DOWN, KafkaError._TRANSPORT, KafkaError._RESOLVE})


class BrokerAway(Exception):
    """Kafka does not answer, or refuses us; the text names the address and the reason."""


@dataclass(slots=True)
class _Partition:
    source_id: int
    # Of the next message to read.
    offset: int


class KafkaSource:
    """Joins the group with the first `read`."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._partitions: dict[int, _Partition] = {}
        self._topic_id = ""
        self._paused = False
        # Partitions came and we did not learn where to read on in them.
        self._is_to_leave = False
        self._consumer: Consumer | None = None

    def read(self, most: int, seconds: float) -> list[RawMessage]:
        """
        :raises BrokerAway: Kafka cannot serve us
        """
        consumer = self._member() or self._join()
        found: list[RawMessage] = []
        size, until = 0, time.monotonic() + seconds
        while len(found) < most and size < _BATCH_BYTES:
            left = until - time.monotonic()
            if left <= 0:
                break
            for message in consumer.consume(min(_AT_ONCE, most - len(found)), left):
                if raw := self._raw(message):
                    found.append(raw)
                    size += len(raw.content)
        return found

    def _raw(self, message: Any) -> RawMessage | None:
        if (error := message.error()) is not None:
            if error.code() in _PASSING:
                return None
            self._leave()
            raise BrokerAway(f"{self._settings.name}: {error.str()}")
        known = self._partitions.get(message.partition())
        if known is None:
            return None  # given away meanwhile
        start, offset = known.offset, message.offset()
        known.offset = offset + 1
        return RawMessage(known.source_id, start, offset, offset + 1, message.value() or b"")

    def stored(self, offsets: dict[int, int]) -> None:
        """Tell Kafka's tools how far we are; nothing depends on it."""
        places = [
            TopicPartition(self._settings.topic, number, offsets[known.source_id])
            for number, known in self._partitions.items()
            if known.source_id in offsets
        ]
        if places and self._consumer is not None:
            try:
                self._consumer.commit(offsets=places, asynchronous=True)
            except KafkaException as error:
                log.debug("offsets not committed: %s", error)

    def rewind(self) -> None:
        consumer = self._member()
        if consumer is None:
            return
        for number, known in self._partitions.items():
            known.offset = self._position(number).offset
            consumer.seek(self._place(number, known.offset))
        if self._paused:
            consumer.resume(consumer.assignment())
            self._paused = False

    def keep_alive(self) -> None:
        """Stay in the group while nothing can be stored."""
        consumer = self._member()
        if consumer is None:
            return
        if not self._paused and (assigned := consumer.assignment()):
            consumer.pause(assigned)
            self._paused = True
        try:
            consumer.poll(0)
        except DatabaseError as error:
            log.debug("partitions came while the database was away: %s", error)

    def lag(self) -> dict[int, int]:
        """How many messages each partition has that were not read yet, as far as it is known."""
        behind = {}
        for number, known in self._partitions.items():
            partition = TopicPartition(self._settings.topic, number)
            try:
                _low, high = self._consumer.get_watermark_offsets(partition, cached=True)  # type: ignore[union-attr]  # has partitions
            except KafkaException:
                continue
            if high >= 0:
                behind[number] = max(0, high - known.offset)
        return behind

    def close(self) -> None:
        self._leave()

    def _member(self) -> Consumer | None:
        """The one that may go on; one that is to leave has left then."""
        if self._is_to_leave:
            self._leave()
        return self._consumer

    def _join(self) -> Consumer:
        self._topic_id = self._identity()
        settings: Any = {
            **self._settings.client,
            "group.id": self._settings.group_id,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "earliest",
            "partition.assignment.strategy": "cooperative-sticky",
            "max.poll.interval.ms": _MAX_POLL_MS,
            "session.timeout.ms": self._settings.session_timeout_ms,
            "queued.max.messages.kbytes": _QUEUE_KB,
            "fetch.wait.max.ms": 100,
            "error_cb": self._note_error,
        }
        consumer = Consumer(settings)
        consumer.subscribe(
            [self._settings.topic],
            on_assign=self._assigned,
            on_revoke=self._given_away,
            on_lost=self._given_away,
        )
        self._consumer = consumer
        self._paused = False
        return consumer

    def _leave(self) -> None:
        consumer, self._consumer = self._consumer, None
        self._partitions = {}
        self._is_to_leave = False
        if consumer is not None:
            consumer.close()

    def _identity(self) -> str:
        """A topic that was made anew has another id, and its offsets begin again."""
        settings: Any = {**self._settings.client, "error_cb": self._note_error}
        admin = AdminClient(settings)
        topic = self._settings.topic
        try:
            asked = admin.describe_topics(TopicCollection([topic]), request_timeout=_ASK_SECONDS)
            return str(asked[topic].result().topic_id)
        except KafkaException as error:
            raise BrokerAway(f"{self._settings.name}: {_reason(error)}") from None

    def _position(self, number: int) -> Position:
        name = f"kafka:{self._settings.topic}:{number}"
        return position_of_partition(name=name, identity=self._topic_id)

    def _place(self, number: int, offset: int) -> TopicPartition:
        return TopicPartition(self._settings.topic, number, offset or OFFSET_BEGINNING)

    def _assigned(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        places = []
        for partition in partitions:
            try:
                position = self._position(partition.partition)
            except DatabaseError:
                # It would hold them and read nothing. The library calls us: it is left when that
                # is over, and not forgotten, for a member that nobody closes lives on.
                self._is_to_leave = True
                raise
            self._partitions[partition.partition] = _Partition(position.source_id, position.offset)
            places.append(self._place(partition.partition, position.offset))
        consumer.incremental_assign(places)
        if self._paused:
            consumer.pause(places)
        log.info("reads partitions %s now", sorted(self._partitions))

    def _given_away(self, consumer: Consumer, partitions: list[TopicPartition]) -> None:
        for partition in partitions:
            self._partitions.pop(partition.partition, None)
        consumer.incremental_unassign(partitions)
        log.info("reads partitions %s now", sorted(self._partitions))

    def _note_error(self, error: KafkaError) -> None:
        log.warning("%s: %s", self._settings.name, error.str())


def _reason(error: KafkaException) -> str:
    [detail] = error.args
    return detail.str() if isinstance(detail, KafkaError) else str(detail)
