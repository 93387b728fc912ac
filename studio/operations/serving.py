"""`/metrics` at an address of its own, which no ingress leads to."""

import asyncio
import logging

from django.conf import settings
from prometheus_client import Gauge, generate_latest
from prometheus_client.core import REGISTRY

from modelservice.common.guard import errors_logged
from modelservice.common.metrics_address import MetricsAddress
from studio.common.background_task import BackgroundTask
from studio.common.threads import OwnThreads
from studio.operations.counts import OldestTraining, count
from studio.operations.database_pool import DatabasePool

log = logging.getLogger(__name__)
_SECONDS = 60.0
_threads = OwnThreads("counts")

Gauge("studio_build_info", "1; the labels say what runs", ["version"]).labels(settings.VERSION).set(
    1
)
REGISTRY.register(OldestTraining())
REGISTRY.register(DatabasePool())


async def _count_again_and_again() -> None:
    while True:
        with errors_logged(log, "the count of what there is"):
            await _threads.run(count)
        await asyncio.sleep(_SECONDS)


async def _document() -> bytes:
    """In a thread: of many routes it takes some milliseconds."""
    return await asyncio.to_thread(generate_latest)


task = BackgroundTask("the count of what there is", _count_again_and_again)
address = MetricsAddress(
    "STUDIO_METRICS_PORT", settings.STUDIO_METRICS_HOST, settings.STUDIO_METRICS_PORT, _document
)


def is_wanted() -> bool:
    return bool(settings.STUDIO_METRICS_PORT)
