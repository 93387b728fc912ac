"""The chat bridge, through a real WebSocket, to a real bot."""

import os
import signal
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import psutil
import pytest
from joserfc.jwk import RSAKey

from tests.modelservice.conftest import Realm, Service

Socket = aiohttp.ClientWebSocketResponse


@pytest.fixture(scope="module")
def deployment(service: Service, model_name: str) -> str:
    service.run("d-chat", model_name)
    return "d-chat"


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def opened(http: aiohttp.ClientSession, service: Service, deployment: str) -> Socket:
    return await http.ws_connect(f"{service.url}/talk/{deployment}")


async def authenticated(socket: Socket, token: str, session_id: str | None = None) -> Any:
    await socket.send_json({"type": "authenticate", "token": token, "session_id": session_id})
    return await socket.receive_json(timeout=10)


async def turn(socket: Socket, text: str) -> tuple[list[str], dict[str, Any]]:
    return await answered(socket, {"type": "user_message", "text": text})


async def answered(socket: Socket, frame: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The bot's texts up to the tracker that ends the turn, and that tracker."""
    await socket.send_json(frame)
    texts: list[str] = []
    while True:
        frame = await socket.receive_json(timeout=10)
        if frame["type"] == "bot_message":
            texts.append(frame["text"])
        elif frame["type"] == "tracker" and frame["events"][-1]["event"] == "bot_turn_ended":
            return texts, frame


async def test_conversation_with_buttons_tracker_and_return(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    confirmed = await authenticated(socket, realm.token("Business User"))
    assert (confirmed["type"], confirmed["known"]) == ("session_confirm", False)
    greeted, _ = await turn(socket, "/session_start")
    assert greeted == ["Hello!"]
    asked, tracker = await turn(socket, "I want to order tea")
    assert asked == ["Which tea?"]
    assert tracker["stack"][0]["flow_id"] == "order_tea"
    await socket.close()

    again = await opened(http, service, deployment)
    back = await authenticated(again, realm.token("Business User"), confirmed["session_id"])
    assert back == {**confirmed, "known": True}
    remembered = await again.receive_json(timeout=5)
    assert (remembered["type"], remembered["slots"]["kind"]) == ("tracker", None)
    answered, tracker = await turn(again, "/SetSlots(kind=green)")
    assert answered[0] == "One green tea."
    assert tracker["sender_id"] == confirmed["session_id"]
    await again.close()


async def test_a_slot_set_by_hand_and_a_stub_reach_the_bot(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    confirmed = await authenticated(socket, realm.token("Developer"))
    await turn(socket, "I want to order tea")
    said, _ = await answered(socket, {"type": "set_slot", "slot": "kind", "value": "mint"})
    assert said[0] == "One mint tea."
    await socket.send_json({"type": "set_slot", "slot": "cup", "value": "large"})
    refused = await socket.receive_json(timeout=5)
    assert (refused["type"], refused["code"]) == ("error", "bot_error")
    assert "'cup' is not a slot" in refused["message"]
    answer = {"responses": [{"text": "Brewing."}]}
    await socket.send_json({"type": "stub_action", "action": "action_brew", "answer": answer})
    stubbed = await socket.receive_json(timeout=5)
    assert stubbed == {"type": "stubs", "stubs": {"action_brew": answer}}
    await socket.close()

    again = await opened(http, service, deployment)
    await authenticated(again, realm.token("Developer"), confirmed["session_id"])
    assert [(await again.receive_json(timeout=5))["type"] for _ in range(2)] == ["tracker", "stubs"]
    await again.close()


async def test_what_is_too_long_for_the_line_is_said_and_the_chat_goes_on(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    await authenticated(socket, realm.token("Developer"))
    await turn(socket, "/session_start")
    await socket.send_json({"type": "set_slot", "slot": "kind", "value": "x" * 99_000})
    assert (await socket.receive_json(timeout=5))["type"] == "tracker"
    await socket.send_json({"type": "user_message", "text": "repeat my favourite"})
    refused = await socket.receive_json(timeout=5)
    assert (refused["type"], refused["code"]) == ("error", "too_long")
    assert "1.1 MB" in refused["message"]
    while (await socket.receive_json(timeout=5))["type"] != "tracker":
        pass
    texts, _ = await turn(socket, "order tea")
    assert texts[0].startswith("One xxx")
    await socket.close()


async def test_one_sees_no_session_of_another(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    first, second = [await opened(http, service, deployment) for _ in range(2)]
    ids = [
        (await authenticated(socket, realm.token("Developer")))["session_id"]
        for socket in (first, second)
    ]
    assert ids[0] != ids[1]
    texts, _ = await turn(first, "order tea")
    assert texts == ["Which tea?"]
    await second.send_json({"type": "ping"})
    assert (await second.receive_json(timeout=5)) == {"type": "pong"}
    await first.close()
    await second.close()


@pytest.mark.parametrize(
    ("case", "code"),
    [("forged", 4401), ("expired", 4401), ("foreign", 4401), ("role", 4403), ("no bot", 4404)],
)
async def test_refusals_close_before_anything_reaches_a_bot(
    http: aiohttp.ClientSession,
    service: Service,
    realm: Realm,
    deployment: str,
    case: str,
    code: int,
) -> None:
    tokens = {
        "forged": realm.token("Developer", key=RSAKey.generate_key(2048)),
        "expired": realm.token("Developer", exp=1),
        "foreign": realm.token("Developer", iss="https://elsewhere.example/realms/x"),
        "role": realm.token("Annotator"),
        "no bot": realm.token("Developer"),
    }
    socket = await opened(http, service, "nothing" if case == "no bot" else deployment)
    await socket.send_json({"type": "authenticate", "token": tokens[case]})
    message = await socket.receive(timeout=10)
    assert (message.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, code)


async def test_talking_before_authenticating_is_4401(
    http: aiohttp.ClientSession, service: Service, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    await socket.send_json({"type": "user_message", "text": "hi"})
    await socket.receive(timeout=10)
    assert socket.close_code == 4401


async def test_bad_frames_are_answered_and_the_chat_goes_on(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    await authenticated(socket, realm.token("SuperUser"))
    long = "x" * 200_000
    for bad in (
        *("no json", "[]", "[" * 100_000, '{"type": "user_message"}', '{"type": "shutdown"}'),
        *('{"type": ["ping"]}', '{"type": "set_slot", "slot": "kind"}'),
        f'{{"type": "set_slot", "slot": "kind", "value": "{long}"}}',
        f'{{"type": "set_slot", "slot": "{long}", "value": 1}}',
        '{"type": "stub_action", "action": "action_brew", "answer": 7}',
        f'{{"type": "stub_action", "action": "action_brew", "answer": {{"a": "{long}"}}}}',
    ):
        await socket.send_str(bad)
        answer = await socket.receive_json(timeout=5)
        assert (answer["type"], answer["code"]) == ("error", "bad_frame")
    texts, _ = await turn(socket, "order tea")
    assert texts == ["Which tea?"]
    await socket.close()


async def test_token_that_runs_out_ends_the_chat_unless_renewed(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    import time

    soon = time.time() + 1
    lapses, renews = [await opened(http, service, deployment) for _ in range(2)]
    await authenticated(lapses, realm.token("Developer", exp=soon))
    await authenticated(renews, realm.token("Developer", exp=soon))
    await renews.send_json({"type": "authenticate", "token": realm.token("Developer")})
    await lapses.receive(timeout=5)
    assert lapses.close_code == 4401
    await renews.send_json({"type": "ping"})
    assert (await renews.receive_json(timeout=5)) == {"type": "pong"}
    await renews.close()


async def test_bot_that_dies_while_chatting_closes_with_4410(
    http: aiohttp.ClientSession, service: Service, realm: Realm, model_name: str
) -> None:
    service.run("d-gone", model_name)
    socket = await opened(http, service, "d-gone")
    await authenticated(socket, realm.token("Developer"))
    assert service.process is not None
    for child in psutil.Process(service.process.pid).children():
        if "d-gone" in " ".join(child.cmdline()):
            os.kill(child.pid, signal.SIGKILL)
    message = await socket.receive(timeout=10)
    assert (message.type, socket.close_code) == (aiohttp.WSMsgType.CLOSE, 4410)
    late = await opened(http, service, "d-gone")
    await late.send_json({"type": "authenticate", "token": realm.token("Developer")})
    await late.receive(timeout=10)
    assert late.close_code == 4410
