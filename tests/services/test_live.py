"""Live updates of several backends, through a real Redis."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiohttp

from tests.running_studio import ROOT, RunningStudio
from tests.services.ingest_system import server

# Whatever servers the other tests have.
EMBEDDED = {"DB_HOST": "", "KEYCLOAK_URL": "", "RASA_REMOTE_STORAGE": ""}
_PUBLISH = """
import django
django.setup()
from uuid import UUID
from studio.common.live_messages import publish
publish(UUID({assistant!r}), {{"type": "assistant.changed", "assistant": {assistant!r}}})
"""


async def test_what_one_process_publishes_reaches_the_browsers_of_another(tmp_path: Path) -> None:
    redis = server("REDIS_URL")
    with RunningStudio(tmp_path, **EMBEDDED) as studio, studio.api() as api:
        made = api.post("assistants/", json={"name": "Shop"}).json()["id"]
        async with aiohttp.ClientSession() as session:
            sockets = [await studio.subscribed(session, each) for each in (made, "*")]
            variables = {**os.environ, **studio.variables, "REDIS_URL": redis}
            code = _PUBLISH.format(assistant=made)
            command = [sys.executable, "-c", code]
            await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=variables, check=True)
            for socket in sockets:
                message = await socket.receive_json(timeout=5)
                assert message == {"type": "assistant.changed", "assistant": made}


async def test_a_lost_redis_costs_the_message_and_not_the_request(tmp_path: Path) -> None:
    away = {"REDIS_URL": "redis://127.0.0.1:1/0", "KAFKA_BROKER_ADDRESS": ""}
    with RunningStudio(tmp_path, **EMBEDDED, **away) as studio, studio.api() as api:
        made = api.post("assistants/", json={"name": "Shop"}).json()["id"]
        answer = api.patch(f"assistants/{made}/", json={"description": "tea"})
        assert answer.status_code == 200
        log = (tmp_path / "logs" / "backend.log").read_text()
        assert "live update lost" in log
