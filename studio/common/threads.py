"""Threads for blocking calls outside of requests.

Channels has one thread for the thread-sensitive calls of all consumers. A call that waits for
another system in that thread stops every WebSocket of the process.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

P = ParamSpec("P")
R = TypeVar("R")


class OwnThreads:
    """At most `count` threads that only their owner uses; further calls wait for a free one.

    A database connection that a call opens is closed when the call ends.
    """

    def __init__(self, name: str, count: int = 1) -> None:
        self._executor = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        call = database_sync_to_async(function, thread_sensitive=False, executor=self._executor)
        result: R = await call(*args, **kwargs)
        return result
