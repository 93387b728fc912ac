"""A connection to a bot: Socket.IO over a WebSocket, as the bot speaks it (Engine.IO 4).

Not the client of python-socketio: that one starts a task for each event, so that events overtake
each other and pile up, and has an HTTP session of its own in each chat.
"""

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import aiohttp
import orjson

from modelservice.common import lenient_json, request_ids, tracing

# A tracker of a long conversation; the bridge reports one that is too long for a browser.
MAX_MESSAGE_BYTES = 16_000_000
CONNECT_SECONDS = 5


class ConnectionLost(Exception):
    """The bot does not accept a chat, or has closed it."""


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The bot has handled an event that asked for an acknowledgement."""

    answer: Any = None


@cache
def http_session() -> aiohttp.ClientSession:
    """The one for all chats of this process: no limit, and no cookies from one to another."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    )


class BotConnection:
    """Events are taken one at a time: a slow reader slows the bot down and fills no memory here."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, silence_seconds: float) -> None:
        """The bot's server sends a ping now and then; longer silence means that it is gone."""
        self._socket = socket
        self._silence_seconds = silence_seconds
        self._asked = 0

    @classmethod
    async def open(cls, address: str, path: str) -> Self:
        """
        :raises ConnectionLost:
        """
        url = f"{address}/{path.strip('/')}/?EIO=4&transport=websocket"
        socket: aiohttp.ClientWebSocketResponse | None = None
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                socket = await http_session().ws_connect(
                    url,
                    max_msg_size=MAX_MESSAGE_BYTES,
                    autoping=True,
                    headers=request_ids.passed_on(),
                )
                greeting = orjson.loads((await socket.receive_str())[1:])
                await socket.send_str("40")
                if not (await socket.receive_str()).startswith("40"):
                    raise ConnectionLost("the bot refuses the connection")
                silence = (greeting["pingInterval"] + greeting["pingTimeout"]) / 1000
        except (
            aiohttp.ClientError,
            TypeError,
            KeyError,
            ValueError,
            OSError,
            ConnectionLost,
        ) as error:
            if socket is not None:
                await socket.close()
            raise ConnectionLost(str(error) or type(error).__name__) from None
        return cls(socket, silence)

    async def emit(self, name: str, body: object, *, acknowledged: bool = False) -> None:
        """
        :raises ConnectionLost:
        """
        number = ""
        if acknowledged:
            self._asked += 1
            number = str(self._asked)
        try:
            with tracing.span(f"chat: {name}", "PRODUCER"):
                # Beside what the bot knows; one that does not trace does not look at it.
                told = {**body, **tracing.passed_on()} if isinstance(body, dict) else body
                await self._socket.send_str(f"42{number}{orjson.dumps([name, told]).decode()}")
        except (aiohttp.ClientError, ConnectionError) as error:
            raise ConnectionLost(str(error)) from None

    async def receive(self) -> Event | Acknowledged:
        """
        :raises ConnectionLost: the bot has closed the connection or says nothing any more
        """
        while True:
            try:
                message = await self._socket.receive(self._silence_seconds)
            except TimeoutError:
                raise ConnectionLost("the bot says nothing any more") from None
            if message.type is not aiohttp.WSMsgType.TEXT:
                if message.type is aiohttp.WSMsgType.BINARY:  # no channel of Rasa's sends these
                    continue
                raise ConnectionLost("the bot has closed the connection")
            text: str = message.data
            if text == "2":
                await self._socket.send_str("3")
            elif text in {"1", "41"}:
                raise ConnectionLost("the bot has ended the chat")
            elif text.startswith(("42", "43")):
                return _read(text)

    async def close(self) -> None:
        await self._socket.close()


def _read(text: str) -> Event | Acknowledged:
    try:
        content = lenient_json.loads(text[text.index("[") :])
        if text[1] == "3":
            return Acknowledged(content[0] if content else None)
        return Event(str(content[0]), content[1] if len(content) > 1 else None)
    except (ValueError, LookupError, TypeError) as error:
        raise ConnectionLost(f"the bot says what is no Socket.IO: {error}") from None
