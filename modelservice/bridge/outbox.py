"""What is on its way to a browser: in order, and bounded."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

# More than the longest turn says; a browser that has so much before it does not read.
MOST_FRAMES = 256
MOST_CHARACTERS = 4_000_000

Send = Callable[[dict[str, Any]], Awaitable[None]]


class TooSlow(Exception):
    """More waits for the browser than may."""


class Outbox:
    def __init__(self, send: Send) -> None:
        """`send` comes back when the connection takes more."""
        self._send = send
        self._waiting: deque[str | int] = deque()
        self._characters = 0
        self._filled = asyncio.Event()

    def put(self, text: str) -> None:
        """
        :raises TooSlow:
        """
        if len(self._waiting) >= MOST_FRAMES or self._characters + len(text) > MOST_CHARACTERS:
            raise TooSlow
        self._characters += len(text)
        self._waiting.append(text)
        self._filled.set()

    def close(self, code: int) -> None:
        """Behind all that waits."""
        self._waiting.append(code)
        self._filled.set()

    async def run(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                first = self._waiting.popleft()
                if isinstance(first, int):
                    await self._send({"type": "websocket.close", "code": first})
                    return
                self._characters -= len(first)
                await self._send({"type": "websocket.send", "text": first})
