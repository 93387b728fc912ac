"""The loop around sources and chain."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Protocol

from django.db import DatabaseError, close_old_connections

from ingestion.dead_letter_topic import DeadLetterTopic
from ingestion.kafka_source import BrokerAway
from ingestion.messages import RawMessage
from ingestion.status import Status
from ingestion.steps import Pipeline
from studio.conversations.ingest import adopt_waiting

log = logging.getLogger(__name__)

_ADOPT_SECONDS = 5.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 10.0


class Source(Protocol):
    """Where events come from. How far they were read is known by the database."""

    def read(self, most: int, seconds: float) -> list[RawMessage]:
        """What is new, in order; may wait so long for something."""
        ...

    def stored(self, offsets: dict[int, int]) -> None:
        """Up to where each source is in the database, by its id."""
        ...

    def rewind(self) -> None:
        """Read again what is not in the database."""
        ...

    def keep_alive(self) -> None:
        """Called now and then while nothing can be stored."""
        ...

    def lag(self) -> dict[int, int]: ...

    def close(self) -> None: ...


class Ingestion:
    """Moves events from sources into the database until it is told to stop."""

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        batch_size: int,
        wait_seconds: float,
        most_invalid: int,
        dead_letters: DeadLetterTopic | None = None,
        status: Status | None = None,
    ) -> None:
        self._sources = sources
        self._batch_size = batch_size
        self._wait_seconds = wait_seconds
        self._dead_letters = dead_letters
        self.status = status or Status()
        self._pipeline = Pipeline(batch_size, most_invalid, self.status)
        self._stopping = threading.Event()
        self._adopt_at = 0.0

    def stop(self) -> None:
        """Finish the batch in hand and return; safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """
        :raises TooManyInvalid: somebody has to look
        """
        pause = _FIRST_PAUSE
        self._pipeline.start()
        try:
            while not self._stopping.is_set():
                try:
                    count = self.step()
                    if not count:
                        self._pipeline.flush()
                        self._stopping.wait(self._wait_seconds)
                    self.status.is_well()
                    pause = _FIRST_PAUSE
                except (DatabaseError, BrokerAway) as error:
                    whose = "the database: " if isinstance(error, DatabaseError) else ""
                    self._wait(f"{whose}{error}".strip(), pause)
                    pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._pipeline.close()
            for source in self._sources:
                source.close()

    def run_once(self) -> int:
        """Everything that is there now; returns how many events were read."""
        count = 0
        while (read := self.step()) and not self._stopping.is_set():
            count += read
        return count

    def step(self) -> int:
        """One batch of each source; returns how many events were read. What `run` has read may
        still be on its way into the database."""
        count = 0
        for source in self._sources:
            messages = source.read(self._batch_size, self._wait_seconds)
            for message in messages:
                self._pipeline.submit(message)
            if messages:
                self._pipeline.write_soon()
                source.stored(self._pipeline.offsets)
                self.status.lag(source.lag())
            count += len(messages)
        if self._dead_letters is not None:
            self._dead_letters.publish()
        if time.monotonic() > self._adopt_at:
            adopt_waiting()
            self._adopt_at = time.monotonic() + _ADOPT_SECONDS
        return count

    def _wait(self, problem: str, seconds: float) -> None:
        """For what failed to come back; then what was not stored is read again."""
        log.warning("events wait for %s", problem)
        self.status.is_waiting_for(problem)
        self._pipeline.forget()
        until = time.monotonic() + seconds
        while not self._stopping.wait(min(1.0, max(0.0, until - time.monotonic()))):
            for source in self._sources:
                source.keep_alive()
            if time.monotonic() >= until:
                if self._is_back():
                    return
                until = time.monotonic() + seconds

    def _is_back(self) -> bool:
        try:
            close_old_connections()
            for source in self._sources:
                source.rewind()
        except (DatabaseError, BrokerAway) as error:
            self.status.is_waiting_for(str(error).strip())
            return False
        return True
