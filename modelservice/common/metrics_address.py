"""`/metrics` for Prometheus, at a port of its own: what an operator scrapes needs no secret, and
whoever reaches the service itself does not see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aiohttp import web

_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsAddress:
    """Lives in the event loop of the server. Port 0: nowhere."""

    def __init__(
        self, setting: str, host: str, port: int, document: Callable[[], Awaitable[bytes]]
    ) -> None:
        self._setting = setting
        self._host = host
        self._port = port
        self._document = document
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """
        :raises RuntimeError: the port cannot be had
        """
        if not self._port:
            return
        from aiohttp import web

        application = web.Application()
        application.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            await self.stop()
            where = f"{self._host}:{self._port}"
            message = f"{self._setting}: cannot listen on {where}: {error.strerror}"
            raise RuntimeError(message) from error

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _metrics(self, _: web.Request) -> web.Response:
        from aiohttp import web

        headers = {"Content-Type": _CONTENT_TYPE}
        return web.Response(body=await self._document(), headers=headers)
