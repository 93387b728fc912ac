"""Asks a language model over HTTP: bounded in time and size, tried again when that may help."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from modelservice.calm.errors import CalmError
from modelservice.calm.other_server import capped_body
from modelservice.calm.understanding.llm.endpoint import ModelEndpoint, endpoints_of

if TYPE_CHECKING:
    import aiohttp

MAX_ANSWER_BYTES = 1_000_000
MAX_ANSWER_CHARACTERS = 20_000
# Seconds before the second and the third attempt.
BACK_OFF = (0.3, 1.0)
_TEMPORARY = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
_SHOWN_CHARACTERS = 200


class LanguageModelFailure(CalmError):
    """The language model gave no answer that can be used; says why, without secrets. `status` is
    what its server answered, None where it answered nothing, or something that cannot be read."""

    def __init__(self, text: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(text)


class _TryAgain(Exception):
    """What happened may pass; `after` is how long the server asks to wait."""

    def __init__(self, problem: str, after: float = 0.0, status: int | None = None) -> None:
        self.after = after
        self.status = status
        super().__init__(problem)


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    model: str
    milliseconds: float
    usage: Mapping[str, int]


class LanguageModel:
    """One or more endpoints of one model group; each attempt goes to the next of them."""

    def __init__(self, endpoints: Sequence[ModelEndpoint]) -> None:
        self._endpoints = list(endpoints)
        self._session: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        return self._endpoints[0].model

    def without_secrets(self, text: str) -> str:
        """A server may say back what it was sent."""
        for endpoint in self._endpoints:
            text = _without_secrets(text, endpoint)
        return text

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def complete(self, prompt: str) -> Answer:
        """The model's answer to one prompt. Raises `LanguageModelFailure`."""
        seconds = self._endpoints[0].timeout_seconds
        attempts = _Attempts(self._endpoints)
        try:
            async with asyncio.timeout(seconds):
                return await attempts.run(self._client(), prompt)
        except TimeoutError:
            problem = attempts.problem or f"did not answer in {seconds:g} s"
            raise LanguageModelFailure(f"the language model {problem}", attempts.status) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            import aiohttp

            # The time limit is the one around all attempts. Companies reach models by a proxy.
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None), trust_env=True
            )
        return self._session


class _Attempts:
    def __init__(self, endpoints: Sequence[ModelEndpoint]) -> None:
        self._endpoints = endpoints
        self.problem = ""
        self.status: int | None = None

    async def run(self, session: aiohttp.ClientSession, prompt: str) -> Answer:
        started = time.monotonic()
        for number, pause in enumerate((*BACK_OFF, None)):
            endpoint = self._endpoints[number % len(self._endpoints)]
            try:
                text, usage = await _ask(session, endpoint, prompt)
            except _TryAgain as error:
                self.problem, self.status = str(error), error.status
                if pause is None or error.after > endpoint.timeout_seconds:
                    break
                await asyncio.sleep(max(pause, error.after))
            else:
                milliseconds = round((time.monotonic() - started) * 1000, 1)
                return Answer(text, endpoint.model, milliseconds, usage)
        raise LanguageModelFailure(f"the language model {self.problem}", self.status)


async def _ask(
    session: aiohttp.ClientSession, endpoint: ModelEndpoint, prompt: str
) -> tuple[str, dict[str, int]]:
    import aiohttp

    body = {"messages": [{"role": "user", "content": prompt}], **endpoint.parameters}
    try:
        async with session.post(
            endpoint.url, json=body, headers=endpoint.headers, allow_redirects=False
        ) as response:
            content = await _capped_body(response)
            if response.status != 200:
                raise _refusal(endpoint, response, content)
    except ValueError:
        # Of an address or a header; its text may hold the key.
        problem = "the language model's address or key is not valid"
        raise LanguageModelFailure(problem) from None
    except aiohttp.ClientError as error:
        reason = _without_secrets(str(error) or type(error).__name__, endpoint)
        raise _TryAgain(f"at {_host(endpoint)} cannot be reached ({reason})") from None
    return _read_completion(content)


async def _capped_body(response: aiohttp.ClientResponse) -> bytes:
    body = await capped_body(response, MAX_ANSWER_BYTES)
    if body is None:
        raise LanguageModelFailure("the language model answered more than 1 MB")
    return body


def _refusal(
    endpoint: ModelEndpoint, response: aiohttp.ClientResponse, content: bytes
) -> _TryAgain | LanguageModelFailure:
    reason = _without_secrets(_error_message(content), endpoint)
    problem = f"at {_host(endpoint)} answered {response.status}{reason and f' ({reason})'}"
    if response.status not in _TEMPORARY:
        return LanguageModelFailure(f"the language model {problem}", response.status)
    after = response.headers.get("Retry-After", "")
    return _TryAgain(problem, float(after) if after.isdecimal() else 0.0, response.status)


def _error_message(content: bytes) -> str:
    error = _json_object(content).get("error")
    message = error.get("message") if isinstance(error, Mapping) else error
    return " ".join(message.split())[:_SHOWN_CHARACTERS] if isinstance(message, str) else ""


def _read_completion(content: bytes) -> tuple[str, dict[str, int]]:
    body = _json_object(content)
    try:
        text = body["choices"][0]["message"]["content"]
    except (KeyError, IndexError, TypeError):
        text = None
    if not isinstance(text, str):
        raise LanguageModelFailure("the language model answered something else than a completion")
    if not text.strip():
        raise LanguageModelFailure("the language model gave an empty answer")
    usage = body.get("usage")
    counted = usage if isinstance(usage, Mapping) else {}
    names = ("prompt_tokens", "completion_tokens")
    numbers = {name: counted[name] for name in names if type(counted.get(name)) is int}
    return text[:MAX_ANSWER_CHARACTERS], numbers


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _host(endpoint: ModelEndpoint) -> str:
    """Host and port only: addresses may carry passwords."""
    return urlsplit(endpoint.url).netloc.rpartition("@")[2]


def _without_secrets(text: str, endpoint: ModelEndpoint) -> str:
    for secret in endpoint.secrets:
        text = text.replace(secret, "***")
    return text


class LanguageModels:
    """The language models of an assistant; components of one group share one."""

    def __init__(self, endpoints: Mapping[str, Any], environment: Mapping[str, str]) -> None:
        self._endpoints = endpoints
        self._environment = environment
        self._models: dict[str, LanguageModel] = {}

    def of(self, component: Mapping[str, Any]) -> LanguageModel:
        """The model of a component's `llm`. Raises `LanguageModelUnusable`."""
        key = json.dumps(component.get("llm"), sort_keys=True, default=str)
        if key not in self._models:
            endpoints = endpoints_of(component, self._endpoints, self._environment)
            self._models[key] = LanguageModel(endpoints)
        return self._models[key]

    async def close(self) -> None:
        for model in self._models.values():
            await model.close()
