"""Asks an embeddings endpoint of OpenAI's kind: the model service's own one, or another."""

from __future__ import annotations

import asyncio
import base64
import json
from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from modelservice.calm.errors import CalmError
from modelservice.calm.understanding.embeddings import (
    Embedded,
    Embedding,
    EmbeddingsUnavailable,
)

if TYPE_CHECKING:
    import aiohttp

# A Unix socket (a path) or the base URL of an endpoint, without `/embeddings`.
ADDRESS_VARIABLE = "CALM_EMBEDDINGS"
# A user waits no longer than this for embeddings: the turn goes on by words alone.
DEADLINE_VARIABLE = "CALM_EMBEDDINGS_DEADLINE_MS"
_DEADLINE_MS = "30"
# Asks the model service's own endpoint to store the embeddings, which others pay no heed to.
KEEP_HEADER = "X-Keep-Embeddings"
# Where nobody waits for an answer; of a training those for a part of its texts.
TEST_SECONDS, TRAINING_SECONDS = 2.0, 120.0
_TEXTS_AT_ONCE = 64
# The embedding process starts with the model service and needs a moment.
_PAUSES = (0.3, 0.7, 1.5)
_LONGEST_TEXT = 2_000
_MAX_ANSWER_BYTES = 8_000_000


def embedding_client(
    environment: Mapping[str, str], *, seconds: float | None = None, keep: bool = False
) -> EmbeddingClient | None:
    """The client of the configured endpoint, None if there is none; without `seconds` it waits as
    long as a user does. `keep` asks for the embeddings to be stored. Raises `CalmError`."""
    address = environment.get(ADDRESS_VARIABLE)
    if not address:
        return None
    deadline = environment.get(DEADLINE_VARIABLE) or _DEADLINE_MS
    if not deadline.isdecimal():
        raise CalmError(f"{DEADLINE_VARIABLE} must be a whole number, not {deadline!r}")
    return EmbeddingClient(address, int(deadline) / 1000 if seconds is None else seconds, keep=keep)


class EmbeddingClient:
    """`seconds` are what one call of `embed` may take."""

    def __init__(self, address: str, seconds: float, *, keep: bool = False) -> None:
        self._socket = address if address.startswith("/") else None
        base = "http://embeddings/v1" if self._socket else address.rstrip("/")
        self._url = f"{base}/embeddings"
        self._seconds = seconds
        self._headers = {KEEP_HEADER: "yes"} if keep else {}
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """Raises `EmbeddingsUnavailable`."""
        import aiohttp

        try:
            async with asyncio.timeout(self._seconds):
                parts = [
                    await self._asked(texts[start : start + _TEXTS_AT_ONCE])
                    for start in range(0, len(texts), _TEXTS_AT_ONCE)
                ]
        except TimeoutError:
            milliseconds = f"{self._seconds * 1000:g} ms"
            raise EmbeddingsUnavailable(
                f"the embeddings did not come within {milliseconds}"
            ) from None
        except (aiohttp.ClientError, OSError) as error:
            raise EmbeddingsUnavailable(f"the embeddings cannot be asked for: {error}") from None
        model = parts[0].model if parts else ""
        return Embedded(model, [embedding for part in parts for embedding in part.embeddings])

    async def _asked(self, texts: Sequence[str]) -> Embedded:
        body = {
            "model": "default",
            "input": [text[:_LONGEST_TEXT] for text in texts],
            "encoding_format": "base64",
        }
        async with self._client().post(self._url, json=body, allow_redirects=False) as response:
            if response.status != 200:
                raise EmbeddingsUnavailable(f"the embeddings answered with {response.status}")
            content = await response.content.read(_MAX_ANSWER_BYTES)
            while not response.content.at_eof() and len(content) < _MAX_ANSWER_BYTES:
                content += await response.content.read(_MAX_ANSWER_BYTES - len(content))
        try:
            return _read(json.loads(content), len(texts))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise EmbeddingsUnavailable("what the embeddings answered cannot be read") from error

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            import aiohttp

            connector = aiohttp.UnixConnector(self._socket) if self._socket else None
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._session


class TrainingEmbedder:
    """Waits for the endpoint to be there, and uses it for one call at a time: trainings have no
    event loop of their own. `on_waiting` is told how many texts still wait, and of how many."""

    def __init__(
        self, environment: Mapping[str, str], on_waiting: Callable[[int, int], None]
    ) -> None:
        self._environment = environment
        self._on_waiting = on_waiting

    @property
    def is_configured(self) -> bool:
        return bool(self._environment.get(ADDRESS_VARIABLE))

    async def embed(self, texts: Sequence[str]) -> Embedded:
        """Raises `EmbeddingsUnavailable`."""
        client = embedding_client(self._environment, seconds=TRAINING_SECONDS, keep=True)
        if client is None:
            raise EmbeddingsUnavailable("embeddings are switched off")
        model, found = "", list[Embedding]()
        try:
            for start in range(0, len(texts), _TEXTS_AT_ONCE):
                self._on_waiting(len(texts) - start, len(texts))
                part = await _patient(client, texts[start : start + _TEXTS_AT_ONCE])
                model = part.model
                found += part.embeddings
        finally:
            await client.close()
        return Embedded(model, found)


async def _patient(client: EmbeddingClient, texts: Sequence[str]) -> Embedded:
    """Raises `EmbeddingsUnavailable`."""
    for pause in _PAUSES:
        try:
            return await client.embed(texts)
        except EmbeddingsUnavailable:
            await asyncio.sleep(pause)
    return await client.embed(texts)


def _read(answer: Mapping[str, Any], count: int) -> Embedded:
    """Raises `ValueError` and its like for anything but `count` embeddings of one size."""
    rows = sorted(answer["data"], key=lambda row: int(row["index"]))
    found = [_numbers(row["embedding"]) for row in rows]
    if len(found) != count or len({len(numbers) for numbers in found}) > 1 or not found[0]:
        raise ValueError("not one embedding for each text")
    return Embedded(str(answer["model"]), [Embedding.of(numbers) for numbers in found])


def _numbers(value: Any) -> Sequence[float]:
    """Floats as a list, or as base64 of their bytes."""
    if isinstance(value, str):
        numbers = array("f")
        numbers.frombytes(base64.b64decode(value))
        return numbers
    return [float(number) for number in value]
