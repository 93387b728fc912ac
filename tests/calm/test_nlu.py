"""Intents and entities that a project's nlu.yml teaches, from training to the slots."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.command_line import main
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage

CONFIG = """
recipe: default.v1
language: en
assistant_id: travel
pipeline:
  - name: DIETClassifier
  - name: NLUCommandAdapter
policies:
  - name: FlowPolicy
"""
FLOWS = """
flows:
  book_train:
    name: book a train
    description: Book a seat on a train.
    nlu_trigger:
      - intent:
          name: book_train
          confidence_threshold: 0.6
    steps:
      - collect: origin
      - collect: target
      - collect: travel_class
      - action: utter_booked
  opening_hours:
    name: opening hours
    description: Tell when the office is open.
    nlu_trigger:
      - intent: ask_hours
    steps:
      - action: utter_hours
"""
NLU = """
nlu:
  - intent: book_train
    examples: |
      - from [Berlin]{"entity": "city", "role": "from"} to [Prague]{"entity": "city", "role": "to"}
      - book a train for me
      - I need a seat from [Vienna]{"entity": "city", "role": "from"}
      - a train to [Rome]{"entity": "city", "role": "to"} please
      - reserve a train ticket
      - get me on the train
      - travel by rail in [1st](class) class
  - intent: ask_hours
    examples:
      - text: when do you open
      - text: what are your opening hours
      - text: until when is the office open
      - text: how long are you there today
  - synonym: first
    examples: |
      - 1st
  - lookup: class
    examples: |
      - second
  - regex: class
    examples: |
      - \\bclass\\s[12]\\b
"""
DOMAIN = """
intents: [book_train, ask_hours]
entities: [city, class]
slots:
  origin: {type: text, mappings: [{type: from_entity, entity: city, role: from}]}
  target: {type: text, mappings: [{type: from_entity, entity: city, role: to}]}
  travel_class: {type: text, mappings: [{type: from_entity, entity: class}]}
responses:
  utter_ask_origin: [{text: "From where?"}]
  utter_ask_target: [{text: "Where to?"}]
  utter_ask_travel_class: [{text: "Which class?"}]
  utter_booked: [{text: "From {origin} to {target}, class {travel_class}."}]
  utter_hours: [{text: "From nine to five."}]
"""


def trained(folder: Path, config: str = CONFIG, nlu: str = NLU) -> Bot:
    (folder / "data").mkdir()
    (folder / "data" / "flows.yml").write_text(FLOWS, encoding="utf-8")
    (folder / "data" / "nlu.yml").write_text(nlu, encoding="utf-8")
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "config.yml").write_text(config, encoding="utf-8")
    arguments = ["--data", "data", "--domain", "domain.yml", "--config", "config.yml"]
    paths = [str(folder / item) if not item.startswith("--") else item for item in arguments]
    assert main(["train", *paths, "--out", str(folder / "models")]) == 0
    return load_bot(folder / "models", endpoints={}, environment={})


class Talk:
    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._said: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self._said.append(event["text"])

    async def say(self, text: str) -> list[str]:
        self._said = []
        await self._bot.handle("ana", UserMessage(text, "rest"), self)
        self.tracker: dict[str, Any] = await self._bot.snapshot("ana")
        return self._said


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(trained(tmp_path))


async def test_an_intent_starts_its_flow_and_entities_fill_its_slots(talk: Talk) -> None:
    assert await talk.say("a train from Vienna to Oslo") == ["Which class?"]
    assert (talk.tracker["slots"]["origin"], talk.tracker["slots"]["target"]) == ("Vienna", "Oslo")
    latest = talk.tracker["latest_message"]
    assert latest["intent"]["name"] == "book_train"
    assert 0.6 <= latest["intent"]["confidence"] <= 1
    cities = [(each["value"], each["role"]) for each in latest["entities"]]
    assert cities == [("Vienna", "from"), ("Oslo", "to")]
    assert (await talk.say("1st class please"))[0] == "From Vienna to Oslo, class first."


@pytest.mark.parametrize(("said", "kept"), [("second", "second"), ("in class 2", "class 2")])
async def test_look_ups_and_patterns(talk: Talk, said: str, kept: str) -> None:
    await talk.say("a train from Berlin to Rome")
    assert (await talk.say(said))[0] == f"From Berlin to Rome, class {kept}."


async def test_what_no_intent_is_about_starts_nothing(talk: Talk) -> None:
    await talk.say("colourless green ideas sleep furiously")
    assert talk.tracker["latest_message"]["intent"]["name"] == "nlu_fallback"
    assert talk.tracker["stack"] == []


async def test_without_the_adapter_intents_are_told_and_start_nothing(tmp_path: Path) -> None:
    config = CONFIG.replace("  - name: NLUCommandAdapter\n", "")
    talk = Talk(trained(tmp_path, config))
    await talk.say("when do you open")
    message = talk.tracker["latest_message"]
    assert message["intent"]["name"] == "ask_hours"
    # The flow starts by the offline generator, not by its intent.
    assert message["generator"] == "offline"


async def test_a_project_without_sentences_has_no_intents(tmp_path: Path) -> None:
    talk = Talk(trained(tmp_path, nlu="nlu: []\n"))
    assert (await talk.say("when are your opening hours"))[0] == "From nine to five."
    assert talk.tracker["latest_message"]["intent"]["name"] is None


async def test_patterns_that_are_none_and_marks_that_are_broken_are_left_out(
    tmp_path: Path,
) -> None:
    broken = NLU.replace(r"\\bclass\\s[12]\\b", "((").replace(
        '[Rome]{"entity": "city", "role": "to"}', '[Rome]{"entity": }'
    )
    talk = Talk(trained(tmp_path, nlu=broken))
    assert await talk.say("a train from Vienna to Prague") == ["Which class?"]


async def test_no_pattern_tracks_back_for_ever(tmp_path: Path) -> None:
    hostile = NLU.replace(r"\bclass\s[12]\b", "(x+x+)+y")
    assert hostile != NLU
    talk = Talk(trained(tmp_path, nlu=hostile))
    started = time.perf_counter()
    await talk.say("x" * 400)
    assert time.perf_counter() - started < 10


async def test_a_pattern_that_cannot_be_used_is_warned_of_in_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trained(tmp_path, nlu=NLU.replace(r"\bclass\s[12]\b", "(?=x)y"))
    said = capsys.readouterr().out
    assert "The pattern “(?=x)y” is left out: it cannot be used here" in said
    assert "nlu.yml:" in said
