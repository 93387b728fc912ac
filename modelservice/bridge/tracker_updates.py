"""What is new of a tracker, for runtimes that only know how to answer a whole one.

Our own runtime sends the difference itself when it is asked to (`tracker_updates` in
`session_request`); its trackers have `since` or `events_before` already and pass unchanged.
"""

from typing import Any


class TrackerUpdates:
    """The tracker as one browser has it: how many events, and the last of them."""

    def __init__(self) -> None:
        self._count = 0
        self._last: Any = None

    def reset(self) -> None:
        """Send the next tracker whole: other events have been put in the place of those sent."""
        self._count = 0

    def of(self, tracker: dict[str, Any]) -> dict[str, Any]:
        """The tracker with only the events that the browser does not have.

        Whole where the events before are not those that were sent, such as after a restart.
        """
        events = tracker.get("events")
        if "since" in tracker or "events_before" in tracker or not isinstance(events, list):
            return tracker
        count, last = self._count, self._last
        self._count, self._last = len(events), events[-1] if events else None
        if count and len(events) >= count and events[count - 1] == last:
            return {**tracker, "since": count, "events": events[count:]}
        return {**tracker, "events_before": 0}
