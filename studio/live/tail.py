"""Tells browsers which conversations have changed. Events are written by another process, so while
anybody watches, each backend asks the database; every backend tells its own sockets."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from studio.common.threads import OwnThreads
from studio.conversations.selectors.changed import ChangedConversations

log = logging.getLogger(__name__)
SECONDS = 0.5
_threads = OwnThreads("changed-conversations")
Watcher = Callable[[dict[str, Any]], Awaitable[None]]


class Tail:
    """Of one event loop; looks while there are watchers and then ends."""

    def __init__(self) -> None:
        self._watchers: dict[UUID, set[Watcher]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._looked: asyncio.Event

    async def watch(self, assistant_id: UUID, watcher: Watcher) -> None:
        """Whatever changes after this has returned is told."""
        self._watchers[assistant_id].add(watcher)
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._looked = asyncio.Event()
            self._task = loop.create_task(self._run(self._looked))
        await self._looked.wait()

    def forget(self, watcher: Watcher) -> None:
        for assistant_id, watchers in list(self._watchers.items()):
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[assistant_id]

    async def _run(self, looked: asyncio.Event) -> None:
        changed = ChangedConversations()
        while self._watchers:
            try:
                for assistant_id, ids in (await _threads.run(changed.look)).items():
                    await self._tell(assistant_id, ids)
            except Exception:
                # Whatever went wrong with one look, the next one must happen.
                log.exception("it cannot be seen which conversations have changed")
            looked.set()
            await asyncio.sleep(SECONDS)

    async def _tell(self, assistant_id: UUID, ids: list[UUID]) -> None:
        message = {
            "type": "conversation.changed",
            "assistant": str(assistant_id),
            "conversations": [str(each) for each in ids],
        }
        for watcher in tuple(self._watchers.get(assistant_id, ())):
            await watcher(message)


tail = Tail()
