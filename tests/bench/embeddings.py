"""The embedding process of the model service, for benches."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from modelservice.calm.understanding.embedding_client import EmbeddingClient
from modelservice.calm.understanding.embeddings import Embedded
from tests.running_studio import ROOT

_PATIENCE_SECONDS = 30.0


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
