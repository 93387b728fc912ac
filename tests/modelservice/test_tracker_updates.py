"""What is new of a tracker: whoever puts the frames together has what the whole tracker has."""

import itertools
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from modelservice.bridge.tracker_updates import TrackerUpdates
from modelservice.calm.channels.tracker_feed import TrackerFeed
from modelservice.calm.dialogue.events import Event, action_executed, slot_set
from modelservice.calm.dialogue.tracker import Tracker


class Browser:
    """Puts frames together as the web client does."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.before = 0

    def take(self, frame: dict[str, Any]) -> None:
        if "since" in frame:
            assert frame["since"] == self.before + len(self.events)
            self.events = [*self.events, *frame["events"]]
        else:
            self.before = frame["events_before"]
            self.events = list(frame["events"])


OPERATIONS = st.lists(
    st.sampled_from(["say", "say", "say", "nothing", "session", "replace", "roll back", "long"]),
    max_size=25,
)


@given(OPERATIONS)
@example(["say", "replace", "say", "replace", "roll back"])  # events without a time
def test_updates_of_our_runtime_add_up(operations: list[str]) -> None:
    tracker = Tracker("ana", {})
    feed, browser = TrackerFeed(), Browser()
    feed.follow("sid")
    for number, operation in enumerate(operations):
        change(tracker, operation, number)
        browser.take(feed.message("sid", tracker))
        whole = feed.message("other", tracker)
        assert "since" not in whole
        if "turns_before" in whole:  # the browser may have what is too long to be sent anew
            assert browser.events[-len(whole["events"]) :] == whole["events"]
        else:
            assert browser.events == whole["events"]


def change(tracker: Tracker, operation: str, number: int) -> None:
    if operation == "say":
        tracker.append(Event("user", {"text": f"message {number}"}))
        tracker.append(Event("bot", {"text": f"answer {number}"}))
    elif operation == "long":
        tracker.append(Event("user", {"text": "x" * 250_000}))
    elif operation == "session":
        tracker.begin_session()
        tracker.append(action_executed("action_session_start"))
        tracker.append(Event("session_started"))
    elif operation == "replace":
        kept = [event.as_dict() for event in tracker.events]
        tracker.replay([*kept[:-1], *(slot_set("a", number).as_dict() for _ in kept[-1:])])
    elif operation == "roll back":
        tracker.rollback(max(0, len(tracker.events) - 2), tracker.state.copy())


@given(st.lists(st.lists(st.integers(0, 2), max_size=3), max_size=8), st.sets(st.integers(0, 7)))
def test_updates_that_the_bridge_computes_add_up(
    turns: list[list[int]], restarts: set[int]
) -> None:
    updates, browser = TrackerUpdates(), Browser()
    events: list[dict[str, Any]] = []
    clock = itertools.count()
    for number, turn in enumerate(turns):
        if number in restarts:
            events = []
        events = [*events, *({"event": str(kind), "timestamp": next(clock)} for kind in turn)]
        frame = updates.of({"type": "tracker", "slots": {"n": number}, "events": events})
        assert frame["slots"] == {"n": number}
        browser.take(frame)
        assert browser.events == events


def test_what_the_runtime_has_counted_and_what_is_no_list_pass_unchanged() -> None:
    updates = TrackerUpdates()
    for tracker in (
        {"events": [1], "since": 7},
        {"events": [1], "events_before": 0},
        {"events": None},
        {"custom": "no tracker"},
    ):
        assert updates.of(tracker) == tracker


def test_what_is_put_in_the_place_of_events_is_sent_whole() -> None:
    updates = TrackerUpdates()
    events = [{"event": "slot", "timestamp": 1}, {"event": "user", "timestamp": 2}]
    updates.of({"events": events})
    updates.reset()
    changed = [{"event": "slot", "timestamp": 9}, events[1]]
    assert updates.of({"events": changed}) == {"events": changed, "events_before": 0}
