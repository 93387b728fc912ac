"""What people try from a page reaches servers of their projects: which, and how many at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from modelservice import settings
from modelservice.service.errors import Rejected

# Whatever the project says: nobody waits longer in front of a page.
MOST_SECONDS = 30.0
_AT_ONCE = 8
_running = 0


def check_reachable(url: str, what: str) -> None:
    """What is closed to an assistant is closed to a try: this service, and other assistants.

    :raises Rejected: also for an address that is none; `what` is whose it is
    """
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError):
        raise Rejected(409, f"The {what}'s address is not valid.") from None
    first, last = settings.BOT_PORTS
    if port == settings.PORT or first <= port <= last:
        raise Rejected(409, f"Assistants may not reach port {port}.")


@asynccontextmanager
async def one_trial() -> AsyncIterator[None]:
    """Of a few at a time, and of limited length.

    :raises Rejected: as many run already as may
    :raises TimeoutError:
    """
    global _running  # noqa: PLW0603  of the only event loop
    if _running >= _AT_ONCE:
        raise Rejected(429, "Other people try their settings: try again in a moment.")
    _running += 1
    try:
        async with asyncio.timeout(MOST_SECONDS):
            yield
    finally:
        _running -= 1
