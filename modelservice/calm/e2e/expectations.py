"""What a test expects of a turn, and what to say when it did not happen.

Every check returns None if it holds, else one sentence saying what happened instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from modelservice.calm.dialogue.events import Event

Events = Sequence[Event]
# A failed check's sentence, or the position after the event that fulfilled it.
Outcome = str | int
_WHOLE_NUMBER = re.compile(r"(?<![.,\d])(\d+)\.0(?!\d|\.\d)")


def check_expectation(kind: str, expected: Any, events: Events) -> str | None:
    """An expectation of the step style against the events of the last user step."""
    if kind == "utter":
        said = [event.metadata.get("utter_action") for event in _bots(events)]
        return None if expected in said else f"expected {expected}, said {_listed(said)}"
    if kind == "bot":
        texts = [event["text"] for event in _bots(events)]
        same = any(_comparable(text or "") == _comparable(expected) for text in texts)
        return None if same else f"expected “{expected}”, said {_listed(texts)}"
    wanted_set = kind == "slot_was_set"
    for item in expected if isinstance(expected, list) else [expected]:
        for name, value in _named_values(item):
            if _was_set(events, name, value) is not wanted_set:
                return _slot_problem(events, name, value, wanted_set=wanted_set)
    return None


def _comparable(text: Any) -> str:
    """A text written as a block ends with a line break. Rasa says “50.0” where we say “50”."""
    return _WHOLE_NUMBER.sub(r"\1", str(text).strip())


_ANY = object()


def _named_values(item: Any) -> list[tuple[str, Any]]:
    return list(item.items()) if isinstance(item, Mapping) else [(str(item), _ANY)]


def _slot_problem(events: Events, name: str, value: Any, *, wanted_set: bool) -> str:
    happened = [event["value"] for event in events if _sets(event, name)]
    target = name if value is _ANY else f"{name} = {value!r}"
    wish = "set" if wanted_set else "not set"
    return f"expected {target} to be {wish}, it was set to {_listed(happened)}"


def _was_set(events: Events, name: str, value: Any) -> bool:
    return any(_sets(e, name) and (value is _ANY or e["value"] == value) for e in events)


def _sets(event: Event, name: str) -> bool:
    return event.type == "slot" and event["name"] == name


def _bots(events: Events) -> list[Event]:
    return [event for event in events if event.type == "bot"]


def _listed(values: Sequence[Any]) -> str:
    return ", ".join(f"“{value}”" for value in values) or "nothing"


def check_assertion(assertion: Mapping[str, Any], events: Events, start: int) -> Outcome:
    """An assertion against a turn's events from position `start` on."""
    if len(assertion) != 1:
        return "an assertion has exactly one name"
    kind, expected = next(iter(assertion.items()))
    check = _ASSERTIONS.get(kind)
    if check is None:
        return f"'{kind}' is not an assertion that this runner knows"
    try:
        return check(expected, events, start)
    except (KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        return f"it is not written as it should be ({error!r})"


def _first(events: Events, start: int, wanted: Callable[[Event], bool]) -> int | None:
    return next((i for i in range(start, len(events)) if wanted(events[i])), None)


def _flow_started(expected: Any, events: Events, start: int) -> Outcome:
    ids = expected["flow_ids"] if isinstance(expected, Mapping) else [expected]
    needs_all = isinstance(expected, Mapping) and expected.get("operator") == "all"
    found = [
        _first(events, start, lambda e, i=i: e.type == "flow_started" and e["flow_id"] == i)  # type: ignore[misc]  # mypy cannot see defaults of a lambda
        for i in ids
    ]
    positions = [position for position in found if position is not None]
    if not positions or (needs_all and len(positions) < len(ids)):
        started = [e["flow_id"] for e in events if e.type == "flow_started"]
        return f"{_listed(ids)} did not start, but {_listed(started)}"
    return (max(positions) if needs_all else min(positions)) + 1


def _flow_ended(kind: str) -> Callable[[Any, Events, int], Outcome]:
    def check(expected: Any, events: Events, start: int) -> Outcome:
        flow_id, step_id = expected["flow_id"], expected.get("flow_step_id")
        found = _first(events, start, lambda e: e.type == kind and e["flow_id"] == flow_id)
        if found is None:
            return f"there is no {kind} of '{flow_id}'"
        if step_id is not None and events[found]["step_id"] != step_id:
            return f"{kind} of '{flow_id}' was at step '{events[found]['step_id']}'"
        return found + 1

    return check


def _clarification(expected: Any, events: Events, start: int) -> Outcome:
    found = _first(
        events,
        start,
        lambda e: e.type == "flow_started" and e["flow_id"] == "pattern_clarification",
    )
    if found is None:
        return "no clarification was asked"
    metadata = events[found].metadata
    offered = {*metadata.get("names", ()), *metadata.get("clarification_ids", ())}
    if isinstance(expected, Mapping):
        wanted = set(expected["flow_ids"])
        fits = wanted <= offered if expected.get("operator") == "all" else bool(wanted & offered)
    else:
        fits = set(expected) in (
            set(metadata.get("names", ())),
            set(metadata.get("clarification_ids", ())),
        )
    return found + 1 if fits else f"the clarification offered {_listed(sorted(offered))}"


def _action_executed(expected: Any, events: Events, start: int) -> Outcome:
    found = _first(events, start, lambda e: e.type == "action" and e["name"] == expected)
    ran = [e["name"] for e in events if e.type == "action"]
    return f"'{expected}' did not run, but {_listed(ran)}" if found is None else found + 1


def _slot_set(expected: Any, events: Events, start: int) -> Outcome:
    position = start
    for item in _slots_of(expected):
        name, value = item["name"], item.get("value", _ANY)
        found = _first(
            events,
            start,
            lambda e, n=name, v=value: _sets(e, n) and (v is _ANY or e["value"] == v),  # type: ignore[misc]  # mypy cannot see defaults of a lambda
        )
        if found is None:
            return _slot_problem(events, name, value, wanted_set=True)
        position = max(position, found + 1)
    return position


def _slots_of(expected: Any) -> Sequence[Mapping[str, Any]]:
    return [expected] if isinstance(expected, Mapping) else expected


def _slot_not_set(expected: Any, events: Events, start: int) -> Outcome:
    for item in _slots_of(expected):
        values = [e["value"] for e in events[start:] if _sets(e, item["name"])]
        unset = not values or (
            values[-1] is None if "value" not in item else values[-1] != item["value"]
        )
        if not unset:
            return f"slot '{item['name']}' was set to {values[-1]!r}"
    return start


def _bot_parts(expected: Mapping[str, Any]) -> list[tuple[str, Callable[[Event], bool]]]:
    parts: list[tuple[str, Callable[[Event], bool]]] = []
    if "utter_name" in expected:
        name = expected["utter_name"]
        parts.append((f"{name}", lambda e: e.metadata.get("utter_action") == name))
    if "text_matches" in expected:
        pattern = re.compile(str(expected["text_matches"]))
        parts.append((pattern.pattern, lambda e: bool(pattern.search(e["text"] or ""))))
    if "buttons" in expected:
        parts.append(("those buttons", lambda e: _has_buttons(e, expected["buttons"])))
    return parts


def _has_buttons(event: Event, expected: Sequence[Mapping[str, Any]]) -> bool:
    """The first buttons by position; those after them do not matter."""
    shown = event["data"].get("buttons") or []
    return len(shown) >= len(expected) and all(
        all(button.get(key) == wanted[key] for key in ("title", "payload") if key in wanted)
        for button, wanted in zip(shown, expected, strict=False)
    )


def _bot_uttered(expected: Any, events: Events, start: int) -> Outcome:
    position = start
    parts = _bot_parts(expected)
    if not parts:
        return "it needs one of utter_name, text_matches, buttons"
    for name, fits in parts:
        found = _first(events, start, lambda e, f=fits: e.type == "bot" and f(e))  # type: ignore[misc]  # mypy cannot see defaults of a lambda
        if found is None:
            return f"expected {name}, said {_listed([e['text'] for e in _bots(events)])}"
        position = max(position, found + 1)
    return position


def _bot_did_not_utter(expected: Any, events: Events, start: int) -> Outcome:
    for name, fits in _bot_parts(expected):
        if any(fits(event) for event in _bots(events[start:])):
            return f"{name} was said"
    return start


_ASSERTIONS: dict[str, Callable[[Any, Events, int], Outcome]] = {
    "flow_started": _flow_started,
    "flow_completed": _flow_ended("flow_completed"),
    "flow_cancelled": _flow_ended("flow_cancelled"),
    "pattern_clarification_contains": _clarification,
    "action_executed": _action_executed,
    "slot_was_set": _slot_set,
    "slot_was_not_set": _slot_not_set,
    "bot_uttered": _bot_uttered,
    "bot_did_not_utter": _bot_did_not_utter,
}
