"""The embedding process: one queue for all assistants, and a memory of what was asked before."""

from __future__ import annotations

import asyncio
import base64
import logging
import os
import signal
import sys
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from aiohttp import web

from modelservice.calm.understanding.background import BACKGROUND
from modelservice.calm.understanding.embedding_client import KEEP_HEADER
from modelservice.embeddings.models import EmbeddingModel, EmbeddingsFailed, model_from
from modelservice.embeddings.store import EmbeddingStore

log = logging.getLogger(__name__)

MOST_TEXTS = 256
_MOST_CHARACTERS = 2_000
_MAX_BODY_BYTES = 4_000_000
# Some 8 MB with embeddings of 384 numbers; those of trainings are on disk, too.
_REMEMBERED = 5_000
# Texts of one piece of work: so long a message of a user waits for a training's texts.
_AT_ONCE = 4
_MOST_WAITING = 10_000
_LOOK_SECONDS = 1.0
# Beside the socket.
_STORE = "kept.sqlite3"


@dataclass(order=True)
class _Job:
    """Texts to embed; those of small requests come first, because somebody waits for them.

    `keep` says whether the embeddings may be stored: those of what users say are not.
    """

    size: int
    number: int
    keep: bool = field(compare=False)
    texts: Sequence[str] = field(compare=False)
    done: asyncio.Future[list[bytes]] = field(compare=False)


class Embeddings:
    """Embeds in one thread beside the event loop."""

    def __init__(self, model: EmbeddingModel, store: EmbeddingStore) -> None:
        self.model = model
        self._store = store
        self._known: dict[str, bytes] = {}
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue(_MOST_WAITING)
        self._numbers = count()

    async def embed(self, texts: Sequence[str], *, keep: bool) -> list[bytes]:
        """
        :raises EmbeddingsFailed:
        """
        found = {text: self._remembered(text) for text in texts if text in self._known}
        found |= self._store.find([text for text in dict.fromkeys(texts) if text not in found])
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        jobs = [
            self._put(missing[start : start + _AT_ONCE], len(missing), keep=keep)
            for start in range(0, len(missing), _AT_ONCE)
        ]
        for job in jobs:
            found |= zip(job.texts, await job.done, strict=True)
        return [found[text] for text in texts]

    def _put(self, texts: Sequence[str], size: int, *, keep: bool) -> _Job:
        done = asyncio.get_running_loop().create_future()
        job = _Job(size, next(self._numbers), keep, texts, done)
        try:
            self._jobs.put_nowait(job)
        except asyncio.QueueFull:
            raise EmbeddingsFailed("too much is waiting") from None
        return job

    def _remembered(self, text: str) -> bytes:
        """The embedding, moved to the end of those that will be forgotten."""
        self._known[text] = embedding = self._known.pop(text)
        return embedding

    async def work(self) -> None:
        """Take jobs until cancelled, those that wait together in one go if they are small."""
        while True:
            job = await self._jobs.get()
            together = [job]
            while len(together) < _AT_ONCE and job.size == 1 and not self._jobs.empty():
                together.append(self._jobs.get_nowait())
            await self._do(together)

    async def _do(self, jobs: Sequence[_Job]) -> None:
        texts = [text for job in jobs for text in job.texts]
        try:
            found = await asyncio.to_thread(self.model.embed, texts)
        except EmbeddingsFailed as error:
            log.warning("%s", error)
            for job in jobs:
                if not job.done.done():
                    job.done.set_exception(error)
            return
        self._known |= zip(texts, found, strict=True)
        while len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        place = iter(found)
        for job in jobs:
            embeddings = [next(place) for _ in job.texts]
            if job.keep:
                self._store.keep(dict(zip(job.texts, embeddings, strict=True)))
            if not job.done.done():
                job.done.set_result(embeddings)


def build_app(embeddings: Embeddings) -> web.Application:
    async def post(request: web.Request) -> web.Response:
        try:
            body = await request.json()
        except ValueError:
            return _refused(400, "the body is no JSON")
        texts = _texts_of(body)
        if texts is None:
            return _refused(400, f"'input' must be a text, or a list of 1 to {MOST_TEXTS} texts")
        try:
            found = await embeddings.embed(texts, keep=KEEP_HEADER in request.headers)
        except EmbeddingsFailed as error:
            return _refused(503, str(error))
        as_text = body.get("encoding_format") == "base64"
        rows = [
            {"object": "embedding", "index": number, "embedding": _encoded(each, as_text=as_text)}
            for number, each in enumerate(found)
        ]
        answer = {"object": "list", "model": embeddings.model.name, "data": rows}
        return web.json_response(answer)

    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app.router.add_post("/v1/embeddings", post)
    return app


def _texts_of(body: object) -> list[str] | None:
    given = body.get("input") if isinstance(body, dict) else None
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not 0 < len(texts) <= MOST_TEXTS:
        return None
    cut = [text[:_MOST_CHARACTERS] for text in texts if isinstance(text, str)]
    return cut if len(cut) == len(texts) else None


def _refused(status: int, reason: str) -> web.Response:
    return web.json_response({"error": {"message": reason}}, status=status)


def _encoded(embedding: bytes, *, as_text: bool) -> str | list[float]:
    if as_text:
        return base64.b64encode(embedding).decode("ascii")
    numbers = array("f")
    numbers.frombytes(embedding)
    return numbers.tolist()


async def _stop_as_orphan(parent: int, stopped: asyncio.Event) -> None:
    """Who started us was killed: the next one starts a process of its own."""
    while os.getppid() == parent:  # noqa: ASYNC110  nobody tells of it
        await asyncio.sleep(_LOOK_SECONDS)
    stopped.set()


async def _serve(socket: Path, model: EmbeddingModel, parent: int) -> None:
    # Nobody but this user and its children may ask, or read what is kept.
    os.umask(0o177)
    embeddings = Embeddings(model, EmbeddingStore(socket.with_name(_STORE), model.name))
    await asyncio.to_thread(model.embed, ["warm"])
    working = asyncio.create_task(embeddings.work())
    # Every training asks for these.
    warming = asyncio.create_task(embeddings.embed(BACKGROUND, keep=True))
    stopped = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    runner = web.AppRunner(build_app(embeddings), access_log=None)
    await runner.setup()
    await web.UnixSite(runner, str(socket)).start()
    watching = asyncio.create_task(_stop_as_orphan(parent, stopped))
    await stopped.wait()
    watching.cancel()
    working.cancel()
    warming.cancel()
    await runner.cleanup()


def main(arguments: Sequence[str]) -> int:
    """Serve on the socket that is named until SIGINT or SIGTERM."""
    # Now: whoever started us may be killed while the model is read.
    parent = os.getppid()
    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    try:
        model, socket = model_from(os.environ), Path(arguments[0])
        socket.unlink(missing_ok=True)
        asyncio.run(_serve(socket, model, parent))
    except (EmbeddingsFailed, OSError) as error:
        sys.stderr.write(f"error: there are no embeddings: {error}\n")
        return 1
    return 0
