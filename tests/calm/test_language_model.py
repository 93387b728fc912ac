"""Understanding by a language model, against a real server that speaks its API."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelservice.calm.understanding.command_language import read_commands
from modelservice.calm.understanding.llm import client as client_module
from modelservice.calm.understanding.llm.endpoint import LanguageModelUnusable, endpoints_of
from tests.calm.chat_server import (
    KEY,
    Behaviour,
    ChatServer,
    Talk,
    body,
    drip,
    flood,
    hang,
    make_bot,
    model_group,
    status,
    talking,
)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "BACK_OFF", (0.01, 0.02))


def commands_of(data: dict[str, Any]) -> list[str]:
    return [command["command"] for command in data["commands"]]


async def test_a_conversation_with_a_model() -> None:
    async with talking("start flow order_tea\nset slot kind green", "set slot size big") as (
        talk,
        chat,
    ):
        data = await talk.say("a green tea please")
        assert talk.said == ["Which size?"]
        assert commands_of(data) == ["start flow", "set slot"]
        assert data["generator"] == "llm"
        assert data["model"] == "small-one"
        assert data["answer"] == "start flow order_tea\nset slot kind green"
        assert data["usage"] == {"prompt_tokens": 120, "completion_tokens": 7}
        assert data["milliseconds"] > 0
        assert data["prompt"] == chat.prompts[0]
        await talk.say("a big one")
        assert talk.said[0] == "Here is your green tea."
        assert chat.headers[0]["Authorization"] == f"Bearer {KEY}"
        assert chat.requests[0]["model"] == "small-one"


async def test_the_prompt_says_what_there_is_to_know() -> None:
    async with talking("start flow order_tea", "set slot kind green", "set slot size big") as (
        talk,
        chat,
    ):
        await talk.say("tea!")
        first = chat.prompts[0]
        assert "- order_tea: order a tea" in first
        assert "slot kind: which tea" in first
        assert "slot size; one of ['small', 'big']" in first
        assert "No flow is active." in first
        assert "pattern_" not in first
        await talk.say("green")
        assert "Active flow: order_tea" in chat.prompts[1]
        assert "asked for the slot kind (which tea)." in chat.prompts[1]
        assert "USER: tea!\nAI: Which kind?" in chat.prompts[1]
        await talk.say("big")
        assert "- kind = green (text): which tea" in chat.prompts[2]
        assert 'AI: Which size? button 1: "Small"' in chat.prompts[2]


@pytest.mark.parametrize(
    ("behaviour", "note", "calls"),
    [
        (hang, "did not answer in 0.5 s", 1),
        (drip, "did not answer in 0.5 s", 1),
        (flood, "more than 1 MB", 1),
        (status(500), "answered 500", 3),
        (status(503, {"error": {"message": f"busy {KEY}"}}), "answered 503 (busy ***)", 3),
        (status(401, {"error": {"message": f"bad key {KEY}"}}), "answered 401 (bad key ***)", 1),
        (status(429, Retry_After="3600"), "answered 429", 1),
        (status(307, Location="http://elsewhere.example/"), "answered 307", 1),
        (body("<html>"), "something else than a completion", 1),
        (body("[" * 100_000), "something else than a completion", 1),
        (body(b"\xff\xfe\x00"), "something else than a completion", 1),
        (body('{"choices": []}'), "something else than a completion", 1),
        (body('{"choices": [{"message": {"content": 7}}]}'), "something else", 1),
        ("   ", "an empty answer", 1),
    ],
    ids=[
        *("hangs", "drips", "floods", "500", "503", "401", "429", "redirects", "html", "deep"),
        *("bytes", "no choice", "number", "empty"),
    ],
)
async def test_a_model_that_fails_is_replaced_and_the_author_sees_why(
    behaviour: Behaviour, note: str, calls: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(behaviour, patience=0.5) as (talk, chat):
        data = await talk.say("I want to order a tea")
        assert talk.said == ["Which kind?"], "understood offline"
        assert data["generator"] == "offline"
        assert data["note"].startswith("the language model")
        assert note in data["note"]
        assert data["note"].endswith("; understood offline")
        assert len(chat.requests) == calls
        assert note in caplog.text
        assert KEY not in caplog.text
        assert KEY not in str(talk.events)
        await talk.say("green")
        assert talk.said == ["Which size?"], "the conversation goes on"


async def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        bot = make_bot(model_group(f"http://me:secret@127.0.0.1:{taken.getsockname()[1]}/v1"))
        talk = Talk(bot)
        data = await talk.say("I want to order a tea")
        assert "cannot be reached" in data["note"]
        assert "secret" not in str(talk.events)
        assert talk.said == ["Which kind?"]
        await bot.close()


@pytest.mark.parametrize(
    "settings",
    [
        {"api_base": "http://[bad/v1"},
        {"api_base": "http://me:secret@127.0.0.1:9/v1", "api_key": KEY},
        {"api_key": f"{KEY}\r\nX: y"},
    ],
)
async def test_an_address_or_key_that_is_not_valid(settings: dict[str, Any]) -> None:
    chat = ChatServer("start flow opening_hours")
    async with chat.server:
        bot = make_bot(model_group(**{"base": chat.base, **settings}))
        talk = Talk(bot)
        data = await talk.say("I want to order a tea")
        assert "address or key is not valid" in data["note"]
        assert KEY not in str(talk.events)
        assert talk.said == ["Which kind?"]
        assert not chat.requests
        await bot.close()


@pytest.mark.parametrize("failure", [status(500), status(429, Retry_After="0")])
async def test_a_passing_failure_is_not_noticed(failure: Behaviour) -> None:
    async with talking(failure, failure, "start flow opening_hours") as (talk, chat):
        data = await talk.say("when?")
        assert talk.said == ["Which day?"]
        assert data["generator"] == "llm"
        assert "note" not in data
        assert len(chat.requests) == 3


async def test_the_next_model_of_the_group_is_tried() -> None:
    busy, free = ChatServer(status(500)), ChatServer("start flow opening_hours")
    async with busy.server, free.server:
        group = model_group(busy.base)
        group["model_groups"][0]["models"] += model_group(free.base)["model_groups"][0]["models"]
        bot = make_bot(group)
        talk = Talk(bot)
        await talk.say("when?")
        assert talk.said == ["Which day?"]
        await bot.close()


async def test_nonsense_is_not_understood_and_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    async with talking("I am a teapot.") as (talk, _):
        for _turn in range(5):
            data = await talk.say("tea")
            assert commands_of(data) == ["cannot handle"]
            assert data["answer"] == "I am a teapot."
            assert data["note"] == "no command can be read in the language model's answer"
        assert caplog.text.count("5 answers of 'small-one'") == 1


async def test_a_very_long_answer_is_cut() -> None:
    async with talking("start flow order_tea\n" * 20_000) as (talk, _):
        data = await talk.say("tea")
        assert talk.said == ["Which kind?"]
        assert len(data["answer"]) <= client_module.MAX_ANSWER_CHARACTERS
        assert len(data["commands"]) <= 50


async def test_a_prompt_template_of_the_project() -> None:
    template = (
        "{% for flow in available_flows %}{{ flow.name | to_json_escaped_string }};{% endfor %}"
        "{{ user_message }}|{{ current_flow }}|{{ current_slot }}|{{ current_slot_type }}"
    )
    component = {
        "name": "rasa.SingleStepLLMCommandGenerator",
        "prompt_template": "prompts/own.jinja2",
        "llm": {"model_group": "group"},
    }
    async with talking(
        "StartFlow(order_tea), SetSlot(kind, green)",
        changes={"config": {"pipeline": [component]}},
        prompts={"prompts/own.jinja2": template},
    ) as (talk, chat):
        await talk.say("a green\n tea")
        assert talk.said == ["Which size?"]
        assert chat.prompts == ['"order_tea";"opening_hours";a green tea|None|None|None']


@pytest.mark.parametrize(
    "template", ["{% broken", "{{ ''.__class__.__mro__ }}", "{{ 'x' * 10**9 }}", "{{ 1 + 'x' }}"]
)
async def test_a_prompt_template_that_breaks(template: str) -> None:
    component = {
        "name": "CompactLLMCommandGenerator",
        "prompt_template": "p.jinja2",
        "llm": {"model_group": "group"},
    }
    async with talking(
        "start flow order_tea",
        changes={"config": {"pipeline": [component]}},
        prompts={"p.jinja2": template},
    ) as (talk, chat):
        data = await talk.say("I want to order a tea")
        assert "the prompt template cannot be rendered" in data["note"]
        assert talk.said == ["Which kind?"]
        assert not chat.requests


async def test_large_assistants_show_the_flows_that_matter() -> None:
    subjects = ("boat", "train", "plane", "bike", "horse", "tent", "kite", "lamp", "rope", "oven")
    flows: dict[str, Any] = {
        f"rent_{subject}": {"description": f"rent a {subject}", "steps": [{"action": "utter_done"}]}
        for subject in subjects
    }
    flows["rent_rope"]["always_include_in_prompt"] = True
    flows["rent_oven"]["if"] = False
    pipeline = [
        {
            "name": "CompactLLMCommandGenerator",
            "llm": {"model_group": "group"},
            "flow_retrieval": {"num_flows": 2},
        }
    ]
    changes = {"flows": flows, "config": {"pipeline": pipeline}}
    async with talking("start flow opening_hours", "offtopic reply", changes=changes) as (
        talk,
        _,
    ):
        data = await talk.say("I need a kite and a horse")
        assert set(data["flows_in_prompt"]) == {"rent_kite", "rent_horse", "rent_rope"}
        assert talk.said == ["Which day?"], "what is not shown may be started all the same"
        data = await talk.say("a tent?")
        assert {"rent_tent", "rent_rope", "opening_hours"} <= set(data["flows_in_prompt"])
        assert "rent_oven" not in data["prompt"]


async def test_unreadable_messages_are_not_sent() -> None:
    async with talking("set slot kind green") as (talk, chat):
        for text in ("   ", "x" * 421, "/SetSlots(kind=green)"):
            await talk.say(text)
        assert not chat.requests
        await talk.say("green")
        assert "x" * 421 not in chat.prompts[0]
        assert "USER: (a very long message)" in chat.prompts[0]


@pytest.mark.parametrize(
    ("settings", "environment", "reason"),
    [
        ({"provider": "openai", "model": "m"}, {}, "OPENAI_API_KEY"),
        ({"provider": "openai", "model": "m", "api_key": "${GONE}"}, {}, "'GONE' is not set"),
        ({"provider": "azure", "deployment": "d", "api_key": "k"}, {}, "api_base, api_version"),
        ({"provider": "self-hosted", "model": "m"}, {}, "needs an 'api_base'"),
        ({"provider": "anthropic", "model": "m", "api_key": "k"}, {}, "'anthropic' needs"),
        ({"model": "m", "api_base": "file:///etc/passwd"}, {}, "not an HTTP address"),
        (None, {}, "no model group 'group'"),
    ],
)
async def test_a_model_that_cannot_be_asked_is_told_once(
    settings: dict[str, Any] | None,
    environment: dict[str, str],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    endpoints = {"model_groups": [{"id": "group", "models": [settings]}]} if settings else {}
    bot = make_bot(endpoints, environment=environment)
    assert reason in caplog.text
    talk = Talk(bot)
    data = await talk.say("I want to order a tea")
    assert data["generator"] == "offline"
    assert talk.said == ["Which kind?"]
    await bot.close()


@pytest.mark.parametrize(
    ("settings", "environment", "url", "headers"),
    [
        (
            {"provider": "openai", "model": "m"},
            {"OPENAI_API_KEY": "k\n"},
            "https://api.openai.com/v1/chat/completions",
            {"Authorization": "Bearer k"},
        ),
        (
            {"provider": "azure", "deployment": "d", "api_key": "${K}", "api_version": "v"},
            {"K": "k", "AZURE_API_BASE": "https://x.example/"},
            "https://x.example/openai/deployments/d/chat/completions?api-version=v",
            {"api-key": "k"},
        ),
        (
            {"provider": "self-hosted", "model": "m", "api_base": "http://127.0.0.1:1/v1/"},
            {},
            "http://127.0.0.1:1/v1/chat/completions",
            {},
        ),
    ],
)
def test_addresses(
    settings: dict[str, Any], environment: dict[str, str], url: str, headers: dict[str, str]
) -> None:
    group = {"model_groups": [{"id": "g", "models": [settings]}]}
    [endpoint] = endpoints_of({"llm": {"model_group": "g"}}, group, environment)
    assert (endpoint.url, endpoint.headers) == (url, headers)
    assert endpoint.timeout_seconds == 7
    assert "k'" not in repr(endpoint), "keys are not shown"


def test_a_component_without_a_model() -> None:
    with pytest.raises(LanguageModelUnusable, match="no 'llm'"):
        endpoints_of({"name": "CompactLLMCommandGenerator"}, {}, {})


@given(st.text(), st.sampled_from(["v1", "v2", "v3"]))
def test_any_answer_can_be_read(text: str, version: Any) -> None:
    assert read_commands(text, version=version, flows={"order_tea"})


TEA_EXAMPLES = [
    {"intent": "tea", "examples": [{"text": t} for t in ("a cup of tea please", "brew me a tea")]},
    {"intent": "rest", "examples": [{"text": t} for t in ("I am tired", "let me sleep now")]},
]
ADAPTED: dict[str, Any] = {
    "config": {
        "pipeline": [
            {"name": "NLUCommandAdapter"},
            {"name": "CompactLLMCommandGenerator", "llm": {"model_group": "group"}},
        ]
    },
    "domain": {"intents": ["tea", "rest"]},
    "flows": {
        "order_tea": {
            "description": "order a tea",
            "nlu_trigger": [{"intent": "tea"}],
            "steps": [{"collect": "kind", "description": "which tea"}, {"action": "utter_done"}],
        }
    },
}


@pytest.mark.parametrize(
    ("text", "flow"),
    [("a cup of tea please", "order_tea"), ("tell me when a shop opens", "opening_hours")],
)
async def test_a_doubtful_intent_does_not_overrule_the_model(text: str, flow: str) -> None:
    async with talking("start flow opening_hours", changes=ADAPTED, nlu=TEA_EXAMPLES) as (talk, _):
        parsed = await talk.say(text)
        assert [c["flow"] for c in parsed["commands"] if c["command"] == "start flow"] == [flow]
