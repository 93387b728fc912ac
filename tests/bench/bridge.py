"""Part of group `bridge`: what the chat bridge adds to a connection to the bot, beside nginx.

One turn is an answer put in the place of an action: the bot has next to nothing to do for it, so
that what is measured is the way there and back.
"""

import asyncio
import json
import random
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Protocol

import aiohttp
import psutil

from modelservice.bridge.bot_connection import BotConnection, Event, http_session
from modelservice.service.ports import free_port
from tests.bench.figures import Figure, percentile
from tests.modelservice.conftest import Realm, Service
from tests.running_studio import ROOT

CHATS = 100
MANY_CHATS = 1000
ROUNDS = 4
ROUND_SECONDS = 8.0
PAUSE_SECONDS = (0.5, 1.5)
ANSWER = {"responses": [{"text": "Brewing."}]}
EARLY_TURN, LATE_TURN = 5, 500
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass {bot};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection upgrade;
      proxy_read_timeout 1h;
    }}
  }}
}}
"""


class Talker(Protocol):
    async def turn(self) -> None: ...


@dataclass
class DirectTalker:
    """As a Socket.IO client of the bot, or of a proxy before it."""

    connection: BotConnection
    session_id: str

    async def turn(self) -> None:
        body = {"session_id": self.session_id, "action": "action_brew", "answer": ANSWER}
        await self.connection.emit("stub_action", body)
        while True:
            received = await self.connection.receive()
            if isinstance(received, Event) and received.name == "stubs":
                return


@dataclass
class BridgeTalker:
    socket: aiohttp.ClientWebSocketResponse

    async def turn(self) -> None:
        frame = {"type": "stub_action", "action": "action_brew", "answer": ANSWER}
        await self.socket.send_json(frame)
        while (await self.socket.receive_json())["type"] != "stubs":
            pass


@asynccontextmanager
async def direct(address: str) -> AsyncIterator[Talker]:
    connection = await BotConnection.open(address, "/socket.io")
    try:
        talker = DirectTalker(connection, uuid.uuid4().hex)
        await connection.emit("session_request", {"session_id": talker.session_id})
        await talker.turn()
        yield talker
    finally:
        await connection.close()


@asynccontextmanager
async def bridged(address: str, token: str) -> AsyncIterator[Talker]:
    async with http_session().ws_connect(address) as socket:
        await socket.send_json({"type": "authenticate", "token": token})
        await socket.receive_json()
        talker = BridgeTalker(socket)
        await talker.turn()
        yield talker


def measure(service: Service, realm: Realm, model: str) -> list[Figure]:
    """With one bot of the small assistant."""
    service.run("talk", model)
    [bot] = [
        each["internal_url"]
        for each in service.http.get("/").json()["bots"]
        if each["deployment_id"] == "talk"
    ]
    with _nginx(bot) as proxy:
        return asyncio.run(_measure(service, realm.token("Developer", exp=2**31), bot, proxy))


async def _measure(
    service: Service, token: str, bot: str, proxy: tuple[str, psutil.Process]
) -> list[Figure]:
    bridge = f"{service.url}/talk/talk"
    alone: list[float] = []
    through: list[float] = []
    reference: list[float] = []
    try:
        for _ in range(ROUNDS):
            alone += await _round([direct(bot) for _ in range(CHATS)])
            through += await _round([bridged(bridge, token) for _ in range(CHATS)])
            reference += await _round([direct(proxy[0]) for _ in range(CHATS)])
        assert service.process is not None
        process = psutil.Process(service.process.pid)
        resident = await _with_many([process], [bridged(bridge, token) for _ in range(MANY_CHATS)])
        workers = [proxy[1], *proxy[1].children()]
        nginx = await _with_many(workers, [direct(proxy[0]) for _ in range(MANY_CHATS)])
        early_bytes, late_bytes, whole = await _bytes_of_turns(bot, bridge, token)
    finally:
        await http_session().close()
    middle, late = median(alone), percentile(alone, 0.99)
    return [
        Figure(
            "bridge",
            f"added to a round trip at {CHATS} chats, median",
            median(through) - middle,
            "ms",
            f"nginx {median(reference) - middle:.2f} ms; direct {middle:.2f} ms",
            1,
        ),
        Figure(
            "bridge",
            f"added to a round trip at {CHATS} chats, p99",
            percentile(through, 0.99) - late,
            "ms",
            f"nginx {percentile(reference, 0.99) - late:.2f} ms; direct {late:.2f} ms",
            5,
        ),
        Figure(
            "bridge",
            f"memory of the service with {MANY_CHATS:,} open chats",
            resident,
            "MB",
            f"nginx {nginx:.0f} MB",
            250,
        ),
        Figure(
            "bridge",
            f"bytes to the browser in turn {LATE_TURN}, as against turn {EARLY_TURN}",
            late_bytes / early_bytes,
            "x",
            f"turn {EARLY_TURN}: {early_bytes / 1000:.1f} kB; "
            f"whole tracker at turn {LATE_TURN}: {whole / 1000:.0f} kB",
            1.2,
        ),
    ]


async def _bytes_of_turns(bot: str, bridge: str, token: str) -> tuple[int, int, int]:
    """Of an early and of a late turn of one chat, and of the bot's whole tracker in the end."""
    sizes: list[int] = []
    async with http_session().ws_connect(bridge) as socket:
        await socket.send_json({"type": "authenticate", "token": token})
        sender_id = (await socket.receive_json())["session_id"]
        for _ in range(LATE_TURN):
            await socket.send_json({"type": "user_message", "text": "repeat my favourite"})
            sizes.append(await _bytes_of_turn(socket))
    async with http_session().get(f"{bot}/conversations/{sender_id}/tracker") as answer:
        whole = len(await answer.read())
    return sizes[EARLY_TURN - 1], sizes[-1], whole


async def _bytes_of_turn(socket: aiohttp.ClientWebSocketResponse) -> int:
    size = 0
    while True:
        text = await socket.receive_str()
        size += len(text.encode())
        if json.loads(text)["type"] == "tracker":
            return size


async def _round(chats: list[AbstractAsyncContextManager[Talker]]) -> list[float]:
    """Milliseconds of every turn of all chats, each with pauses of its own."""
    async with AsyncExitStack() as stack:
        talkers = [await stack.enter_async_context(chat) for chat in chats]
        end = time.perf_counter() + ROUND_SECONDS
        found = await asyncio.gather(*(_turns(talker, end) for talker in talkers))
    return [each for times in found for each in times]


async def _turns(talker: Talker, end: float) -> list[float]:
    times = []
    await asyncio.sleep(random.uniform(0, PAUSE_SECONDS[1]))
    while time.perf_counter() < end:
        began = time.perf_counter()
        await talker.turn()
        times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
    return times


async def _with_many(
    processes: list[psutil.Process], chats: list[AbstractAsyncContextManager[Talker]]
) -> float:
    """Megabytes of the processes while all chats are open and have said something."""
    async with AsyncExitStack() as stack:
        for chat in chats:
            await stack.enter_async_context(chat)
        return sum(each.memory_info().rss for each in processes) / 1_000_000


@contextmanager
def _nginx(bot: str) -> Iterator[tuple[str, psutil.Process]]:
    """Its address and process, as a proxy before the bot."""
    subprocess.run([ROOT / "deploy/scripts/install-nginx"], check=True)
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    folder = Path(tempfile.mkdtemp(prefix="studio-nginx-"))
    port = free_port()
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port, bot=bot))
    process = subprocess.Popen(
        [program, "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log"]
    )
    try:
        time.sleep(1)
        yield f"http://127.0.0.1:{port}", psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)
