"""Every check: an assistant that is sound but for one thing, and what is said of it."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelservice.project.checks.content import Content
from modelservice.project.checks.problems import Problem
from modelservice.project.checks.validate import check_all
from tests.project.fuzzing import examples
from tests.project.project_tokens import PROJECTS

SOUND: dict[tuple[str, str], Any] = {
    ("flow", "pay"): {
        "name": "pay",
        "description": "send money",
        "if": "slots.known",
        "persisted_slots": ["amount"],
        "steps": [
            {
                "id": "ask",
                "collect": "amount",
                "rejections": [{"if": "slots.amount < 0", "utter": "utter_no"}],
            },
            {
                "noop": True,
                "next": [
                    {"if": 'slots.tier is "gold" and slots.amount > 5', "then": "end"},
                    {"if": "slots.known is true", "then": [{"call": "check", "next": "END"}]},
                    {
                        "else": [
                            {"action": "action_pay"},
                            {"set_slots": [{"tier": "Silver"}], "next": "end"},
                        ]
                    },
                ],
            },
            {"id": "end", "action": "utter_no"},
            {"link": "help"},
        ],
    },
    ("flow", "check"): {"description": "check it", "steps": [{"action": "action_listen"}]},
    ("flow", "help"): {"description": "help", "steps": [{"link": "pattern_human_handoff"}]},
    ("response", "utter_ask_amount"): [
        {
            "text": "How much, {tier}?",
            "buttons": [
                {"title": "5", "payload": "/SetSlots(amount=5, tier=gold)"},
                {"title": "hi", "payload": "/greet"},
                {"title": "Site", "type": "web_url", "url": "https://example.org"},
            ],
        }
    ],
    ("response", "utter_no"): [{"text": "no"}, {"custom": {"a": 1}, "condition": "slots.known"}],
    ("slot", "amount"): {"type": "float", "min_value": 0, "max_value": 9, "initial_value": 1},
    ("slot", "tier"): {"type": "categorical", "values": ["gold", "silver"]},
    ("slot", "known"): {"type": "bool"},
    ("action", "action_pay"): None,
    ("intent", "greet"): None,
}


def problems(items: dict[tuple[str, str], Any]) -> list[Problem]:
    return [problem for found in check_all(Content(items)).values() for problem in found]


def changed(identity: tuple[str, str], path: str, value: Any) -> dict[tuple[str, str], Any]:
    """SOUND with another value at `path` (a JSON pointer); ... removes it."""
    items = deepcopy(SOUND)
    place: Any = items
    keys: list[Any] = [identity, *(int(p) if p.isdecimal() else p for p in path.split("/")[1:])]
    for key in keys[:-1]:
        place = place[key]
    if value is ...:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    return items


PAY, ASK, TIER, AMOUNT = (
    ("flow", "pay"),
    ("response", "utter_ask_amount"),
    ("slot", "tier"),
    ("slot", "amount"),
)
CASES: list[tuple[tuple[str, str], str, Any, str, str | None]] = [
    (PAY, "/description", ..., "description_missing", "/description"),
    (PAY, "/steps", [], "steps_missing", "/steps"),
    (PAY, "/name", "check", "duplicate_name", "/name"),
    (PAY, "/description", "help!", "duplicate_description", "/description"),
    (PAY, "/persisted_slots/0", "other", "persisted_slot_unused", "/persisted_slots/0"),
    (PAY, "/nlu_trigger", [{"intent": "nope"}], "intent_missing", "/nlu_trigger/0"),
    (PAY, "/if", "slots.amount >", "condition_invalid", "/if"),
    (PAY, "/if", "slots.a is Hello World", "condition_invalid", "/if"),
    (PAY, "/if", "known", "condition_without_namespace", "/if"),
    (PAY, "/if", "slots.nothing", "slot_missing", "/if"),
    (PAY, "/if", 'slots.tier is "bronze"', "condition_value_unknown", "/if"),
    (PAY, "/if", "slots.tier is gold", "condition_value_not_quoted", "/if"),
    (PAY, "/if", 'slots.known is "true"', "condition_not_boolean", "/if"),
    (PAY, "/steps/0/rejections/0/if", "(", "condition_invalid", "/steps/0/rejections/0/if"),
    (
        PAY,
        "/steps/0/rejections/0/utter",
        "utter_x",
        "response_missing",
        "/steps/0/rejections/0/utter",
    ),
    (PAY, "/steps/0/rejections/0/utter", "", "step_incomplete", "/steps/0/rejections/0"),
    (PAY, "/steps/0/colour", 1, "step_key_unknown", "/steps/0/colour"),
    (PAY, "/steps/0/action", "utter_no", "step_type", "/steps/0"),
    (PAY, "/steps/2/id", "START", "step_id_reserved", "/steps/2/id"),
    (PAY, "/steps/2/id", "ask", "step_id_twice", "/steps/2/id"),
    (PAY, "/steps/2/action", "utter_nope", "response_missing", "/steps/2/action"),
    (PAY, "/steps/2/action", "action_nope", "action_missing", "/steps/2/action"),
    (PAY, "/steps/2/action", "", "step_incomplete", "/steps/2"),
    (PAY, "/steps/2/action", "utter_", "step_incomplete", "/steps/2"),
    (PAY, "/steps/2/next", "nowhere", "next_missing_target", "/steps/2/next"),
    (PAY, "/steps/2/next", "END", "step_unreachable", "/steps/3"),
    (PAY, "/steps/3/link", "nope", "link_target_missing", "/steps/3/link"),
    (PAY, "/steps/3/next", "END", "link_not_last", "/steps/3"),
    (PAY, "/steps/3/link", "pattern_completed", "link_to_pattern", "/steps/3/link"),
    (PAY, "/steps/1/next/2", ..., "else_missing", "/steps/1/next"),
    (PAY, "/steps/1/next/0/then", [], "branch_empty", "/steps/1/next/0"),
    (PAY, "/steps/1/next/1/then/0/next", ..., "next_missing", "/steps/1/next/1/then/0"),
    (
        PAY,
        "/steps/1/next/1/then/0/call",
        "nope",
        "call_target_missing",
        "/steps/1/next/1/then/0/call",
    ),
    (
        PAY,
        "/steps/1/next/1/then/0/call",
        "help",
        "call_of_linking_flow",
        "/steps/1/next/1/then/0/call",
    ),
    (
        PAY,
        "/steps/1/next/1/then/0/call",
        "pattern_search",
        "call_of_pattern",
        "/steps/1/next/1/then/0/call",
    ),
    (
        PAY,
        "/steps/1/next/2/else/1/set_slots/0",
        {"tier": "tin"},
        "slot_value_unknown",
        "/steps/1/next/2/else/1/set_slots/0",
    ),
    (
        PAY,
        "/steps/1/next/2/else/1/set_slots/0",
        {"nope": 1},
        "slot_missing",
        "/steps/1/next/2/else/1/set_slots/0",
    ),
    (PAY, "/steps/1/next/0/then", "ask", "loop_skips_question", "/steps/1/next/0/then"),
    (ASK, "", [], "response_empty", ""),
    (ASK, "/0/text", ..., "variation_empty", "/0/text"),
    (ASK, "/0/text", "Hi { }", "placeholder_empty", "/0/text"),
    (ASK, "/0/text", "Hi {name}", "placeholder_unknown", "/0/text"),
    (ASK, "/0/buttons/0/title", "", "button_title_missing", "/0/buttons/0"),
    (ASK, "/0/buttons/0/payload", ..., "payload_missing", "/0/buttons/0"),
    (ASK, "/0/buttons/0/payload", "five", "payload_is_text", "/0/buttons/0/payload"),
    (ASK, "/0/buttons/0/payload", "/SetSlots(5)", "payload_invalid", "/0/buttons/0/payload"),
    (ASK, "/0/buttons/0/payload", "/SetSlots(x=1)", "slot_missing", "/0/buttons/0/payload"),
    (
        ASK,
        "/0/buttons/0/payload",
        "/SetSlots(tier=a,tier=b)",
        "payload_slot_twice",
        "/0/buttons/0/payload",
    ),
    (ASK, "/0/buttons/1/payload", "/nope", "payload_invalid", "/0/buttons/1/payload"),
    (
        ("response", "utter_no"),
        "/1/condition",
        "context.x",
        "condition_without_namespace",
        "/1/condition",
    ),
    (
        ("response", "utter_no"),
        "/1/condition",
        [{"type": "slot", "name": "x", "value": 1}],
        "slot_missing",
        "/1/condition/0",
    ),
    (TIER, "/type", ..., "slot_type_missing", "/type"),
    (TIER, "/type", "colour", "slot_type_unknown", "/type"),
    (TIER, "/values", [], "slot_values_missing", "/values"),
    (TIER, "/values/1", "GOLD", "slot_value_twice", "/values/1"),
    (TIER, "/initial_value", "tin", "slot_initial_value", "/initial_value"),
    (AMOUNT, "/max_value", -1, "slot_range", "/min_value"),
    (AMOUNT, "/initial_value", 10, "slot_initial_value", "/initial_value"),
    (AMOUNT, "/type", "list", "slot_is_list", "/steps/0/collect"),
    (AMOUNT, "/mappings", [{"type": "magic"}], "mapping_unknown", "/mappings/0/type"),
    (AMOUNT, "/mappings", [{"type": "from_entity"}], "mapping_incomplete", "/mappings/0"),
]


def test_sound_assistant_has_no_problems() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize(("identity", "path", "value", "code", "pointer"), CASES)
def test_problem_is_found_at_its_place(
    identity: tuple[str, str], path: str, value: Any, code: str, pointer: str | None
) -> None:
    items = changed(identity, path, value) if path else {**SOUND, identity: value}
    found = [problem for problem in problems(items) if problem.code == code]
    assert pointer in [problem.pointer for problem in found], problems(items)
    assert all(problem.message.endswith((".", "?")) for problem in found)


def test_missing_slot_and_question_offer_to_create_them() -> None:
    items = {key: body for key, body in SOUND.items() if key not in {AMOUNT, ASK}}
    fixes = {problem.fix.action for problem in problems(items) if problem.fix}
    assert fixes == {"create_slot", "create_response"}


def test_question_and_ask_action_together_are_too_much() -> None:
    found = problems({**SOUND, ("action", "action_ask_amount"): None})
    assert [problem.code for problem in found] == ["question_twice"]


@pytest.mark.parametrize(
    "text",
    [
        "slots.amount = 5",
        "slots.tier is not null",
        '{ "gold" "silver" } contains slots.tier',
        'slots.tier matches "^g" # note',
        "(slots.known and not slots.known) or slots.amount >= 1.5",
    ],
)
def test_conditions_of_the_manual_are_sound(text: str) -> None:
    assert problems(changed(PAY, "/if", text)) == []


@given(PROJECTS, st.sampled_from(["flow", "system_flow", "response", "slot"]))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_body_is_too_odd_to_be_checked(project: dict[str, Any], kind: str) -> None:
    """A draft may be anything; checking it never fails, and says where each problem is."""
    for part in ("flows", "slots", "responses"):
        for body in project[part].values():
            for problem in problems({**SOUND, (kind, "odd"): body}):
                assert problem.message
                assert problem.pointer is None or problem.pointer == "" or problem.pointer[0] == "/"


@pytest.mark.parametrize("pattern", ["(?=x)y", "((", "(x{500}){500}"])
def test_a_pattern_that_cannot_be_used_is_told(pattern: str) -> None:
    entry = {"regex": "code", "examples": f"- {pattern}\n- [0-9]+\n"}
    [problem] = problems({**SOUND, ("nlu", "regex:code"): entry})
    assert (problem.severity, problem.code) == ("warning", "pattern_unusable")
    assert pattern in problem.message


def test_a_word_beside_a_template_is_told_without_a_repair() -> None:
    text = "slots.{{ context.collect | lower }} is None"
    [problem] = problems(changed(PAY, "/if", text))
    assert (problem.code, problem.fix) == ("condition_unknown_word", None)


_BRANCH = "/steps/1/next/0"


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [
        (_BRANCH, {"if": "slots.known", "then": "end", "next": "END"}, {"branch_key_unknown"}),
        (_BRANCH, {"if": "slots.known", "then": "end", "id": "x"}, {"branch_key_unknown"}),
        (
            "/steps/0/rejections/0",
            {"if": "slots.amount < 0", "utter": "utter_no", "then": "END"},
            {"rejection_key_unknown"},
        ),
        (_BRANCH, {"if": "slots.known", "then": "end", "else": "end"}, {"branch_ambiguous"}),
        (_BRANCH, {"if": "slots.known"}, {"branch_empty"}),
        (_BRANCH, {"then": "end"}, {"else_twice", "branch_empty"}),
        ("/steps/0/rejections/0", {"utter": "utter_no"}, {"step_incomplete"}),
        ("/steps/3/next", "END", {"link_not_last"}),
        ("/owner", "me", {"flow_key_unknown"}),
    ],
)
def test_further_keys_have_no_effect_and_lacking_ones_are_errors(
    path: str, value: Any, found: set[str]
) -> None:
    told = problems(changed(PAY, path, value))
    assert {problem.code for problem in told} - {"step_unreachable"} >= found - {
        "branch_key_unknown"
    }
    unknown = {problem.severity for problem in told if problem.code.endswith("key_unknown")}
    assert unknown <= {"warning"}


_SET = "/steps/1/next/2/else/1/set_slots"


@pytest.mark.parametrize(
    ("path", "value", "code", "message"),
    [
        ("/steps/0/collect", "", "step_incomplete", "Choose a slot."),
        ("/steps/2/action", "", "step_incomplete", "Choose an action."),
        ("/steps/2/action", "utter_", "step_incomplete", "Choose a message, or write one."),
        ("/steps/3/link", "", "step_incomplete", "Choose a flow."),
        ("/steps/1/next/1/then/0/call", "", "step_incomplete", "Choose a flow."),
        (_SET, [], "step_incomplete", "Choose a slot."),
        (f"{_SET}/0", {"": "x"}, "step_incomplete", "Choose a slot."),
        (f"{_SET}/0", {"tier": ""}, "slot_value_unknown", "Choose a value for “tier”."),
        (f"{_SET}/0", {"known": ""}, "slot_value_type", "Choose yes or no for “known”."),
        (f"{_SET}/0", {"amount": "much"}, "slot_value_type", "Write a number for “amount”."),
        (f"{_BRANCH}/if", "", "condition_invalid", "Choose a slot for the condition."),
        ("/if", " ", "condition_invalid", "Choose a slot for the condition."),
    ],
)
def test_what_is_not_finished_is_told_in_words_of_its_author(
    path: str, value: Any, code: str, message: str
) -> None:
    told = [problem for problem in problems(changed(PAY, path, value)) if problem.code == code]
    assert [(problem.message, problem.fix) for problem in told] == [(message, None)]


@pytest.mark.parametrize("value", [True, False, None, "true", "False"])
def test_yes_no_and_nothing_are_values_of_a_yes_or_no_slot(value: Any) -> None:
    codes = {problem.code for problem in problems(changed(PAY, f"{_SET}/0", {"known": value}))}
    assert "slot_value_type" not in codes


def _keeps(slot: str, *flows: tuple[str, list[dict[str, Any]]]) -> set[str]:
    """Codes of the errors where the first flow keeps this slot."""
    items: dict[tuple[str, str], Any] = dict(SOUND)
    for number, (name, steps) in enumerate(flows):
        kept: dict[str, Any] = {} if number else {"persisted_slots": [slot]}
        items["flow", name] = {"description": name, "steps": steps, **kept}
    return {problem.code for problem in problems(items) if problem.severity == "error"}


def test_slots_that_called_flows_fill_may_be_kept() -> None:
    fills = ("c", [{"set_slots": [{"tier": "gold"}]}])
    calls = ("b", [{"call": "c"}])
    assert _keeps("tier", ("a", [{"call": "c"}]), fills) == set()
    assert _keeps("tier", ("a", [{"call": "b"}]), calls, fills) == set()
    round_about: tuple[str, list[dict[str, Any]]] = (
        "c",
        [{"call": "a"}, {"set_slots": [{"tier": "gold"}]}],
    )
    assert _keeps("tier", ("a", [{"call": "c"}]), round_about) == set()
    assert _keeps("tier", ("a", [{"link": "c"}]), fills) == {"persisted_slot_unused"}
    asked = ("a", [{"noop": True, "next": [{"if": "slots.known", "then": "END"}, {"else": "END"}]}])
    assert _keeps("known", asked) == {"persisted_slot_unused"}
