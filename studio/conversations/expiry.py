"""Deletes conversations that are too old, at the times of a cron expression, beside the server."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from cronsim import CronSim
from django.conf import settings

from studio.audit.context import act_as
from studio.common.background_task import BackgroundTask
from studio.common.threads import OwnThreads
from studio.conversations.services.retention import Removed, expire

log = logging.getLogger(__name__)
_threads = OwnThreads("conversation-expiry")


def expire_now() -> Removed:
    """Those that are too old by the settings."""
    hours = timedelta(hours=settings.DELETE_CONVERSATIONS_OLDER_THAN_HOURS)
    return expire(datetime.now(UTC) - hours)


async def _run() -> None:
    times = CronSim(settings.DELETE_CONVERSATIONS_CRON_EXPRESSION, datetime.now(UTC))
    for moment in times:
        await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
        await run_once()


async def run_once() -> None:
    act_as("retention")
    try:
        removed = await _threads.run(expire_now)
    except Exception:
        log.exception("old conversations could not be deleted; they are at the next time")
        return
    if removed:
        log.info("deleted for their age: %s", removed)


task = BackgroundTask("the expiry of conversations", _run)


def is_wanted() -> bool:
    return bool(settings.DELETE_CONVERSATIONS_OLDER_THAN_HOURS != 0)
