"""`test e2e`: answers that a language model judges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modelservice.calm.e2e.cases import read_cases
from modelservice.calm.e2e.runner import run_cases
from tests.calm.chat_server import Behaviour, status, talking
from tests.calm.e2e_cases import case, run, write
from tests.calm.test_search import ASK, DOCUMENTS, generating


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
