"""How long the bodies of requests may be, before anybody reads them."""

import json

from modelservice import settings
from modelservice.common.body_limits import BodyLimits, Headers, Refusal
from modelservice.gate import CHAT, refusal

# Whatever is shorter is read before the gate is asked.
_FREE_BYTES = 64 * 1024
# A message of a browser, by Socket.IO over plain HTTP.
_CHAT_BYTES = 1_000_000


async def _allowed(path: str, headers: Headers) -> int | Refusal:
    if problem := refusal(path, headers):
        return _refused(problem.status, problem.message)
    return _CHAT_BYTES if path.startswith(CHAT) else settings.MAX_BODY_MB * 1024 * 1024


def _refused(status: int, message: str) -> Refusal:
    return Refusal(status, "application/json", json.dumps({"message": message}).encode())


LIMITS = BodyLimits(_FREE_BYTES, _allowed, _refused)
