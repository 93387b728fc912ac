"""Live updates out of the real server: its own loop, its own threads, other processes beside it."""

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx2
import pytest

from tests.ingestion.events import NOW, turn
from tests.running_studio import RunningStudio, studio_alone


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("studio")) as running:
        yield running


@pytest.fixture(scope="module")
def api(studio: RunningStudio) -> Iterator[httpx2.Client]:
    with studio.api() as client:
        yield client


async def test_each_move_of_a_training_is_told_while_nothing_else_happens(
    studio: RunningStudio, api: httpx2.Client
) -> None:
    made = api.post("assistants/", json={"name": "Bank", "sample": "bank"})
    assert made.status_code == 201, made.text
    assistant = made.json()["id"]
    async with aiohttp.ClientSession() as session:
        sockets = [await studio.subscribed(session, subject) for subject in (assistant, "*")]
        await asyncio.to_thread(api.post, f"assistants/{assistant}/versions/", json={"flows": None})
        for socket in sockets:
            told = await _moves(socket)
            assert told[-1] == "ready"
            assert {"training", "deploying"} <= set(told)


async def _moves(socket: aiohttp.ClientWebSocketResponse) -> list[str]:
    told: list[str] = []
    async with asyncio.timeout(60):
        while not told or told[-1] not in {"ready", "failed"}:
            message = await socket.receive_json()
            if message["type"] == "version.changed":
                told.append(message["version"]["status"])
    return told


async def test_conversations_are_told_within_a_second(
    studio: RunningStudio, api: httpx2.Client
) -> None:
    made = api.post("assistants/", json={"name": "Shop"}).json()["id"]
    other = api.post("assistants/", json={"name": "Bank of others"}).json()["id"]
    async with aiohttp.ClientSession() as session:
        socket = await studio.subscribed(session, made)
        elsewhere = await studio.subscribed(session, other)
        found: set[str] = set()
        for number in range(3):
            studio.write(turn("Shop", "anna", NOW + 100 * number))
            began = time.monotonic()
            message = await asyncio.wait_for(_conversation_message(socket), 10)
            assert time.monotonic() - began < 1
            assert message["assistant"] == made
            found |= set(message["conversations"])
        [row] = api.get(f"conversations/?assistant={made}").json()["results"]
        assert found == {row["id"]}
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_conversation_message(elsewhere), 1.5)


async def _conversation_message(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = await socket.receive_json()
        if message["type"] == "conversation.changed":
            return message
