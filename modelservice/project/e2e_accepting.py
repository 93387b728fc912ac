"""A failed test takes over what the run saw in the place of what it expected."""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from modelservice.project.checks.defaults import ACTIONS
from modelservice.project.e2e_recording import pattern_of
from modelservice.project.e2e_shape import turns_of
from modelservice.project.model import PATTERN_PREFIX

Line = Mapping[str, Any]
Body = dict[str, Any]


class NotAccepted(Exception):
    """The sentence says why what was seen cannot be taken over."""


_CHANGED = "The test was changed since it ran: run it again."
_BY_HAND = "What it expects here can only be changed by hand: edit the test."


def accepted(body: Mapping[str, Any], failure: Line, transcript: Sequence[Line]) -> Body:
    """The test case with the expectation of this failure replaced by what the run saw in that
    turn, or without it, where there was nothing of the kind.

    :raises NotAccepted: it is not in the case any more, or only a person can say what is right
    """
    result = copy.deepcopy(dict(body))
    steps = result["steps"]
    kind, expected = str(failure.get("assertion")), failure.get("expected")
    for index, turn in turns_of(steps):
        step = steps[index]
        if _said_before(steps, index) != failure.get("after"):
            continue
        seen = _turn(transcript, turn)
        if kind in step and _same(step[kind], expected) and "user" not in step:
            _accept_expectation(steps, index, kind, seen)
            return result
        place = _place_of(step.get("assertions") or [], kind, expected)
        if place is not None:
            _accept_assertion(step, place, kind, seen)
            return result
    raise NotAccepted(_CHANGED)


def _said_before(steps: Sequence[Line], index: int) -> str | None:
    said = [step["user"] for step in steps[: index + 1] if "user" in step]
    return str(said[-1]) if said else None


def _turn(transcript: Sequence[Line], number: int) -> list[Line]:
    """What happened after the message of this number; with the first, what was before it."""
    found: list[Line] = []
    turn = 0
    for line in transcript:
        turn += line.get("who") == "user"
        if turn == number or (turn == 0 and number == 1):
            found.append(line)
    return found


def _same(one: Any, other: Any) -> bool:
    return _json(one) == _json(other)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _place_of(assertions: Sequence[Any], kind: str, expected: Any) -> int | None:
    wanted = {kind: expected}
    return next((n for n, each in enumerate(assertions) if _same(each, wanted)), None)


# -- expectations of steps -----------------------------------------------------------------------


def _accept_expectation(steps: list[Body], index: int, kind: str, seen: list[Line]) -> None:
    others = _expected_beside(steps, index)
    if kind in {"utter", "bot"}:
        said = _unexpected_answer(seen, others)
        new = None if said is None else _step_of_answer(said, prefer_text=kind == "bot")
    else:
        new = _step_of_slots(kind, steps[index][kind], seen)
    if new is None:
        del steps[index]
    else:
        steps[index] = new


def _expected_beside(steps: Sequence[Body], index: int) -> set[str]:
    """Names and texts of answers that other steps of the same turn expect."""
    turns = dict(turns_of(list(steps)))
    found = set()
    for other, step in enumerate(steps):
        if other != index and turns[other] == turns[index]:
            found |= {str(step[key]) for key in ("utter", "bot") if key in step}
    return found


def _unexpected_answer(seen: Sequence[Line], others: set[str]) -> Line | None:
    """The first answer that nothing else expects; None where there is none."""
    for line in seen:
        is_known = str(line.get("response")) in others or str(line.get("text")).strip() in others
        if line.get("who") == "bot" and not is_known:
            return line
    return None


def _step_of_answer(said: Line, *, prefer_text: bool) -> Body:
    if said.get("response") and not prefer_text:
        return {"utter": said["response"]}
    return {"bot": said.get("text") or ""}


def _step_of_slots(kind: str, expected: Any, seen: Sequence[Line]) -> Body | None:
    """`slot_was_set` with the values that were set, without those that were not; what should not
    have been set is expected with its value from now on."""
    values = _slots(seen)
    found = []
    for item in expected if isinstance(expected, list) else [expected]:
        for name, value in item.items() if isinstance(item, Mapping) else [(str(item), None)]:
            if name in values:
                keeps = kind == "slot_was_set" and (not isinstance(item, Mapping))
                found.append(name if keeps else {name: values[name]})
            elif kind == "slot_was_not_set":
                found.append({name: value} if isinstance(item, Mapping) else name)
    if not found:
        return None
    is_set = kind == "slot_was_set" or any(_name(item) in values for item in found)
    return {"slot_was_set" if is_set else kind: found}


def _name(item: Any) -> str:
    return str(next(iter(item))) if isinstance(item, Mapping) else str(item)


def _slots(seen: Sequence[Line]) -> dict[str, Any]:
    """The last value of each; that a flow empties its slots at its end is none."""
    return {
        str(line["name"]): line["value"]
        for line in seen
        if line.get("who") == "slot" and line.get("value") is not None
    }


# -- assertions ----------------------------------------------------------------------------------


def _accept_assertion(step: Body, place: int, kind: str, seen: list[Line]) -> None:
    assertions: list[Body] = step["assertions"]
    beside = assertions[:place] + assertions[place + 1 :]
    new = _assertion(kind, assertions[place][kind], seen, beside)
    if new is None or new in beside:
        del assertions[place]
    else:
        assertions[place] = new
    if not assertions:
        del step["assertions"]


def _assertion(kind: str, expected: Any, seen: list[Line], beside: list[Body]) -> Body | None:
    if kind == "bot_uttered":
        return _uttered(expected, seen, beside)
    if kind == "slot_was_set":
        return _slot_set(expected, seen)
    if kind in {"flow_started", "flow_completed", "flow_cancelled"}:
        return _flow(kind, seen, beside)
    if kind == "action_executed":
        names = [str(line["name"]) for line in seen if line.get("who") == "action"]
        own = [name for name in names if name not in ACTIONS]
        fresh = [name for name in own if {kind: name} not in beside]
        return {kind: fresh[0]} if fresh else None
    if kind in {"bot_did_not_utter", "slot_was_not_set"}:
        return None
    raise NotAccepted(_BY_HAND)


def _uttered(expected: Any, seen: list[Line], beside: list[Body]) -> Body | None:
    if not isinstance(expected, Mapping) or "buttons" in expected:
        raise NotAccepted(_BY_HAND)
    others = set()
    for each in beside:
        part = each.get("bot_uttered")
        others |= {str(part.get("utter_name"))} if isinstance(part, Mapping) else set()
    patterns = {str((each.get("bot_uttered") or {}).get("text_matches")) for each in beside}
    fresh = [line for line in seen if pattern_of(str(line.get("text"))) not in patterns]
    said = _unexpected_answer(fresh, others)
    if said is None:
        return None
    wants_text = "text_matches" in expected and "utter_name" not in expected
    if said.get("response") and not wants_text:
        return {"bot_uttered": {"utter_name": said["response"]}}
    return {"bot_uttered": {"text_matches": pattern_of(str(said.get("text") or ""))}}


def _slot_set(expected: Any, seen: Sequence[Line]) -> Body | None:
    values = _slots(seen)
    items = [expected] if isinstance(expected, Mapping) else list(expected)
    kept = [
        {**item, "value": values[item["name"]]} if "value" in item else dict(item)
        for item in items
        if item.get("name") in values
    ]
    return {"slot_was_set": kept} if kept else None


def _flow(kind: str, seen: Sequence[Line], beside: list[Body]) -> Body | None:
    """The first flow of which the same is to be said, and nothing else says it."""
    for line in seen:
        flow = str(line.get("flow_id") or "")
        if (
            line.get("who") != "flow"
            or line.get("event") != kind
            or flow.startswith(PATTERN_PREFIX)
        ):
            continue
        new: Body = {kind: flow} if kind == "flow_started" else {kind: {"flow_id": flow}}
        if new not in beside:
            return new
    return None
