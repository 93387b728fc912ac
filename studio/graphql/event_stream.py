"""Events of conversations in an answer, written into it only while it is sent.

A thousand long conversations do not fit into memory. Where their events belong, the answer has a
word that nobody can guess; the stored JSON takes its place.
"""

import re
import secrets
from collections.abc import Iterator
from typing import cast

from strawberry.scalars import JSON

from studio.conversations.models import Conversation
from studio.conversations.selectors.raw import events_as_json


class EventStream:
    def __init__(self) -> None:
        self._word = secrets.token_hex(16)
        self._rows: list[Conversation] = []

    def place_of(self, row: Conversation) -> list[JSON]:
        """What stands for the list of its events."""
        self._rows.append(row)
        return [cast("JSON", f"{self._word}:{len(self._rows) - 1}")]

    @property
    def is_empty(self) -> bool:
        return not self._rows

    def filled(self, answer: str) -> Iterator[str]:
        """The answer, JSON, with the events in their places."""
        texts = re.split(rf'"{self._word}:(\d+)"', answer)
        wanted = [self._rows[int(number)] for number in texts[1::2]]
        yield texts[0]
        for events, text in zip(events_as_json(wanted), texts[2::2], strict=True):
            yield next(events, "")
            for event in events:
                yield f",{event}"
            yield text
