"""The conversations in memory: a bounded number of trackers, one message at a time each."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from modelservice.calm.channels.broker import EventBroker
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.tracker import Clock, Tracker
from modelservice.calm.errors import CalmError

MAX_CONVERSATIONS = 2_000
# Of all conversations together; an event takes about 800 bytes.
MAX_EVENTS_IN_ALL = 100_000
# Messages of one conversation that wait for their turn; an action may take a minute.
MAX_WAITING = 100


class TooBusy(CalmError):
    """The conversation takes no more messages until some of those that wait are answered."""


class Conversations:
    """Trackers by sender id, as many as fit; the one not used for longest is forgotten first."""

    def __init__(
        self,
        assistant: Assistant,
        broker: EventBroker,
        *,
        capacity: int = MAX_CONVERSATIONS,
        event_capacity: int = MAX_EVENTS_IN_ALL,
        clock: Clock = time.time,
    ) -> None:
        self._assistant = assistant
        self._broker = broker
        self._capacity = capacity
        self._event_capacity = event_capacity
        self._events = 0
        self._clock = clock
        self._trackers: OrderedDict[str, Tracker] = OrderedDict()
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    def __contains__(self, sender_id: str) -> bool:
        return sender_id in self._trackers

    @asynccontextmanager
    async def locked(self, sender_id: str) -> AsyncIterator[Tracker]:
        """The conversation's tracker, held alone; what it gained is published at the end.

        Raises `TooBusy` if too many wait for it already.
        """
        if self._waiting.get(sender_id, 0) >= MAX_WAITING:
            raise TooBusy(f"{MAX_WAITING} messages of this conversation wait already")
        lock = self._locks.setdefault(sender_id, asyncio.Lock())
        self._waiting[sender_id] = self._waiting.get(sender_id, 0) + 1
        try:
            async with lock:
                tracker = self._tracker(sender_id)
                latest, weight = tracker.latest_time, tracker.weight
                try:
                    yield tracker
                finally:
                    self._broker.publish(tracker, after=latest)
                    tracker.drop_oldest_events()
                    if sender_id in self._trackers:
                        self._events += tracker.weight - weight
        finally:
            self._waiting[sender_id] -= 1
            if not self._waiting[sender_id]:
                del self._waiting[sender_id], self._locks[sender_id]
            self._forget_surplus()

    def forget(self, sender_id: str) -> bool:
        tracker = self._trackers.pop(sender_id, None)
        self._events -= 0 if tracker is None else tracker.weight
        return tracker is not None

    def _tracker(self, sender_id: str) -> Tracker:
        tracker = self._trackers.get(sender_id)
        if tracker is None:
            tracker = Tracker(
                sender_id,
                self._assistant.domain.slots,
                base_metadata=self._assistant.event_metadata(),
                clock=self._clock,
            )
            self._trackers[sender_id] = tracker
        self._trackers.move_to_end(sender_id)
        return tracker

    def _forget_surplus(self) -> None:
        if not self._is_full():
            return
        unused = (sender for sender in list(self._trackers) if sender not in self._waiting)
        while self._is_full() and (sender_id := next(unused, None)) is not None:
            self.forget(sender_id)

    def _is_full(self) -> bool:
        return len(self._trackers) > self._capacity or self._events > self._event_capacity
