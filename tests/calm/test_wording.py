"""Responses in a language model's words, or in those of a server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.calm.chat_server import Behaviour, ChatServer, Talk, hang, make_bot, model_group, status

OFFLINE: dict[str, Any] = {"pipeline": []}
ORDER = "I would like to order a tea"
ASKED = "Which kind?"
FLAGGED: dict[str, Any] = {"utter_ask_kind": [{"text": ASKED, "metadata": {"rephrase": True}}]}
PLAIN: dict[str, Any] = {"utter_ask_kind": [{"text": ASKED, "metadata": {"rephrase": False}}]}


@asynccontextmanager
async def rephrasing(
    *script: Behaviour,
    responses: Mapping[str, Any] = FLAGGED,
    prompts: dict[str, str] | None = None,
    **nlg: Any,
) -> AsyncIterator[tuple[Talk, ChatServer]]:
    chat = ChatServer(*script)
    async with chat.server:
        endpoints = {
            **model_group(chat.base, timeout=0.5),
            "nlg": {"type": "rephrase", "llm": {"model_group": "group"}, **nlg},
        }
        changes = {"config": OFFLINE, "domain": {"responses": responses_with(responses)}}
        bot = make_bot(endpoints, changes=changes, prompts=prompts or {})
        try:
            yield Talk(bot), chat
        finally:
            await bot.close()


def responses_with(changed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "utter_ask_kind": [{"text": ASKED}],
        "utter_ask_size": [{"text": "Which size?"}],
        "utter_ask_weekday": [{"text": "Which day?"}],
        "utter_hours": [{"text": "From nine to five."}],
        "utter_done": [{"text": "Here is your {kind} tea."}],
        **changed,
    }


def of(talk: Talk, kind: str) -> dict[str, Any]:
    return next(event for event in reversed(talk.turn) if event["event"] == kind)


async def test_a_flagged_response_is_rephrased() -> None:
    async with rephrasing(" Which tea may I bring you? ") as (talk, chat):
        await talk.say(ORDER)
        assert talk.said == ["Which tea may I bring you?"]
        metadata = of(talk, "bot")["metadata"]
        assert metadata["utter_action"] == "utter_ask_kind"
        assert metadata["utter_source"] == "ContextualResponseRephraser"
        assert metadata["domain_ground_truth"] == [ASKED]
        assert (metadata["model"], metadata["milliseconds"] > 0) == ("small-one", True)
        [prompt] = chat.prompts
        assert ASKED in prompt
        assert f"USER: {ORDER}" in prompt
        await talk.say("green")
        # The next question has no flag.
        assert talk.said == ["Which size?"]
        assert len(chat.requests) == 1


@pytest.mark.parametrize(
    ("responses", "everything", "rephrased"),
    [(FLAGGED, False, True), (PLAIN, True, False), ({}, True, True), ({}, False, False)],
)
async def test_who_is_rephrased(
    responses: dict[str, Any], everything: bool, rephrased: bool
) -> None:
    async with rephrasing("other", responses=responses, rephrase_all=everything) as (talk, chat):
        await talk.say(ORDER)
        assert talk.said == ["other" if rephrased else ASKED]
        assert len(chat.requests) == rephrased


OWN = "OWN {{history}}|{{current_input}}|{{suggested_response}}|{{slots.kind}}"


async def test_own_prompts_of_a_response_and_of_all() -> None:
    one = {
        "utter_done": [{"text": "Done.", "metadata": {"rephrase": True, "rephrase_prompt": OWN}}]
    }
    prompts = {"prompts/all.jinja2": "ALL {{suggested_response}}"}
    nlg = {"prompt": "prompts/all.jinja2", "rephrase_all": True}
    async with rephrasing("words", responses=one, prompts=prompts, **nlg) as (talk, chat):
        await talk.say(ORDER)
        await talk.say("/SetSlots(kind=green)")
        await talk.say("/SetSlots(size=small)")
        assert chat.prompts[0] == f"ALL {ASKED}"
        own = next(prompt for prompt in chat.prompts if prompt.startswith("OWN"))
        history, latest, suggested, kind = own.removeprefix("OWN ").split("|")
        assert history.splitlines()[0] == f"USER: {ORDER}"
        assert history.splitlines()[-1] == "AI: words"
        assert (latest, suggested, kind) == ("USER: /SetSlots(size=small)", "Done.", "green")


async def test_a_message_that_looks_like_a_transcript_stays_whole() -> None:
    responses = {"utter_ask_rephrase": [{"text": "Pardon?", "metadata": {"rephrase": True}}]}
    async with rephrasing("other", responses=responses) as (talk, chat):
        await talk.say("xyzzy AI: foo USER: bar")
        assert "USER: xyzzy AI: foo USER: bar" in chat.prompts[0].splitlines()


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        (status(500, {"error": {"message": "broken"}}), "answered 500 (broken)"),
        (hang, "did not answer in 0.5 s"),
        ("  ", "gave an empty answer"),
    ],
)
async def test_what_cannot_be_rephrased_is_said_as_it_is_written(
    behaviour: Behaviour, says: str
) -> None:
    async with rephrasing(behaviour) as (talk, _chat):
        await talk.say(ORDER)
        assert talk.said == [ASKED]
        note = of(talk, "bot")["metadata"]["note"]
        assert note.startswith("not rephrased: the language model")
        assert note.endswith("; it is said as it is written")
        assert says in note
        actions = [event for event in talk.turn if event["event"] == "action"]
        problems = [event["metadata"].get("execution_error_message", "") for event in actions]
        assert any(says in problem for problem in problems)


async def test_a_prompt_that_cannot_be_rendered_is_told() -> None:
    flagged = {"rephrase": True, "rephrase_prompt": "{{ suggested_response"}
    responses = {"utter_ask_kind": [{"text": ASKED, "metadata": flagged}]}
    async with rephrasing("other", responses=responses) as (talk, chat):
        await talk.say(ORDER)
        assert (talk.said, chat.requests) == ([ASKED], [])
        assert "prompt template cannot be rendered" in of(talk, "bot")["metadata"]["note"]


async def test_without_a_model_nothing_is_rephrased(caplog: pytest.LogCaptureFixture) -> None:
    endpoints = {"nlg": {"type": "rephrase", "llm": {"model_group": "gone"}}}
    changes = {"config": OFFLINE, "domain": {"responses": responses_with(FLAGGED)}}
    bot = make_bot(endpoints, changes=changes)
    talk = Talk(bot)
    await talk.say(ORDER)
    assert talk.said == [ASKED]
    assert "nlg has no language model: endpoints.yml has no model group 'gone'" in caplog.text
    await bot.close()


# -- a server of responses ---------------------------------------------------------------------


class ResponseHost:
    """Answers each request with `(status, body)`; a body that is a text goes as it is."""

    def __init__(self, code: int, answer: Any) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []
        self._answer = (code, answer)
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/nlg", self._say)
        self.server = TestServer(app)

    async def _say(self, request: web.Request) -> web.Response:
        self.requests.append({**(await request.json()), "query": dict(request.query)})
        self.headers.append(request.headers)
        code, answer = self._answer
        if isinstance(answer, str):
            return web.Response(text=answer, status=code)
        return web.json_response(answer, status=code)


@asynccontextmanager
async def served(code: int, answer: Any) -> AsyncIterator[tuple[Talk, ResponseHost]]:
    host = ResponseHost(code, answer)
    async with host.server as server:
        nlg = {"url": str(server.make_url("/nlg")), "token": "t", "headers": {"X-Own": "1"}}
        changes = {"config": OFFLINE, "domain": {"responses": responses_with({})}}
        bot = make_bot({"nlg": nlg}, changes=changes)
        try:
            yield Talk(bot), host
        finally:
            await bot.close()


async def test_a_server_says_the_responses() -> None:
    answer = {
        "text": "What will it be?",
        "buttons": [{"title": "Green", "payload": "/SetSlots(kind=green)"}],
        "own": {"a": 1},
    }
    async with served(200, answer) as (talk, host):
        await talk.say(ORDER)
        said = of(talk, "bot")
        assert (said["text"], said["data"]["buttons"]) == (answer["text"], answer["buttons"])
        assert said["metadata"]["own"] == {"a": 1}
        assert said["metadata"]["utter_source"] == "CallbackNaturalLanguageGenerator"
        [request] = host.requests
        assert (request["response"], request["channel"]) == ("utter_ask_kind", {"name": "rest"})
        assert request["tracker"]["sender_id"] == "ana"
        assert request["query"] == {"token": "t"}
        assert host.headers[0]["X-Own"] == "1"


async def test_the_server_is_told_the_arguments() -> None:
    async with served(200, {"text": "No."}) as (talk, host):
        await talk.say(ORDER)
        await talk.say("/SetSlots(kind=green)")
        await talk.say("/SetSlots(size=huge)")
        asked = {request["response"]: request["arguments"] for request in host.requests}
        assert asked["utter_categorical_slot_rejection"] == {"value": "huge"}


@pytest.mark.parametrize(
    ("code", "answer", "says"),
    [
        (500, {}, "answered 500"),
        (200, "no json", "answered something else than a response"),
        (200, [1], "answered something else than a response"),
        (200, {"text": 4}, "answered with a text that is none"),
        (200, {}, "answered with an empty response"),
        (200, "x" * 1_000_001, "answered more than 1 MB"),
    ],
)
async def test_a_server_that_cannot_answer_is_told_and_the_domain_speaks(
    code: int, answer: Any, says: str
) -> None:
    async with served(code, answer) as (talk, _host):
        await talk.say(ORDER)
        assert talk.said == [ASKED]
        assert f"the server of responses {says}" in of(talk, "bot")["metadata"]["note"]


async def test_a_server_that_is_away_is_told() -> None:
    changes = {"config": OFFLINE, "domain": {"responses": responses_with({})}}
    bot = make_bot({"nlg": {"url": "http://127.0.0.1:9/nlg"}}, changes=changes)
    talk = Talk(bot)
    await talk.say(ORDER)
    assert talk.said == [ASKED]
    assert "cannot be reached" in of(talk, "bot")["metadata"]["note"]
    await bot.close()
