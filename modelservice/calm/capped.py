"""Answers of other servers, read up to a size."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import aiohttp


async def capped_body(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body; None where it has more than `most` bytes, and the connection is closed then."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body.extend(chunk)
        if len(body) > most:
            response.close()
            return None
    return bytes(body)
