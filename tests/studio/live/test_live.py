"""Live updates through the real application."""

import asyncio
import time
from collections.abc import AsyncIterator
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.asgi import application
from studio.common.live_messages import publish
from studio.live import consumers
from tests.conftest import access_token_of, with_personal_token
from tests.studio.live.lifespan import running_application

pytestmark = pytest.mark.django_db(transaction=True)
BODY = {"description": "x", "steps": [{"action": "utter_help"}]}


@pytest.fixture(autouse=True)
async def server() -> AsyncIterator[None]:
    """The in-memory layer keeps queues of the event loop that it was first used in."""
    channel_layers.backends.clear()
    async with running_application():
        yield


def socket() -> WebsocketCommunicator:
    return WebsocketCommunicator(
        application,
        "/api/ws/",
        headers=[(b"host", b"studio.test"), (b"origin", b"http://studio.test")],
    )


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def client_of(*roles: str) -> tuple[APIClient, str]:
    name = f"person-{User.objects.count()}"
    user = User.objects.create(username=name, name="Ana", roles=list(roles))
    token = access_token_of(user)
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}"), token


async def opened(token: str) -> WebsocketCommunicator:
    communicator = socket()
    connected, _protocol = await communicator.connect()
    assert connected
    await communicator.send_json_to({"type": "authenticate", "token": token})
    assert await communicator.receive_json_from() == {"type": "authenticated"}
    return communicator


async def subscribed(token: str, assistant: str) -> WebsocketCommunicator:
    communicator = await opened(token)
    await communicator.send_json_to({"type": "subscribe", "assistant": assistant})
    answer = await communicator.receive_json_from()
    assert answer == {"type": "subscribed", "assistant": assistant}
    return communicator


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def post(client: APIClient, url: str, data: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(url, data, format="json")
    assert answer.status_code in {200, 201}, answer.json()
    return dict(answer.json())


async def test_change_reaches_those_who_watch() -> None:
    client, token = await client_of("SuperUser")
    made = await post(client, "/api/v1/assistants/", {"name": "A"})
    other = await post(client, "/api/v1/assistants/", {"name": "B"})
    one = await subscribed(token, made["id"])
    everything = await subscribed(token, "*")
    elsewhere = await subscribed(token, other["id"])
    url = f"/api/v1/assistants/{made['id']}/flows/"
    await post(client, url, {"id": "hello", "body": BODY})
    for communicator in (one, everything):
        message = await communicator.receive_json_from()
        assert message["actor"]["name"] == "Ana"
        del message["actor"]
        assert message == {
            "type": "item.changed",
            "assistant": made["id"],
            "branch": "main",
            "kind": "flow",
            "id": "hello",
            "revision": 2,
            "action": "created",
        }
    assert await elsewhere.receive_nothing()
    for communicator in (one, everything, elsewhere):
        await communicator.disconnect()


async def test_roles() -> None:
    _client, token = await client_of("Annotator")
    communicator = await opened(token)
    await communicator.send_json_to({"type": "subscribe", "assistant": "*"})
    answer = await communicator.receive_json_from()
    assert (answer["type"], answer["code"]) == ("error", "permission_denied")
    await communicator.disconnect()


@pytest.mark.parametrize(
    "frame", [{"type": "authenticate", "token": "forged"}, {"type": "subscribe", "assistant": "*"}]
)
async def test_without_a_good_token(frame: dict[str, str]) -> None:
    communicator = socket()
    await communicator.connect()
    await communicator.send_json_to(frame)
    assert await communicator.receive_output() == {
        "type": "websocket.close",
        "code": consumers.NOT_AUTHENTICATED,
    }


async def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "AUTHENTICATE_WITHIN", 0.05)
    communicator = socket()
    await communicator.connect()
    output = await communicator.receive_output()
    assert (output["type"], output["code"]) == ("websocket.close", 4401)


async def test_expired_token_closes_and_a_fresh_one_keeps_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _client, token = await client_of("SuperUser")
    monkeypatch.setattr(consumers, "_seconds_left", lambda _token: 0.3)
    communicator = await opened(token)
    monkeypatch.setattr(consumers, "_seconds_left", lambda _token: 0.8)
    await communicator.send_json_to({"type": "authenticate", "token": token})
    assert await communicator.receive_json_from() == {"type": "authenticated"}
    assert await communicator.receive_nothing(timeout=0.4)
    output = await communicator.receive_output(timeout=2)
    assert (output["type"], output["code"]) == ("websocket.close", 4401)


async def test_nonsense_does_not_break_the_socket() -> None:
    _client, token = await client_of("SuperUser")
    communicator = await opened(token)
    frames: tuple[Any, ...] = ([], {"type": "dance"}, {"type": "subscribe", "assistant": "x" * 500})
    for frame in frames:
        await communicator.send_json_to(frame)
        assert (await communicator.receive_json_from())["code"] == "invalid"
    await communicator.send_to(text_data="{")
    assert (await communicator.receive_output())["code"] == consumers.BAD_MESSAGE


async def test_what_a_thread_without_a_loop_publishes_comes_at_once() -> None:
    client, token = await client_of("SuperUser")
    made = await post(client, "/api/v1/assistants/", {"name": "A"})
    browser = await subscribed(token, made["id"])
    message = {"type": "assistant.changed", "assistant": made["id"]}
    began = time.monotonic()
    for _ in range(20):
        thread = Thread(target=publish, args=(UUID(made["id"]), message))
        thread.start()
        assert await browser.receive_json_from(timeout=5) == message
        await asyncio.to_thread(thread.join)
    assert time.monotonic() - began < 4, "the loop of the socket is not woken"
    await browser.disconnect()


@database_sync_to_async  # type: ignore[untyped-decorator]  # channels has no types
def program_of(client: APIClient, *scopes: str) -> str:
    return str(with_personal_token(client, *scopes).token)  # type: ignore[attr-defined]  # see the helper


async def test_a_personal_access_token_opens_a_socket_for_what_it_is_for(
    settings: Any,
) -> None:
    client, _token = await client_of("SuperUser")
    reader = await opened(await program_of(client, "read"))
    await reader.send_json_to({"type": "subscribe", "assistant": "*"})
    assert (await reader.receive_json_from())["type"] == "subscribed"
    await reader.disconnect()
    other = await opened(await program_of(client, "conversations.read"))
    await other.send_json_to({"type": "subscribe", "assistant": "*"})
    assert (await other.receive_json_from())["code"] == "permission_denied"
    await other.disconnect()
    # It has to be sent again as often as those of the sign-in, so that a revoked one ends.
    settings.ACCESS_TOKEN_SECONDS = 0
    socket_of_it = await opened(await program_of(client, "models"))
    assert await socket_of_it.receive_output() == {"type": "websocket.close", "code": 4401}
