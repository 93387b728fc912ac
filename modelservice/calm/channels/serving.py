"""Listens until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from modelservice.calm.channels.bot import Bot
from modelservice.calm.channels.server import build_app
from modelservice.calm.errors import CalmError
from modelservice.common import tracing

# For turns that are under way; an action that hangs must not hold the stop up for its minute.
_SHUTDOWN_SECONDS = 2.0


def serve(
    bot: Bot,
    credentials: Mapping[str, Any],
    *,
    host: str,
    port: int,
    api_enabled: bool,
    allowed_origins: list[str],
) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit code.

    Raises `CalmError` if the address cannot be had.
    """
    tracing.start("studio-assistant")
    app = build_app(bot, credentials, api_enabled=api_enabled, allowed_origins=allowed_origins)
    try:
        asyncio.run(_serve(app, host, port))
    finally:
        tracing.stop()
    return 0


async def _serve(app: web.Application, host: str, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        # Port 0 means any free one, so the address is said as it turned out.
        address = runner.addresses[0]
        sys.stdout.write(f"Assistant is up and running on http://{address[0]}:{address[1]}\n")
        sys.stdout.flush()
        await stopped.wait()
    except OSError as error:
        raise CalmError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    finally:
        await runner.cleanup()
