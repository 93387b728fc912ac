"""However events come, late, twice and in pieces: a conversation ends as if they had come well."""

import random
import tempfile
import uuid
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.conversations.models import Conversation, ConversationFlow, Event, Session
from tests.ingestion.events import NOW, lines, turn
from tests.ingestion.example import ingestion

_DERIVED = (
    *("channel", "is_test", "language", "title", "started_at", "last_event_at", "event_count"),
    *("message_count", "user_message_count", "outcome", "flows", "open_flows", "slots"),
)


def talk(assistant_id: str, sender: str) -> list[dict[str, Any]]:
    """Three sessions: one that says its name and ends, one that does not end, one unnamed."""
    first, second, third = (
        turn(assistant_id, sender, NOW + start) for start in (0.0, 1000.0, 2000.0)
    )
    ended = {**first[-1], "event": "session_ended", "timestamp": NOW + 900}
    later = [{**event, "metadata": {**event["metadata"], "session_id": "2"}} for event in second]
    unnamed = [{**event, "metadata": {"assistant_id": assistant_id}} for event in third]
    cancelled = {"event": "flow_cancelled", "flow_id": "transfer_money", "timestamp": NOW + 2100}
    return [*first, ended, *later[:9], *unnamed[:8], {**unnamed[0], **cancelled}]


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32),
    far=st.sampled_from([0.0, 3.0, 3000.0]),
    twice=st.integers(0, 20),
    batch=st.sampled_from([1, 7, 1000]),
)
def test_it_ends_as_if_all_had_come_in_order(
    assistant: dict[str, Any], seed: int, far: float, twice: int, batch: int
) -> None:
    chance = random.Random(seed)
    senders = [uuid.uuid4().hex for _ in range(2)]
    events = [event for sender in senders for event in talk(assistant["id"], sender)]
    events.sort(key=lambda event: event["timestamp"] + chance.uniform(0, far))
    for event in chance.sample(events, twice):
        events.insert(chance.randrange(len(events) + 1), event)
    expected_of = uuid.uuid4().hex
    read(talk(assistant["id"], expected_of), 1000)
    read(events, batch)
    expected = outcome(expected_of)
    assert expected["event_count"] == len(talk(assistant["id"], expected_of))
    for sender in senders:
        assert outcome(sender) == expected


def read(events: list[dict[str, Any]], batch_size: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{uuid.uuid4().hex}.jsonl").write_text(lines(events))
        assert ingestion(Path(folder), batch_size).run_once() == len(events)


def outcome(sender: str) -> dict[str, Any]:
    """All that is known of it, without its name."""
    conversation = Conversation.objects.get(sender_id=sender)
    events = Event.objects.filter(conversation=conversation).order_by("at", "id")
    sessions = Session.objects.filter(conversation=conversation).order_by("started_at")
    flows = ConversationFlow.objects.filter(conversation=conversation)
    return {
        **{name: getattr(conversation, name) for name in _DERIVED},
        "events": list(events.values_list("type", "at", "text", "name", "flow_id", "step_id")),
        "sessions": [
            (session.session_id.replace(sender, ""), session.started_at, session.ended_at)
            for session in sessions
        ],
        "flow ids": set(flows.values_list("flow_id", flat=True)),
    }
