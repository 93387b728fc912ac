"""Sessions: when a new one begins and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event, action_executed, slot_set
from modelservice.calm.dialogue.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Opening:
    """What a new session takes over: the old one's slot events, and what the channel sent."""

    old_slots: list[Event]
    metadata: Mapping[str, Any]


def has_expired(assistant: Assistant, tracker: Tracker) -> bool:
    minutes, latest = assistant.domain.session.expiration_minutes, tracker.state.latest_user_time
    return minutes > 0 and latest is not None and tracker.now() > latest + minutes * 60


def needs_session_start(assistant: Assistant, tracker: Tracker) -> bool:
    expired = assistant.domain.session.start_after_expiry and has_expired(assistant, tracker)
    return tracker.is_new() or expired


def open_session(tracker: Tracker, metadata: Mapping[str, Any]) -> Opening:
    """Give the conversation a new session id, and note what the channel sent with the message."""
    session_metadata = metadata or tracker.slots.get("session_started_metadata") or {}
    tracker.begin_session()
    if metadata:
        tracker.append(slot_set("session_started_metadata", dict(metadata)))
    return Opening(tracker.slot_events_of_session(), session_metadata)


def session_events(assistant: Assistant, opening: Opening) -> list[Event]:
    """The events of action_session_start; slots are carried over if the domain says so."""
    events = [Event("session_started")]
    if assistant.domain.session.carry_over_slots:
        events += [_carried_over(event, assistant) for event in opening.old_slots]
    language = opening.metadata.get("language")
    if language in (assistant.language, *assistant.additional_languages):
        events.append(slot_set("language", language))
    return [*events, action_executed("action_listen")]


def _carried_over(event: Event, assistant: Assistant) -> Event:
    """The slot event without who filled it, and without what marks every event of its session."""
    marks = {"session_id", *assistant.event_metadata()}
    metadata = {key: value for key, value in event.metadata.items() if key not in marks}
    return Event("slot", {**event.fields, "filled_by": None}, metadata)
