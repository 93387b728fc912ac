"""An application under our server that is slow, or does not want to end; `python -m` with a port
and how many seconds requests get to end."""

import asyncio
import sys
from contextlib import suppress
from typing import Any

from modelservice.common import server as module
from modelservice.common.body_limits import BodyLimits, Refusal
from modelservice.common.lifespan import live


async def allowed(path: str, headers: Any) -> int:
    return 1


def refused(status: int, detail: str) -> Refusal:
    return Refusal(status, "text/plain", detail.encode())


async def nothing() -> None:
    pass


def asked() -> None:
    sys.stdout.write("asked\n")
    sys.stdout.flush()


async def stubborn() -> None:
    for _ in range(3):
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await live(receive, send, nothing, nothing)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await stubborn()
    elif scope["path"] == "/stubborn":
        asked()
        await stubborn()
    else:
        asked()
        await asyncio.sleep(1.5)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"the whole answer"})


if __name__ == "__main__":
    module.DRAIN_SECONDS = float(sys.argv[2])
    limits = BodyLimits(1000, allowed, refused)
    module.Server(application, host="127.0.0.1", port=int(sys.argv[1]), limits=limits).run()
