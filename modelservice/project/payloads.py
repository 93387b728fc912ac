"""What buttons send: `/SetSlots(size=big, milk=oat)`, or an intent, `/order@0.9{"drink": "tea"}`.

The checks of responses and the runtime both read payloads here.
"""

import re
from collections.abc import Callable

SET_SLOTS = "/SetSlots"
MAX_ASSIGNMENTS = 10

# Possessive, so that no text however long is read more than once.
_PAIR = re.compile(r"(?<![^\s,()=])([^\s,()=]++)\s*+=\s*+(\[[^\]]*+\]|[^,()]*+)")
_INTENT = re.compile(r"/([^\s{@(]++)(?:@([0-9.]++))?\s*+(\{.*\})?", re.DOTALL)


def assignments_in(payload: str) -> list[tuple[str, str]]:
    """Each slot and its value as written, of a payload that begins with `SET_SLOTS`."""
    pairs = _PAIR.findall(payload.removeprefix(SET_SLOTS))
    return [(name, value.strip()) for name, value in pairs]


def with_slot(payload: str, old: str, new: str) -> str:
    """The payload, which begins with `SET_SLOTS`, with another name of a slot."""
    head = payload[: len(SET_SLOTS)]
    return head + _PAIR.sub(
        lambda pair: new + pair[0][len(old) :] if pair[1] == old else pair[0], payload[len(head) :]
    )


def with_value(payload: str, slot: str, change: Callable[[str], str]) -> str:
    """The payload, which begins with `SET_SLOTS`, with a slot's values as `change` has them."""
    head = payload[: len(SET_SLOTS)]

    def written(pair: re.Match[str]) -> str:
        value = pair[2].strip()
        new = change(value) if pair[1] == slot else value
        if new == value:
            return pair[0]
        start = pair.start(2) - pair.start()
        return pair[0][:start] + pair[2].replace(value, new, 1)

    return head + _PAIR.sub(written, payload[len(head) :])


def sets_too_many(payload: str) -> bool:
    """Rasa counts the signs and then reads nothing of it."""
    return payload.count("=") > MAX_ASSIGNMENTS


def intent_in(payload: str) -> tuple[str, str, str] | None:
    """Name, confidence and entities (JSON) as written, each "" where it is not."""
    found = _INTENT.fullmatch(payload.rstrip())
    return None if found is None else (found[1], found[2] or "", found[3] or "")
