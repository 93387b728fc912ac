"""A server that endpoints.yml names, beside the language models: of actions, of responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modelservice.calm.errors import ProjectError
from modelservice.common import request_ids

if TYPE_CHECKING:
    import aiohttp


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`token` is sent as a parameter of the URL, as Rasa does."""

    url: str
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    basic_auth: tuple[str, str] | None = None


def endpoint_in(settings: Any, key: str) -> Endpoint | None:
    """The endpoint under a key of endpoints.yml; None where it names no `url`.

    :raises ProjectError: where a part of it is not what it has to be.
    """
    if not isinstance(settings, Mapping):
        raise ProjectError(f"'{key}' must be a map", file="endpoints.yml")
    if not settings.get("url"):
        return None
    headers, auth = settings.get("headers") or {}, settings.get("basic_auth") or {}
    if not isinstance(headers, Mapping):
        raise ProjectError(f"'{key}.headers' must be a map", file="endpoints.yml")
    if auth and not (isinstance(auth, Mapping) and {"username", "password"} <= set(auth)):
        raise ProjectError(
            f"'{key}.basic_auth' must have a username and a password", file="endpoints.yml"
        )
    return Endpoint(
        url=str(settings["url"]),
        token=str(settings["token"]) if settings.get("token") else None,
        headers={str(name): str(value) for name, value in headers.items()},
        basic_auth=(str(auth["username"]), str(auth["password"])) if auth else None,
    )


class OtherServer:
    """Connections are made by the first request and kept until `close`.

    Requests raise `TimeoutError`, `aiohttp.ClientError` or `ValueError` (no URL at all).
    """

    def __init__(self, endpoint: Endpoint, *, seconds: float, most_bytes: int) -> None:
        self.endpoint = endpoint
        self._seconds = seconds
        self._most_bytes = most_bytes
        self._session: aiohttp.ClientSession | None = None

    async def post(self, body: Mapping[str, Any]) -> tuple[int, bytes | None]:
        """The status and the body of the answer; None where it has more bytes than allowed."""
        params = {"token": self.endpoint.token} if self.endpoint.token else None
        request = self._client().post(
            self.endpoint.url, json=body, params=params, headers=request_ids.passed_on()
        )
        async with request as response:
            return response.status, await capped_body(response, self._most_bytes)

    async def get(self, url: str, seconds: float) -> tuple[int, bytes | None]:
        """The same of what is at `url`, which leads nowhere else."""
        import aiohttp

        timeout = aiohttp.ClientTimeout(total=seconds)
        request = self._client().get(url, timeout=timeout, allow_redirects=False)
        async with request as response:
            return response.status, await capped_body(response, self._most_bytes)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _client(self) -> aiohttp.ClientSession:
        import aiohttp

        if self._session is None:
            auth = self.endpoint.basic_auth
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                headers=dict(self.endpoint.headers),
                auth=aiohttp.BasicAuth(*auth) if auth else None,
            )
        return self._session


async def capped_body(response: aiohttp.ClientResponse, most: int) -> bytes | None:
    """The body; None where it has more than `most` bytes, and the connection is closed then."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        body.extend(chunk)
        if len(body) > most:
            response.close()
            return None
    return bytes(body)
