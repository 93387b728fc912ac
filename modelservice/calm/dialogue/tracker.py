"""The state of one conversation, derived event by event."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from modelservice.calm.content.domain import Slot
from modelservice.calm.dialogue.events import Event, event_from_dict
from modelservice.calm.dialogue.json_values import characters
from modelservice.calm.dialogue.slots import stored
from modelservice.calm.dialogue.stack import Stack, stack_from_list, stack_patch

logger = logging.getLogger(__name__)
Clock = Callable[[], float]
# Events kept in memory for one conversation, some 250 turns; state does not depend on the dropped
# ones. All of them go to whoever watches the conversation, with every message. A large event counts
# as several: one with a value of a megabyte as a thousand.
MAX_EVENTS = 5_000
_CHARACTERS_OF_AN_EVENT = 1000


@dataclass(slots=True)
class TrackerState:
    """Everything that a turn changes besides the event list."""

    slots: dict[str, Any]
    stack: Stack = field(default_factory=Stack)
    # The stacks since a user flow began on which one was on top, for corrections that walk back.
    past_stacks: list[Stack] = field(default_factory=list)
    slots_filled_by: dict[str, str] = field(default_factory=dict)
    slots_set_in_session: set[str] = field(default_factory=set)
    # The latest slot events among those that were dropped from this session.
    dropped_slots: dict[str, Event] = field(default_factory=dict)
    session_id: str | None = None
    session_start: int = 0
    followup_action: str | None = None
    paused: bool = False
    inactive: bool = False
    terminated: bool = False
    latest_message: Event | None = None
    latest_action: str | None = None
    latest_input_channel: str | None = None
    latest_user_time: float | None = None

    def copy(self) -> TrackerState:
        return replace(
            self,
            slots=dict(self.slots),
            past_stacks=list(self.past_stacks),
            slots_filled_by=dict(self.slots_filled_by),
            slots_set_in_session=set(self.slots_set_in_session),
            dropped_slots=dict(self.dropped_slots),
        )


class Tracker:
    """Takes events in order and keeps the state they lead to.

    `base_metadata` goes into every event (assistant and model id).
    """

    def __init__(
        self,
        sender_id: str,
        slots: Mapping[str, Slot],
        *,
        base_metadata: Mapping[str, Any] | None = None,
        clock: Clock = time.time,
    ) -> None:
        self.sender_id = sender_id
        self.events: list[Event] = []
        self.started_at: float | None = None
        self.weight = 0
        # Grows when events that were there are replaced or removed at the end.
        self.rewrites = 0
        self._slots = slots
        self._base_metadata = dict(base_metadata or {})
        self._clock = clock
        self._latest_time = 0.0
        self.state = TrackerState(self._initial_values())

    # -- reading ---------------------------------------------------------------------------

    @property
    def stack(self) -> Stack:
        return self.state.stack

    @property
    def slots(self) -> Mapping[str, Any]:
        return self.state.slots

    def now(self) -> float:
        return self._clock()

    def session_events(self) -> list[Event]:
        return self.events[self.state.session_start :]

    def slot_events_of_session(self) -> list[Event]:
        """Those that are kept, after the latest of each slot among those that are not."""
        kept = [event for event in self.session_events() if event.type == "slot"]
        return [*self.state.dropped_slots.values(), *kept]

    def is_new(self) -> bool:
        return not self.events

    @property
    def latest_time(self) -> float:
        """Time of the latest event, 0.0 before the first."""
        return self._latest_time

    def events_after(self, timestamp: float) -> list[Event]:
        later: list[Event] = []
        for event in reversed(self.events):
            if event.timestamp <= timestamp:
                break
            later.append(event)
        later.reverse()
        return later

    def session_events_since(self, timestamp: float) -> list[Event] | None:
        """Those after the event of that time; None if it is not (any more) one of the session.

        Takes time in proportion to their number, not to the length of the session.
        """
        later = self.events_after(timestamp)
        before = len(self.events) - len(later) - 1
        if before < self.state.session_start or self.events[before].timestamp != timestamp:
            return None
        return later

    def snapshot(self, events: Iterable[Event] | None = None) -> dict[str, Any]:
        """The tracker as JSON, with the given events, or all of the latest session."""
        state = self.state
        shown = self.session_events() if events is None else events
        latest = state.latest_message
        return {
            "sender_id": self.sender_id,
            "slots": dict(state.slots),
            "latest_message": None if latest is None else latest_message(latest),
            "latest_event_time": self._latest_time or None,
            "followup_action": state.followup_action,
            "paused": state.paused,
            "inactive": state.inactive,
            "terminated": state.terminated,
            "stack": state.stack.as_list(),
            "events": [event.as_dict() for event in shown],
            "latest_input_channel": state.latest_input_channel,
            "active_loop": {},
            "latest_action": {"action_name": state.latest_action},
            "latest_action_name": state.latest_action,
            "user_id": None,
            "conversation_started_timestamp": self.started_at,
            "current_session_id": state.session_id,
        }

    # -- writing ---------------------------------------------------------------------------

    def append(self, event: Event) -> Event:
        """Apply one event; returns it with time and metadata filled in."""
        self._latest_time = max(self._clock(), self._latest_time + 1e-6)
        metadata = {**self._base_metadata, **event.metadata}
        if self.state.session_id:
            metadata.setdefault("session_id", self.state.session_id)
        taken = Event(event.type, event.fields, metadata, self._latest_time)
        self._take(taken)
        return taken

    def extend(self, events: Iterable[Event]) -> None:
        for event in events:
            self.append(event)

    def begin_session(self) -> None:
        """Give what follows a new session id."""
        self.state.session_id = str(uuid.uuid4())

    def set_stack(self, stack: Stack, metadata: Mapping[str, Any] | None = None) -> None:
        """Change the stack and record the change; nothing happens if it is the same."""
        patch = stack_patch(self.stack, stack)
        if patch:
            self.append(Event("stack", {"update": json.dumps(patch)}, metadata or {}))
            self._remember(stack)

    def replay(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Start over from a full list of event objects; times and metadata are kept.

        Whatever is raised for an event that is none leaves the tracker as it was.
        """
        replayed = Tracker(self.sender_id, self._slots)
        for body in events:
            event = event_from_dict(body)
            replayed._take(event)
            self._latest_time = max(self._latest_time, event.timestamp)
            if event.type == "stack":
                replayed._remember(_patched(replayed.stack, event["update"]))
        self.events, self.state = replayed.events, replayed.state
        self.weight = replayed.weight
        self.started_at = replayed.started_at
        self.rewrites += 1

    def rollback(self, events: int, state: TrackerState) -> None:
        """Forget everything after the given number of events."""
        self.weight -= sum(map(_weight, self.events[events:]))
        self.rewrites += len(self.events) > events
        del self.events[events:]
        self.state = state
        if not self.events:
            self.started_at = None

    def drop_oldest_events(self) -> None:
        surplus = 0
        while self.weight > MAX_EVENTS and surplus < len(self.events):
            event = self.events[surplus]
            self.weight -= _weight(event)
            if event.type == "slot" and surplus >= self.state.session_start:
                self.state.dropped_slots[event["name"]] = event
            surplus += 1
        del self.events[:surplus]
        self.state.session_start = max(0, self.state.session_start - surplus)
        del self.state.past_stacks[: -MAX_EVENTS // 4]

    # -- applying --------------------------------------------------------------------------

    def _take(self, event: Event) -> None:
        if self.started_at is None:
            self.started_at = event.timestamp
        self.events.append(event)
        self.weight += _weight(event)
        apply = _APPLY.get(event.type)
        if apply is not None:
            apply(self, event)

    def _initial_values(self) -> dict[str, Any]:
        return {name: slot.initial_value for name, slot in self._slots.items()}

    def _remember(self, stack: Stack) -> None:
        state = self.state
        state.stack = stack
        frame = stack.top_strict_frame
        if frame is None:
            state.past_stacks = []
        elif stack.running(frame) is not None:
            state.past_stacks.append(stack)

    def _reset(self) -> None:
        self.state.slots = self._initial_values()
        self.state.slots_set_in_session = set()
        self.state.slots_filled_by = {}
        self.state.dropped_slots = {}
        self.state.stack = Stack()
        self.state.past_stacks = []
        self.state.followup_action = None

    def _apply_slot(self, event: Event) -> None:
        slot = self._slots.get(event["name"])
        if slot is None:
            logger.warning("slot '%s' is not in the domain; its event is ignored", event["name"])
            return
        try:
            self.state.slots[slot.name] = stored(slot, event["value"])
        except ValueError as error:
            logger.warning("%s; the event is ignored", error)
            return
        self.state.slots_set_in_session.add(slot.name)
        if event.get("filled_by"):
            self.state.slots_filled_by[slot.name] = event["filled_by"]

    def _apply_user(self, event: Event) -> None:
        self.state.latest_message = event
        self.state.latest_input_channel = event.get("input_channel")
        self.state.latest_user_time = event.timestamp
        self.state.followup_action = None
        self.state.inactive = False

    def _apply_action(self, event: Event) -> None:
        self.state.latest_action = event["name"]
        self.state.followup_action = None
        if event["name"] == "action_session_start":
            self.state.session_start = len(self.events) - 1
            self.state.session_id = event.metadata.get("session_id", self.state.session_id)

    def _apply_session_started(self, event: Event) -> None:
        self._reset()
        self.state.paused = False
        self.state.inactive = False

    def _apply_restart(self, event: Event) -> None:
        self._reset()
        self.state.paused = False
        self.state.followup_action = "action_session_start"
        self.begin_session()

    def _apply_followup(self, event: Event) -> None:
        self.state.followup_action = event["name"]

    def _apply_flag(self, event: Event) -> None:
        flag, value = _FLAGS[event.type]
        setattr(self.state, flag, value)

    def _apply_reset_slots(self, event: Event) -> None:
        self.state.slots = self._initial_values()


_FLAGS = {
    "pause": ("paused", True),
    "resume": ("paused", False),
    "inactive": ("inactive", True),
    "session_ended": ("terminated", True),
}
_APPLY: dict[str, Callable[[Tracker, Event], None]] = {
    "slot": Tracker._apply_slot,
    "user": Tracker._apply_user,
    "action": Tracker._apply_action,
    "session_started": Tracker._apply_session_started,
    "restart": Tracker._apply_restart,
    "followup": Tracker._apply_followup,
    "reset_slots": Tracker._apply_reset_slots,
    **dict.fromkeys(_FLAGS, Tracker._apply_flag),
}


def _weight(event: Event) -> int:
    """How many ordinary events this one counts for; only values and answers can be large."""
    if event.type == "slot":
        return 1 + characters(event.get("value")) // _CHARACTERS_OF_AN_EVENT
    if event.type == "bot":
        size = characters(event.get("text")) + characters(event.get("data"))
        return 1 + size // _CHARACTERS_OF_AN_EVENT
    return 1


def latest_message(event: Event) -> dict[str, Any]:
    parsed = dict(event.get("parse_data") or {})
    return {**parsed, "text": event.get("text"), "metadata": dict(event.metadata)}


def _patched(stack: Stack, update: str) -> Stack:
    # Only conversations handed in from outside are replayed; their patches may be any RFC 6902.
    import jsonpatch

    return stack_from_list(jsonpatch.apply_patch(stack.as_list(), json.loads(update)))
