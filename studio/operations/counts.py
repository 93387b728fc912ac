"""How much there is of what: looked up once a minute, whatever asks for the metrics how often."""

import time
from collections.abc import Iterator
from datetime import datetime

from django.db import DatabaseError, InterfaceError, connection, models
from django.db.models import Count, Min
from prometheus_client import Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from studio.accounts.models import User
from studio.assistants.models import Assistant
from studio.conversations.models import Conversation, WaitingEvent
from studio.versions.lifecycle import TRAINING, Status
from studio.versions.models import Version

# Up to here rows are counted; of more PostgreSQL's own estimate is told.
_MOST_COUNTED = 10_000

_ASSISTANTS = Gauge("studio_assistants", "Assistants that are not deleted")
_PEOPLE = Gauge("studio_people", "Accounts of people that are not switched off")
_VERSIONS = Gauge("studio_versions", "Versions of assistants", ["status"])
_CONVERSATIONS = Gauge("studio_conversations", "Conversations; of many an estimate")
_WAITING_EVENTS = Gauge(
    "studio_waiting_events", "Events of assistants that Studio does not know; of many an estimate"
)
_DATABASE_ANSWERS = Gauge(
    "studio_database_answers", "1 where the database answered when things were last counted"
)
# When the training that has lasted longest began.
_oldest: datetime | None = None


def count() -> None:
    """
    :raises DatabaseError: none of the figures has changed
    """
    try:
        _count()
    except (DatabaseError, InterfaceError):
        _DATABASE_ANSWERS.set(0)
        raise
    _DATABASE_ANSWERS.set(1)


def _count() -> None:
    global _oldest  # noqa: PLW0603  one server per process
    of_status = dict(Version.objects.order_by().values_list("status").annotate(Count("id")))
    training = Version.objects.filter(status__in=TRAINING)
    _oldest = training.aggregate(begun=Min("created_at"))["begun"]
    for status in Status.values:
        _VERSIONS.labels(status).set(of_status.get(status, 0))
    _ASSISTANTS.set(Assistant.objects.filter(deleted_at__isnull=True).count())
    _PEOPLE.set(User.objects.filter(is_active=True, is_service=False).count())
    _CONVERSATIONS.set(_about(Conversation))
    _WAITING_EVENTS.set(_about(WaitingEvent))


def _about(model: type[models.Model]) -> int:
    rows = model._default_manager.order_by()
    if connection.vendor != "postgresql":
        return rows.count()
    counted = rows.values("pk")[: _MOST_COUNTED + 1].count()
    if counted <= _MOST_COUNTED:
        return counted
    with connection.cursor() as cursor:
        statement = "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass"
        cursor.execute(statement, [model._meta.db_table])
        estimate = int(cursor.fetchone()[0])
    return max(counted, estimate)


class OldestTraining(Collector):
    """Grows from scrape to scrape."""

    def collect(self) -> Iterator[Metric]:
        began = _oldest
        yield GaugeMetricFamily(
            "studio_oldest_training_seconds",
            "Age of the version that is queued or trained for longest; 0 where there is none",
            value=max(0.0, time.time() - began.timestamp()) if began else 0.0,
        )
