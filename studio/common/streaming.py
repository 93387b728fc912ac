"""Answers that are sent while they are being made."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

_ENOUGH = 64 * 1024  # bytes that are worth a way to the thread and back


class StreamedResponse(StreamingHttpResponse):
    """Sends its parts as they come, some of them together.

    Under ASGI Django's own first collects all parts of a plain iterator in memory. Parts are made
    in the thread of the request, which has its database connection.
    """

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = iter(self)
        some_more = sync_to_async(_some)
        while part := await some_more(parts):
            yield part


def _some(parts: Iterator[bytes]) -> bytes:
    """Empty at the end."""
    found, size = [], 0
    for part in parts:
        found.append(part)
        size += len(part)
        if size >= _ENOUGH:
            break
    return b"".join(found)
