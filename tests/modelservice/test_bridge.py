"""The chat bridge, through a real WebSocket, to a real bot."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator

import aiohttp
import psutil
import pytest
from joserfc.jwk import RSAKey

from tests.modelservice.chatting import (
    answered,
    authenticated,
    opened,
    turn,
)
from tests.modelservice.conftest import Realm, Service


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    """A service that looks at tokens every second, with the bot `d-1`."""
    folder = tmp_path_factory.mktemp("checking")
    made = Service(folder, realm, MODEL_SERVICE_TOKEN_CHECK_MS="1000")
    made.run("d-1", str(made.train("t-1")["model_name"]))
    yield made
    made.stop()


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


async def test_an_order_is_answered_by_its_id(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    confirmed = await authenticated(socket, realm.token("Developer"))
    watcher = await opened(http, service, deployment)
    await turn(socket, "I want to order tea")
    await authenticated(watcher, realm.token("Developer"), confirmed["session_id"])
    assert "id" not in await watcher.receive_json(timeout=5)
    for order in (
        {"type": "set_slot", "id": "o-1", "slot": "cup", "value": 1},
        {"type": "set_slot", "id": "o-2", "slot": "kind"},
        {"type": "stub_action", "id": "o-3", "action": "action_nobody_knows", "answer": None},
        {"type": "stub_action", "id": "o-4", "action": "action_brew", "answer": {}},
        {"type": "set_slot", "id": "o-5", "slot": "kind", "value": "mint"},
    ):
        await socket.send_json(order)
        while (answer := await socket.receive_json(timeout=5))["type"] == "bot_message":
            pass
        kinds = {"o-4": "stubs", "o-5": "tracker"}
        assert (answer["type"], answer["id"]) == (kinds.get(str(order["id"]), "error"), order["id"])
    seen = [await watcher.receive_json(timeout=5) for _ in range(4)]
    assert {frame["type"] for frame in seen} >= {"stubs", "tracker"}
    assert not any("id" in frame for frame in seen), "only who asked is answered"
    await socket.send_json({"type": "set_slot", "id": 7, "slot": "kind", "value": "mint"})
    refused = await socket.receive_json(timeout=5)
    assert (refused["code"], "id" in refused) == ("bad_frame", False)
    await socket.close()
    await watcher.close()


async def test_a_turn_brings_what_is_new_and_a_return_brings_all(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    confirmed = await authenticated(socket, realm.token("Developer"))
    _, first = await turn(socket, "/session_start")
    assert (first["events_before"], "since" in first) == (0, False)
    events = first["events"]
    sizes = []
    for _ in range(12):
        _, update = await turn(socket, "order tea")
        assert update["since"] == len(events)
        events += update["events"]
        sizes.append(len(json.dumps(update)))
        _, update = await turn(socket, "/SetSlots(kind=green)")
        events += update["events"]
    assert sizes[-1] < 1.2 * sizes[2]
    again = await opened(http, service, deployment)
    await authenticated(again, realm.token("Developer"), confirmed["session_id"])
    whole = await again.receive_json(timeout=5)
    assert (whole["events_before"], whole["events"]) == (0, events)
    _, update = await turn(again, "order tea")
    assert (update["since"], update["slots"]["kind"]) == (len(events), None)
    other = await socket.receive_json(timeout=5)
    while other["type"] != "tracker":
        other = await socket.receive_json(timeout=5)
    assert other == update, "both browsers of the chat are told"
    await socket.send_json({"type": "update_tracker", "events": first["events"]})
    replaced = await socket.receive_json(timeout=5)
    assert (replaced["events_before"], replaced["events"]) == (0, first["events"])
    await socket.close()
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


async def test_token_that_the_identity_server_revokes_ends_the_chat(
    http: aiohttp.ClientSession, realm: Realm, checking: Service
) -> None:
    stays, goes = realm.token("Developer"), realm.token("Developer", jti="2")
    sockets = [await opened(http, checking, "d-1") for _ in range(2)]
    for socket, token in zip(sockets, (stays, goes), strict=True):
        assert (await authenticated(socket, token))["type"] == "session_confirm"
    realm.revoked.add(goes)
    await sockets[1].receive(timeout=5)
    assert sockets[1].close_code == 4401
    late = await opened(http, checking, "d-1")
    await late.send_json({"type": "authenticate", "token": goes})
    await late.receive(timeout=5)
    assert late.close_code == 4401
    await asyncio.sleep(1.5)  # longer than a check takes to come round
    assert (await turn(sockets[0], "order tea"))[0] == ["Which tea?"]
    await sockets[0].close()


async def test_role_that_is_taken_away_ends_the_chat(
    http: aiohttp.ClientSession, realm: Realm, checking: Service
) -> None:
    socket = await opened(http, checking, "d-1")
    await authenticated(socket, realm.token("Developer", jti="3"))
    realm.groups = ["Annotator"]
    try:
        await socket.receive(timeout=5)
        assert socket.close_code == 4403
    finally:
        realm.groups = None


async def test_without_identity_server_nobody_comes_in_and_who_is_in_stays(
    http: aiohttp.ClientSession, realm: Realm, checking: Service
) -> None:
    inside = await opened(http, checking, "d-1")
    await authenticated(inside, realm.token("Developer", jti="4"))
    realm.away = True
    try:
        refused = await opened(http, checking, "d-1")
        told = await authenticated(refused, realm.token("Developer", jti="5"))
        assert (told["type"], told["code"]) == ("error", "identity_unavailable")
        await refused.receive(timeout=5)
        assert refused.close_code == 4503
        await asyncio.sleep(1.5)
        assert (await turn(inside, "order tea"))[0] == ["Which tea?"]
    finally:
        realm.away = False
    await inside.close()


async def test_chat_is_not_handed_over_to_somebody_else(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    await authenticated(socket, realm.token("Developer"))
    other = realm.token("Developer", sub="another")
    await socket.send_json({"type": "authenticate", "token": other})
    await socket.receive(timeout=5)
    assert socket.close_code == 4401


async def test_events_that_are_put_in_the_place_of_others(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    await authenticated(socket, realm.token("Developer"))
    _, before = await turn(socket, "/session_start")
    await turn(socket, "order tea")
    await socket.send_json({"type": "update_tracker", "events": before["events"]})
    after = await socket.receive_json(timeout=5)
    assert (after["type"], after["stack"]) == ("tracker", [])
    await socket.send_json({"type": "update_tracker", "events": "none"})
    assert (await socket.receive_json(timeout=5))["code"] == "bad_frame"
    await socket.close()
