"""Both samples hold the conversations of their own end-to-end tests, without a network."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelservice.calm.command_line import main
from tests.calm.conftest import SAMPLES


@pytest.mark.parametrize("name", ["bank", "telecom"])
def test_sample_passes_its_tests(
    name: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    model: Path = request.getfixturevalue(f"{name}_model")
    code = main(["test", "e2e", str(SAMPLES / name / "e2e_tests"), "-m", str(model)])
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert printed.rstrip().endswith(" passed, 0 failed")


def test_a_failing_case_is_told_and_counts(
    bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text(
        "test_cases:\n"
        "  - test_case: wrong\n"
        "    steps:\n"
        "      - user: transfer money\n"
        "      - utter: utter_ask_city\n"
        "  - test_case: right\n"
        "    steps:\n"
        "      - user: transfer money\n"
        "        assertions:\n"
        "          - flow_started: transfer_money\n"
        "          - bot_did_not_utter: {utter_name: utter_ask_city}\n"
    )
    assert main(["test", "e2e", str(file), "-m", str(bank_model)]) == 1
    printed = capsys.readouterr().out
    assert f"{file}:5: after “transfer money”: utter: expected utter_ask_city, said" in printed
    assert "    | user: transfer money" in printed
    assert "?  [utter_ask_recipient]" in printed
    assert "1 passed, 1 failed" in printed
    assert main(["test", "e2e", f"{file}::right", "-m", str(bank_model)]) == 0
    assert main(["test", "e2e", f"{file}::missing", "-m", str(bank_model)]) == 1


@pytest.mark.parametrize(
    ("assertion", "holds"),
    [
        ("flow_started: check_balance", False),
        ("flow_started: {operator: any, flow_ids: [transfer_money, x]}", True),
        ("slot_was_set: [{name: amount, value: 250}]", True),
        ("slot_was_set: [{name: amount, value: '250'}]", False),
        ("slot_was_not_set: [{name: city}]", True),
        ("slot_was_not_set: [{name: amount}]", False),
        ("action_executed: utter_ask_transfer_confirmed", True),
        ("action_executed: utter_money_sent", False),
        ("bot_uttered: {text_matches: '€250 to Lena'}", True),
        ("bot_uttered: {text_matches: 'Jonas'}", False),
        ("bot_uttered: {buttons: [{title: 'No'}]}", False),
        ("bot_uttered: {buttons: [{title: 'Yes, send it'}, {title: 'No'}]}", True),
        ("bot_did_not_utter: {utter_name: utter_ask_transfer_confirmed}", False),
        ("flow_cancelled: {flow_id: transfer_money}", False),
        ("flow_completed: {flow_id: pattern_collect_information}", True),
        ("pattern_clarification_contains: [transfer money]", False),
        ("made_up: 1", False),
    ],
)
def test_assertions(assertion: str, holds: bool, bank_model: Path, tmp_path: Path) -> None:
    file = tmp_path / "case.yml"
    file.write_text(
        "test_cases:\n  - test_case: one\n    steps:\n"
        "      - user: Send 250 to Lena\n        assertions:\n"
        f"          - {assertion}\n"
    )
    assert main(["test", "e2e", str(file), "-m", str(bank_model)]) == (0 if holds else 1)
