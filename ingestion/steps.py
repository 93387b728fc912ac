"""The chain: check, batch, write. Each step does one thing and hands on to the next."""

import logging
import time
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import orjson
from django.db import DataError, IntegrityError

from ingestion.mantle import is_mantle, translated
from ingestion.messages import DecodedMessage, InvalidMessage, RawMessage
from ingestion.status import Status
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


class Check:
    """Bytes to an event: a JSON map with a sender, a type and a time; everything else is open
    (kafka_events §2)."""

    def __init__(self, then: Step[Checked]) -> None:
        self._then = then

    def submit(self, message: RawMessage) -> None:
        self._then.submit(checked(message))

    def flush(self) -> None:
        self._then.flush()


def checked(message: RawMessage) -> Checked:
    found = _decoded(message)
    if isinstance(found, DecodedMessage) and (reason := _refusal(found.body)):
        return InvalidMessage(message, reason)
    return found


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


def _refusal(body: dict[str, Any]) -> str | None:
    wrong = next((name for name, is_sound in _CHECKS if not is_sound(body.get(name))), None)
    return f"The event has no usable {wrong}." if wrong else None


def _is_sender(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MAX_SENDER and "\0" not in value


def _is_type(value: Any) -> bool:
    return isinstance(value, str) and len(value) > 0 and "\0" not in value


def _is_moment(value: Any) -> bool:
    """Finite by comparison: NaN is not below anything."""
    return type(value) in {int, float} and 0 <= value < _LATEST


def _is_metadata(value: Any) -> bool:
    return value is None or isinstance(value, dict)


_CHECKS: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("sender_id", _is_sender),
    ("event", _is_type),
    ("timestamp", _is_moment),
    ("metadata", _is_metadata),
)


class Batch:
    """Hands on what came of each source as one list, once there are `size` messages."""

    def __init__(self, size: int, then: Step[list[Checked]]) -> None:
        self._size = size
        self._then = then
        self._held: dict[int, list[Checked]] = {}
        self._count = 0

    def submit(self, message: Checked) -> None:
        self._held.setdefault(message.raw.source_id, []).append(message)
        self._count += 1
        if self._count >= self._size:
            self.flush()

    def flush(self) -> None:
        held = self._held
        self.forget()
        for messages in held.values():
            self._then.submit(messages)
        self._then.flush()

    def forget(self) -> None:
        self._held, self._count = {}, 0


class Write:
    """Writes a batch and its offset in one transaction.

    A batch that the database refuses is halved until the event at fault is alone; that one goes
    to the dead letters. Other failures go up: nothing was written, the source reads again.
    """

    def __init__(self, status: Status, most_invalid: int) -> None:
        self._status = status
        self._most_invalid = most_invalid
        self._in_a_row = 0

    def submit(self, message: list[Checked]) -> None:
        began = time.monotonic()
        try:
            self._write(message)
        except (DataError, IntegrityError, ValueError) as error:
            if len(message) > 1:
                middle = len(message) // 2
                self.submit(message[:middle])
                self.submit(message[middle:])
                return
            log.warning("event at %d cannot be stored: %s", message[0].raw.offset, error)
            message = [InvalidMessage(message[0].raw, f"The database refuses it: {error}")]
            self._write(message)
        self._note(message, time.monotonic() - began)

    def flush(self) -> None:
        """Nothing is held back here."""

    def _note(self, batch: list[Checked], seconds: float) -> None:
        """
        :raises TooManyInvalid: it is not single events that are wrong
        """
        valid = [message for message in batch if isinstance(message, DecodedMessage)]
        newest = max((message.body["timestamp"] for message in valid), default=0.0)
        self._status.wrote(
            events=len(valid), invalid=len(batch) - len(valid), seconds=seconds, newest=newest
        )
        for message in batch:
            self._in_a_row = 0 if isinstance(message, DecodedMessage) else self._in_a_row + 1
            if isinstance(message, InvalidMessage) and self._in_a_row >= self._most_invalid:
                count, self._in_a_row = self._in_a_row, 0
                raise TooManyInvalid(count, message)

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
                RejectedEvent(message.raw.offset, message.raw.content, message.reason)
                for message in batch
                if isinstance(message, InvalidMessage)
            ],
            next_offset=batch[-1].raw.end,
        )


class TooManyInvalid(Exception):
    """One event after another cannot be read: somebody has to look before more are set aside."""

    def __init__(self, count: int, last: InvalidMessage) -> None:
        super().__init__(
            f"{count} events in a row cannot be read, the last one at offset {last.raw.offset}: "
            f"{last.reason} They are kept: `manage.py dlq list` shows them."
        )


class Pipeline:
    """The whole chain."""

    def __init__(self, batch_size: int, most_invalid: int, status: Status) -> None:
        self._batch = Batch(batch_size, then=Write(status, most_invalid))
        self._first = Check(then=self._batch)
        self.submit = self._first.submit
        self.flush = self._first.flush

    def forget(self) -> None:
        """What is held back will be read again."""
        self._batch.forget()
