"""The samples' custom actions on a real action server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from modelservice.calm.channels.bot import load_bot
from modelservice.calm.dialogue.events import Event
from modelservice.calm.turns.turn import UserMessage
from modelservice.service.ports import free_port
from tests.calm.conftest import SAMPLES


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the action server did not start")


@pytest.fixture
def action_url() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(port)],
        cwd=SAMPLES / "bank",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}/webhook"
    finally:
        # When asked to stop it waits for open connections; it has workers of its own.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


class Texts:
    def __init__(self) -> None:
        self.said: list[str] = []

    async def send(self, sender_id: str, event: Event) -> None:
        self.said.append(event["text"])


async def test_the_bank_looks_up_a_rate(
    bank_model: Path, action_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    endpoints = {"action_endpoint": {"url": "${ACTION_URL}"}}
    without = load_bot(bank_model, endpoints=endpoints, environment={})
    assert "'ACTION_URL' is not set" in caplog.text
    await without.close()
    bot = load_bot(bank_model, endpoints=endpoints, environment={"ACTION_URL": action_url})
    texts = Texts()
    for text in ("what is the exchange rate", "pound"):
        async with asyncio.timeout(20):
            await bot.handle("ana", UserMessage(text, "rest"), texts)
    tracker = await bot.snapshot("ana")
    assert "One euro is 0.85 in this currency (pound) today." in texts.said
    filled = [e for e in tracker["events"] if e["event"] == "slot" and e["value"] == 0.85]
    assert filled[0]["filled_by"] == "CUSTOM"
    await bot.close()
