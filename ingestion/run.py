"""The loop around source and chain."""

import logging
import threading
from pathlib import Path

from django.db import DatabaseError, close_old_connections

from ingestion.file_source import FolderSource
from ingestion.steps import build_pipeline

log = logging.getLogger(__name__)


class Ingestion:
    """Moves events from a folder into the database until it is told to stop."""

    def __init__(self, folder: Path, *, batch_size: int, poll_seconds: float) -> None:
        self._source = FolderSource(folder)
        self._batch_size = batch_size
        self._poll_seconds = poll_seconds
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish the batch in hand and return; safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run_once()
            except DatabaseError as error:
                log.warning("events cannot be stored now, they will be read again: %s", error)
                self._source.forget()
                close_old_connections()
            self._stopping.wait(self._poll_seconds)

    def run_once(self) -> int:
        """Everything that is there now; returns how many lines were read."""
        pipeline = build_pipeline(self._batch_size)
        count = 0
        for message in self._source.read():
            pipeline.submit(message)
            count += 1
            if self._stopping.is_set():
                break
        pipeline.flush()
        return count
