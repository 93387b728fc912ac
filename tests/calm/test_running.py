"""A running assistant, as the model service and a browser meet it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio

ROOT = Path(__file__).parents[2]
CREDENTIALS = """
rest:
socketio:
studio_chat:
  user_message_evt: user_message
  bot_message_evt: bot_message
  session_persistence: true
"""


@dataclass
class Running:
    url: str
    events: Path
    process: subprocess.Popen[str]


@pytest.fixture(scope="module")
def bot(bank_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("running")
    (folder / "credentials.yml").write_text(CREDENTIALS)
    (folder / "endpoints.yml").write_text(
        "event_broker: {type: file, path: '${EVENTS}'}\n"
        "model_groups: [{id: g, models: [{api_key: '${NOT_SET_ANYWHERE}'}]}]\n"
    )
    events = folder / "events.jsonl"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "modelservice.calm", "run", "--model", str(bank_model)),
            *("--endpoints", str(folder / "endpoints.yml"), "--enable-api", "--debug"),
            *("--credentials", str(folder / "credentials.yml"), "--port", "0", "--cors", "*"),
        ],
        cwd=ROOT,
        env={**os.environ, "EVENTS": str(events), "RASA_ENVIRONMENT": "test"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found is not None
    yield Running(found[0], events, process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


@asynccontextmanager
async def client(bot: Running) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(bot.url) as session:
        yield session


async def say(session: aiohttp.ClientSession, sender: str, text: str) -> list[dict[str, Any]]:
    body = {"sender": sender, "message": text, "metadata": {"from": "test"}}
    async with session.post("/webhooks/rest/webhook", json=body) as response:
        assert response.status == 200
        answers: list[dict[str, Any]] = await response.json()
        return answers


async def test_it_is_ready_and_says_what_it_is(bot: Running) -> None:
    async with client(bot) as session:
        async with session.get("/license") as response:
            assert response.status == 200
            assert "open CALM runtime" in (await response.json())["scope"]
        async with session.get("/status") as response:
            status = await response.json()
        async with session.get("/version") as response:
            assert "version" in await response.json()
        async with session.get("/webhooks/rest/") as response:
            assert await response.json() == {"status": "ok"}
        async with session.get("/flows") as response:
            ids = {flow["id"] for flow in await response.json()}
            assert {"transfer_money", "pattern_completed"} <= ids
        async with session.get("/data") as response:
            assert "transfer_money" in (await response.json())["flows"]
    assert status["model_file"] == "bank.tar.gz"
    assert any("CompactLLMCommandGenerator" in warning for warning in status["warnings"])


async def test_a_rest_conversation_with_tracker_and_events(bot: Running) -> None:
    async with client(bot) as session:
        answers = await say(session, "ana", "Send 250 to Lena, please")
        assert answers[0]["text"].startswith("I will send €250 to Lena")
        assert answers[0]["buttons"][0]["payload"] == "/SetSlots(transfer_confirmed=true)"
        answers = await say(session, "ana", "/SetSlots(transfer_confirmed=true)")
        assert answers[0] == {
            "recipient_id": "ana",
            "text": "Done. €250 is on its way to Lena.",
        }
        async with session.get("/conversations/ana/tracker") as response:
            tracker = await response.json()
    assert tracker["stack"][0]["flow_id"] == "pattern_completed"
    assert tracker["latest_message"]["commands"][0]["name"] == "transfer_confirmed"
    published = [json.loads(line) for line in bot.events.read_text().splitlines()]
    mine = [event for event in published if event["sender_id"] == "ana"]
    # The metadata of the session is noted before the session, so it is not among its events.
    assert mine[0]["name"] == "session_started_metadata"
    assert [event["timestamp"] for event in mine[1:]] == [
        event["timestamp"] for event in tracker["events"]
    ]
    assert {"assistant_id", "model_id", "model_name", "session_id", "default_language"} <= set(
        mine[0]["metadata"]
    )
    assert all(event["metadata"]["rasa_environment"] == "test" for event in mine)
    user = next(event for event in mine if event["event"] == "user")
    assert list(user)[:5] == ["sender_id", "user_id", "event", "timestamp", "metadata"]
    assert user["metadata"]["from"] == "test"
    assert user["parse_data"]["generator"] == "offline"
    assert user["parse_data"]["milliseconds"] > 0
    assert user["parse_data"]["matches"][0]["flow"] == "transfer_money"
    bots = [event for event in mine if event["event"] == "bot"]
    assert bots[0]["metadata"]["active_flow"] == "transfer_money"
    assert bots[0]["metadata"]["step_id"] == "ask_confirmation"


async def test_a_socket_conversation(bot: Running) -> None:
    received: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
    socket = socketio.AsyncClient()
    for name in ("session_confirm", "bot_message", "tracker", "error"):
        socket.on(name, lambda data, name=name: received.put_nowait((name, data)))
    await socket.connect(bot.url, socketio_path="/socket.io")

    async def next_of(name: str) -> Any:
        while True:
            kind, data = await asyncio.wait_for(received.get(), 5)
            if kind == name:
                return data

    await socket.emit("session_request", {"session_id": "s-1"})
    assert await next_of("session_confirm") == "s-1"
    await socket.emit("user_message", {"message": "/session_start", "session_id": "s-1"})
    greeting = await next_of("bot_message")
    assert greeting["text"].startswith("Hello, and welcome")
    assert greeting["quick_replies"][0]["payload"] == "/transfer_money"
    assert (await next_of("tracker"))["sender_id"] == "s-1"
    await socket.emit("user_message", {"message": "/transfer_money", "session_id": "s-1"})
    tracker = await next_of("tracker")
    assert [frame["flow_id"] for frame in tracker["stack"]] == [
        "transfer_money",
        "pattern_collect_information",
    ]
    # Going back: the client hands in the events up to the greeting.
    upto = [e["event"] for e in tracker["events"]].index("bot_turn_ended")
    body = {"sender_id": "s-1", "events": tracker["events"][: upto + 1]}
    await socket.emit("update_tracker", body)
    assert (await next_of("tracker"))["stack"] == []
    await socket.emit("update_tracker", {"sender_id": "s-1", "events": [{"no": "event"}]})
    assert (await next_of("error"))["exception"] == "CalmError"
    wrong = [["x"], [{"event": "stack", "update": "[{}]"}], [{"event": "slot", "name": []}]]
    for events in wrong:
        await socket.emit("update_tracker", {"sender_id": "s-1", "events": events})
        assert (await next_of("error"))["exception"] == "CalmError"
    await socket.emit("session_request", {"session_id": "s-1"})
    assert len((await next_of("tracker"))["events"]) == upto + 1
    await socket.disconnect()


async def test_a_slot_is_set_by_hand_and_an_action_answered_for(bot: Running) -> None:
    received: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
    socket = socketio.AsyncClient()
    for name in ("bot_message", "tracker", "stubs", "error"):
        socket.on(name, lambda data, name=name: received.put_nowait((name, data)))
    await socket.connect(bot.url, socketio_path="/socket.io")
    own = {"session_id": "s-by-hand"}

    async def until(name: str) -> Any:
        said: list[str] = []
        while True:
            kind, data = await asyncio.wait_for(received.get(), 5)
            if kind == name:
                return (said, data)
            said += [data["text"]] if kind == "bot_message" else []

    assert await socket.call("session_request", own) is False
    await socket.emit("set_slot", {**own, "slot": "amount", "value": 1})
    assert "no such conversation" in (await until("error"))[1]["message"]
    await socket.emit("user_message", {**own, "message": "send 250 to Lena Sommer"})
    await until("tracker")
    # The question is asked again with the new value; a slot that was asked for answers it.
    await socket.emit("set_slot", {**own, "slot": "amount", "value": "300"})
    said, tracker = await until("tracker")
    assert said == ["I will send €300 to Lena Sommer from your current account. Is this right?"]
    changed = next(e for e in reversed(tracker["events"]) if e.get("name") == "amount")
    assert (changed["value"], changed["filled_by"]) == (300.0, "inspector")
    await socket.emit("set_slot", {**own, "slot": "transfer_confirmed", "value": True})
    said, _ = await until("tracker")
    assert said[0] == "Done. €300 is on its way to Lena Sommer."
    # No flow waits: only the memory changes.
    await socket.emit("set_slot", {**own, "slot": "account_balance", "value": 5})
    said, tracker = await until("tracker")
    assert (said, tracker["slots"]["account_balance"]) == ([], 5.0)
    for slot, value in (("nothing", 1), ("amount", "many"), ("card_type", "gold")):
        await socket.emit("set_slot", {**own, "slot": slot, "value": value})
        assert slot in (await until("error"))[1]["message"]

    action = "action_look_up_exchange_rate"
    answer = {"events": [{"event": "slot", "name": "exchange_rate", "value": 2}], "responses": []}
    await socket.emit("stub_action", {**own, "action": action, "answer": answer})
    assert (await until("stubs"))[1] == {"stubs": {action: answer}}
    await socket.emit("user_message", {**own, "message": "exchange rate of the pound"})
    said, _ = await until("tracker")
    assert said[0] == "One euro is 2 in this currency (pound) today."
    assert await socket.call("session_request", own) is True
    assert (await until("tracker"))[1]["sender_id"] == "s-by-hand"
    assert (await until("stubs"))[1]["stubs"].keys() == {action}
    await socket.emit("stub_action", {**own, "action": action, "answer": None})
    assert (await until("stubs"))[1] == {"stubs": {}}
    unknown = {**own, "action": "action_unknown", "answer": answer}
    for body in (unknown, {**unknown, "answer": []}, own):
        await socket.emit("stub_action", body)
        assert (await until("error"))[1]["exception"] in ("CalmError", "ValueError")
    await socket.disconnect()


async def test_a_long_conversation_sends_its_newest_turns(bot: Running) -> None:
    trackers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    socket = socketio.AsyncClient()
    socket.on("tracker", trackers.put_nowait)
    await socket.connect(bot.url, socketio_path="/socket.io")

    async def say(text: str) -> dict[str, Any]:
        await socket.emit("user_message", {"session_id": "s-long", "message": text})
        return await asyncio.wait_for(trackers.get(), 5)

    assert "turns_before" not in await say("hello")
    for number in range(1, 70):
        tracker = await say(f"transfer {number} to Lena Sommer")
    users = [event["text"] for event in tracker["events"] if event["event"] == "user"]
    assert tracker["events"][0]["event"] == "user"
    assert tracker["turns_before"] + len(users) == 70
    assert users[-1] == "transfer 69 to Lena Sommer"
    assert len(json.dumps(tracker)) < 700_000
    await socket.disconnect()


async def test_two_channels_share_a_path(bot: Running) -> None:
    said: asyncio.Queue[Any] = asyncio.Queue()
    socket = socketio.AsyncClient()
    socket.on("bot_uttered", said.put_nowait)
    await socket.connect(bot.url, socketio_path="/socket.io")
    await socket.emit("user_uttered", {"message": "check my balance"})
    answer = await asyncio.wait_for(said.get(), 5)
    assert answer["quick_replies"][0]["title"] == "Current account"
    await socket.disconnect()


async def test_bad_requests_and_long_messages(bot: Running) -> None:
    async with client(bot) as session:
        long = json.dumps({"sender": "x" * 2000, "message": "hi"})
        for body in ("{", "[]", '{"metadata": 1}', long):
            async with session.post("/webhooks/rest/webhook", data=body) as response:
                assert response.status == 400
        answers = await say(session, "long", "x" * 1_000_000)
        assert "at most 420 characters" in answers[0]["text"]
        assert (await say(session, "long", "transfer money"))[0]["text"]
        async with session.get("/conversations/long/tracker") as response:
            assert len(await response.text()) < 100_000
        async with session.delete("/conversations/long/tracker") as response:
            assert response.status == 204
        async with session.delete("/conversations/long/tracker") as response:
            assert response.status == 404


@pytest.mark.parametrize(
    ("flags", "accepted"),
    [((), False), (("--cors", "https://studio.example"), True), (("--cors", "*"), True)],
)
async def test_other_origins_need_to_be_allowed(
    flags: tuple[str, ...], accepted: bool, bank_model: Path, tmp_path: Path
) -> None:
    credentials = tmp_path / "credentials.yml"
    credentials.write_text("socketio:\n")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "modelservice.calm", "run", "-m", str(bank_model)),
        *("--credentials", str(credentials), "--port", "0", *flags),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().split()[-1]
    handshake = f"{url}/socket.io/?EIO=4&transport=polling"
    async with aiohttp.ClientSession() as session:
        async with session.get(handshake, headers={"Origin": "https://studio.example"}) as answer:
            assert (answer.status == 200) is accepted
        async with session.get(handshake) as answer:
            assert answer.status == 200
    process.terminate()
    assert await process.wait() == 0


def test_an_address_in_use_is_told(bot: Running, bank_model: Path) -> None:
    port = bot.url.rsplit(":", 1)[1]
    result = subprocess.run(
        [sys.executable, "-m", "modelservice.calm", "run", "-m", str(bank_model), "-p", port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 1
    assert f"error: cannot listen on 127.0.0.1:{port}" in result.stderr


def test_the_shell_answers_line_by_line(bank_model: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "modelservice.calm", "shell", "-m", str(bank_model)],
        cwd=ROOT,
        input="check my balance\nsavings\n/stop\nnever read\n",
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    assert "[Savings account] /SetSlots(account_type=savings)" in result.stdout
    assert "Your savings account holds €8350." in result.stdout


def test_a_bot_imports_nothing_that_its_libraries_only_may_use() -> None:
    """Each running assistant pays for it: 12 MB for the first two."""
    code = (
        "import sys, modelservice.calm.channels.bot, modelservice.calm.channels.server\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    imported = set(done.stdout.split())
    assert "socketio" in imported
    assert imported.isdisjoint({"requests", "redis", "numpy", "opentelemetry", "django"})
