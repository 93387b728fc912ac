"""Action servers that hang, flood and lie: the flow is stopped, the conversation goes on."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from modelservice.calm.actions.custom import CustomActions, NoActions
from modelservice.calm.actions.http_server import HttpActions
from modelservice.calm.channels.formats import rest_messages, socket_messages
from modelservice.calm.other_server import Endpoint
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.world import (
    IN_SIZE,
    World,
    put,
    say,
    tea_house,
)

ROOT = Path(__file__).parents[2]
FAILED = (
    "fs(pattern_internal_error) SAY(utter_internal_error_rasa) fc(pattern_internal_error) "
    "fs(pattern_cancel_flow) a(action_cancel_flow) SAY(utter_flow_cancelled_rasa) "
    "fc(pattern_cancel_flow) END(order_tea) PC"
)


async def hang(request: web.Request) -> web.Response:
    await asyncio.sleep(30)
    return web.json_response({})


async def flood(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    try:
        for _ in range(100):
            await response.write(b"x" * 1_000_000)
    except ConnectionError:
        # The runtime hung up, as it should.
        return response
    return response


def lie(body: object) -> object:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response(body)

    return answer


def nested(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


NESTED = nested(500)


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (hang, "cannot be reached"),
        (flood, "more than 2 MB"),
        (lie({"events": "none"}), "makes no sense"),
        (lie({"responses": [1]}), "makes no sense"),
        (lie({"events": [{"no": "event"}]}), "an event that is none"),
        (lie({"events": [{"event": "slot"}]}), "a 'slot' event without name"),
        (lie({"events": [{"event": "slot", "name": ["x"], "value": 1}]}), "without name"),
        (lie({"events": [{"event": "slot", "name": "kind"}]}), "without value"),
        (lie({"events": [{"event": "slot", "name": "kind", "timestamp": "x"}]}), "that is none"),
        (lie({"events": [{"event": "followup"}]}), "a 'followup' event without name"),
        (lie({"events": [{"event": "action"}]}), "a 'action' event without name"),
        (lie({"events": [{"event": "bot", "data": [1]}]}), "whose data is no map"),
        (lie({"events": [{"event": "bot", "text": {"a": 1}}]}), "'text' that makes no sense"),
        (lie({"responses": [{"text": ["x"]}]}), "'text' that makes no sense"),
        (lie({"responses": [{"text": "x", "buttons": "yes"}]}), "'buttons' that makes no sense"),
        (lie({"responses": [{"text": "x", "buttons": [1]}]}), "'buttons' that makes no sense"),
        (lie({"responses": [{"response": 5}]}), "'response' that makes no sense"),
        (lie({"responses": [{"custom": "x"}]}), "'custom' that makes no sense"),
        (lie({"responses": [{"image": {"a": 1}}]}), "'image' that makes no sense"),
        (lie({"responses": [{"custom": {"n": float("nan")}}]}), "makes no sense"),
        (lie({"events": [{"event": "slot", "name": "kind", "value": NESTED}]}), "cannot be kept"),
    ],
)
async def test_an_action_server_that_misbehaves(handler: object, said: str) -> None:
    app = web.Application()
    app.router.add_post("/webhook", handler)  # type: ignore[arg-type]  # all are handlers
    async with TestServer(app) as server:
        world = World(tea_house(), "", hears_intents=False)
        endpoint = Endpoint(url=str(server.make_url("/webhook")))
        world.server = CustomActions(HttpActions(endpoint, timeout_seconds=0.3))
        world.use(world.assistant)
        for turn in IN_SIZE:
            await world.take(turn)
        events = await world.take(say(put("size", "big")))
        assert_sequence(f"U s(size=big) OK a(action_brew) {FAILED}", events)
        failed = next(e for e in events if e.metadata.get("execution_success") is False)
        assert said in failed.metadata["execution_error_message"]
        assert failed.metadata["milliseconds"] > 0
        await world.close()


@pytest.mark.parametrize(
    "body", ["not JSON", "[]", "null", '"x"', "[" * 100_000, '{"events": null, "responses": 0}']
)
async def test_an_answer_that_says_nothing_counts_as_nothing(body: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=body)

    app = web.Application()
    app.router.add_post("/webhook", answer)
    async with TestServer(app) as server:
        world = World(tea_house(), str(server.make_url("/webhook")), hears_intents=False)
        for turn in IN_SIZE:
            await world.take(turn)
        events = await world.take(say(put("size", "big")))
        assert_sequence("U s(size=big) OK a(action_brew) END(order_tea) PC", events)
        await world.close()


async def test_what_an_action_says_can_be_shown_on_every_channel() -> None:
    everything = {
        "events": [{"event": "bot", "text": 7}, {"event": "user", "parse_data": "x"}],
        "responses": [
            {"text": 5, "buttons": [{"title": "a"}], "elements": [{"x": 1}], "unknown": {"y": 2}},
            {"custom": {"a": 1}, "attachment": "a.pdf", "image": "i.png"},
            {"response": "utter_x", "buttons": [{"title": "b"}]},
            {"response": "utter_nope"},
            {},
        ],
    }
    app = web.Application()
    app.router.add_post("/webhook", lie(everything))  # type: ignore[arg-type]  # it is a handler
    async with TestServer(app) as server:
        world = World(tea_house(), str(server.make_url("/webhook")), hears_intents=False)
        for turn in IN_SIZE:
            await world.take(turn)
        await world.take(say(put("size", "big")))
        for event in world.outbox.events:
            assert all(json.dumps(message) for message in rest_messages("ana", event))
            assert all(json.dumps(message) for message in socket_messages(event))
        assert json.dumps(world.tracker.snapshot())
        await world.close()


HANGING = """
flows: {wait: {description: wait, nlu_trigger: [{intent: greet}], steps: [{action: action_hang}]}}
"""


async def run(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "modelservice.calm", *arguments),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )


async def test_an_action_that_hangs_does_not_hold_up_the_stop(tmp_path: Path) -> None:
    (tmp_path / "data.yml").write_text(HANGING)
    (tmp_path / "domain.yml").write_text("intents: [greet]\nactions: [action_hang]\n")
    (tmp_path / "config.yml").write_text("language: en\n")
    app = web.Application()
    app.router.add_post("/webhook", hang)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        (tmp_path / "endpoints.yml").write_text(
            f"action_endpoint: {{url: '{server.make_url('/webhook')}'}}\n"
            f"event_broker: {{type: file, path: '{tmp_path / 'events.log'}'}}\n"
        )
        training = await run(tmp_path, "train", "--data", "data.yml")
        assert await training.wait() == 0
        process = await run(tmp_path, "run", "--port", "0")
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().split()[-1]
        body = {"sender": "ana", "message": "/greet"}
        waiting = asyncio.create_task(session.post(f"{url}/webhooks/rest/webhook", json=body))
        await asyncio.sleep(0.5)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 8) == 0
        await asyncio.wait([waiting])
    assert '"/greet"' in (tmp_path / "events.log").read_text()


async def test_an_action_without_a_server_says_what_to_do() -> None:
    world = World(tea_house(), "", hears_intents=False)
    world.server = CustomActions(NoActions("name a module"))
    world.use(world.assistant)
    for turn in IN_SIZE:
        await world.take(turn)
    events = await world.take(say(put("size", "big")))
    failed = next(e for e in events if e.metadata.get("execution_success") is False)
    message = failed.metadata["execution_error_message"]
    assert message == "custom action 'action_brew' is not run: name a module"


async def test_patterns_whose_actions_fail_do_not_run_for_ever() -> None:
    assistant = tea_house(
        "flows:\n"
        "  pattern_internal_error: {description: e, steps: [{action: action_brew}]}\n"
        "  pattern_cancel_flow: {description: c, steps: [{action: action_brew}]}\n"
    )
    world = World(assistant, "", hears_intents=False)
    world.server = CustomActions(NoActions("name a module"))
    world.use(assistant)
    for turn in IN_SIZE:
        await world.take(turn)
    events = await world.take(say(put("size", "big")))
    assert len(events) < 100
    assert events[-1].type == "bot_turn_ended"
