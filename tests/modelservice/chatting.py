"""Chats for tests of the bridge: whole ones, and a WebSocket by hand that reads only when told."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.modelservice.conftest import Service

Socket = aiohttp.ClientWebSocketResponse
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def opened(http: aiohttp.ClientSession, service: Service, deployment: str) -> Socket:
    return await http.ws_connect(f"{service.url}/talk/{deployment}")


async def authenticated(socket: Socket, token: str, session_id: str | None = None) -> Any:
    await socket.send_json({"type": "authenticate", "token": token, "session_id": session_id})
    return await socket.receive_json(timeout=10)


async def turn(socket: Socket, text: str) -> tuple[list[str], dict[str, Any]]:
    return await answered(socket, {"type": "user_message", "text": text})


async def answered(socket: Socket, frame: dict[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The bot's texts up to the tracker that ends the turn, and that tracker."""
    await socket.send_json(frame)
    texts: list[str] = []
    while True:
        frame = await socket.receive_json(timeout=10)
        if frame["type"] == "bot_message":
            texts.append(frame["text"])
        elif frame["type"] == "tracker" and frame["events"][-1]["event"] == "bot_turn_ended":
            return texts, frame


async def by_hand(service: Service, deployment: str) -> Connection:
    """A WebSocket of which nothing is read, and no ping answered, but what is asked for."""
    address = urlsplit(service.url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=4096)
    writer.write(
        f"GET /talk/{deployment} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def masked(text: bytes) -> bytes:
    return b"\x81" + bytes([0x80 | 126]) + len(text).to_bytes(2, "big") + bytes(4) + text


async def frame_of(reader: asyncio.StreamReader) -> bytes:
    """The next frame, its head included."""
    head = await reader.readexactly(2)
    more = {126: 2, 127: 8}.get(head[1], 0)
    length = await reader.readexactly(more)
    size = int.from_bytes(length, "big") if more else head[1]
    return head + length + await reader.readexactly(size)


async def close_code(connection: Connection) -> int:
    while (frame := await frame_of(connection[0]))[0] != 0x88:
        pass
    connection[1].close()
    return int.from_bytes(frame[2:4], "big")
