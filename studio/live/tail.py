"""Sends to browsers which conversations have changed.

Events are written by another process, so each backend polls the database while it has watchers, and
sends to its own sockets.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any
from uuid import UUID

from modelservice.common.guard import errors_logged
from studio.common.threads import OwnThreads
from studio.conversations.selectors.changed import ChangedConversations

log = logging.getLogger(__name__)
SECONDS = 0.5
WATCHER_SECONDS = 5.0
_threads = OwnThreads("changed-conversations")
Watcher = Callable[[dict[str, Any]], Awaitable[None]]


class Tail:
    """One polling task per event loop; it runs while there are watchers."""

    def __init__(self) -> None:
        self._watchers: dict[UUID, set[Watcher]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._looked: asyncio.Event

    async def watch(self, assistant_id: UUID, watcher: Watcher) -> None:
        """Changes after this has returned reach the watcher."""
        self._watchers[assistant_id].add(watcher)
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._looked = asyncio.Event()
            # In no request's name: it outlives the socket that was first.
            self._task = loop.create_task(self._run(self._looked), context=Context())
        await self._looked.wait()

    def forget(self, watcher: Watcher) -> None:
        for assistant_id, watchers in list(self._watchers.items()):
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[assistant_id]

    async def _run(self, looked: asyncio.Event) -> None:
        changed = ChangedConversations()
        while self._watchers:
            with errors_logged(log, "a look at which conversations have changed"):
                found = await _threads.run(changed.look)
                await asyncio.gather(*(self._tell(*each) for each in found.items()))
            looked.set()
            await asyncio.sleep(SECONDS)

    async def _tell(self, assistant_id: UUID, ids: list[UUID]) -> None:
        message = {
            "type": "conversation.changed",
            "assistant": str(assistant_id),
            "conversations": [str(each) for each in ids],
        }
        watchers = tuple(self._watchers.get(assistant_id, ()))
        await asyncio.gather(*(self._tell_one(each, message) for each in watchers))

    async def _tell_one(self, watcher: Watcher, message: dict[str, Any]) -> None:
        """A watcher that fails, or takes too long, gets no further messages; the others do."""
        try:
            await asyncio.wait_for(watcher(message), WATCHER_SECONDS)
        except Exception as error:
            log.warning("a watcher of conversations is dropped: %r", error)
            self.forget(watcher)


tail = Tail()
