"""What travels along the chain."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One line of a source; `end` is the offset of the line after it."""

    source_id: int
    offset: int
    end: int
    content: bytes


@dataclass(frozen=True, slots=True)
class DecodedMessage:
    raw: RawMessage
    body: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class InvalidMessage:
    """Goes to the dead letters with its reason; reading goes on."""

    raw: RawMessage
    reason: str
