"""Cases 33, 34 and 37 to 42: forced filling, foreign slots, slot validation."""

from __future__ import annotations

from modelservice.calm.dialogue.events import Event
from tests.calm.conformance.case import Case
from tests.calm.conformance.world import (
    CANCEL,
    IN_KIND,
    IN_SIZE,
    World,
    put,
    say,
    send,
    start,
)

CANNOT_HANDLE = "fs(pattern_cannot_handle) SAY(utter_ask_rephrase) fc(pattern_cannot_handle)"
FORCED = """
flows:
  order_tea:
    steps: [{collect: kind}, {collect: size, force_slot_filling: true}, {action: action_brew}]
"""
VALIDATED = """
domain:
  slots:
    kind:
      type: text
      validation:
        rejections: [{if: 'slots.kind = "tea"', utter: utter_big}]
"""
TWO_REJECTIONS = """
flows:
  order_tea:
    steps:
      - collect: kind
      - collect: size
        rejections:
          - {if: 'slots.size = "big"', utter: utter_big}
          - {if: 'slots.size is not null', utter: utter_x}
      - action: action_brew
"""


def read_as_text(world: World, events: list[Event]) -> None:
    assert world.generator.requests[-1].startswith("SetSlots(")


CASES = [
    Case(
        33,
        "forced filling lets no command through",
        say(CANCEL),
        f"U {CANNOT_HANDLE} RE(size)",
        before=IN_SIZE,
        changes=FORCED,
    ),
    Case(
        34,
        "forced filling from text takes anything",
        send("/cancel it"),
        "U s(size=/cancel~it|CommandPayloadReader) OK a(action_brew) …",
        before=IN_SIZE,
        changes=FORCED + "domain: {slots: {size: {type: text, mappings: [{type: from_text}]}}}",
    ),
    Case(
        37,
        "button with eleven pairs",
        send("/SetSlots(" + ", ".join(["size=big"] * 11) + ")"),
        "U RE(size)",
        before=IN_SIZE,
        check=read_as_text,
    ),
    Case(
        38,
        "digression with its value",
        say(start("opening_hours"), put("weekday", "Mon")),
        "U s(weekday=Mon) fi(order_tea) fs(opening_hours) SKIP SAY(utter_hours) "
        "END(opening_hours) CI",
        before=IN_SIZE,
    ),
    Case(
        39,
        "controlled slot",
        say(put("kind", "green")),
        f"U {CANNOT_HANDLE} RE(kind)",
        before=IN_KIND,
        changes="domain: {slots: {kind: {type: text, mappings: [{type: controlled}]}}}",
    ),
    Case(
        40,
        "unknown slot beside a known one",
        say(put("nope", "x"), put("size", "big")),
        "U s(size=big) OK a(action_brew) …",
        before=IN_SIZE,
    ),
    Case(
        41,
        "slot validation before the flow starts",
        say(start("order_tea"), put("kind", "tea")),
        "a(action_session_start) session_started U s(kind=tea) fs(pattern_validate_slot) R "
        "s(kind=null) b(utter_big) SAY(utter_ask_kind)",
        changes=VALIDATED,
        then=(
            (
                say(put("kind", "green")),
                "U s(kind=green) fs(pattern_validate_slot) R fc(pattern_validate_slot) R "
                "fc(pattern_validate_slot) fs(order_tea) SKIP ASK(size)",
            ),
        ),
    ),
    Case(
        42,
        "two rejections",
        say(put("size", "big")),
        "U s(size=big) R s(size=null) b(utter_big) SAY(utter_ask_size)",
        before=IN_SIZE,
        changes=TWO_REJECTIONS,
    ),
]
