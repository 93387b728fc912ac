"""A chat belongs to the person who began it: through WebSocket, Socket.IO and across a restart."""

import asyncio
import string
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio
from hypothesis import given
from hypothesis import strategies as st

from modelservice.bridge import frames
from modelservice.bridge.sender_ids import SenderIds
from tests.modelservice.conftest import Realm, Service

KEY = bytes(range(32))
SUBJECTS = st.text(min_size=1)


@given(SUBJECTS, SUBJECTS)
def test_an_id_is_only_of_the_person_who_got_it(one: str, other: str) -> None:
    ids = SenderIds(KEY)
    chat = ids.new(one)
    assert ids.belongs(chat, one)
    assert ids.belongs(chat, other) is (one == other)
    assert not SenderIds(KEY[::-1]).belongs(chat, one), "another key makes other ids"
    frame = f'{{"type": "authenticate", "token": "t", "session_id": "{chat}"}}'
    assert frames.parse(frame)["type"] == "authenticate", "the id is one that the bridge takes"


@given(st.text(alphabet=string.printable + "ä€", max_size=80), SUBJECTS)
def test_no_invented_id_belongs_to_anybody(invented: str, subject: str) -> None:
    ids = SenderIds(KEY)
    assert not ids.belongs(invented, subject)
    bound = ids.of_client(invented, subject)
    assert ids.belongs(bound, subject)
    assert ids.of_client(bound, subject) == bound


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, realm: Realm) -> Iterator[Service]:
    """A service of its own with the bot `d-1`, which a test starts again."""
    service = Service(tmp_path_factory.mktemp("persons"), realm)
    service.run("d-1", str(service.train("t-1")["model_name"]))
    yield service
    service.stop()


async def joined(service: Service, token: str, session_id: str | None) -> tuple[str | int, Any]:
    """The first frame, or the code that the connection was closed with."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{service.url}/talk/d-1") as socket,
    ):
        frame = {"type": "authenticate", "token": token, "session_id": session_id}
        await socket.send_json(frame)
        message = await socket.receive(timeout=10)
        if message.type is aiohttp.WSMsgType.CLOSE:
            return int(socket.close_code or 0), None
        if (answer := message.json())["type"] == "session_confirm" and not answer["known"]:
            await socket.send_json({"type": "user_message", "text": "/session_start"})
            while (await socket.receive_json(timeout=10))["type"] != "tracker":
                pass
        return answer["type"], answer


async def test_another_person_is_refused_also_after_a_restart(kept: Service, realm: Realm) -> None:
    anna, ben = realm.token("Developer", sub="anna"), realm.token("Developer", sub="ben")
    _, begun = await joined(kept, anna, None)
    session = begun["session_id"]
    for attempt in ("at first", "after a restart"):
        assert (await joined(kept, ben, session))[0] == 4403, attempt
        came, again = await joined(kept, anna, session)
        assert (came, again["session_id"], again["known"]) == ("session_confirm", session, True)
        assert (await joined(kept, anna, "a-chosen-session-id"))[0] == 4403, attempt
        if attempt == "at first":
            kept.kill()
            kept.start()
    assert (kept.directory / "chat-key").stat().st_mode & 0o077 == 0


@pytest.fixture
async def clients(kept: Service, realm: Realm) -> AsyncIterator[list[tuple[Any, Any]]]:
    """Rasa's client of two people, each with what it hears of trackers."""
    made = []
    for person in ("anna", "ben"):
        socket = socketio.AsyncClient(reconnection=False)
        trackers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        socket.on("tracker", trackers.put_nowait)
        auth = {"token": realm.token("Developer", sub=person), "deployment_id": "d-1"}
        await socket.connect(kept.url, auth=auth, socketio_path="talk", transports=["websocket"])
        made.append((socket, trackers))
    yield made
    for socket, _ in made:
        await socket.disconnect()


async def test_the_same_name_of_two_people_is_two_chats(clients: list[tuple[Any, Any]]) -> None:
    (anna, of_anna), (ben, of_ben) = clients
    for socket in (anna, ben):
        await socket.emit("session_request", {"session_id": "shared"})
    await anna.emit("user_message", {"session_id": "shared", "message": "order tea"})
    tracker = await asyncio.wait_for(of_anna.get(), 10)
    assert (tracker["sender_id"], tracker["stack"][0]["flow_id"]) == ("shared", "order_tea")
    events = [{"event": "slot", "name": "kind", "value": "stolen", "timestamp": 1.0}]
    await ben.emit("update_tracker", {"sender_id": "shared", "events": events})
    assert (await asyncio.wait_for(of_ben.get(), 10))["slots"]["kind"] == "stolen"
    await anna.emit("user_message", {"session_id": "shared", "message": "/SetSlots(kind=green)"})
    while "One green tea." not in (talk := str(await asyncio.wait_for(of_anna.get(), 10))):
        pass
    assert "stolen" not in talk


def test_a_directory_without_a_key_gets_one(tmp_path: Path) -> None:
    from modelservice.bridge.sender_ids import _kept_key

    first = _kept_key(tmp_path / "new" / "chat-key")
    assert len(first) == 32
    assert _kept_key(tmp_path / "new" / "chat-key") == first
    (tmp_path / "chat-key").mkdir()
    assert len(_kept_key(tmp_path / "chat-key")) == 32, "a key for this process"
