"""Tasks that run beside the server, in its event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class BesideServer:
    """`run` once per event loop, however often it is asked for. Ask inside that loop."""

    def __init__(self, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._run = run
        self._task: asyncio.Task[None] | None = None

    def ensure_started(self) -> None:
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._run())
