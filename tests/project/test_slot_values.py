"""A value of a slot with another name: every place of it follows, and nothing else changes."""

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelservice.project.conditions.reading import read_condition
from modelservice.project.conditions.rewriting import NotQuotable, with_compared
from modelservice.project.conditions.syntax import ConditionError
from modelservice.project.model import Kind
from modelservice.project.slot_values import (
    NotWritable,
    SlotValues,
    entities_filling,
    known_value,
    value_rename,
)
from tests.project.condition_tokens import conditions
from tests.project.fuzzing import examples
from tests.project.project_tokens import PROJECTS, SLOTS
from tests.project.test_slot_renaming import codes, items_of

NEW = "brand new"
NO_ENTITIES: frozenset[str] = frozenset()


@settings(max_examples=examples(300), deadline=None)
@given(conditions(SLOTS), st.sampled_from(SLOTS))
def test_a_condition_compares_the_slot_with_the_new_value_and_all_else_as_before(
    text: str, slot: str
) -> None:
    name = f"slots.{slot}"
    try:
        after = with_compared(text, name, lambda value: NEW if value == "gold" else value)
    except ConditionError:
        return
    before = read_condition(text)
    facts = read_condition(after)
    assert (facts.error is None) == (before.error is None)
    assert facts.names == before.names
    assert [
        NEW if (one.name, one.value) == (name, "gold") else one.value for one in before.comparisons
    ] == [one.value for one in facts.comparisons]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ('slots.tier is not "gold"  # a note', 'slots.tier is not "brand new"  # a note'),
        (
            "'gold' = slots.tier or slots.name = 'gold'",
            "'brand new' = slots.tier or slots.name = 'gold'",
        ),
        ('{"gold" "tin"} contains slots.tier', '{"brand new" "tin"} contains slots.tier'),
        ("slots.tier contains 'gold'", "slots.tier contains 'gold'"),
        ("slots.tier2 is 'gold'", "slots.tier2 is 'gold'"),
    ],
)
def test_places_of_a_condition(text: str, after: str) -> None:
    assert with_compared(text, "slots.tier", {"gold": NEW, "tin": "tin"}.__getitem__) == after


def test_quotes_are_those_that_can_hold_it() -> None:
    for written, new, after in [
        ("'a'", 'say "x"', "'say \"x\"'"),
        ("'a'", "it's", '"it\'s"'),
        ("1", "one", "'one'"),
        ("true", "yes", "'yes'"),
    ]:
        text = with_compared(f"slots.x = {written}", "slots.x", lambda _old, new=new: new)  # type: ignore[misc]
        assert text == f"slots.x = {after}"
    with pytest.raises(NotQuotable):
        with_compared("slots.x = 'a'", "slots.x", lambda _old: "\"'")


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(PROJECTS)
def test_checks_find_the_same_and_renaming_back_is_the_same_project(
    project: dict[str, Any],
) -> None:
    """Of every slot of choices in it; written in the case of the value."""
    items = items_of(project)
    for (kind, key), body in items.items():
        values = body.get("values") if kind == Kind.SLOT and isinstance(body, dict) else None
        if not isinstance(values, list) or "gold" not in values:
            continue
        there = value_rename(key, ["gold"], NO_ENTITIES, old="gold", new=NEW)
        back = value_rename(key, [NEW], NO_ENTITIES, old=NEW, new="gold")
        after = {name: there.in_item(*name, one) for name, one in items.items()}
        assert codes(after) == codes(items)
        assert {name: back.in_item(*name, one) for name, one in after.items()} == items


def test_buttons_set_the_new_value() -> None:
    places = value_rename("size", ["big", "small"], frozenset({"size"}), old="big", new="large")

    def sent(payload: str) -> Any:
        body = [{"text": "x", "buttons": [{"title": "big", "payload": payload}]}]
        return places.in_item(Kind.RESPONSE, "utter_ask_size", body)[0]["buttons"][0]["payload"]

    assert sent("/SetSlots(milk = big , size = BIG )") == "/SetSlots(milk = big , size = large )"
    assert sent("/SetSlots(size=bigger)") == "/SetSlots(size=bigger)"
    assert (
        sent('/inform{"size": "big", "milk": "big"}') == '/inform{"size": "large", "milk": "big"}'
    )
    assert sent("big") == "big"
    unfit = value_rename("size", ["big"], NO_ENTITIES, old="big", new="big, red")
    with pytest.raises(NotWritable):
        unfit.in_item(Kind.RESPONSE, "r", [{"buttons": [{"payload": "/SetSlots(size=big)"}]}])


def test_examples_keep_their_words_and_tests_their_layout() -> None:
    places = value_rename("size", ["big"], frozenset({"size"}), old="big", new="large")
    examples = '- a [Big](size) one\n- a [huge]{"entity": "size", "value": "big"} [big](milk)\n'
    entry = places.in_item(Kind.NLU, "intent:order", {"intent": "order", "examples": examples})
    assert entry["examples"] == (
        '- a [Big]{"entity": "size", "value": "large"} one\n'
        '- a [huge]{"entity": "size", "value": "large"} [big](milk)\n'
    )
    text = (
        "fixtures:\n- f:\n  - size: big  # at first\ntest_cases:\n- test_case: a\n  steps:\n"
        "  - user: big\n    assertions:\n    - slot_was_set:\n      - {name: size, value: big}\n"
        "  - slot_was_set:\n    - size: big  # said\n    - milk: big\n    - size\n"
    )
    assert places.in_tests(text, "tests/a.yml") == (
        text.replace("size: big", "size: large").replace("value: big", "value: large")
    )
    assert places.in_tests("size: big\n", "data.yml") == "size: big\n"
    assert places.in_tests("test_cases: [\n", "tests/b.yml") == "test_cases: [\n"


def test_an_entity_that_fills_two_slots_is_of_neither() -> None:
    def filled(*entities: str) -> dict[str, Any]:
        return {"mappings": [{"type": "from_entity", "entity": entity} for entity in entities]}

    slots = [("a", filled("own", "shared")), ("b", filled("shared")), ("c", None)]
    assert entities_filling("a", slots) == {"own"}


@given(st.lists(st.text(max_size=3), max_size=5), st.text(max_size=3))
def test_a_value_is_known_as_it_is_read_when_the_assistant_runs(
    values: list[str], written: str
) -> None:
    found = known_value(written, values)
    assert (found is None) == (written.casefold() not in [value.casefold() for value in values])
    assert found == written or written not in values


def test_what_is_no_value_is_left_alone() -> None:
    seen: list[str] = []

    def see(written: str) -> str:
        seen.append(written)
        return written

    odd = [
        None,
        [],
        {},
        [None],
        {"values": None, "mappings": [None]},
        {"steps": [{"set_slots": 3}]},
    ]
    places = SlotValues("size", frozenset({"size"}), see)
    for kind, body in itertools.product(Kind, odd):
        assert places.in_item(kind, "size", body) == body
    assert seen == []
