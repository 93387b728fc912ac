"""Background tasks live as long as the server, and one that fails stops no other."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from modelservice.common.lifespan import Lifespan, live
from modelservice.service.ports import free_port
from studio.assistants.models import Assistant
from studio.common import background_task
from studio.common.background_task import BackgroundTask
from studio.content.models import MAIN, Branch, Commit, Door
from studio.live.tail import Tail
from studio.versions import watching
from studio.versions.lifecycle import Status
from studio.versions.models import Version
from tests.running_studio import ROOT


def test_the_monitor_begins_with_the_server_before_anybody_asks_for_anything(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as model_service:
        model_service.settimeout(60)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("DB_")},
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            "STUDIO_DATA_DIR": str(tmp_path),
            "STUDIO_PORT": str(free_port()),
            "MS_API_URL": f"http://127.0.0.1:{model_service.getsockname()[1]}",
        }
        migrate = [sys.executable, "manage.py", "migrate", "-v", "0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        backend = subprocess.Popen([sys.executable, "-m", "studio"], cwd=ROOT, env=environment)
        try:
            connection, _address = model_service.accept()
            with connection:
                assert connection.recv(100).startswith(b"GET /bot ")
        finally:
            backend.send_signal(signal.SIGTERM)
            assert backend.wait(30) == 0


async def test_a_task_that_fails_is_logged_and_starts_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(background_task, "RESTART_SECONDS", 0.01)
    runs, again = 0, asyncio.Event()

    async def run() -> None:
        nonlocal runs
        runs += 1
        if runs == 1:
            raise ValueError("broken")
        again.set()
        await asyncio.Event().wait()

    task = BackgroundTask("the test", run)
    task.start()
    await asyncio.wait_for(again.wait(), 5)
    await task.stop()
    assert "the test failed" in caplog.text
    assert "ValueError: broken" in caplog.text
    assert runs == 2


async def test_a_task_ends_though_what_it_waits_for_swallows_the_cancellation() -> None:
    """As `asyncio.wait_for` does before Python 3.12 when its time comes at the same moment, and
    `sync_to_async` when the thread has just called back into the loop."""
    begun = asyncio.Event()

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            begun.set()
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    task = BackgroundTask("the test", run)
    task.start()
    await begun.wait()
    await asyncio.wait_for(task.stop(), 5)


async def test_a_server_hears_that_its_application_cannot_start() -> None:
    ended: list[str] = []

    def application(fails: bool) -> Any:
        async def start() -> None:
            if fails:
                raise OSError("no disk")

        async def stop() -> None:
            ended.append("stopped")

        async def run(scope: Any, receive: Any, send: Any) -> None:
            await live(receive, send, start, stop)

        return run

    async def deaf(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("no such scope")

    assert not await Lifespan(application(fails=True)).start()
    assert not await Lifespan(deaf).start()
    good = Lifespan(application(fails=False))
    assert await good.start()
    await good.stop()
    assert ended == ["stopped"]


@pytest.mark.django_db(transaction=True)
async def test_one_watcher_that_fails_or_hangs_takes_nothing_from_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("studio.live.tail.WATCHER_SECONDS", 0.05)
    monkeypatch.setattr("studio.live.tail.SECONDS", 0.01)
    one, two = uuid4(), uuid4()
    seen: list[str] = []
    told = asyncio.Event()

    class Changed:
        def look(self) -> dict[UUID, list[UUID]]:
            return {one: [uuid4()], two: [uuid4()]}

    async def failing(message: dict[str, Any]) -> None:
        raise RuntimeError("its socket is gone")

    async def hanging(message: dict[str, Any]) -> None:
        await asyncio.Event().wait()

    async def good(message: dict[str, Any]) -> None:
        seen.append(message["assistant"])
        if len(seen) > 10:
            told.set()

    monkeypatch.setattr("studio.live.tail.ChangedConversations", Changed)
    tail = Tail()
    for assistant, watcher in ((one, failing), (one, hanging), (one, good), (two, good)):
        await tail.watch(assistant, watcher)
    await asyncio.wait_for(told.wait(), 5)
    tail.forget(good)
    assert {str(one), str(two)} == set(seen)


@pytest.mark.django_db
def test_one_version_that_cannot_be_looked_at_takes_nothing_from_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked: list[int] = []
    for number in (1, 2, 3):
        assistant = Assistant.objects.create(name=f"A {number}")
        branch = Branch.objects.create(assistant=assistant, name=MAIN)
        commit = Commit.objects.create(branch=branch, number=1, door=Door.REST)
        Version.objects.create(
            assistant=assistant, number=number, commit=commit, status=Status.TRAINING
        )

    def look(version: Version) -> None:
        looked.append(version.number)
        raise KeyError("a field that the service has never left out before")

    monkeypatch.setitem(watching._WATCH, Status.TRAINING, look)
    assert watching.watch_running() == 3
    assert sorted(looked) == [1, 2, 3]
    assert caplog.text.count("cannot be looked at") == 3
