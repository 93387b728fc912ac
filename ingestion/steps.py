"""The pipeline: check, batch, write. Each step passes its result on to the next."""

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
from modelservice.common import lenient_json
from studio.conversations.ingest import RejectedEvent, incoming, write_batch

log = logging.getLogger(__name__)

Incoming_contra = TypeVar("Incoming_contra", contravariant=True)
Checked = DecodedMessage | InvalidMessage
# Messages of one source each, with contiguous offsets.
Runs = list[list[Checked]]
_MAX_LINE = 8 * 1024 * 1024
_MAX_SENDER = 255
# Year 2100; a larger number is not a time in seconds.
_LATEST = 4_102_444_800


class PipelineStep(Protocol[Incoming_contra]):
    """Receives messages in order."""

    def submit(self, message: Incoming_contra) -> None: ...


class Handoff:
    """Lets the writer thread compute first and the reader thread while the writer waits for the
    database. Both share one interpreter lock, so computing at once would slow both down."""

    def __init__(self) -> None:
        self._reader_may_run = threading.Event()
        self.release_reader()

    def hold_reader(self) -> None:
        self._reader_may_run.clear()

    def release_reader(self) -> None:
        self._reader_may_run.set()

    def wait(self) -> None:
        """Block the reader until it is released."""
        if not self._reader_may_run.is_set():
            self._reader_may_run.wait()


class Check:
    """Decodes bytes into an event: a JSON map with a sender, a type and a time. Other keys are not
    checked (kafka_events §2)."""

    def __init__(self, handoff: Handoff, then: PipelineStep[Checked]) -> None:
        self._handoff = handoff
        self._then = then

    def submit(self, message: RawMessage) -> None:
        self._handoff.wait()
        self._then.submit(checked(message))


def checked(message: RawMessage) -> Checked:
    try:
        body, text = _decoded(message.content)
        if reason := _refusal(body):
            return InvalidMessage(message, reason)
        return DecodedMessage(message, incoming(message.offset, body, text))
    except ValueError as error:
        return InvalidMessage(message, str(error))
    except TypeError:  # it can be read, but not written again
        return InvalidMessage(message, "The event is nested too deeply.")


def _decoded(content: bytes) -> tuple[dict[str, Any], str]:
    """An event and its text.

    :raises ValueError: the content is no event; the message says why
    """
    if len(content) > _MAX_LINE:
        raise ValueError(f"The event is longer than {_MAX_LINE} bytes.")
    try:
        text = content.decode().strip()
        body, text = _read(text)
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


def _read(text: str) -> tuple[Any, str]:
    """The value of a JSON text, and a text of it that every reader of JSON can read."""
    try:
        return orjson.loads(text), text
    except ValueError:
        body = lenient_json.loads(text)
        return body, orjson.dumps(body).decode()


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
    """Whether it is a finite time; the comparison excludes NaN."""
    return type(value) in {int, float} and 0 <= value < _LATEST


class Batch:
    """Collects messages and passes them on once there are `size` of them."""

    def __init__(self, size: int, then: PipelineStep[Runs]) -> None:
        self._size = size
        self._then = then
        self._held: list[Checked] = []

    def submit(self, message: Checked) -> None:
        self._held.append(message)
        if len(self._held) >= self._size:
            self.flush()

    def flush(self) -> None:
        """Pass on the messages collected so far."""
        if self._held:
            held = self._held
            self.forget()
            self._then.submit(contiguous_runs(held))

    def forget(self) -> None:
        self._held = []


class BackgroundWriter:
    """Writes one batch in a thread while the next one is read.

    An error of a batch is raised by the next `submit` or `flush`. Before `start` there is no
    thread; each batch is then written by the caller.
    """

    def __init__(self, handoff: Handoff, then: PipelineStep[Runs]) -> None:
        self._handoff = handoff
        self._then = then
        self._thread: ThreadPoolExecutor | None = None
        self._writing: Future[None] | None = None

    def start(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write")

    def submit(self, message: Runs) -> None:
        if self._thread is None:
            self._then.submit(message)
            return
        self.flush()
        self._handoff.hold_reader()
        self._writing = self._thread.submit(self._write, message)

    def flush(self) -> None:
        """Wait until the current batch is written; raises its error."""
        writing, self._writing = self._writing, None
        if writing is not None:
            writing.result()

    def close(self) -> None:
        if self._thread is not None:
            self._thread.submit(connections.close_all)
            self._thread.shutdown()

    def _write(self, batch: Runs) -> None:
        try:
            self._then.submit(batch)
        except DatabaseError:
            close_old_connections()  # those of this thread
            raise
        finally:
            self._handoff.release_reader()


class Write:
    """Writes the events of each source, with the offset in the same transaction.

    A batch that the database rejects is halved until the bad event is found, which becomes a dead
    letter. Other errors propagate: nothing was written, and the source reads again.
    """

    def __init__(self, status: Status, most_invalid: int, handoff: Handoff) -> None:
        self._handoff = handoff
        self._status = status
        self._most_invalid = most_invalid
        self._in_a_row = 0
        # Offset that is stored, by source.
        self.offsets: dict[int, int] = {}

    def submit(self, message: Runs) -> None:
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
        :raises TooManyInvalid: too many events in a row are invalid
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
            on_io_wait=self._handoff.release_reader,
        )


def contiguous_runs(messages: Iterable[Checked]) -> Runs:
    """Splits messages by source and where offsets jump, as they do when a partition is assigned
    again."""
    last: dict[int, list[Checked]] = {}
    found: Runs = []
    for message in messages:
        raw = message.raw
        run = last.get(raw.source_id)
        if run is None or run[-1].raw.end != raw.start:
            run = last[raw.source_id] = []
            found.append(run)
        run.append(message)
    return found


class TooManyInvalid(Exception):
    """Too many events in a row are invalid; ingestion stops so that an operator can look."""

    def __init__(self, count: int, last: InvalidMessage) -> None:
        super().__init__(
            f"{count} events in a row cannot be read, the last one at offset {last.raw.offset}: "
            f"{last.reason} They are kept: `manage.py dlq list` shows them."
        )


class Pipeline:
    """The whole chain."""

    def __init__(self, batch_size: int, most_invalid: int, status: Status) -> None:
        handoff = Handoff()
        self._write = Write(status, most_invalid, handoff)
        self._writer = BackgroundWriter(handoff, then=self._write)
        self._batch = Batch(batch_size, then=self._writer)
        self.submit = Check(handoff, then=self._batch).submit
        # Starts writing what was submitted, without waiting for the end.
        self.write_soon = self._batch.flush
        self.start = self._writer.start

    @property
    def offsets(self) -> dict[int, int]:
        """Offset that is stored, by source id."""
        return dict(self._write.offsets)

    def flush(self) -> None:
        """Write everything that was submitted, and wait for it."""
        self._batch.flush()
        self._writer.flush()

    def forget(self) -> None:
        """Drop what is not written; the source reads it again."""
        self._batch.forget()
        with contextlib.suppress(DatabaseError):
            self._writer.flush()

    def close(self) -> None:
        self._batch.forget()
        try:
            self._writer.flush()
        except DatabaseError as error:
            log.warning("the last batch is not stored and will be read again: %s", error)
        finally:
            self._writer.close()
