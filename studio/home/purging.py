"""Purges assistants that were deleted long ago, once an hour, beside the server."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings

from modelservice.common.guard import errors_logged
from studio.audit.context import act_as
from studio.common.background_task import BackgroundTask
from studio.common.threads import OwnThreads
from studio.home.deletion import assistants_purge

log = logging.getLogger(__name__)
_SECONDS = 3600
_threads = OwnThreads("assistant-purge")


def purge_now() -> list[str]:
    """Those that were deleted too long ago by the settings; their names."""
    kept = timedelta(days=settings.STUDIO_PURGE_DELETED_AFTER_DAYS)
    return assistants_purge(deleted_before=datetime.now(UTC) - kept)


async def _run() -> None:
    while True:
        act_as("retention")
        with errors_logged(log, "the purge of deleted assistants"):
            for name in await _threads.run(purge_now):
                log.info("purged: %s", name)
        await asyncio.sleep(_SECONDS)


task = BackgroundTask("the purge of deleted assistants", _run)


def is_wanted() -> bool:
    return bool(settings.STUDIO_PURGE_DELETED_AFTER_DAYS)
