"""What an action server answers, taken with care: it is a program of others, and may be wrong."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from modelservice.calm.dialogue.commands import CUSTOM
from modelservice.calm.dialogue.events import NO_BOT_DATA, Event, event_from_dict
from modelservice.calm.dialogue.json_values import is_json_value
from modelservice.calm.errors import ActionFailure

logger = logging.getLogger(__name__)

# The events an action may return, each with the texts that it cannot do without. Others are the
# runtime's own: what a flow does follows from its steps.
_ACCEPTED: dict[str, tuple[str, ...]] = {
    "slot": ("name",),
    "followup": ("name",),
    "action": ("name",),
    "user": (),
    "bot": (),
    "restart": (),
    "session_started": (),
    "session_ended": (),
    "pause": (),
    "resume": (),
    "reset_slots": (),
    "rewind": (),
    "undo": (),
    "reminder": (),
    "cancel_reminder": (),
    "agent": (),
    "active_loop": (),
    "routing_session_ended": (),
}
_RESPONSE_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": (str, int, float),
    "response": str,
    "image": str,
    "buttons": list,
    "quick_replies": list,
    "elements": list,
    "custom": dict,
    "attachment": (dict, str),
}
_LISTS_OF_MAPS = ("buttons", "quick_replies")


def own_events(bodies: Sequence[Mapping[str, Any]]) -> list[Event]:
    """The events that are taken over. Raises `ActionFailure` for one that is malformed."""
    if not is_json_value(bodies):
        raise ActionFailure("the action server sent a number or a nesting that cannot be kept")
    events = [_own_event(body) for body in bodies]
    return [event for event in events if event is not None]


def _own_event(body: Mapping[str, Any]) -> Event | None:
    try:
        event = event_from_dict(body)
    except (KeyError, TypeError, ValueError) as error:
        raise ActionFailure(f"the action server sent an event that is none: {error}") from error
    if event.type not in _ACCEPTED:
        logger.warning("an action's event of type '%s' is left out", event.type)
        return None
    for name in _ACCEPTED[event.type]:
        if not isinstance(event.get(name), str):
            raise ActionFailure(f"the action server sent a '{event.type}' event without {name}")
    return Event(event.type, _completed(event), event.metadata)


def _completed(event: Event) -> dict[str, Any]:
    """The fields with what consumers of the events rely on."""
    fields = dict(event.fields)
    if event.type == "slot":
        if "value" not in fields:
            raise ActionFailure("the action server sent a slot event without value")
        fields["filled_by"] = fields.get("filled_by") or CUSTOM
        fields.setdefault("anonymized_at", None)
    elif event.type == "bot":
        check_response("an event", {"text": fields.get("text") or "", **_data(fields)})
        text = fields.get("text")
        fields["text"] = None if text is None else str(text)
        fields = {**fields, "data": {**NO_BOT_DATA, **_data(fields)}}
    elif event.type == "user":
        parsed = fields.get("parse_data")
        fields["parse_data"] = parsed if isinstance(parsed, Mapping) else {}
    return fields


def _data(fields: Mapping[str, Any]) -> dict[str, Any]:
    data = fields.get("data") or {}
    if not isinstance(data, Mapping):
        raise ActionFailure("the action server sent a bot event whose data is no map")
    return {key: value for key, value in data.items() if value}


def check_response(action: str, response: Mapping[str, Any]) -> None:
    """Refuse a text that is no text and buttons that are none; no channel could show them."""
    if not is_json_value(response):
        raise ActionFailure(f"custom action '{action}' gave an answer that makes no sense")
    for key, value in response.items():
        wanted = _RESPONSE_TYPES.get(key)
        fits = wanted is None or isinstance(value, wanted)
        if fits and key in _LISTS_OF_MAPS:
            fits = all(isinstance(item, Mapping) for item in value)
        if not fits:
            raise ActionFailure(f"custom action '{action}' gave a '{key}' that makes no sense")
