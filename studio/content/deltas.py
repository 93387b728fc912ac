"""A text as its difference from another one that is much like it."""

import json
import zlib
from typing import Any

# How far back deflate can look: longer texts are compressed by their own repetitions, too.
_WINDOW = 32 * 1024


def delta_to(text: str, known: str) -> bytes:
    """What has to be kept to get `text` back while `known` is there."""
    packer = zlib.compressobj(level=9, zdict=_dictionary(known))
    return packer.compress(text.encode("utf-8", "surrogatepass")) + packer.flush()


def from_delta(delta: bytes, known: str) -> str:
    unpacker = zlib.decompressobj(zdict=_dictionary(known))
    return (unpacker.decompress(delta) + unpacker.flush()).decode("utf-8", "surrogatepass")


def _dictionary(known: str) -> bytes:
    return known.encode("utf-8", "surrogatepass")[-_WINDOW:]


def body_text(body: Any) -> str:
    """A body as the text that is stored, hashed and compared."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def state_text(body: Any, content: bytes | memoryview | None) -> str:
    """A state as differences are made of it: the text of a file, the body of anything else."""
    return body_text(body) if content is None else bytes(content).decode("utf-8", "replace")
