"""The chain: decode, validate, batch, write. Each step does one thing and hands on to the next."""

import logging
import math
from typing import Any, Protocol, TypeVar

import orjson
from django.db import DataError, IntegrityError

from ingestion.mantle import is_mantle, translated
from ingestion.messages import DecodedMessage, InvalidMessage, RawMessage
from studio.conversations.ingest import IncomingEvent, RejectedEvent, write_batch

log = logging.getLogger(__name__)

Incoming_contra = TypeVar("Incoming_contra", contravariant=True)
Checked = DecodedMessage | InvalidMessage
_MAX_LINE = 8 * 1024 * 1024
_MAX_SENDER = 255
# Year 2100; a larger number is not a time in seconds.
_LATEST = 4_102_444_800


class Step(Protocol[Incoming_contra]):
    """Takes messages in order. `flush` hands on what is held back."""

    def submit(self, message: Incoming_contra) -> None: ...

    def flush(self) -> None: ...


class Decode:
    """Bytes to a JSON map."""

    def __init__(self, then: Step[Checked]) -> None:
        self._then = then

    def submit(self, message: RawMessage) -> None:
        self._then.submit(_decoded(message))

    def flush(self) -> None:
        self._then.flush()


def _decoded(message: RawMessage) -> Checked:
    if len(message.content) > _MAX_LINE:
        return InvalidMessage(message, f"The event is longer than {_MAX_LINE} bytes.")
    try:
        text = message.content.decode().strip()
        body = orjson.loads(text)
    except ValueError as error:
        return InvalidMessage(message, f"The event is not JSON: {error}")
    if not isinstance(body, dict):
        return InvalidMessage(message, "The event is not a JSON map.")
    if is_mantle(body):
        try:
            body = translated(body)
        except ValueError as error:
            return InvalidMessage(message, f"The event of the Mantle engine is not usable: {error}")
        text = orjson.dumps(body).decode()
    return DecodedMessage(message, body, text)


class Validate:
    """An event has a sender, a type and a time; everything else is open (kafka_events §2)."""

    def __init__(self, then: Step[Checked]) -> None:
        self._then = then

    def submit(self, message: Checked) -> None:
        if isinstance(message, DecodedMessage) and (reason := _refusal(message.body)):
            message = InvalidMessage(message.raw, reason)
        self._then.submit(message)

    def flush(self) -> None:
        self._then.flush()


def _refusal(body: dict[str, Any]) -> str | None:
    sender, event, at = body.get("sender_id"), body.get("event"), body.get("timestamp")
    checks = (
        (isinstance(sender, str) and 0 < len(sender) <= _MAX_SENDER, "sender_id"),
        (isinstance(sender, str) and "\0" not in sender, "sender_id"),
        (isinstance(event, str) and len(event) > 0 and "\0" not in event, "event"),
        (
            isinstance(at, (int, float))
            and not isinstance(at, bool)
            and math.isfinite(at)
            and 0 <= at < _LATEST,
            "timestamp",
        ),
        (isinstance(body.get("metadata"), (dict, type(None))), "metadata"),
    )
    wrong = next((field for sound, field in checks if not sound), None)
    return f"The event has no usable {wrong}." if wrong else None


class Batch:
    """Hands on lists of messages of one source, of `size` at most."""

    def __init__(self, size: int, then: Step[list[Checked]]) -> None:
        self._size = size
        self._then = then
        self._held: list[Checked] = []

    def submit(self, message: Checked) -> None:
        if self._held and self._held[-1].raw.source_id != message.raw.source_id:
            self.flush()
        self._held.append(message)
        if len(self._held) >= self._size:
            self.flush()

    def flush(self) -> None:
        held, self._held = self._held, []
        if held:
            self._then.submit(held)
        self._then.flush()


class Write:
    """Writes a batch and its offset in one transaction.

    A batch that the database refuses is halved until the event at fault is alone; that one goes
    to the dead letters. Other failures go up: nothing was written, the source reads again.
    """

    def submit(self, message: list[Checked]) -> None:
        try:
            self._write(message)
        except (DataError, IntegrityError, ValueError) as error:
            if len(message) > 1:
                middle = len(message) // 2
                self.submit(message[:middle])
                self.submit(message[middle:])
                return
            log.warning("event at %d cannot be stored: %s", message[0].raw.offset, error)
            self._write([InvalidMessage(message[0].raw, f"The database refuses it: {error}")])

    def flush(self) -> None:
        """Nothing is held back here."""

    @staticmethod
    def _write(batch: list[Checked]) -> None:
        write_batch(
            source_id=batch[0].raw.source_id,
            events=[
                IncomingEvent(message.raw.offset, message.body, message.text)
                for message in batch
                if isinstance(message, DecodedMessage)
            ],
            rejected=[
                RejectedEvent(
                    message.raw.offset,
                    message.raw.content,
                    message.reason,
                )
                for message in batch
                if isinstance(message, InvalidMessage)
            ],
            next_offset=batch[-1].raw.end,
        )


def build_pipeline(batch_size: int) -> Step[RawMessage]:
    return Decode(then=Validate(then=Batch(batch_size, then=Write())))
