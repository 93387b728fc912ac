"""What a message would be understood as at the beginning of a conversation, and why.

Nothing is kept of it, and no action runs.
"""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import StartFlow
from modelservice.calm.dialogue.reading import MessageReader, ReadMessage
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.turns.turn import UserMessage, truncate_message
from modelservice.calm.understanding.explaining import Explainer

_SENDER = "parse"


class Parsing:
    def __init__(self, assistant: Assistant, reader: MessageReader, explainer: Explainer) -> None:
        self._assistant = assistant
        self._reader = reader
        self._explainer = explainer

    async def parse(self, text: str) -> dict[str, Any]:
        """As the parse data of a message; besides `intent_ranking`, `no_intent`, and `words`, what
        each of them counts for the flow that starts or the intent that is meant."""
        begun = time.perf_counter()
        text = truncate_message(UserMessage(text, "parse")).text
        tracker = Tracker(_SENDER, self._assistant.domain.slots)
        read = await self._reader.read(text, tracker)
        milliseconds = round((time.perf_counter() - begun) * 1000, 2)
        flow = next((each.flow for each in read.commands if isinstance(each, StartFlow)), None)
        request = self._reader.request(read.text, tracker, None)
        words = self._explainer.words(request, flow, self._intent_of(read, flow))
        return {
            "text": read.text,
            "intent": {"name": read.nlu.intent, "confidence": read.nlu.confidence},
            "entities": list(read.nlu.entities),
            "commands": [command.as_dict() for command in read.commands],
            "milliseconds": milliseconds,
            **read.details,
            **(await self._explainer.ranking(read.text)),
            "words": [asdict(word) for word in words],
        }

    def _intent_of(self, read: ReadMessage, flow: str | None) -> str | None:
        """The intent that starts the flow, or the one that is meant where none starts."""
        started = self._assistant.flows.get(flow) if flow is not None else None
        if started is None:
            return read.nlu.intent
        triggers = {trigger.intent for trigger in started.nlu_triggers}
        return read.nlu.intent if read.nlu.intent in triggers else None
