"""What a default action may look at, and say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event, bot_uttered
from modelservice.calm.dialogue.executor import active_metadata
from modelservice.calm.dialogue.responses import UTTER_SOURCE, ResponseGenerator
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.search.answering import Answering


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What a default action may look at; `problems` are what it could not say, `said` the responses
    of the domain that it says, each with its arguments."""

    assistant: Assistant
    tracker: Tracker
    responses: ResponseGenerator
    channel: str
    answering: Answering | None = None
    problems: list[str] = field(default_factory=list)
    said: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def say(self, name: str, arguments: Mapping[str, Any] | None = None) -> list[Event]:
        """The bot event of a response; empty if the response cannot be said."""
        message = self.responses.generate(name, self.tracker, self.channel, arguments)
        if message.problem:
            self.problems.append(message.problem)
        if message.text is None and not message.data:
            return []
        self.said.append((name, arguments or {}))
        metadata = {
            **message.metadata,
            "utter_action": name,
            "utter_source": UTTER_SOURCE,
            **active_metadata(self.tracker.stack.top_flow_frame),
        }
        return [bot_uttered(message.text, message.data, metadata)]

    def arguments_of(self, event: Event) -> Mapping[str, Any] | None:
        """Of a bot event that says a response of the domain, each once; None for all others."""
        name = event.metadata.get("utter_action")
        if event.metadata.get("utter_source") != UTTER_SOURCE:
            return None
        for number, (said, arguments) in enumerate(self.said):
            if said == name:
                del self.said[number]
                return arguments
        return None
