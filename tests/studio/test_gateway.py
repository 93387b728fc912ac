"""Chats through Studio's own origin: what closes on one side closes on the other, by its reason."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from channels.testing import WebsocketCommunicator

from studio.gateway import TalkGateway

# Channels looks after the connection of the thread, which an earlier test may have opened.
pytestmark = pytest.mark.django_db


@asynccontextmanager
async def chatting(settings: Any, upstream: str) -> AsyncIterator[WebsocketCommunicator]:
    settings.TALK_UPSTREAM = upstream
    browser = WebsocketCommunicator(TalkGateway.as_asgi(), "/talk/d-1/")
    browser.scope["url_route"] = {"kwargs": {"deployment": "d-1"}}
    connected, _protocol = await browser.connect()
    assert connected
    yield browser
    await browser.disconnect()


def ending(how: int | None) -> web.Application:
    """A model service whose chats end with this code at the first word, or without one."""

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive()
        if how is None:
            assert request.transport is not None
            request.transport.abort()
        else:
            await socket.close(code=how)
        return socket

    app = web.Application()
    app.router.add_get("/talk/d-1", talk)
    return app


@pytest.mark.parametrize(
    ("sent", "heard"),
    [(4404, 4404), (4410, 4410), (aiohttp.WSCloseCode.GOING_AWAY, 4503), (None, 4503)],
)
async def test_browser_hears_why_the_chat_ended(
    settings: Any, sent: int | None, heard: int
) -> None:
    async with (
        TestServer(ending(sent)) as server,
        chatting(settings, str(server.make_url("")).rstrip("/")) as browser,
    ):
        await browser.send_to(text_data="{}")
        assert await browser.receive_output(5) == {"type": "websocket.close", "code": heard}


async def test_model_service_that_is_down_is_told_from_a_bot_that_is_gone(settings: Any) -> None:
    async with chatting(settings, f"http://127.0.0.1:{unused_port()}") as browser:
        assert await browser.receive_output(5) == {"type": "websocket.close", "code": 4503}
