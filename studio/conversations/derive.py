"""What one event does to the conversation it belongs to. Pure but for the row it changes.

Names and meanings of events: spec/contracts/kafka_events.md §3 and §9.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from modelservice.project.model import PATTERN_PREFIX
from studio.conversations.models import Conversation

TEST_CHANNELS = frozenset({"studio_chat", "inspector", "cmdline"})
_MAX_TITLE = 200
_MAX_FLOWS = 200
_OUTCOME_OF_PATTERN = {
    "pattern_human_handoff": Conversation.Outcome.HANDED_OVER,
    "pattern_internal_error": Conversation.Outcome.ERROR,
}
Body = dict[str, Any]
# An event and its time.
TimedEvent = tuple[Body, datetime]
_NOTHING: Body = {}
# What `apply_events` makes from nothing; the times and the version are kept.
DERIVED = (
    *("channel", "is_test", "language", "title", "event_count", "message_count"),
    *("user_message_count", "outcome", "flows", "open_flows", "slots"),
)


def apply_events(conversation: Conversation, timed_events: Iterable[TimedEvent]) -> None:
    """Events of one conversation, in the order of their time."""
    count = 0
    for body, at in timed_events:
        if not count:
            conversation.started_at = min(conversation.started_at, at)
        count += 1
        latest = at
        if not conversation.language:
            language = (body.get("metadata") or _NOTHING).get("default_language")
            if isinstance(language, str):
                conversation.language = language[:35]
        change = _CHANGES.get(body["event"])
        if change is not None:
            change(conversation, body)
    if count:
        conversation.event_count += count
        conversation.last_event_at = max(conversation.last_event_at, latest)


def reset_derived(conversation: Conversation) -> None:
    """Set everything derived from events to its initial value, before they are applied again."""
    fresh = Conversation()
    for field in DERIVED:
        setattr(conversation, field, getattr(fresh, field))


def _user(conversation: Conversation, body: Body) -> None:
    channel = body.get("input_channel")
    if isinstance(channel, str) and channel and not conversation.channel:
        conversation.channel = channel[:100]
        conversation.is_test = channel in TEST_CHANNELS
    text = body.get("text")
    if not isinstance(text, str) or text.startswith("/session_start"):
        return
    conversation.message_count += 1
    conversation.user_message_count += 1
    conversation.title = telling(conversation.title, text)


def telling(title: str, text: str) -> str:
    """The first typed text that is more than a word, such as a greeting, names a conversation."""
    text = " ".join(text.split())[:_MAX_TITLE]
    if text.startswith("/") or not text:
        return title
    return text if not title or (" " not in title and " " in text) else title


def _bot(conversation: Conversation, body: Body) -> None:
    conversation.message_count += 1


def _slot(conversation: Conversation, body: Body) -> None:
    name, value = body.get("name"), body.get("value")
    if isinstance(name, str):
        conversation.slots[name] = value
        if name == "language" and isinstance(value, str):
            conversation.language = value[:35]


def _forget_slots(conversation: Conversation, body: Body) -> None:
    conversation.slots = {}


def _flow_started(conversation: Conversation, body: Body) -> None:
    flow = str(body.get("flow_id", ""))
    if flow.startswith(PATTERN_PREFIX):
        conversation.outcome = _OUTCOME_OF_PATTERN.get(flow, conversation.outcome)
        return
    if flow not in conversation.flows and len(conversation.flows) < _MAX_FLOWS:
        conversation.flows = [*conversation.flows, flow]
    if flow not in conversation.open_flows:
        conversation.open_flows = [*conversation.open_flows, flow]
    conversation.outcome = Conversation.Outcome.OPEN


def _flow_completed(conversation: Conversation, body: Body) -> None:
    _flow_ended(conversation, body, Conversation.Outcome.COMPLETED)


def _flow_cancelled(conversation: Conversation, body: Body) -> None:
    _flow_ended(conversation, body, Conversation.Outcome.CANCELLED)


def _flow_ended(conversation: Conversation, body: Body, outcome: Conversation.Outcome) -> None:
    flow = body.get("flow_id")
    if flow not in conversation.open_flows:
        return
    conversation.open_flows = [other for other in conversation.open_flows if other != flow]
    if not conversation.open_flows and conversation.outcome == Conversation.Outcome.OPEN:
        conversation.outcome = outcome


def _error(conversation: Conversation, body: Body) -> None:
    conversation.outcome = Conversation.Outcome.ERROR


_CHANGES: dict[str, Callable[[Conversation, Body], None]] = {
    "user": _user,
    "bot": _bot,
    "slot": _slot,
    "reset_slots": _forget_slots,
    "restart": _forget_slots,
    "flow_started": _flow_started,
    "flow_completed": _flow_completed,
    "flow_cancelled": _flow_cancelled,
    "error": _error,
}
