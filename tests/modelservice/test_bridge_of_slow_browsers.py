"""Browsers that do not read, give no sign of life or write too much."""

import asyncio
import contextlib
import json
from pathlib import Path

import aiohttp

from tests.modelservice.chatting import (
    authenticated,
    by_hand,
    close_code,
    frame_of,
    masked,
    opened,
    turn,
)
from tests.modelservice.conftest import Realm, Service


async def test_browser_that_does_not_read_is_closed_with_4408(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    """More than a browser, the line and the kernel hold; the bot and others do not feel it."""
    reader = await opened(http, service, deployment)
    session = (await authenticated(reader, realm.token("Developer")))["session_id"]
    await turn(reader, "/session_start")
    await reader.send_json({"type": "set_slot", "slot": "kind", "value": "x" * 90_000})
    await reader.receive_json(timeout=5)
    slow = await by_hand(service, deployment)
    frame = {"type": "authenticate", "token": realm.token("Developer"), "session_id": session}
    slow[1].write(masked(json.dumps(frame).encode()))
    assert b"session_confirm" in await frame_of(slow[0])
    for _ in range(20):
        await turn(reader, "repeat my favourite")
    # It has not read a word so far; what it reads now ends with the reason.
    assert await asyncio.wait_for(close_code(slow), 10) == 4408
    assert (await turn(reader, "order tea"))[0]
    await reader.close()


async def test_browser_that_gives_no_sign_of_life_is_dropped(tmp_path: Path, realm: Realm) -> None:
    service = Service(tmp_path, realm, MODEL_SERVICE_HEARTBEAT_MS="1000")
    try:
        reader, writer = await by_hand(service, "d-1")
        heard = b""
        with contextlib.suppress(ConnectionResetError):
            async with asyncio.timeout(8):  # before the time to authenticate is over
                while more := await reader.read(100):
                    heard += more
        assert heard[0] == 0x89, "a ping, which nobody answers"
        assert b"\x88" not in heard
        writer.close()
    finally:
        service.stop()


async def test_flood_of_a_browser_is_taken_at_the_pace_of_the_service(
    http: aiohttp.ClientSession, service: Service, realm: Realm, deployment: str
) -> None:
    socket = await opened(http, service, deployment)
    await authenticated(socket, realm.token("Developer"))

    async def flood() -> None:
        for _ in range(3000):
            await socket.send_json({"type": "ping"})

    flooding = asyncio.create_task(flood())
    for _ in range(3000):
        assert (await socket.receive_json(timeout=5)) == {"type": "pong"}
    await flooding
    await socket.close()
