"""A conversation as a test case: what the user said, and what has to happen after it again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from modelservice.project.model import PATTERN_PREFIX

_MAX_NAME = 60
_NOT_SAID = re.compile(r"/(session_start|restart)\b")
# What `filled_by` says of a slot that somebody set in the inspector.
_BY_HAND = "inspector"
_FLOW_EVENTS = {"flow_started": "flow_started", "flow_completed": "flow_completed"}
Event = Mapping[str, Any]


def recorded(events: Iterable[Event], name: str = "") -> dict[str, Any] | None:
    """The test case of the last session in these events of a tracker; None where nothing was said.

    What the assistant says before the first message is left out, and so is what its patterns do
    beside it: a test of one talk should not break by a change of another flow.
    """
    session = _last_session(list(events))
    first = next((n for n, event in enumerate(session) if _is_said(event)), None)
    if first is None:
        return None
    steps: list[dict[str, Any]] = []
    for event in session[first:]:
        if _is_said(event):
            steps.append({"user": str(event.get("text") or "")})
            continue
        assertion = _assertion(event)
        if assertion is not None and assertion not in steps[-1].get("assertions", []):
            steps[-1].setdefault("assertions", []).append(assertion)
    return {"test_case": name or _name_of(steps[0]["user"]), "steps": steps}


def _last_session(events: Sequence[Event]) -> Sequence[Event]:
    starts = [n for n, event in enumerate(events) if event.get("event") == "session_started"]
    return events[starts[-1] + 1 :] if starts else events


def _is_said(event: Event) -> bool:
    return event.get("event") == "user" and not _NOT_SAID.match(str(event.get("text") or ""))


def _name_of(text: str) -> str:
    """The first words, of a payload its name."""
    words = " ".join(text.split()).lstrip("/")
    if len(words) <= _MAX_NAME:
        return words or "A test"
    return words[:_MAX_NAME].rsplit(" ", 1)[0] + "…"


def _assertion(event: Event) -> dict[str, Any] | None:
    """What has to happen again because this did; None for what does not matter."""
    kind = str(event.get("event"))
    if kind in _FLOW_EVENTS:
        flow = str(event.get("flow_id") or "")
        if not flow or flow.startswith(PATTERN_PREFIX):
            return None
        return {kind: flow} if kind == "flow_started" else {kind: {"flow_id": flow}}
    if kind == "slot":
        return _slot(event)
    return _bot(event) if kind == "bot" else None


def _slot(event: Event) -> dict[str, Any] | None:
    filled_by, value = event.get("filled_by"), event.get("value")
    if not filled_by or filled_by == _BY_HAND or value is None:
        return None
    return {"slot_was_set": [{"name": str(event.get("name")), "value": value}]}


def _bot(event: Event) -> dict[str, Any] | None:
    metadata = event.get("metadata")
    name = metadata.get("utter_action") if isinstance(metadata, Mapping) else None
    if isinstance(name, str) and name:
        return {"bot_uttered": {"utter_name": name}}
    text = event.get("text")
    return {"bot_uttered": {"text_matches": pattern_of(str(text))}} if text else None


def pattern_of(text: str) -> str:
    """A regular expression that fits this text and no other, readable where it can be."""
    return "^" + re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text) + "$"
