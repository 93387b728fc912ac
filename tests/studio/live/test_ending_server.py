"""What a server owes to those whom it serves when it is told to end."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import aiohttp
import pytest

from modelservice.service.ports import free_port
from tests.modelservice.conftest import wait_until
from tests.running_studio import ROOT

Start = Callable[[float], subprocess.Popen[bytes]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(port: int) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []

    def start(drain_seconds: float) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.studio.live.ending_server"]
        command += [str(port), str(drain_seconds)]
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE))
        wait_until(lambda: listens(port))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True


async def test_a_request_in_hand_is_answered_and_nobody_new_is_let_in(
    start: Start, port: int
) -> None:
    process = start(20)
    assert process.stdout is not None
    async with aiohttp.ClientSession() as http:
        asked = asyncio.create_task(http.get(f"http://127.0.0.1:{port}/slow"))
        await asyncio.to_thread(process.stdout.readline)
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(wait_until, lambda: not listens(port))
        assert not asked.done()
        async with await asked as answer:
            assert await answer.text() == "the whole answer"
            assert answer.headers["Connection"] == "close"
    assert process.wait(10) == 0


async def test_it_ends_though_applications_do_not(start: Start, port: int) -> None:
    process = start(0.3)
    assert process.stdout is not None
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(f"http://127.0.0.1:{port}/") as chat:
            asked = asyncio.create_task(http.get(f"http://127.0.0.1:{port}/stubborn"))
            await asyncio.to_thread(process.stdout.readline)
            process.send_signal(signal.SIGTERM)
            message = await chat.receive()
            assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 1001)
            assert await asyncio.to_thread(process.wait, 15) == 0
        with pytest.raises(aiohttp.ClientError):
            await asked
