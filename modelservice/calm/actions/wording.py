"""Responses in other words than the domain has them: a language model's, or a server's.

Both fall back to the domain's words, with a note that says why.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from modelservice.calm.dialogue.events import NO_BOT_DATA, Event
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import CalmError
from modelservice.calm.other_server import Endpoint, OtherServer

if TYPE_CHECKING:
    from modelservice.calm.understanding.llm.client import LanguageModel

logger = logging.getLogger(__name__)
REPHRASER = "ContextualResponseRephraser"
RESPONSE_SERVER = "CallbackNaturalLanguageGenerator"
DEFAULT_TURNS = 5
_SERVER_SECONDS = 5.0
_MAX_ANSWER_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Worded:
    """The bot event to send; `problem` says why it has the domain's words after all."""

    event: Event
    problem: str = ""


class Wording(Protocol):
    async def worded(
        self, event: Event, arguments: Mapping[str, Any], tracker: Tracker, channel: str
    ) -> Worded:
        """The event of a response of the domain as it is to be said."""

    async def close(self) -> None: ...


@dataclass(slots=True)
class Rephraser:
    """`everything` rephrases each response that does not say otherwise; `template` is the
    project's prompt, None for our own."""

    model: LanguageModel
    everything: bool = False
    template: str | None = None
    turns: int = DEFAULT_TURNS

    async def worded(
        self, event: Event, arguments: Mapping[str, Any], tracker: Tracker, channel: str
    ) -> Worded:
        from modelservice.calm.understanding.llm.client import LanguageModelFailure
        from modelservice.calm.understanding.llm.prompt import render_prompt

        own = event.metadata.get("metadata")
        settings: Mapping[str, Any] = own if isinstance(own, Mapping) else {}
        text = event["text"]
        if not text or not settings.get("rephrase", self.everything):
            return Worded(event)
        template = str(settings.get("rephrase_prompt") or self.template or own_prompt())
        try:
            prompt = render_prompt(template, rephrasing_variables(text, tracker, self.turns))
            answer = await self.model.complete(prompt)
        except LanguageModelFailure as error:
            return _as_written(event, f"not rephrased: {error}")
        details = {
            "utter_source": REPHRASER,
            "domain_ground_truth": [text],
            "model": answer.model,
            "usage": dict(answer.usage),
            "milliseconds": answer.milliseconds,
        }
        fields = {**event.fields, "text": answer.text.strip()}
        return Worded(replace(event, fields=fields, metadata={**event.metadata, **details}))

    async def close(self) -> None:
        """The model belongs to the assistant."""


def rephrasing_variables(text: str, tracker: Tracker, turns: int) -> dict[str, Any]:
    """Everything that a rephraser's template may name; `text` is what would be said."""
    from modelservice.calm.understanding.llm.prompt import transcript

    lines = transcript(tracker, 2 * turns).splitlines()
    users = [number for number, line in enumerate(lines) if line.startswith("USER: ")]
    # The latest message is a variable of its own.
    latest = lines.pop(users[-1]) if users else ""
    return {
        "history": "\n".join(lines),
        "current_input": latest,
        "suggested_response": text,
        "language": tracker.slots.get("language"),
        "slots": {name: value for name, value in tracker.slots.items() if value is not None},
    }


def own_prompt() -> str:
    """The text of this runtime's own."""
    return (Path(__file__).parent / "rephrase.jinja2").read_text(encoding="utf-8")


def _as_written(event: Event, problem: str) -> Worded:
    logger.warning("%s: %s", event.metadata.get("utter_action"), problem)
    note = {"note": f"{problem}; it is said as it is written"}
    return Worded(replace(event, metadata={**event.metadata, **note}), problem)


class ServerRefused(CalmError):
    """The server gave no response; the text says why, without the address's secrets."""


class ResponseServer:
    """The `nlg` of endpoints.yml that has a `url`."""

    def __init__(self, endpoint: Endpoint, *, seconds: float = _SERVER_SECONDS) -> None:
        self._server = OtherServer(endpoint, seconds=seconds, most_bytes=_MAX_ANSWER_BYTES)

    async def worded(
        self, event: Event, arguments: Mapping[str, Any], tracker: Tracker, channel: str
    ) -> Worded:
        body = {
            "response": event.metadata.get("utter_action"),
            "id": event.metadata.get("id"),
            "arguments": dict(arguments),
            "tracker": tracker.snapshot(),
            "channel": {"name": channel},
        }
        try:
            given = await self._ask(body)
        except ServerRefused as error:
            return _as_written(event, f"the server of responses {error}")
        known = {key: given[key] for key in NO_BOT_DATA if key in given}
        rest = {key: value for key, value in given.items() if key not in {"text", *NO_BOT_DATA}}
        fields = {**event.fields, "text": given.get("text"), "data": {**NO_BOT_DATA, **known}}
        metadata = {**event.metadata, **rest, "utter_source": RESPONSE_SERVER}
        return Worded(replace(event, fields=fields, metadata=metadata))

    async def _ask(self, body: Mapping[str, Any]) -> dict[str, Any]:
        import aiohttp

        try:
            status, content = await self._server.post(body)
        except (TimeoutError, aiohttp.ClientError, ValueError) as error:
            raise ServerRefused(f"cannot be reached ({type(error).__name__})") from error
        if status != 200:
            raise ServerRefused(f"answered {status}")
        if content is None:
            raise ServerRefused("answered more than 1 MB")
        return _read(content)

    async def close(self) -> None:
        await self._server.close()


def _read(content: bytes) -> dict[str, Any]:
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise ServerRefused("answered something else than a response")
    text = given.get("text")
    if text is not None and not isinstance(text, str):
        raise ServerRefused("answered with a text that is none")
    if not text and not any(given.get(key) for key in NO_BOT_DATA):
        raise ServerRefused("answered with an empty response")
    return given
