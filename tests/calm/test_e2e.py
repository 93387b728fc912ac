"""`test e2e`: Rasa's file format, its assertions, its reports."""

from __future__ import annotations

import csv
import json
import socket
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.e2e.cases import read_cases
from modelservice.calm.e2e.expectations import check_expectation
from modelservice.calm.e2e.runner import run_cases
from tests.calm.chat_server import Behaviour, status, talking
from tests.calm.test_search import ASK, DOCUMENTS, generating

RATE = "action_look_up_exchange_rate"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(path: object, model: Path, *flags: object) -> int:
    return main(["test", "e2e", str(path), "-m", str(model), *map(str, flags)])


def case(steps: str, *, name: str = "one", more: str = "") -> str:
    return f"test_cases:\n  - test_case: {name}\n{more}    steps:\n{steps}"


BALANCE = "      - user: /SetSlots(language=de)\n      - user: what is my balance\n"


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


# -- a language model judges ---------------------------------------------------------------------


def score(value: float) -> str:
    return json.dumps({"score": value, "reason": "so it is"})


@pytest.mark.parametrize(
    ("assertion", "judgement", "problem"),
    [
        ("generative_response_is_relevant: {threshold: 0.8}", score(0.9), None),
        ("generative_response_is_relevant: {threshold: 0.95}", score(0.9), "0.9 of 0.95 needed"),
        ("generative_response_is_grounded: {}", score(0.5), None),
        ("generative_response_is_grounded: {utter_source: EnterpriseSearchPolicy}", score(1), None),
        ("generative_response_is_relevant: {utter_name: utter_x}", score(1), "no generated answer"),
        ("generative_response_is_relevant: {}", "It is fine.", "could not be judged"),
        ("generative_response_is_relevant: {}", status(400), "answered 400"),
        ("generative_response_is_grounded: {ground_truth: Never}", score(0.1), "0.1 of 0.5"),
    ],
)
async def test_generated_answers_are_judged(
    assertion: str, judgement: Behaviour, problem: str | None, tmp_path: Path
) -> None:
    steps = f"      - user: open on sundays?\n        assertions:\n          - {assertion}\n"
    cases = read_cases(write(tmp_path / "t.yml", case(steps)))
    script = (ASK, "They are closed on Sundays.", judgement)
    async with talking(*script, changes=generating(), documents=DOCUMENTS) as (talk, chat):
        [result] = await run_cases(talk.bot, cases, stop_at_first=False)
        assert result.passed is (problem is None), result.failure
        if problem is not None:
            assert result.failure is not None
            assert problem in result.failure.problem
        if "utter_x" in assertion:
            return
        assert "They are closed on Sundays." in chat.prompts[2]
        if "ground_truth" in assertion:
            assert "Never" in chat.prompts[2]
        elif "grounded" in assertion:
            assert "Our branches are open" in chat.prompts[2]


async def test_conftest_names_the_judge(tmp_path: Path) -> None:
    write(tmp_path / "conftest.yml", "llm_judge: {llm: {provider: self-hosted, model: m}}\n")
    steps = (
        "      - user: open on sundays?\n"
        "        assertions: [{generative_response_is_relevant: {}}]\n"
    )
    cases = read_cases(write(tmp_path / "t.yml", case(steps)))
    async with talking(ASK, "Closed.", changes=generating(), documents=DOCUMENTS) as (talk, _):
        [result] = await run_cases(talk.bot, cases, stop_at_first=False)
        # That one cannot be asked.
        assert result.passed
        assert [each.kind for each in result.not_judged] == ["generative_response_is_relevant"]


def test_without_a_language_model_answers_are_not_judged_and_the_rest_is(
    bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asserted = (
        "      - user: /SetSlots(language=de)\n        assertions:\n"
        "          - generative_response_is_relevant: {threshold: 0.9}\n"
        "          - generative_response_is_grounded: {}\n"
    )
    good = "          - slot_was_set: [{name: language, value: de}]\n"
    bad = "          - slot_was_set: [{name: language, value: fr}]\n"
    file = write(tmp_path / "good.yml", case(asserted + good))
    out = tmp_path / "out"
    flags = ("--json", out / "r.json", "--junit", out / "r.xml")
    assert run(file, bank_model, *flags) == 0
    told = capsys.readouterr().out
    assert "1 passed, 0 failed, 2 assertions not judged" in told
    assert f"{file}:4: generative_response_is_relevant: not judged: that needs" in told
    [result] = json.loads((out / "r.json").read_text())["cases"]
    assert [each["assertion"] for each in result["not_judged"]] == [
        *("generative_response_is_relevant", "generative_response_is_grounded")
    ]
    assert "not judged" in (out / "r.xml").read_text()
    assert run(write(tmp_path / "bad.yml", case(asserted + bad)), bank_model) == 1


# -- selection, exit codes, reports --------------------------------------------------------------

TWO = """
test_cases:
  - test_case: it fails
    steps:
      - user: Send 250 to Lena
        assertions:
          - flow_started: transfer_money
          - bot_uttered: {text_matches: "Jonas \\u0007?"}
  - test_case: it passes
    steps:
      - user: "Send 250 to Lena"
      - utter: utter_ask_transfer_confirmed
"""


def test_selection_and_exit_codes(
    bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "two.yml", TWO)
    assert run(file, bank_model) == 1
    assert "1 passed, 1 failed" in capsys.readouterr().out
    assert run(file, bank_model, "--fail-fast") == 1
    assert "0 passed, 1 failed" in capsys.readouterr().out
    assert run(f"{file}::it passes", bank_model, "--fail-fast") == 0
    assert run(f"{file}::none", bank_model) == 1
    assert run(write(tmp_path / "no" / "cases.yml", "flows: {}\n"), bank_model) == 1
    assert run(tmp_path / "nowhere", bank_model) == 1


def test_reports(bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "tests" / "two.yml", "fixtures: [{f: [{city: Berlin}]}]\n" + TWO)
    write(tmp_path / "tests" / "more" / "two.yml", TWO)
    out = tmp_path / "out"
    code = run(
        tmp_path / "tests",
        bank_model,
        *("--e2e-results", out / "results.yml", "--e2e-failed-tests", out / "failed"),
        *("--coverage-report", "--coverage-output-path", out / "coverage"),
        *("--junit", out / "junit.xml", "--json", out / "results.json"),
    )
    assert code == 1
    printed = capsys.readouterr().out
    assert "  bot_uttered: 0.00%" in printed
    assert "coverage of passed tests:" in printed

    failed = yaml.safe_load((out / "results_failed.yml").read_text())["test_results"]
    assert [result["name"] for result in failed] == ["it fails", "it fails"]
    assert failed[1]["error_path"] == f"{file}:6"
    assert failed[1]["assertion_failure"]["assertion"]["bot_uttered"]["text_matches"]
    transcript = failed[1]["assertion_failure"]["actual_events_transcript"]
    assert transcript[0] == "user: Send 250 to Lena"
    passed = yaml.safe_load((out / "results_passed.yml").read_text())["test_results"]
    assert passed[0]["pass_status"] is True
    assert passed[0]["expected_steps"][1] == {"utter": "utter_ask_transfer_confirmed"}

    again = sorted((out / "failed").iterdir())
    assert [path.name for path in again] == ["two.yml", "two_2.yml"]
    assert {read.name for path in again for read in read_cases(path)} == {"it fails"}

    suite = ElementTree.fromstring((out / "junit.xml").read_text())  # noqa: S314  # our own file
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")
    problem = suite.find(".//failure")
    assert problem is not None
    assert "Jonas" in (problem.get("message") or "")
    assert "user: Send 250 to Lena" in (problem.text or "")

    told: dict[str, Any] = json.loads((out / "results.json").read_text())
    assert (told["passed"], told["failed"]) == (2, 2)
    assert told["cases"][0]["failure"]["assertion"] == "bot_uttered"
    assert told["commands"]["start flow"] == 4

    for name in ("passed", "failed"):
        rows = list(csv.reader((out / "coverage" / f"coverage_report_for_{name}_tests.csv").open()))
        assert rows[0] == ["Flow Name", "Coverage", "Num Steps", "Missing Steps", "Line Numbers"]
        assert rows[-1][0] == "Total"
        assert (out / "coverage" / name / "two.yml").is_file()


FLOWS = """\
flows:
  main:
    description: the main thing
    steps:
      - collect: size
        next:
          - if: slots.size = "big"
            then:
              - call: helper
                next: END
          - else:
              - action: utter_small
                next: leave
      - id: leave
        link: other
  helper:
    description: helps the main thing
    if: false
    steps:
      - noop: true
        next: said
      - id: said
        action: utter_helped
  other:
    description: something else
    steps:
      - set_slots: [{size: null}]
      - action: utter_other
"""
DOMAIN = """\
slots: {size: {type: categorical, values: [big, small]}}
responses:
  utter_ask_size: [{text: Which size?}]
  utter_small: [{text: Small.}]
  utter_helped: [{text: Helped.}]
  utter_other: [{text: Other.}]
"""


SMALL, LEAVE, CALL = "main_2_utter_small", "leave", "main_1_call_helper"


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ("big", {"main": {SMALL: 12, LEAVE: 14}, "other": {"other_1_utter_other": 28}}),
        ("small", {"main": {CALL: 9}, "helper": {"said": 22}}),
        (
            None,
            {
                "main": {CALL: 9, SMALL: 12, LEAVE: 14},
                "helper": {"said": 22},
                "other": {"other_1_utter_other": 28},
            },
        ),
    ],
)
def test_coverage_tells_each_step(
    answer: str | None, missing: dict[str, dict[str, int]], tmp_path: Path
) -> None:
    write(tmp_path / "data" / "flows.yml", FLOWS)
    write(tmp_path / "domain.yml", DOMAIN)
    write(tmp_path / "config.yml", "language: en\n")
    flags = [
        *("--data", tmp_path / "data", "--domain", tmp_path / "domain.yml"),
        *("--config", tmp_path / "config.yml", "--out", tmp_path / "models"),
    ]
    assert main(["train", *map(str, flags)]) == 0
    steps = "      - user: start the main thing\n"
    if answer is not None:
        steps += f"      - user: /SetSlots(size={answer})\n"
    file = write(tmp_path / "t.yml", case(steps))
    assert run(file, tmp_path / "models", "--json", tmp_path / "r.json") == 0
    coverage = json.loads((tmp_path / "r.json").read_text())["coverage"]
    found = {
        flow["flow_id"]: {step["step_id"]: step["line"] for step in flow["missing"]}
        for flow in coverage
        if flow["missing"]
    }
    assert found == missing


def test_an_action_server_that_is_away_is_told(
    bank_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        server = f"http://127.0.0.1:{taken.getsockname()[1]}"
        endpoints = write(tmp_path / "e.yml", f"action_endpoint: {{url: '{server}/webhook'}}\n")
        path = write(tmp_path / "t.yml", case(BALANCE))
        assert run(path, bank_model, "--endpoints", endpoints) == 0
    assert f"warning: no action server answers at {server}/health" in capsys.readouterr().out


def test_all_of_a_project_is_searched_and_other_yaml_need_not_be_readable(
    tmp_path: Path, bank_model: Path
) -> None:
    steps = f"{BALANCE}      - user: the savings one\n"
    for path in ("tests/a.yml", "deep/er/b.yaml", "c.yml"):
        write(tmp_path / path, case(steps, name=path))
    for path in ("helm/t.yml", "models/x.yml", ".venv/lib/y.yml"):
        write(tmp_path / path, "{{ x }}: {{ y }}\n" if path[0] == "h" else case(steps))
    names = [found.name for found in read_cases(tmp_path)]
    assert sorted(names) == ["c.yml", "deep/er/b.yaml", "tests/a.yml"]
    assert run(tmp_path, bank_model) == 0


@pytest.mark.parametrize(
    ("said", "expected", "same"),
    [
        ("Sent 50.", "Sent 50.0.", True),
        ("Sent 50 to 7.", "Sent 50.0 to 7.0.", True),
        ("Version 1.0.2", "Version 1.2", False),
        ("It is 3.05.", "It is 35.", False),
        ("It is 5.", "It is 5.5.", False),
    ],
)
def test_whole_numbers_are_the_same_with_and_without_decimals(
    said: str, expected: str, same: bool
) -> None:
    events = [Event("bot", {"text": said})]
    assert (check_expectation("bot", expected, events) is None) is same
