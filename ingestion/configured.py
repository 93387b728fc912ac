"""The ingestion that the settings ask for."""

from django.conf import settings

from ingestion.dead_letter_topic import DeadLetterTopic
from ingestion.file_source import FolderSource
from ingestion.kafka_settings import KafkaSettings
from ingestion.kafka_source import KafkaSource
from ingestion.run import Ingestion, Source


def configured_ingestion() -> Ingestion:
    """From the files that bots of this machine write, and from Kafka where it is configured."""
    settings.EVENTS_DIR.mkdir(parents=True, exist_ok=True)
    sources: list[Source] = [FolderSource(settings.EVENTS_DIR)]
    dead_letters = None
    if settings.KAFKA_BROKER_ADDRESS:
        kafka = kafka_settings()
        sources.append(KafkaSource(kafka))
        dead_letters = DeadLetterTopic(kafka)
    return Ingestion(
        sources,
        batch_size=settings.INGEST_BATCH_SIZE,
        wait_seconds=settings.INGEST_WAIT_SECONDS,
        most_invalid=settings.INGEST_MOST_INVALID,
        dead_letters=dead_letters,
    )


def kafka_settings() -> KafkaSettings:
    return KafkaSettings(
        brokers=settings.KAFKA_BROKER_ADDRESS,
        topic=settings.KAFKA_TOPIC,
        dead_letter_topic=settings.KAFKA_DLQ_TOPIC,
        group_id=settings.KAFKA_GROUP_ID,
        client_id=settings.KAFKA_CLIENT_ID,
        sasl_mechanism=settings.KAFKA_SASL_MECHANISM,
        sasl_username=settings.KAFKA_SASL_USERNAME,
        sasl_password=settings.KAFKA_SASL_PASSWORD,
        ssl=settings.KAFKA_ENABLE_SSL or settings.KAFKA_CUSTOM_SSL,
        ca_file=settings.KAFKA_CA_FILE,
        certificate_file=settings.KAFKA_CERT_FILE,
        key_file=settings.KAFKA_KEY_FILE,
        check_certificate=settings.KAFKA_REJECT_UNAUTHORIZED,
        session_timeout_ms=settings.KAFKA_SESSION_TIMEOUT_MS,
    )
