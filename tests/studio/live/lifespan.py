"""The application as a server runs it, in the event loop of a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from modelservice.common.lifespan import Lifespan
from studio.asgi import application


@asynccontextmanager
async def running_application() -> AsyncIterator[None]:
    lifespan = Lifespan(application)
    assert await lifespan.start()
    yield
    await lifespan.stop()
