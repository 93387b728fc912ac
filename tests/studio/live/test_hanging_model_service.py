"""A model service that is stopped (SIGSTOP) hurts training and chat, and nothing else."""

import asyncio
import signal
import time
from collections.abc import Iterator
from typing import Any

import aiohttp
import httpx2
import psutil
import pytest

from tests.running_studio import RunningStudio, studio_alone
from tests.studio.live.tea import import_tea

SOON = 3.0  # nothing of this waits for the model service
TOLD = 15.0  # within a time-out of the backend


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(
        tmp_path_factory.mktemp("studio"), MODEL_POLLING_INTERVAL_MS="200"
    ) as running:
        yield running


@pytest.fixture
def assistant(studio: RunningStudio) -> str:
    return import_tea(studio, f"Tea {time.time_ns()}")


@pytest.fixture
def service(studio: RunningStudio) -> Iterator[psutil.Process]:
    found = studio.part("modelservice")
    yield found
    found.send_signal(signal.SIGCONT)


async def chat_close_code(studio: RunningStudio, chat_url: str) -> int | None:
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(chat_url, headers={"Origin": studio.url})
        await socket.receive()
        return socket.close_code


async def test_sockets_rest_and_pages_go_on(
    studio: RunningStudio, assistant: str, service: psutil.Process
) -> None:
    with studio.api() as api:
        version, _seconds = await asyncio.to_thread(studio.trained, api, assistant)
        async with aiohttp.ClientSession() as session:
            chat = await session.ws_connect(version["chat_url"], headers={"Origin": studio.url})
            await chat.send_json({"type": "authenticate", "token": studio.token()})
            assert (await chat.receive_json())["type"] == "session_confirm"

            service.send_signal(signal.SIGSTOP)
            stopped = time.monotonic()
            while time.monotonic() - stopped < 8:  # many looks of the monitor
                began = time.monotonic()
                live = await studio.subscribed(session, assistant)
                await live.send_json({"type": "ping"})
                assert (await live.receive_json())["type"] == "pong"
                await live.close()
                for path in ("assistants/", f"assistants/{assistant}/flows/", "me/"):
                    assert (await asyncio.to_thread(api.get, path)).is_success
                page = await asyncio.to_thread(httpx2.get, f"{studio.url}/config.js")
                assert page.is_success
                assert time.monotonic() - began < SOON
            await _open_chat_ends(chat)


async def _open_chat_ends(chat: aiohttp.ClientWebSocketResponse) -> None:
    """A chat that was open is told, too, without a word from the person."""
    async with asyncio.timeout(2 * TOLD):
        while not chat.closed:
            await chat.receive()
    assert chat.close_code == 4503


async def test_training_and_chat_say_what_is_wrong_and_come_back(
    studio: RunningStudio, assistant: str, service: psutil.Process
) -> None:
    with studio.api() as api:
        version, _seconds = await asyncio.to_thread(studio.trained, api, assistant)
        service.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        refused, code = await asyncio.gather(
            asyncio.to_thread(api.post, f"assistants/{assistant}/versions/", json={"flows": None}),
            chat_close_code(studio, version["chat_url"]),
        )
        assert time.monotonic() - began < TOLD
        assert code == 4503
        problem: dict[str, Any] = refused.json()
        assert (refused.status_code, problem["code"]) == (503, "model_service_unavailable")
        assert "does not answer" in problem["detail"]

        service.send_signal(signal.SIGCONT)
        again, _seconds = await asyncio.to_thread(studio.trained, api, assistant)
        assert again["status"] == "ready"
