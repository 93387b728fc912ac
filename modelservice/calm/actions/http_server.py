"""Custom actions over HTTP, as a rasa-sdk action server answers them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from modelservice.calm.actions.answers import ActionAnswer, read_answer
from modelservice.calm.capped import capped_body
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure, ActionRejected

if TYPE_CHECKING:
    import aiohttp

TIMEOUT_SECONDS = 60.0
HEALTH_SECONDS = 3.0
MAX_ANSWER_BYTES = 2_000_000
PROTOCOL_VERSION = "3.21.0"


@dataclass(frozen=True, slots=True)
class ActionEndpoint:
    """`action_endpoint` of endpoints.yml; `url` None if the project names none."""

    url: str | None = None
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    basic_auth: tuple[str, str] | None = None
    selective_domain: bool = False


class ActionServerAbsent(ActionFailure):
    """Nothing listens at the address: the action has not begun."""


def call_body(name: str, tracker: Tracker) -> dict[str, Any]:
    """What every executor of an action is sent."""
    return {
        "next_action": name,
        "sender_id": tracker.sender_id,
        "tracker": tracker.snapshot(),
        "version": PROTOCOL_VERSION,
    }


class HttpActions:
    """Asks the action server at `endpoint.url`, which is not None."""

    beside_stubs = False

    def __init__(
        self, endpoint: ActionEndpoint, *, timeout_seconds: float = TIMEOUT_SECONDS
    ) -> None:
        self._endpoint = endpoint
        self._timeout = timeout_seconds
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def problem(self) -> str | None:
        import aiohttp

        url = f"{str(self._endpoint.url).rpartition('/')[0]}/health"
        try:
            timeout = aiohttp.ClientTimeout(total=HEALTH_SECONDS)
            async with self._client(aiohttp).get(url, timeout=timeout) as response:
                if response.status == 200:
                    return None
                return f"the action server answers {response.status} at {url}"
        except (TimeoutError, aiohttp.ClientError, ValueError):
            return f"no action server answers at {url}"

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        body = {**call_body(name, tracker), "domain_digest": _digest(assistant)}
        needs_domain = (
            self._endpoint.selective_domain
            and name in assistant.domain.actions_that_need_the_domain
        )
        if needs_domain:
            body["domain"] = assistant.domain.raw
        status, text = await self._post(name, body)
        if status == 449:
            status, text = await self._post(name, {**body, "domain": assistant.domain.raw})
        return _read_response(name, status, text)

    async def _post(self, name: str, body: Mapping[str, Any]) -> tuple[int, str]:
        import aiohttp

        try:
            session = self._client(aiohttp)
            params = {"token": self._endpoint.token} if self._endpoint.token else None
            async with session.post(str(self._endpoint.url), json=body, params=params) as response:
                return response.status, await _capped_body(name, response)
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            reason = str(error) or type(error).__name__
            absent = isinstance(error, aiohttp.ClientConnectorError)
            failure = ActionServerAbsent if absent else ActionFailure
            raise failure(
                f"custom action '{name}': the action server at {self._endpoint.url} "
                f"cannot be reached ({reason}); start `python -m rasa_sdk --actions actions` "
                "or set action_endpoint.url in endpoints.yml"
            ) from error

    def _client(self, http: Any) -> aiohttp.ClientSession:
        if self._session is None:
            auth = self._endpoint.basic_auth
            self._session = http.ClientSession(
                timeout=http.ClientTimeout(total=self._timeout),
                headers=dict(self._endpoint.headers),
                auth=http.BasicAuth(*auth) if auth else None,
            )
        session: aiohttp.ClientSession = self._session
        return session


async def _capped_body(name: str, response: aiohttp.ClientResponse) -> str:
    body = await capped_body(response, MAX_ANSWER_BYTES)
    if body is None:
        raise ActionFailure(f"custom action '{name}' answered more than 2 MB")
    return body.decode()


def _read_response(name: str, status: int, text: str) -> ActionAnswer:
    body = _json_object(text)
    if status == 400 and "action_name" in body:
        raise ActionRejected(str(body.get("error") or f"custom action '{name}' was rejected"))
    if status == 404:
        raise ActionFailure(f"custom action '{name}' is not found on the action server")
    if status == 449:
        raise ActionFailure(f"custom action '{name}': the server keeps asking for the domain")
    if status >= 400:
        raise ActionFailure(f"custom action '{name}' failed: the server answered {status}")
    return read_answer(name, body)


def _json_object(text: str) -> dict[str, Any]:
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _digest(assistant: Assistant) -> str:
    text = json.dumps(assistant.domain.raw, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
