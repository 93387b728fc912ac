"""What travels along the chain. Tuples: many thousands are made a second."""

from typing import Any, NamedTuple


class RawMessage(NamedTuple):
    """One message of a source; `end` is the offset of the one after it."""

    source_id: int
    offset: int
    end: int
    content: bytes


class DecodedMessage(NamedTuple):
    raw: RawMessage
    body: dict[str, Any]
    text: str


class InvalidMessage(NamedTuple):
    """Goes to the dead letters with its reason; reading goes on."""

    raw: RawMessage
    reason: str
