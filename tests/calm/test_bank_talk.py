"""Whole talks with an assistant that is only described: which wish, question, answer or correction
each message is. By words alone; nothing here is taught by example sentences."""

from __future__ import annotations

from typing import Any

import pytest

from modelservice.calm.channels.bot import Bot
from tests.calm.trained import say, trained

FLOWS = """
flows:
  check_balance:
    name: check balance
    description: Tell the user the balance of one of their accounts
    steps:
      - {collect: account, description: the account that the user asks about}
      - action: utter_balance
  send_money:
    name: send money
    description: Help the user transfer money from one of their accounts to a payee
    steps:
      - {collect: payee, description: who gets the money}
      - {collect: amount, description: how much money is sent}
      - {collect: account_from, description: "the account to send from, one of checking or savings"}
      - {collect: send_confirmed, description: whether to send, ask_before_filling: true}
      - action: utter_sent
  add_payee:
    name: add payee
    description: Add a new payee to the user's list of payees
    steps:
      - {collect: payee_name, description: full name of the new payee}
      - {collect: payee_type, description: "kind of payee, one of person or business"}
      - {collect: reference, description: what is written on each payment}
      - {collect: add_confirmed, description: whether to add, ask_before_filling: true}
      - action: utter_added
  list_payees:
    name: list payees
    description: Show the user's payees
    steps: [{action: utter_payees}]
  remove_payee:
    name: remove payee
    description: Remove a payee from the user's list of payees
    steps:
      - {collect: payee_name, description: full name of the payee}
      - action: utter_removed
  block_card:
    name: block card
    description: Block or freeze a card of the user that is lost, stolen or damaged
    steps:
      - {collect: card_reason, description: "why: lost, stolen, damaged, travelling"}
      - action: utter_blocked
  pattern_search:
    description: answers from documents
    steps: [{action: action_trigger_search}]
  pattern_chitchat:
    description: small talk
    steps: [{action: utter_chat}]
  pattern_session_start:
    description: begin
    nlu_trigger: [{intent: session_start}]
    steps:
      - action: action_session_start
      - action: utter_greeting
"""
DOMAIN = """
slots:
  account: {type: text, mappings: [{type: from_llm}]}
  payee: {type: text, mappings: [{type: from_llm}]}
  amount: {type: float, mappings: [{type: from_llm}]}
  account_from: {type: text, mappings: [{type: from_llm}]}
  send_confirmed: {type: bool, mappings: [{type: from_llm}]}
  payee_name: {type: text, mappings: [{type: from_llm}]}
  payee_type: {type: text, mappings: [{type: from_llm}]}
  reference: {type: text, mappings: [{type: from_llm}]}
  add_confirmed: {type: bool, mappings: [{type: from_llm}]}
  card_reason: {type: text, mappings: [{type: from_llm}]}
responses:
  utter_ask_account:
    - text: Which account?
      buttons:
        - {title: "Checking, DE12", payload: "/SetSlots(account=DE12)"}
        - {title: "Savings, DE34", payload: "/SetSlots(account=DE34)"}
  utter_ask_payee: [{text: "Who is it for?"}]
  utter_ask_amount: [{text: "How much?"}]
  utter_ask_account_from:
    - text: From which account?
      buttons:
        - {title: "Checking, DE12", payload: "/SetSlots(account_from=DE12)"}
        - {title: "Savings, DE34", payload: "/SetSlots(account_from=DE34)"}
  utter_ask_send_confirmed: [{text: "Shall I send it?"}]
  utter_ask_payee_name: [{text: "What is the payee's name?"}]
  utter_ask_payee_type: [{text: "Is it a person or a business?"}]
  utter_ask_reference: [{text: "What reference shall be on each payment?"}]
  utter_ask_add_confirmed: [{text: "Shall I add {payee_name}?"}]
  utter_ask_card_reason: [{text: "Why is it to be blocked?"}]
  utter_balance: [{text: "It is 100."}]
  utter_sent: [{text: "Sent."}]
  utter_added: [{text: "Added."}]
  utter_payees: [{text: "Jack, Lisa"}]
  utter_removed: [{text: "Removed."}]
  utter_blocked: [{text: "Blocked."}]
  utter_chat: [{text: "Nice."}]
  utter_greeting: [{text: "Welcome."}]
"""
CONFIG = """
language: en
additional_languages: [de, es, fr, hr]
policies: [{name: FlowPolicy}, {name: EnterpriseSearchPolicy}]
"""
FAQ = """
Q: Do you charge for sending money abroad?
A: A transfer to another country costs 5 dollars, within the country it is free.

Q: How long does a transfer take?
A: It arrives on the next working day.

Q: How do I open a savings account?
A: In any branch, with your passport.

Q: What are the opening hours of the branches?
A: From 9 to 5 on working days.
"""
SENDING = ("send money", "Lisa", "50", "checking")
ADDING = ("add a payee", "Peter Lee", "person", "rent")


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    files = {
        "data/flows.yml": FLOWS,
        "domain.yml": DOMAIN,
        "config.yml": CONFIG,
        "docs/faq.txt": FAQ,
    }
    return trained(tmp_path_factory.mktemp("bank"), files)


def said(command: dict[str, Any]) -> str:
    name: str = command["command"]
    if name == "start flow":
        return f"start {command['flow']}"
    if name == "set slot":
        return f"{command['name']} = {command['value']}"
    if name == "clarify":
        return f"clarify {', '.join(sorted(command['options']))}"
    return name


async def understood(bot: Bot, *messages: str) -> set[str]:
    """The commands of the last message."""
    commands = (await say(bot, " | ".join(messages), *messages))["latest_message"]["commands"]
    return {said(command) for command in commands}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("send 55.55$ to Amy from checking", "send_money"),
        ("pay Tom 30 dollars from my checking account", "send_money"),
        ("check my account balance", "check_balance"),
        ("what's the balance of my savings account?", "check_balance"),
        ("how much do I have on my account?", "check_balance"),
        ("how much money do I have?", "check_balance"),
        ("who are my payees", "list_payees"),
        ("what payees do I have?", "list_payees"),
        ("which payees have I saved?", "list_payees"),
        ("show me my payees", "list_payees"),
        ("I need a new payee", "add_payee"),
        ("I want to remove Jack from my payees", "remove_payee"),
        ("my card was stolen", "block_card"),
        ("is it possible to send money?", "send_money"),
        ("are you able to block a card?", "block_card"),
    ],
)
async def test_a_wish_starts_its_flow(bot: Bot, text: str, expected: str) -> None:
    assert f"start {expected}" in await understood(bot, text)


async def test_an_account_is_no_verb(bot: Bot) -> None:
    found = await understood(bot, "send $55 to Amy from checking")
    assert {"start send_money", "payee = Amy", "amount = 55.0", "account_from = checking"} <= found


@pytest.mark.parametrize("text", ["payee", "my payee"])
async def test_a_word_of_several_names_is_clarified(bot: Bot, text: str) -> None:
    assert await understood(bot, text) == {"clarify add_payee, list_payees, remove_payee"}


@pytest.mark.parametrize(
    "text",
    [
        "are there any fees to transfer money abroad?",
        "do you charge for sending money?",
        "is there a fee for transfers?",
        "how long does a transfer take?",
        "btw, are transfers free of charge?",
        "I have a question about fees",
        "I have a question about opening an account",
        "how do I open a savings account?",
        "do you offer mortgages?",
        "wait, what will happen to my payments?",
        "Gibt es Gebühren für eine Überweisung?",
        "Ich habe eine Frage zu Gebühren",
        "¿Hay comisiones por una transferencia?",
        "Combien de temps prend un virement ?",
        "Imam pitanje o naknadama",
    ],
)
async def test_a_question_of_knowledge_starts_no_flow(bot: Bot, text: str) -> None:
    assert await understood(bot, text) == {"knowledge"}


@pytest.mark.parametrize(
    "text", ["is that free of charge?", "how long does it take?", "are there any fees?"]
)
async def test_knowledge_is_asked_for_between_answers(bot: Bot, text: str) -> None:
    assert await understood(bot, "send money", "Lisa", text) == {"knowledge"}


@pytest.mark.parametrize(
    "text",
    [
        "cancel the transfer",
        "I want to cancel this transfer",
        "please cancel the payment",
        "no I don't want to do this anymore",
        "I don't want to send money any more",
        "sorry, I have changed my mind about this",
        "storniere die Überweisung",
        "cancela la transferencia",
        "annulez le virement",
        "otkaži prijenos",
    ],
)
async def test_what_is_under_way_is_cancelled_by_its_name(bot: Bot, text: str) -> None:
    assert await understood(bot, "send money", text) == {"cancel flow"}


@pytest.mark.parametrize("text", ["no, I don't want to", "I'd rather not"])
async def test_who_confirms_refuses_by_not_wanting(bot: Bot, text: str) -> None:
    assert await understood(bot, *SENDING, text) == {"send_confirmed = False"}


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("stop that, show my payees", "list_payees"),
        ("ah one moment, stop that. I want to see my payees first", "list_payees"),
        ("forget it, I want to block my card", "block_card"),
    ],
)
async def test_one_thing_ends_and_another_begins(bot: Bot, text: str, flow: str) -> None:
    assert await understood(bot, "send money", text) == {"cancel flow", f"start {flow}"}


@pytest.mark.parametrize(
    ("text", "flow"),
    [
        ("one moment, show my payees", "list_payees"),
        ("hang on, what is my balance?", "check_balance"),
        ("who are my payees?", "list_payees"),
    ],
)
async def test_another_thing_comes_between(bot: Bot, text: str, flow: str) -> None:
    assert await understood(bot, "send money", "Lisa", text) == {f"start {flow}"}


@pytest.mark.parametrize(
    ("text", "flows"),
    [
        ("show my payees and send money", {"list_payees", "send_money"}),
        ("I want to add a payee and then send money", {"add_payee", "send_money"}),
        ("what's my balance and who are my payees?", {"check_balance", "list_payees"}),
    ],
)
async def test_two_flows_in_one_message(bot: Bot, text: str, flows: set[str]) -> None:
    assert await understood(bot, text) == {f"start {flow}" for flow in flows}


@pytest.mark.parametrize("text", ["check my account balance", "I want to check my balance"])
async def test_a_wish_said_again_is_no_answer(bot: Bot, text: str) -> None:
    assert "start check_balance" in await understood(bot, "check my account balance")
    await understood(bot, "check my account balance", text)
    slots = (await bot.snapshot(f"check my account balance | {text}"))["slots"]
    assert slots["account"] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("please use Pete Lee as the name", "payee_name = Pete Lee"),
        ("Ah, use Pete as the name instead", "payee_name = Pete"),
        ("I need to update the reference first", "reference = None"),
        ("I made a mistake, the reference should be food", "reference = food"),
        ("I made a mistake with the name", "payee_name = None"),
        ("I need to correct my last answer", "reference = None"),
        ("the name is wrong", "payee_name = None"),
    ],
)
async def test_an_answer_is_taken_back_while_confirming(bot: Bot, text: str, expected: str) -> None:
    assert await understood(bot, *ADDING, text) == {expected}


@pytest.mark.parametrize(
    "text", ["damn, should be Alex", "oh sorry I meant Alex", "no, to Alex please"]
)
async def test_a_name_is_corrected_at_the_next_question(bot: Bot, text: str) -> None:
    assert await understood(bot, "send money", "Lisa", text) == {"payee = Alex"}


@pytest.mark.parametrize(
    "text", ["can I skip this?", "I don't want to answer that", "I'd rather not say"]
)
async def test_a_question_is_skipped(bot: Bot, text: str) -> None:
    assert await understood(bot, "add a payee", "Peter Lee", text) == {"skip question"}


@pytest.mark.parametrize("text", ["SetSlots(which=Lisa)", "/SetSlots(which=Lisa)"])
async def test_a_payload_of_no_slot_says_its_value(bot: Bot, text: str) -> None:
    assert await understood(bot, "send money", text) == {"payee = Lisa"}


async def test_a_yes_with_a_question_is_a_yes(bot: Bot) -> None:
    found = await understood(bot, *SENDING, "Yes, that works. Is my savings account charged?")
    assert found == {"send_confirmed = True"}
    found = await understood(bot, *SENDING, "Yes. And block my card.")
    assert {"send_confirmed = True", "start block_card"} <= found


@pytest.mark.parametrize("text", ["hello", "hi there", "thanks"])
async def test_small_talk_of_the_project_answers(bot: Bot, text: str) -> None:
    assert await understood(bot, text) == {"chitchat"}
