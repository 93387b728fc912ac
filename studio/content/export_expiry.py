"""Removes exports from cloud storage once they are a day old, beside the server."""

import asyncio
import logging
from datetime import UTC, datetime

from studio.common.background_task import BackgroundTask
from studio.common.cloud_storage import StorageUnavailable, export_storage
from studio.common.threads import OwnThreads
from studio.content.services.exports import exports_expire

log = logging.getLogger(__name__)
_SECONDS = 3600
_threads = OwnThreads("export-expiry")


async def run_once() -> None:
    try:
        removed = await _threads.run(exports_expire, now=datetime.now(UTC))
    except StorageUnavailable as problem:
        log.warning("old exports could not be removed; they are in an hour: %s", problem)
    except Exception:
        log.exception("old exports could not be removed; they are in an hour")
    else:
        if removed:
            log.info("exports removed for their age: %d", removed)


async def _run() -> None:
    while True:
        await run_once()
        await asyncio.sleep(_SECONDS)


task = BackgroundTask("the expiry of exports", _run)


def is_wanted() -> bool:
    return export_storage() is not None
