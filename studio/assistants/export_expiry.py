"""Removes exports from cloud storage once they are a day old, beside the server."""

import asyncio
import logging
from datetime import UTC, datetime

from studio.assistants.services.exports import exports_expire
from studio.common.beside_server import BesideServer
from studio.common.cloud_storage import StorageUnavailable, export_storage
from studio.common.threads import OwnThreads

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


_beside_server = BesideServer(_run)


def ensure_started() -> None:
    """Once per event loop; call it inside that loop."""
    if export_storage() is not None:
        _beside_server.ensure_started()
