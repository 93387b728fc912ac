"""A prompt that is shown is the prompt that is sent: both are made by the same code."""

from __future__ import annotations

import re

import pytest

from modelservice.calm.channels.bot import Bot
from modelservice.calm.errors import CalmError
from modelservice.calm.models.prompts import own_prompts
from tests.calm.chat_server import ChatServer, Talk, make_bot, model_group, talking

TIME = re.compile(r"^Now: .*$", re.MULTILINE)
OWN = (
    "Flows: {% for flow in available_flows %}{{ flow.name }} {% endfor %}asked: {{ current_slot }}"
)


async def test_the_command_generator_sends_what_is_shown() -> None:
    async with talking("start flow order_tea\nset slot kind green", "set slot size big") as (
        talk,
        chat,
    ):
        await talk.say("a green tea please")
        events = list(talk.events)
        shown = await talk.bot.prompt(
            "command_generator", own_prompts()["command_generator"], events
        )
        assert TIME.sub("", shown) == TIME.sub("", chat.prompts[0])
        await talk.say("a big one")
        shown = await talk.bot.prompt(
            "command_generator", own_prompts()["command_generator"], talk.events
        )
        assert TIME.sub("", shown) == TIME.sub("", chat.prompts[1])
        shown = await talk.bot.prompt("command_generator", OWN, talk.events)
        assert shown == "Flows: order_tea opening_hours asked: size"


async def test_the_rephraser_sends_what_is_shown() -> None:
    chat = ChatServer("start flow order_tea", "Which one would you like?")
    async with chat.server:
        endpoints = {
            **model_group(chat.base),
            "nlg": {"type": "rephrase", "rephrase_all": True, "llm": {"model_group": "group"}},
        }
        bot = make_bot(endpoints)
        try:
            talk = Talk(bot)
            await talk.say("tea please")
            # What would be said, as the domain has it.
            events = [dict(event) for event in talk.events]
            said = next(event for event in reversed(events) if event["event"] == "bot")
            said["text"] = "Which kind?"
            name = "contextual_response_rephraser"
            shown = await bot.prompt(name, own_prompts()[name], events)
            assert shown == chat.prompts[1]
        finally:
            await bot.close()


@pytest.fixture
def bot() -> Bot:
    return make_bot({})


@pytest.mark.parametrize(
    ("name", "template", "words"),
    [
        ("command_generator", "{% if %}", "cannot be rendered"),
        ("command_generator", "{{ 1 / 0 }}", "cannot be rendered"),
        ("command_generator", "{% for x in range(10**8) %}x{% endfor %}", "cannot be rendered"),
        ("contextual_response_rephraser", "x", "has said nothing"),
        ("nobody", "x", "no prompt 'nobody'"),
    ],
)
async def test_what_cannot_be_shown(bot: Bot, name: str, template: str, words: str) -> None:
    user = {"event": "user", "text": "Hi", "timestamp": 1.0}
    with pytest.raises(CalmError, match=words):
        await bot.prompt(name, template, [user])
    with pytest.raises(CalmError, match="has said nothing"):
        await bot.prompt("enterprise_search", "x", [])
    with pytest.raises(CalmError, match="cannot be replayed"):
        await bot.prompt("command_generator", "x", [{"event": "slot"}, user])


async def test_search_without_documents(bot: Bot) -> None:
    user = {"event": "user", "text": "Hi", "timestamp": 1.0}
    template = "{{ docs | length }} {{ current_conversation }} {{ citation_enabled }}"
    assert await bot.prompt("enterprise_search", template, [user]) == "0 USER: Hi False"
