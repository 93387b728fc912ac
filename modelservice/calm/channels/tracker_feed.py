"""Trackers for the clients of a socket: whole, or only what is new since the last one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from modelservice.calm.channels.formats import is_short, newest_turns
from modelservice.calm.dialogue.tracker import Tracker


@dataclass(frozen=True, slots=True)
class _Sent:
    """What one connection has of a conversation."""

    sender_id: str
    rewrites: int
    count: int
    latest: float


class TrackerFeed:
    """Remembers for each connection that asked for updates what it has."""

    def __init__(self) -> None:
        self._sent: dict[str, _Sent | None] = {}

    def follow(self, sid: str) -> None:
        """From now on this connection gets updates, after one whole tracker."""
        self._sent[sid] = None

    def leave(self, sid: str) -> None:
        self._sent.pop(sid, None)

    def message(self, sid: str, tracker: Tracker) -> dict[str, Any]:
        """The tracker for a connection.

        An update has `since`, the number of events that come before its own. It is whole, with
        `events_before`, where the connection has none yet, where a session has begun or events
        were replaced or taken back, and where an update would be too long.
        """
        if sid not in self._sent:
            return newest_turns(tracker.snapshot())
        return self._update(sid, tracker) or self._whole(sid, tracker)

    def _update(self, sid: str, tracker: Tracker) -> dict[str, Any] | None:
        sent = self._sent[sid]
        if sent is None or (sent.sender_id, sent.rewrites) != (tracker.sender_id, tracker.rewrites):
            return None
        new = tracker.session_events_since(sent.latest)
        if new is None:
            return None
        update = {**tracker.snapshot(new), "since": sent.count}
        if not is_short(update):
            return None
        self._remember(sid, tracker, sent.count + len(new))
        return update

    def _whole(self, sid: str, tracker: Tracker) -> dict[str, Any]:
        snapshot = tracker.snapshot()
        whole = newest_turns(snapshot)
        count = len(snapshot["events"])
        self._remember(sid, tracker, count)
        return {**whole, "events_before": count - len(whole["events"])}

    def _remember(self, sid: str, tracker: Tracker, count: int) -> None:
        latest = tracker.events[-1].timestamp if tracker.events else 0.0
        self._sent[sid] = _Sent(tracker.sender_id, tracker.rewrites, count, latest)
