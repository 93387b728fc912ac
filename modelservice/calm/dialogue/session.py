"""Sessions: when a new one begins and what it begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event, action_executed, slot_set
from modelservice.calm.dialogue.tracker import Tracker


def needs_session_start(assistant: Assistant, tracker: Tracker) -> bool:
    if tracker.is_new():
        return True
    config = assistant.domain.session
    latest = tracker.state.latest_user_time
    if not config.start_after_expiry or config.expiration_minutes <= 0 or latest is None:
        return False
    return tracker.now() > latest + config.expiration_minutes * 60


def start_session(assistant: Assistant, tracker: Tracker, metadata: Mapping[str, Any]) -> None:
    """Begin a session; `metadata` is what the channel sent with the first message."""
    session_metadata = metadata or tracker.slots.get("session_started_metadata") or {}
    tracker.begin_session()
    if metadata:
        tracker.append(slot_set("session_started_metadata", dict(metadata)))
    old_slots = [event for event in tracker.session_events() if event.type == "slot"]
    start = action_executed(
        "action_session_start", confidence=1.0, metadata={"execution_success": True}
    )
    tracker.append(start)
    tracker.extend(session_events(assistant, old_slots, session_metadata))


def session_events(
    assistant: Assistant, old_slots: list[Event], metadata: Mapping[str, Any]
) -> list[Event]:
    """The events of action_session_start; `old_slots` are carried over if the domain says so."""
    events = [Event("session_started")]
    if assistant.domain.session.carry_over_slots:
        events += [slot_set(event["name"], event["value"]) for event in old_slots]
    language = metadata.get("language")
    if language in (assistant.language, *assistant.additional_languages):
        events.append(slot_set("language", language))
    return [*events, action_executed("action_listen")]
