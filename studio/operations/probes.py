"""`/api/health/live` and `/api/health/ready`, as Kubernetes asks for them.

They are answered in the event loop, under any name of the host: a probe calls a container by its
address, and one that waited for a thread would end a server whose database is slow.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from studio.common.database_unavailable import sentence_of
from studio.common.health import part_problems
from studio.common.threads import OwnThreads

Send = Callable[[dict[str, Any]], Awaitable[None]]
_SECONDS = 5.0
# Whoever asks more often gets the same answer: strangers may ask, too.
_REMEMBER_SECONDS = 1.0
_threads = OwnThreads("ready")
_NOT_MIGRATED = "The database is not that of this release yet: `manage.py migrate` has to run."


class Readiness:
    """Whether this process can answer requests: the database can be reached and is migrated."""

    def __init__(self) -> None:
        self._look: asyncio.Task[str | None] | None = None
        self._looked_at = 0.0
        self._is_migrated = False

    async def problem(self) -> str | None:
        loop = asyncio.get_running_loop()
        known = self._look
        is_old = time.monotonic() - self._looked_at > _REMEMBER_SECONDS
        if known is None or known.get_loop() is not loop or (known.done() and is_old):
            known = self._look = loop.create_task(self._ask())
        return await asyncio.shield(known)

    async def _ask(self) -> str | None:
        try:
            return await asyncio.wait_for(_threads.run(self._problem_of_database), _SECONDS)
        except TimeoutError:
            return f"The database has not answered within {_SECONDS:g} seconds."
        finally:
            self._looked_at = time.monotonic()

    def _problem_of_database(self) -> str | None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self._is_migrated:
                executor = MigrationExecutor(connection)
                # One that is newer than this release has none to do, and is good while it is
                # rolled out.
                self._is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except (DatabaseError, InterfaceError) as error:
            return sentence_of(error, with_cause=False)
        return None if self._is_migrated else _NOT_MIGRATED


readiness = Readiness()


async def _live() -> tuple[int, dict[str, Any]]:
    return 200, {"status": "ok"}


async def _ready() -> tuple[int, dict[str, Any]]:
    problem = await readiness.problem()
    body = {
        "status": "not ready" if problem else "ok",
        "version": settings.VERSION,
        "problems": [problem] if problem else [],
        # Of parts beside this process, whose requests it answers nevertheless.
        "elsewhere": part_problems(),
    }
    return 503 if problem else 200, body


_PROBES = {"/api/health/live": _live, "/api/health/ready": _ready}


def is_probe(scope: dict[str, Any]) -> bool:
    return (
        scope["type"] == "http" and scope["path"] in _PROBES and scope["method"] in {"GET", "HEAD"}
    )


async def answer_probe(scope: dict[str, Any], send: Send) -> None:
    status, document = await _PROBES[scope["path"]]()
    body = json.dumps(document).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    content = b"" if scope["method"] == "HEAD" else body
    await send({"type": "http.response.body", "body": content})
