"""The short notation of event sequences: `U fs(order_tea) ASK(kind)`.

`U` user, `a(n)` action, `b(u)` bot event of response u, `s(x=v)` slot (`s(x=v|LLM)` with
filled_by), `fs fc fi fr fx` flow started, completed, interrupted, resumed, cancelled
(`fc(f@step)` with its step), other events by their type. A closing `…` leaves the rest open.
"""

from __future__ import annotations

import json
import re
from typing import Any

from modelservice.calm.dialogue.events import Event

_FLOW_EVENTS = {
    "flow_started": "fs",
    "flow_completed": "fc",
    "flow_interrupted": "fi",
    "flow_resumed": "fr",
    "flow_cancelled": "fx",
}
_LEFT_OUT = ("stack", "user_featurization", "bot_turn_ended")
_TOKEN = re.compile(r"[^\s(]+(?:\([^()]*\))?")
_MACRO = re.compile(r"(?<![:\w])(ASK|RE|SKIP|OK|PC|END|CI|R|SAY)\b(?:\(([^()]*)\))?")
# Slots that each flow of the test project resets at its end, in order.
RESETS = {
    "order_tea": ("kind", "size"),
    "opening_hours": ("weekday",),
    "continue": ("interrupted_flow_to_continue", "continue_interrupted_flow_confirmation"),
}
_REJECTIONS = "a(action_run_slot_rejections)"
_COLLECT = "pattern_collect_information"


def expand(expected: str) -> list[str]:
    """The tokens of an expected sequence, macros replaced."""
    text = expected
    while _MACRO.search(text):
        text = _MACRO.sub(lambda match: _macro(match[1], match[2] or ""), text)
    return _TOKEN.findall(text)


def _macro(name: str, argument: str) -> str:
    if name == "END":
        resets = " ".join(f"s({slot}=null)" for slot in RESETS.get(argument, ()))
        return f"{resets} fc({argument})"
    simple = {
        "R": _REJECTIONS,
        "SAY": f"a({argument}) b({argument})",
        "ASK": f"fs({_COLLECT}) R SAY(utter_ask_{argument})",
        "RE": f"R SAY(utter_ask_{argument})",
        "SKIP": f"fs({_COLLECT}) R fc({_COLLECT})",
        "OK": f"R fc({_COLLECT})",
        "PC": "fs(pattern_completed) s(continue_conversation=null) ASK(continue_conversation)",
        "CI": "fs(pattern_continue_interrupted) ASK(continue_interrupted_flow_confirmation)",
    }
    return simple[name]


def written(events: list[Event], *, keep_listen: bool) -> list[str]:
    """Events in the notation, with every detail that an expectation may name."""
    tokens = []
    for event in events:
        is_listen = event.type == "action" and event["name"] == "action_listen"
        is_hashes = event.type == "slot" and event["name"] == "flow_hashes"
        if event.type in _LEFT_OUT or is_hashes or (is_listen and not keep_listen):
            continue
        tokens.append(_written(event))
    return tokens


def _written(event: Event) -> str:
    if event.type in _FLOW_EVENTS:
        step = event.get("step_id")
        place = f"{event['flow_id']}@{step}" if step else event["flow_id"]
        return f"{_FLOW_EVENTS[event.type]}({place})"
    if event.type == "slot":
        return f"s({event['name']}={_value(event['value'])}|{event.get('filled_by') or '-'})"
    if event.type == "action":
        return f"a({event['name']})"
    if event.type == "bot":
        return f"b({event.metadata.get('utter_action') or event['text']})"
    return "U" if event.type == "user" else event.type


def _value(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value).replace(" ", "")
    # A token holds no blanks.
    return text.replace(" ", "~")


def fits(expected: str, actual: str) -> bool:
    """Whether an expected token is this one; details that it leaves out do not matter."""
    return expected == actual or expected == _without_details(expected, actual)


def _without_details(expected: str, actual: str) -> str:
    shorter = actual
    if actual.startswith("s(") and "|" not in expected:
        shorter = re.sub(r"\|[^|]*\)$", ")", actual)
    if "@" not in expected and actual[:2] in _FLOW_EVENTS.values():
        shorter = re.sub(r"@.*\)$", ")", shorter)
    return shorter


def assert_sequence(expected: str, events: list[Event], *, keep_listen: bool = False) -> None:
    wanted = expand(expected)
    actual = written(events, keep_listen=keep_listen)
    is_open = bool(wanted) and wanted[-1] == "…"
    if is_open:
        wanted = wanted[:-1]
        actual = actual[: len(wanted)]
    same = len(wanted) == len(actual) and all(map(fits, wanted, actual))
    assert same, f"\nwanted {' '.join(wanted)}\nactual {' '.join(actual)}"
