"""The embedding process of the model service, for benches, and what it costs."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from modelservice.calm.understanding.embedding_client import EmbeddingClient
from modelservice.calm.understanding.embeddings import Embedded
from tests.bench.figures import Figure, percentile
from tests.running_studio import ROOT

_PATIENCE_SECONDS = 30.0
_LENGTHS = (4, 8, 16, 24)
_MESSAGES = 25
_SAID = (
    "I would like to know whether my credit card which was stolen last week in Paris has been "
    "blocked by the bank so that nobody else can use it any more"
)


class PatientClient:
    """A connection for each call: benches have an event loop for each."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    async def embed(self, texts: Sequence[str]) -> Embedded:
        client = EmbeddingClient(str(self._socket), 3_600.0)
        try:
            return await client.embed(texts)
        finally:
            await client.close()


@contextlib.contextmanager
def embedding_process() -> Iterator[tuple[Path, int]]:
    """The socket and the process id of a running embedding process."""
    with tempfile.TemporaryDirectory(prefix="studio-embeddings-") as folder:
        socket = Path(folder) / "socket"
        process = subprocess.Popen(
            [sys.executable, "-m", "modelservice.embeddings", str(socket)], cwd=ROOT
        )
        try:
            ends = time.monotonic() + _PATIENCE_SECONDS
            while not socket.exists():
                if process.poll() is not None or time.monotonic() > ends:
                    raise RuntimeError("the embedding process does not start")
                time.sleep(0.02)
            yield socket, process.pid
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def embedding_service() -> Iterator[PatientClient]:
    with embedding_process() as (socket, _):
        yield PatientClient(socket)


def message_figures() -> list[Figure]:
    """What a new message takes, by its length. The processor time is the same on a busy machine."""
    with embedding_process() as (socket, pid):
        return [_message_figure(socket, psutil.Process(pid), length) for length in _LENGTHS]


def _message_figure(socket: Path, process: psutil.Process, length: int) -> Figure:
    walls = asyncio.run(_wall_milliseconds(socket, length))
    before = _cpu_seconds(process)
    asyncio.run(_wall_milliseconds(socket, length, "again"))
    spent = (_cpu_seconds(process) - before) * 1000 / _MESSAGES
    waited = f"waited for p50 {percentile(walls, 0.5):.0f} ms, p95 {percentile(walls, 0.95):.0f} ms"
    name = f"embedding a message of {length} words, processor time"
    return Figure("runtime", name, spent, "ms", waited, 25)


async def _wall_milliseconds(socket: Path, length: int, word: str = "number") -> list[float]:
    """Of messages that were not asked for before, one after another on one connection."""
    client = EmbeddingClient(str(socket), _PATIENCE_SECONDS)
    times = []
    for number in range(_MESSAGES):
        begun = time.perf_counter()
        await client.embed([" ".join([*_SAID.split()[: length - 2], word, str(number)])])
        times.append((time.perf_counter() - begun) * 1000)
    await client.close()
    return times


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
