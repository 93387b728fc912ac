"""The chain: check, batch, write. Each step does one thing and hands on to the next."""

import contextlib
import logging
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import orjson
from django.db import (
    DatabaseError,
    DataError,
    IntegrityError,
    close_old_connections,
    connections,
)

from ingestion.mantle import is_mantle, translated
from ingestion.messages import DecodedMessage, InvalidMessage, RawMessage
from ingestion.status import Status
from studio.conversations.ingest import RejectedEvent, incoming, write_batch

log = logging.getLogger(__name__)

Incoming_contra = TypeVar("Incoming_contra", contravariant=True)
Checked = DecodedMessage | InvalidMessage
# Of one source each, nothing left out within.
Stretches = list[list[Checked]]
_MAX_LINE = 8 * 1024 * 1024
_MAX_SENDER = 255
# Year 2100; a larger number is not a time in seconds.
_LATEST = 4_102_444_800


class Step(Protocol[Incoming_contra]):
    """Takes messages in order."""

    def submit(self, message: Incoming_contra) -> None: ...


class Turn:
    """Reader and writer compute one at a time, as threads of one interpreter do. The writer goes
    first, for the database has nothing to do meanwhile; the reader while that one is waited for."""

    def __init__(self) -> None:
        self._is_readers = threading.Event()
        self.pass_on()

    def take(self) -> None:
        self._is_readers.clear()

    def pass_on(self) -> None:
        self._is_readers.set()

    def wait(self) -> None:
        if not self._is_readers.is_set():
            self._is_readers.wait()


class Check:
    """Bytes to an event: a JSON map with a sender, a type and a time; everything else is open
    (kafka_events §2)."""

    def __init__(self, turn: Turn, then: Step[Checked]) -> None:
        self._turn = turn
        self._then = then

    def submit(self, message: RawMessage) -> None:
        self._turn.wait()
        self._then.submit(checked(message))


def checked(message: RawMessage) -> Checked:
    try:
        body, text = _decoded(message.content)
    except ValueError as error:
        return InvalidMessage(message, str(error))
    if reason := _refusal(body):
        return InvalidMessage(message, reason)
    return DecodedMessage(message, incoming(message.offset, body, text))


def _decoded(content: bytes) -> tuple[dict[str, Any], str]:
    """An event and its text.

    :raises ValueError: says what it is instead
    """
    if len(content) > _MAX_LINE:
        raise ValueError(f"The event is longer than {_MAX_LINE} bytes.")
    try:
        text = content.decode().strip()
        body = orjson.loads(text)
    except ValueError as error:
        raise ValueError(f"The event is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise ValueError("The event is not a JSON map.")
    if is_mantle(body):
        try:
            body = translated(body)
        except ValueError as error:
            raise ValueError(f"The event of the Mantle engine is not usable: {error}") from None
        text = orjson.dumps(body).decode()
    return body, text


def _refusal(body: dict[str, Any]) -> str | None:
    sender, kind, metadata = body.get("sender_id"), body.get("event"), body.get("metadata")
    if type(sender) is not str or not 0 < len(sender) <= _MAX_SENDER or "\0" in sender:
        unusable = "sender_id"
    elif type(kind) is not str or not kind or "\0" in kind:
        unusable = "event"
    elif not _is_moment(body.get("timestamp")):
        unusable = "timestamp"
    elif metadata is not None and type(metadata) is not dict:
        unusable = "metadata"
    else:
        return None
    return f"The event has no usable {unusable}."


def _is_moment(value: Any) -> bool:
    """Finite by comparison: NaN is not below anything."""
    return type(value) in {int, float} and 0 <= value < _LATEST


class Batch:
    """Hands on what came as one batch, once there are `size` messages."""

    def __init__(self, size: int, then: Step[Stretches]) -> None:
        self._size = size
        self._then = then
        self._held: list[Checked] = []

    def submit(self, message: Checked) -> None:
        self._held.append(message)
        if len(self._held) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Hand on what is held back."""
        if self._held:
            held = self._held
            self.forget()
            self._then.submit(stretches(held))

    def forget(self) -> None:
        self._held = []


class Behind:
    """Has one batch written by a thread of its own while the next one is read.

    What goes wrong with a batch is raised when the next one comes, or by `flush`. Before `start`,
    and without a thread, each batch is written at once.
    """

    def __init__(self, turn: Turn, then: Step[Stretches]) -> None:
        self._turn = turn
        self._then = then
        self._thread: ThreadPoolExecutor | None = None
        self._writing: Future[None] | None = None

    def start(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write")

    def submit(self, message: Stretches) -> None:
        if self._thread is None:
            self._then.submit(message)
            return
        self.flush()
        self._turn.take()
        self._writing = self._thread.submit(self._write, message)

    def flush(self) -> None:
        """Wait for what is being written."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.submit(connections.close_all)
            self._thread.shutdown()

    def _write(self, batch: Stretches) -> None:
        try:
            self._then.submit(batch)
        except DatabaseError:
            close_old_connections()  # those of this thread
            raise
        finally:
            self._turn.pass_on()


class Write:
    """Writes what a batch has of each source, with the offset in the same transaction.

    What the database refuses is halved until the event at fault is alone; that one goes to the
    dead letters. Other failures go up: nothing was written, the source reads again.
    """

    def __init__(self, status: Status, most_invalid: int, turn: Turn) -> None:
        self._turn = turn
        self._status = status
        self._most_invalid = most_invalid
        self._in_a_row = 0
        # Up to where each source is in the database.
        self.offsets: dict[int, int] = {}

    def submit(self, message: Stretches) -> None:
        for batch in message:
            self._store(batch)

    def _store(self, batch: list[Checked]) -> None:
        began = time.monotonic()
        try:
            self._write(batch)
        except (DataError, IntegrityError, ValueError) as error:
            if len(batch) > 1:
                middle = len(batch) // 2
                self._store(batch[:middle])
                self._store(batch[middle:])
                return
            log.warning("event at %d cannot be stored: %s", batch[0].raw.offset, error)
            batch = [InvalidMessage(batch[0].raw, f"The database refuses it: {error}")]
            self._write(batch)
        self.offsets[batch[0].raw.source_id] = batch[-1].raw.end
        self._note(batch, time.monotonic() - began)

    def _note(self, batch: list[Checked], seconds: float) -> None:
        """
        :raises TooManyInvalid: it is not single events that are wrong
        """
        valid = [message for message in batch if isinstance(message, DecodedMessage)]
        newest = max(message.event.at for message in valid).timestamp() if valid else 0.0
        self._status.wrote(
            events=len(valid), invalid=len(batch) - len(valid), seconds=seconds, newest=newest
        )
        if len(valid) == len(batch):
            self._in_a_row = 0
            return
        for message in batch:
            self._in_a_row = 0 if isinstance(message, DecodedMessage) else self._in_a_row + 1
            if isinstance(message, InvalidMessage) and self._in_a_row >= self._most_invalid:
                count, self._in_a_row = self._in_a_row, 0
                raise TooManyInvalid(count, message)

    def _write(self, batch: list[Checked]) -> None:
        write_batch(
            source_id=batch[0].raw.source_id,
            events=[message.event for message in batch if isinstance(message, DecodedMessage)],
            rejected=[
                RejectedEvent(message.raw.offset, message.raw.content, message.reason)
                for message in batch
                if isinstance(message, InvalidMessage)
            ],
            first_offset=batch[0].raw.start,
            next_offset=batch[-1].raw.end,
            on_copy=self._turn.pass_on,
        )


def stretches(messages: Iterable[Checked]) -> Stretches:
    """Messages of one source each, nothing left out within: a partition may have come back to us
    further on, or further back."""
    last: dict[int, list[Checked]] = {}
    found: Stretches = []
    for message in messages:
        raw = message.raw
        stretch = last.get(raw.source_id)
        if stretch is None or stretch[-1].raw.end != raw.start:
            stretch = last[raw.source_id] = []
            found.append(stretch)
        stretch.append(message)
    return found


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
        turn = Turn()
        self._write = Write(status, most_invalid, turn)
        self._behind = Behind(turn, then=self._write)
        self._batch = Batch(batch_size, then=self._behind)
        self.submit = Check(turn, then=self._batch).submit
        # Have what was submitted written, but do not wait for it.
        self.hand_on = self._batch.flush
        self.start = self._behind.start

    @property
    def offsets(self) -> dict[int, int]:
        """Up to where each source is in the database, by its id."""
        return dict(self._write.offsets)

    def flush(self) -> None:
        """Have all written that was submitted."""
        self._batch.flush()
        self._behind.flush()

    def forget(self) -> None:
        """What is held back will be read again; so will be what could not be written."""
        self._batch.forget()
        with contextlib.suppress(DatabaseError):
            self._behind.flush()

    def close(self) -> None:
        self._batch.forget()
        try:
            self._behind.flush()
        except DatabaseError as error:
            log.warning("the last batch is not stored and will be read again: %s", error)
        finally:
            self._behind.close()
