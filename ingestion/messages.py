"""What travels along the chain. Tuples: many thousands are made a second."""

from typing import NamedTuple

from studio.conversations.incoming_rows import IncomingEvent


class RawMessage(NamedTuple):
    """One message of a source; `end` is the offset of the one after it, and `start` that of what
    lies between it and the one before it, if anything does."""

    source_id: int
    start: int
    offset: int
    end: int
    content: bytes


class DecodedMessage(NamedTuple):
    raw: RawMessage
    event: IncomingEvent


class InvalidMessage(NamedTuple):
    """Goes to the dead letters with its reason; reading goes on."""

    raw: RawMessage
    reason: str
