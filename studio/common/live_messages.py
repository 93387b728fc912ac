"""Sends messages to the browsers that watch an assistant."""

import asyncio
import json
import logging
import time
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from rest_framework.utils.encoders import JSONEncoder

from studio.common.metrics import LIVE_LOST, REDIS_FAILURES
from studio.common.redis_failures import redis_failures

log = logging.getLogger(__name__)
EVERYTHING = "live.all"
_SEND_SECONDS = 5.0
_LOST = "live update lost: %s"
# The loop that the sockets of this process live in; None in a process without sockets.
_loop: asyncio.AbstractEventLoop | None = None


def set_server_loop() -> None:
    """Call it inside the event loop of the server, when that starts."""
    global _loop  # noqa: PLW0603  one server per process
    _loop = asyncio.get_running_loop()


def group_of(assistant_id: UUID | str) -> str:
    return f"live.{assistant_id}"


def publish_on_commit(assistant_id: UUID, message: dict[str, Any]) -> None:
    """Send after the commit. A failure to send is logged and does not undo the transaction."""
    transaction.on_commit(partial(publish, assistant_id, message))


def publish(assistant_id: UUID, message: dict[str, Any]) -> None:
    """From any thread but the server's own."""
    # As REST would write it: ids and times become texts here, once.
    plain = json.loads(json.dumps(message, cls=JSONEncoder))
    body = {"type": "live.message", "message": plain, "at": time.time()}
    try:
        _run([group_of(assistant_id), EVERYTHING], body)
    except RuntimeError as error:
        LIVE_LOST.inc()
        log.warning(_LOST, error)
    except redis_failures() as error:
        LIVE_LOST.inc()
        REDIS_FAILURES.labels("live").inc()
        log.warning(_LOST, error)


def _run(groups: list[str], body: dict[str, Any]) -> None:
    """In the server's loop: the queues of the layer in memory belong to it, and what another loop
    puts into one does not wake its reader."""
    if _loop is not None and _loop.is_running():
        asyncio.run_coroutine_threadsafe(_send(groups, body), _loop).result(_SEND_SECONDS)
    else:
        async_to_sync(_send)(groups, body)


async def _send(groups: list[str], body: dict[str, Any]) -> None:
    layer = get_channel_layer()
    for group in groups if layer is not None else ():
        await layer.group_send(group, body)
