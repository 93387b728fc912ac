"""The bridge for Rasa's own clients, through the client that they use."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import socketio

from tests.modelservice.conftest import Realm, Service

REFUSED = "model_runner."


@pytest.fixture(scope="module")
def deployment(service: Service, model_name: str) -> str:
    service.run("d-rasa", model_name)
    return "d-rasa"


class Client:
    """Collects what it hears."""

    def __init__(self, service: Service) -> None:
        self._url = service.url
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.refusal: Any = None
        self.socket = socketio.AsyncClient(reconnection=False)
        for event in ("session_confirm", "bot_message", "tracker", "error", "disconnect"):
            self.socket.on(event, self._collector(event))
        self.socket.on("connect_error", self._refused)

    def _collector(self, event: str) -> Any:
        async def collect(payload: Any = None) -> None:
            await self.heard.put((event, payload))

        return collect

    async def _refused(self, reason: Any = None) -> None:
        self.refusal = reason

    async def connect(self, auth: Any, transports: list[str]) -> None:
        await self.socket.connect(
            self._url, auth=auth, transports=transports, socketio_path="talk", wait_timeout=5
        )

    async def next(self, wanted: str) -> Any:
        while True:
            event, payload = await asyncio.wait_for(self.heard.get(), 10)
            if event == wanted:
                return payload


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    made = Client(service)
    yield made
    # `socket.disconnect` would wait for the last poll, which python-engineio leaves open for 30 s.
    await made.socket.eio.disconnect(abort=True)


@pytest.mark.parametrize("transports", [["websocket"], ["polling"], ["polling", "websocket"]])
async def test_conversation(
    client: Client, realm: Realm, deployment: str, transports: list[str]
) -> None:
    auth = {"token": realm.token("Developer"), "deployment_id": deployment}
    await client.connect(auth, transports)
    session = "rasa-" + "-".join(transports)
    await client.socket.emit("session_request", {"session_id": session})
    assert await client.next("session_confirm") == session
    await client.socket.emit("user_message", {"message": "order tea", "session_id": session})
    assert (await client.next("bot_message"))["text"] == "Which tea?"
    tracker = await client.next("tracker")
    assert (tracker["sender_id"], tracker["stack"][0]["flow_id"]) == (session, "order_tea")
    events = [*tracker["events"], {"event": "slot", "name": "kind", "value": "black"}]
    await client.socket.emit("update_tracker", {"sender_id": session, "events": events})
    while (await client.next("tracker"))["slots"]["kind"] != "black":
        pass


@pytest.mark.parametrize(
    ("case", "word"),
    [
        ("no token", "user_no_token"),
        ("forged", "user_authentication_failed"),
        ("role", "user_authentication_failed"),
        ("no deployment", "bot_no_deployment_id"),
        ("unknown", "bot_not_found"),
        ("stopped", "bot_not_alive"),
    ],
)
async def test_refusals(
    client: Client, service: Service, realm: Realm, model_name: str, case: str, word: str
) -> None:
    if case == "stopped" and service.http.get("/bot/d-over").status_code == 404:
        service.run("d-over", model_name)
        service.http.delete("/bot/d-over")
    good = realm.token("Developer")
    cases: dict[str, dict[str, Any]] = {
        "no token": {"deployment_id": "d"},
        "forged": {"token": "x.y.z", "deployment_id": "d"},
        "role": {"token": realm.token("Annotator"), "deployment_id": "d"},
        "no deployment": {"token": good, "deployment_id": ["d"]},
        "unknown": {"token": good, "deployment_id": "../d"},
        "stopped": {"token": good, "deployment_id": "d-over"},
    }
    with pytest.raises(socketio.exceptions.ConnectionError):
        await client.connect(cases[case], ["websocket"])
    assert client.refusal == {"message": REFUSED + word}


async def test_bot_that_goes_ends_the_chat(
    client: Client, service: Service, realm: Realm, model_name: str
) -> None:
    service.run("d-leaves", model_name)
    auth = {"token": realm.token("Developer"), "deployment_id": "d-leaves"}
    await client.connect(auth, ["websocket"])
    service.http.delete("/bot/d-leaves")
    await client.next("disconnect")
