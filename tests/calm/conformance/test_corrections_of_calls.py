"""Corrections of slots that called flows ask for (calm_runtime §3.6)."""

from __future__ import annotations

import pytest

from tests.calm.conformance.corrections import CORRECTING, PCI_ENDS, TOLD
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.test_beyond_the_list import world_after
from tests.calm.conformance.world import Say, put, say, start

# deliver asks for kind, calls address (street, then number by a call of its own), pays, calls time.
CHANGES = """
flows:
  deliver:
    description: deliver a tea
    steps: [{collect: kind}, {call: address}, {action: utter_x}, {call: time}, {collect: size}]
  address:
    description: tell an address
    if: false
    steps: [{collect: street}, {call: house}, {collect: town}]
  house:
    description: tell a house
    if: false
    steps: [{collect: number}, {collect: floor}]
  time:
    description: tell a time
    if: false
    steps: [{collect: weekday}]
domain:
  slots: {street: {type: text}, number: {type: text}, floor: {type: text}, town: {type: text}}
  responses:
    utter_ask_street: [{text: Which street?}]
    utter_ask_number: [{text: Which number?}]
    utter_ask_floor: [{text: Which floor?}]
    utter_ask_town: [{text: Which town?}]
"""
ASKED = ("kind", "street", "number", "floor", "town", "weekday", "size")


def answered(until: str) -> tuple[Say, ...]:
    """The talk up to the question for this slot."""
    before = ASKED[: ASKED.index(until)]
    return (say(start("deliver")), *(say(put(name, name)) for name in before))


ENDS_HOUSE, ENDS_ADDRESS, ENDS_TIME = (
    f"fc({name}@NEXT:END)" for name in ("house", "address", "time")
)
# (asked for now, corrected, what comes after the "corrected" text)
CASES = [
    ("town", "street", f"{PCI_ENDS} SKIP fs(house) SKIP SKIP fc(house@house_1_collect_floor)"),
    ("number", "street", f"{PCI_ENDS} {ENDS_HOUSE} SKIP fs(house)"),
    ("floor", "number", f"{PCI_ENDS} SKIP"),
    ("floor", "street", f"{PCI_ENDS} {ENDS_HOUSE} SKIP fs(house) SKIP"),
    (
        "floor",
        "kind",
        f"{PCI_ENDS} {ENDS_HOUSE} {ENDS_ADDRESS} SKIP fs(address) SKIP fs(house) SKIP",
    ),
    ("town", "number", f"{PCI_ENDS} SKIP SKIP fc(house)"),
    (
        "weekday",
        "number",
        f"{PCI_ENDS} {ENDS_TIME} SKIP SKIP fc(house) SKIP fc(address) SAY(utter_x) fs(time)",
    ),
    (
        "size",
        "floor",
        f"{PCI_ENDS} SKIP fc(house) SKIP fc(address) SAY(utter_x) fs(time) SKIP fc(time)",
    ),
    ("size", "weekday", f"{PCI_ENDS} SKIP fc(time)"),
]


@pytest.mark.parametrize(("asked", "corrected", "walk"), CASES)
async def test_a_correction_leads_back_through_calls(asked: str, corrected: str, walk: str) -> None:
    world = await world_after(*answered(asked), changes=CHANGES)
    events = await world.take(say(put(corrected, "other")))
    assert_sequence(f"U {CORRECTING} s({corrected}=other|LLM) {TOLD} {walk} ASK({asked})", events)


@pytest.mark.parametrize(("asked", "corrected", "_walk"), CASES)
async def test_a_slot_that_is_taken_back_is_asked_for_again(
    asked: str, corrected: str, _walk: str
) -> None:
    world = await world_after(*answered(asked), changes=CHANGES)
    passes_x = ASKED.index(corrected) <= ASKED.index("town") < ASKED.index(asked)
    events = await world.take(say(put(corrected, None)))
    said = [event.metadata["utter_action"] for event in events if event.type == "bot"]
    assert said == ["utter_corrected_previous_input", f"utter_ask_{corrected}"]
    # Answered, the talk is where it was: nothing else has been forgotten.
    events = await world.take(say(put(corrected, "again")))
    said = [event.metadata["utter_action"] for event in events if event.type == "bot"]
    assert said == [*(["utter_x"] if passes_x else []), f"utter_ask_{asked}"]
    assert world.tracker.slots[corrected] == "again"
    rest = ASKED[ASKED.index(asked) :]
    for name in rest:
        events = await world.take(say(put(name, name)))
    assert "flow_completed" in {event.type for event in events}
    assert [frame.flow_id for frame in world.tracker.stack] == [
        *("pattern_completed", "pattern_collect_information")
    ]


async def test_two_corrections_lead_back_to_the_one_that_was_asked_first() -> None:
    world = await world_after(*answered("town"), changes=CHANGES)
    events = await world.take(say(put("floor", "3"), put("street", "High Street")))
    assert_sequence(
        f"U {CORRECTING} s(floor=3) s(street=High~Street) {TOLD} {PCI_ENDS} SKIP fs(house) "
        "SKIP SKIP fc(house) ASK(town)",
        events,
    )


async def test_a_correction_of_a_correction() -> None:
    world = await world_after(*answered("town"), changes=CHANGES)
    await world.take(say(put("number", "7")))
    events = await world.take(say(put("number", "8")))
    assert_sequence(
        f"U {CORRECTING} s(number=8) {TOLD} {PCI_ENDS} SKIP SKIP fc(house) ASK(town)", events
    )


async def test_a_digression_on_top_is_not_left() -> None:
    world = await world_after(*answered("town"), say(start("opening_hours")), changes=CHANGES)
    events = await world.take(say(put("street", "High Street")))
    said = [event.metadata["utter_action"] for event in events if event.type == "bot"]
    assert said == ["utter_corrected_previous_input", "utter_ask_weekday"]
