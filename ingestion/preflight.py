"""Whether Kafka answers, and has our topics."""

from collections.abc import Iterator

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info

from ingestion.configured import kafka_settings
from studio.common.preflight import preflight_check

_PART = "Kafka"
_SECONDS = 10


@preflight_check
def look_at_kafka() -> Iterator[CheckMessage]:
    if not settings.KAFKA_BROKER_ADDRESS:
        yield Info("There is none: events come from files of this machine.", obj=_PART)
        return
    kafka = kafka_settings()
    try:
        there = AdminClient({**kafka.client, "log_level": 0}).list_topics(timeout=_SECONDS).topics
    except KafkaException as error:
        yield Error(
            f"{kafka.name}: {error.args[0].str()}.",
            hint="Check KAFKA_BROKER_ADDRESS and the KAFKA_SASL_ and KAFKA_SSL variables.",
            obj=_PART,
        )
        return
    missing = [each for each in (kafka.topic, kafka.dead_letter_topic) if each not in there]
    for topic in missing:
        yield Error(
            f"{settings.KAFKA_BROKER_ADDRESS} has no topic {topic}.",
            hint="Make it, or let the broker make topics by itself.",
            obj=_PART,
        )
    if not missing:
        yield Info(f"{kafka.name} answers.", obj=_PART)
