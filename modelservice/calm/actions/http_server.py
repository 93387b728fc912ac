"""Custom actions over HTTP, as a rasa-sdk action server answers them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from modelservice.calm.actions.answers import ActionAnswer, read_answer
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure, ActionRejected
from modelservice.calm.other_server import Endpoint, OtherServer

TIMEOUT_SECONDS = 60.0
HEALTH_SECONDS = 3.0
MAX_ANSWER_BYTES = 2_000_000
PROTOCOL_VERSION = "3.21.0"


class ActionServerAbsent(ActionFailure):
    """Nothing listens at the address: the action has not begun."""


class Health(NamedTuple):
    """`status` is that of the answer; None where there was none."""

    state: Literal["reachable", "refused", "timed_out", "other"]
    status: int | None = None


def call_body(name: str, tracker: Tracker) -> dict[str, Any]:
    """What every executor of an action is sent."""
    return {
        "next_action": name,
        "sender_id": tracker.sender_id,
        "tracker": tracker.snapshot(),
        "version": PROTOCOL_VERSION,
    }


class HttpActions:
    """Asks an action server. With `selective_domain` only actions that need the domain get it."""

    beside_stubs = False

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        selective_domain: bool = False,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._selective_domain = selective_domain
        self._server = OtherServer(endpoint, seconds=timeout_seconds, most_bytes=MAX_ANSWER_BYTES)

    async def close(self) -> None:
        await self._server.close()

    async def problem(self) -> str | None:
        status, url = (await self.health()).status, self._health_url
        if status is None:
            return f"no action server answers at {url}"
        return None if status == 200 else f"the action server answers {status} at {url}"

    async def health(self) -> Health:
        """What is at the address, as rasa-sdk's own page of its health tells."""
        import aiohttp

        try:
            status, content = await self._server.get(self._health_url, HEALTH_SECONDS)
        except TimeoutError:
            return Health("timed_out")
        except aiohttp.ClientConnectorError:
            return Health("refused")
        except (aiohttp.ClientError, ValueError):  # something is there that speaks no HTTP
            return Health("other")
        is_one = status == 200 and _json_object((content or b"").decode("utf-8", "replace"))
        return Health("reachable" if is_one else "other", status)

    @property
    def _health_url(self) -> str:
        """Beside the address, at `/webhook` or the like."""
        parts = urlsplit(self._server.endpoint.url)
        return parts._replace(path=f"{parts.path.rpartition('/')[0]}/health", query="").geturl()

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        body = {**call_body(name, tracker), "domain_digest": _digest(assistant)}
        if self._selective_domain and name in assistant.domain.actions_that_need_the_domain:
            body["domain"] = assistant.domain.raw
        status, text = await self._post(name, body)
        if status == 449:
            status, text = await self._post(name, {**body, "domain": assistant.domain.raw})
        return _read_response(name, status, text)

    async def _post(self, name: str, body: Mapping[str, Any]) -> tuple[int, str]:
        import aiohttp

        try:
            status, content = await self._server.post(body)
            if content is None:
                raise ActionFailure(f"custom action '{name}' answered more than 2 MB")
            return status, content.decode()
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            reason = str(error) or type(error).__name__
            absent = isinstance(error, aiohttp.ClientConnectorError)
            failure = ActionServerAbsent if absent else ActionFailure
            raise failure(
                f"custom action '{name}': the action server at {self._server.endpoint.url} "
                f"cannot be reached ({reason}); start `python -m rasa_sdk --actions actions` "
                "or set action_endpoint.url in endpoints.yml"
            ) from error


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
