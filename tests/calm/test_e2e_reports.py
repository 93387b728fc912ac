"""`test e2e`: which cases run, exit codes, reports and coverage."""

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
from tests.calm.e2e_cases import BALANCE, case, run, write

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
