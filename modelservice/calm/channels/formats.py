"""How a bot event looks on each channel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from modelservice.calm.dialogue.commands import INSPECTOR
from modelservice.calm.dialogue.events import Event

_BLANK_LINES = re.compile(r"\n\s*\n")
# What relays a tracker takes messages of at most 1 MB.
MAX_TRACKER_BYTES = 600_000


def rest_messages(sender_id: str, event: Event) -> Iterator[dict[str, Any]]:
    """Messages of the REST channel; only keys with a value appear."""
    data: Mapping[str, Any] = event["data"]
    buttons = [*(data.get("buttons") or []), *(data.get("quick_replies") or [])]
    if buttons:
        yield {"recipient_id": sender_id, "text": event["text"] or "", "buttons": buttons}
    else:
        for text in _paragraphs(event["text"]):
            yield {"recipient_id": sender_id, "text": text}
    for key in ("custom", "image", "attachment"):
        if data.get(key) and not (key == "attachment" and data["attachment"] == data["image"]):
            yield {"recipient_id": sender_id, key: data[key]}


def socket_messages(event: Event) -> Iterator[dict[str, Any]]:
    """Messages of the Socket.IO channels."""
    data: Mapping[str, Any] = event["data"]
    yield from _socket_texts(event["text"], data)
    if data.get("image"):
        image = {"type": "image", "payload": {"src": data["image"]}}
        yield {"attachment": image}
    elif data.get("attachment"):
        yield {"attachment": data["attachment"]}
    for element in data.get("elements") or []:
        template = {"template_type": "generic", "elements": element}
        yield {"attachment": {"type": "template", "payload": template}}
    if data.get("custom"):
        yield dict(data["custom"])


def _socket_texts(text: str | None, data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    buttons = [*(data.get("buttons") or []), *(data.get("quick_replies") or [])]
    replies = [
        {
            "content_type": "text",
            "title": button.get("title"),
            "payload": button.get("payload", button.get("title")),
        }
        for button in buttons
    ]
    paragraphs = _paragraphs(text)
    if not paragraphs and replies:
        yield {"quick_replies": replies}
    for index, paragraph in enumerate(paragraphs):
        if not replies:
            yield {"text": paragraph}
        else:
            is_last = index == len(paragraphs) - 1
            yield {"text": paragraph, "quick_replies": replies if is_last else []}


def _paragraphs(text: str | None) -> list[str]:
    return [part for part in _BLANK_LINES.split((text or "").strip()) if part]


def is_short(tracker: dict[str, Any]) -> bool:
    """Whether one message may hold all its events."""
    return sum(map(_size, tracker["events"])) <= MAX_TRACKER_BYTES


def _size(event: dict[str, Any]) -> int:
    return len(json.dumps(event, ensure_ascii=False, default=str).encode())


def newest_turns(tracker: dict[str, Any]) -> dict[str, Any]:
    """The tracker with as many of its newest turns as one message should hold.

    `turns_before` then counts the turns that are left out.
    """
    events = tracker["events"]
    room, start, begin = MAX_TRACKER_BYTES, len(events), None
    while start > 0:
        room -= _size(events[start - 1])
        if room < 0:
            break
        start -= 1
        if _begins_turn(events[start]):
            begin = start
    if start == 0:
        return tracker
    cut = start if begin is None else begin
    before = sum(map(_begins_turn, events[:cut]))
    return {**tracker, "events": events[cut:], "turns_before": before}


def _begins_turn(event: dict[str, Any]) -> bool:
    return event["event"] == "user" or event.get("filled_by") == INSPECTOR
