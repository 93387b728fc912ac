"""`test e2e`: Rasa's file format, its assertions, its reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelservice.calm.e2e.cases import read_cases
from tests.calm.e2e_cases import case, run, write

RATE = "action_look_up_exchange_rate"


# -- what cases share ----------------------------------------------------------------------------


def test_fixtures_come_from_conftest_files_and_the_file(bank_model: Path, tmp_path: Path) -> None:
    write(
        tmp_path / "conftest.yml",
        "fixtures:\n  - far: [{account_type: savings}]\n  - both: [{city: Berlin}]\n",
    )
    write(tmp_path / "near" / "conftest.yaml", "fixtures: [{both: [{city: Hamburg}]}]\n")
    file = write(
        tmp_path / "near" / "cases.yml",
        "fixtures: [{own: {card_type: debit}}]\n"
        + case(
            "      - slot_was_set:\n          - account_type: savings\n"
            "          - city: Hamburg\n          - card_type: debit\n"
            "      - user: how much money do I have\n"
            "      - utter: utter_balance_savings\n",
            more="    fixtures: [far, both, own]\n",
        ),
    )
    [read] = read_cases(file)
    assert read.slots == {"account_type": "savings", "city": "Hamburg", "card_type": "debit"}


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("fixtures: [{a: [{x: 1}]}, {a: [{x: 2}]}]\n", "'a' is defined twice"),
        ("fixtures: [{b: [{x: 1}]}]\n", "there is no fixture 'a'"),
        ("fixtures: [{a: [{mocked_datetime: tomorrow}]}]\n", "'tomorrow' is no date and time"),
        ("fixtures: [a]\n", "must be a list of maps"),
        ("fixtures: [{a: {}}]\nstub_custom_actions: {x: [1]}\n", "stub 'x'"),
        ("fixtures: [{a: {}}]\nstub_custom_actions: {x: {events: 1}}\n", "makes no sense"),
    ],
)
def test_files_that_make_no_sense_are_refused(
    head: str, problem: str, bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "t.yml", head + case("      - user: hi\n", more="    fixtures: [a]\n"))
    assert run(file, bank_model) == 1
    printed = capsys.readouterr().err
    assert problem in printed
    assert str(file) in printed


def test_metadata_of_a_step_lies_over_that_of_the_case(tmp_path: Path) -> None:
    write(tmp_path / "a.yml", "metadata: [{m1: {x: 1, y: 1}}]\n" + case("      - user: a\n"))
    write(
        tmp_path / "b.yml",
        "metadata: [{m2: {y: 2}}]\n"
        + case("      - user: b\n        metadata: m2\n", name="two", more="    metadata: m1\n"),
    )
    cases = {read.name: read for read in read_cases(tmp_path)}
    assert cases["two"].steps[0].metadata == {"x": 1, "y": 2}


STUBS = f"""
stub_custom_actions:
  {RATE}:
    events: [{{event: slot, name: exchange_rate, value: 7.5}}]
    responses: [{{text: For everybody.}}]
  the_second_case::{RATE}:
    events: [{{event: slot, name: exchange_rate, value: 2}}]
test_cases:
  - test_case: the first case
    steps: &steps
      - user: what is the exchange rate
      - user: pound
        assertions:
          - action_executed: {RATE}
          - bot_uttered: {{text_matches: "^For everybody"}}
          - slot_was_set: [{{name: exchange_rate, value: 7.5}}]
  - test_case: the second case
    steps:
      - user: what is the exchange rate
      - user: pound
      - bot: "One euro is 2 in this currency (pound) today."
"""


def test_stubs_stand_in_for_the_action_server(bank_model: Path, tmp_path: Path) -> None:
    assert run(write(tmp_path / "stubs.yml", STUBS), bank_model) == 0


def test_with_any_stub_no_action_server_is_asked(
    bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = STUBS.replace(f"  {RATE}:\n", "  action_other:\n", 1)
    assert run(write(tmp_path / "stubs.yml", text), bank_model) == 1
    printed = capsys.readouterr().out
    assert "no action server answers" not in printed
    assert "FAILED: the first case" in printed
    assert "passed: the second case" in printed


# -- what is asserted ----------------------------------------------------------------------------

TRANSFER = "      - user: Send 250 to Lena\n        assertions:\n"


@pytest.mark.parametrize(
    ("assertion", "problem"),
    [
        ("flow_started: {operator: all, flow_ids: [transfer_money]}", None),
        (
            "flow_started: {operator: all, flow_ids: [transfer_money, pattern_completed]}",
            "did not start",
        ),
        ("slot_was_set: {name: amount, value: 250}", None),
        ("slot_was_set: [{value: 250}]", "not written as it should be"),
        ("flow_completed: transfer_money", "not written as it should be"),
        ("bot_uttered: {text_matches: '(('}", "not written as it should be"),
        ("bot_uttered: {}", "it needs one of"),
        ("bot_did_not_utter: {text_matches: Jonas}", None),
        ("action_executed: action_session_start", None),
    ],
)
def test_assertions(
    assertion: str,
    problem: str | None,
    bank_model: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = write(tmp_path / "t.yml", case(f"{TRANSFER}          - {assertion}\n"))
    assert run(file, bank_model) == (1 if problem else 0)
    assert (problem or "1 passed, 0 failed") in capsys.readouterr().out


@pytest.mark.parametrize(("ordered", "code"), [("true", 1), ("false", 0)])
def test_the_order_of_assertions(ordered: str, code: int, bank_model: Path, tmp_path: Path) -> None:
    steps = (
        "      - user: Send 250 to Lena\n"
        f"        assertion_order_enabled: {ordered}\n"
        "        assertions:\n"
        "          - bot_uttered: {utter_name: utter_ask_transfer_confirmed}\n"
        "          - flow_started: transfer_money\n"
    )
    assert run(write(tmp_path / "t.yml", case(steps)), bank_model) == code


def test_other_expectations_beside_assertions_are_not_looked_at(
    bank_model: Path, tmp_path: Path
) -> None:
    steps = f"{TRANSFER}          - flow_started: transfer_money\n      - utter: utter_nothing\n"
    assert run(write(tmp_path / "t.yml", case(steps)), bank_model) == 0


def test_each_turn_of_a_repeated_text_is_its_own(bank_model: Path, tmp_path: Path) -> None:
    steps = (
        "      - user: transfer money\n"
        "      - user: Lena\n"
        "        assertions: [{bot_uttered: {utter_name: utter_ask_amount}}]\n"
        "      - user: '250'\n"
        "      - user: 'no'\n"
        "        assertions: [{bot_did_not_utter: {utter_name: utter_closing_words}}]\n"
        "      - user: 'no'\n"
        "        assertions: [{bot_uttered: {utter_name: utter_closing_words}}]\n"
    )
    assert run(write(tmp_path / "t.yml", case(steps)), bank_model) == 0


def test_the_last_step_of_the_user_is_looked_at(bank_model: Path, tmp_path: Path) -> None:
    """Neither order nor number matter, and nothing of an earlier turn counts."""
    steps = (
        "      - user: Send 250 to Lena\n"
        "      - slot_was_set: [recipient]\n"
        "      - slot_was_set: [{amount: 250}, recipient: Lena]\n"
        "      - slot_was_not_set: [city, {amount: 3}]\n"
        "      - utter: utter_ask_transfer_confirmed\n"
        "      - utter: utter_ask_transfer_confirmed\n"
    )
    assert run(write(tmp_path / "a.yml", case(steps)), bank_model) == 0
    later = steps + "      - user: 'yes'\n      - utter: utter_ask_transfer_confirmed\n"
    assert run(write(tmp_path / "b.yml", case(later)), bank_model) == 1
