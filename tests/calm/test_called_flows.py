"""Flows that are called by their name beside others that are known by example sentences, in an
assistant whose intents become commands."""

from __future__ import annotations

import pytest

from modelservice.calm.channels.bot import Bot
from tests.calm.trained import say, trained

FLOWS = """
flows:
  order_tea:
    description: user asks for tea
    nlu_trigger: [{intent: {name: request_tea, confidence_threshold: 0.5}}]
    steps: [{collect: tea, description: kind of tea}, {action: utter_done}]
  order_cup:
    name: order a cup
    description: order a cup for someone
    steps: [{collect: cup, description: which cup}, {action: utter_done}]
  add_guest:
    name: add a guest
    description: add somebody to the guest list
    nlu_trigger: [{intent: {name: add_guest, confidence_threshold: 0.9}}]
    steps: [{collect: guest, description: name of the guest}, {action: utter_done}]
  add_table:
    name: add a table
    description: add a table to the hall
    nlu_trigger: [{intent: {name: add_table, confidence_threshold: 0.9}}]
    steps: [{action: utter_done}]
  list_guests:
    name: list your guests
    description: show the guest list
    steps: [{action: utter_done}]
"""
NLU = """
nlu:
  - intent: request_tea
    examples: |
      - Can I get a tea please?
      - I would like to order a tea.
      - I would like to order a green tea.
      - I want to order a black tea.
      - I would like to order a mint tea.
      - I want to order a camomile tea.
      - I would like to order an iced tea.
      - I want to order a fruit tea.
  - intent: add_guest
    examples: |
      - I need to add a new guest.
      - Can you add a guest?
      - Add Max to my guests.
      - Please add Jane to my guests.
      - I want to add Paula to my guests.
      - How do I add John to my guests?
      - Save a new guest.
      - Put a new guest on my list.
  - intent: add_table
    examples: |
      - I need one more table.
      - Add a table to the hall.
      - Can you put another table there?
      - We need a bigger table.
      - Please add a round table.
      - I want to add a table by the window.
      - Set up a new table.
      - One table more, please.
"""
DOMAIN = """
intents: [request_tea, add_guest, add_table]
slots:
  tea: {type: text, mappings: [{type: from_llm}]}
  cup: {type: text, mappings: [{type: from_llm}]}
  guest: {type: text, mappings: [{type: from_llm}]}
responses:
  utter_ask_tea: [{text: Which tea?}]
  utter_ask_cup: [{text: Which cup?}]
  utter_ask_guest: [{text: Who?}]
  utter_done: [{text: Done.}]
"""
CONFIG = "pipeline: [{name: LogisticRegressionClassifier}, {name: NLUCommandAdapter}]\n"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    files = {
        "data/flows.yml": FLOWS,
        "data/nlu.yml": NLU,
        "domain.yml": DOMAIN,
        "config.yml": CONFIG,
    }
    return trained(tmp_path_factory.mktemp("feast"), files)


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("I want to order a tea", "order_tea"),
        ("I want to order a cup", "order_cup"),
        ("I'd like to order a cup please", "order_cup"),
        ("I want to add Kim to my guest list", "add_guest"),
        ("please list my guests", "list_guests"),
    ],
)
async def test_a_flow_without_examples_is_known_by_its_name(bot: Bot, text: str, flow: str) -> None:
    commands = (await say(bot, text, text))["latest_message"]["commands"]
    assert [c["flow"] for c in commands if c["command"] == "start flow"] == [flow]


async def test_a_verb_of_several_flows_is_clarified(bot: Bot) -> None:
    commands = (await say(bot, "add", "add"))["latest_message"]["commands"]
    assert [set(c["options"]) for c in commands] == [{"add_guest", "add_table"}]
