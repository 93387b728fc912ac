"""What a prompt for a language model is made of, under the names that projects' templates use."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from modelservice.calm.content.domain import Slot
from modelservice.calm.content.flow import CollectStep, Flow
from modelservice.calm.dialogue.commands import (
    ERROR_EMPTY,
    ERROR_TOO_LONG,
    InternalError,
)
from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.generator import Request
from modelservice.calm.dialogue.templates import render
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.understanding.llm.client import LanguageModelFailure

logger = logging.getLogger(__name__)
MAX_LINES = 20
_MAX_PROMPT_CHARACTERS = 1_000_000
_OTHER_VALUE = "__other__"
_UNREADABLE = {ERROR_EMPTY: "", ERROR_TOO_LONG: "(a very long message)"}


@cache
def own_template(name: str) -> str:
    """The text of one of this runtime's own templates."""
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


def render_prompt(template: str, variables: Mapping[str, Any]) -> str:
    """Raises `LanguageModelFailure` for a template that cannot be rendered."""
    try:
        return render(template, variables, most=_MAX_PROMPT_CHARACTERS)
    except (TemplateError, TypeError, ValueError) as error:
        raise LanguageModelFailure(f"the prompt template cannot be rendered ({error})") from error


def command_variables(
    request: Request, shown: Sequence[Flow], zone: str | None = None
) -> dict[str, Any]:
    """Everything that a command generator's template may name."""
    frame = request.tracker.stack.top_flow_frame
    flow = None if frame is None else request.assistant.flows.get(frame.flow_id)
    asked = request.asked
    slot = None if asked is None else request.assistant.domain.slots.get(asked.name)
    step = None if asked is None else asked.step
    return {
        "available_flows": [_flow_entry(request, flow) for flow in shown],
        "current_conversation": transcript(request.tracker),
        "flow_slots": [] if flow is None else _flow_slots(request, flow),
        "current_flow": None if flow is None else flow.id,
        "current_slot": None if asked is None else asked.name,
        "current_slot_description": None if step is None else step.description,
        "current_slot_type": None if slot is None else slot.type,
        "current_slot_allowed_values": None if slot is None else _allowed_values(slot),
        "user_message": _one_line(request.text),
        "current_datetime": _now(request.tracker, zone),
    }


# -- flows and slots ---------------------------------------------------------------------------


def _flow_entry(request: Request, flow: Flow) -> dict[str, Any]:
    slots = [
        {
            "name": slot.name,
            "description": step.description,
            "allowed_values": _allowed_values(slot),
        }
        for step, slot in _fillable(request, flow)
    ]
    return {"name": flow.id, "description": flow.description, "slots": slots}


def _flow_slots(request: Request, flow: Flow) -> list[dict[str, Any]]:
    found: dict[tuple[str, str | None], dict[str, Any]] = {}
    for step, slot in _fillable(request, flow):
        value = request.tracker.slots.get(slot.name)
        found[slot.name, step.description] = {
            "name": slot.name,
            "value": "undefined" if value is None else str(value),
            "type": slot.type,
            "allowed_values": _allowed_values(slot),
            "description": step.description,
        }
    return list(found.values())


def _fillable(request: Request, flow: Flow) -> Iterator[tuple[CollectStep, Slot]]:
    """A slot that is asked in any case can be said only once it has been asked."""
    written = request.tracker.state.slots_set_in_session
    asked = None if request.asked is None else request.asked.name
    for part in request.assistant.flows.with_called(flow):
        for step in part.collect_steps():
            slot = request.assistant.domain.slots.get(step.collect)
            waits = step.ask_before_filling and step.collect not in {*written, asked}
            if slot is not None and not waits:
                yield step, slot


def _allowed_values(slot: Slot) -> str | None:
    if slot.type == "bool":
        return "[True, False]"
    values = [value for value in slot.values if value != _OTHER_VALUE]
    return str(values) if values else None


# -- the conversation --------------------------------------------------------------------------


def transcript(tracker: Tracker, most: int = MAX_LINES) -> str:
    """The latest lines of this session, the speaker before each."""
    lines: list[str] = []
    for event in reversed(tracker.session_events()):
        if event.type in ("restart", "session_started") or len(lines) == most:
            break
        if event.type == "user":
            lines.append(f"USER: {_said_by_user(event)}")
        elif event.type == "bot":
            lines.append(f"AI: {_said_by_bot(event)}")
    return "\n".join(reversed(lines))


def _said_by_user(event: Event) -> str:
    commands = (event.get("parse_data") or {}).get("commands") or []
    for command in commands:
        if isinstance(command, Mapping) and command.get("command") == InternalError.name:
            return _UNREADABLE.get(str(command.get("error_type")), "(error)")
    return _one_line(event.get("text") or "")


def _said_by_bot(event: Event) -> str:
    buttons = (event.get("data") or {}).get("buttons") or []
    titles = [str(b["title"]) for b in buttons if isinstance(b, Mapping) and b.get("title")]
    shown = [f'button {number}: "{title}"' for number, title in enumerate(titles, 1)]
    return " ".join([_one_line(event.get("text") or ""), *shown])


def _one_line(text: str) -> str:
    return " ".join(str(text).split())


def _now(tracker: Tracker, zone: str | None) -> str:
    mocked = tracker.slots.get("mocked_datetime")
    moment = _read_moment(mocked) or datetime.fromtimestamp(tracker.now(), _zone(zone))
    return moment.strftime("%A, %d %B %Y, %H:%M (%Z)").replace(" ()", "")


def _read_moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _zone(name: str | None) -> tzinfo:
    if not name:
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        logger.warning("there is no time zone '%s'; prompts have the time in UTC", name)
        return UTC
