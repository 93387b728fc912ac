"""Reads a folder of JSON-lines files, as Rasa's `event_broker: type: file` writes them.

Where to read on is kept in the database, written together with the events. A file is known by its
name and its first line: that survives copies and restores, and tells a replaced file apart. A file
that became shorter than what was read of it begins again.
"""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from ingestion.messages import RawMessage
from studio.conversations.ingest import position_of

_MAX_FIRST_LINE = 64 * 1024


@dataclass(slots=True)
class _Reading:
    """What is known of a file, so that an unchanged one costs one `stat`."""

    identity: str
    source_id: int
    offset: int


class FolderSource:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reading: dict[Path, _Reading] = {}

    def read(self, most: int, seconds: float) -> list[RawMessage]:
        """Complete lines that are new; nothing is waited for."""
        return list(islice(self._lines(), most))

    def stored(self, offsets: dict[int, int]) -> None:
        """How far a file was read is in the database already."""

    def rewind(self) -> None:
        """Ask the database anew how far each file was read."""
        self._reading.clear()

    def keep_alive(self) -> None:
        """A folder waits."""

    def lag(self) -> dict[int, int]:
        return {}

    def close(self) -> None:
        """Files are open only while they are read."""

    def _lines(self) -> Iterator[RawMessage]:
        for path in sorted(self._folder.glob("*.jsonl")):
            yield from self._read_file(path)

    def _read_file(self, path: Path) -> Iterator[RawMessage]:
        try:
            with path.open("rb") as stream:
                reading = self._open(path, stream)
                if reading is not None:
                    yield from _lines(stream, reading)
        except FileNotFoundError:
            self._reading.pop(path, None)

    def _open(self, path: Path, stream: BinaryIO) -> _Reading | None:
        """None while there is nothing to read."""
        size = os.fstat(stream.fileno()).st_size
        known = self._reading.get(path)
        if known is not None and known.offset == size:
            return None
        # Inodes are used again, so only the first line tells whether this is the same file.
        first = stream.readline(_MAX_FIRST_LINE)
        if not first.endswith(b"\n") and len(first) < _MAX_FIRST_LINE:
            return None
        identity = hashlib.sha256(first).hexdigest()[:32]
        if known is None or known.identity != identity or known.offset > size:
            position = position_of(name=path.name, identity=identity, size=size)
            known = _Reading(identity, position.source_id, position.offset)
            self._reading[path] = known
        return known


def _lines(stream: BinaryIO, reading: _Reading) -> Iterator[RawMessage]:
    stream.seek(reading.offset)
    start = reading.offset
    for line in stream:
        if not line.endswith(b"\n"):
            return  # still being written
        offset, end = reading.offset, reading.offset + len(line)
        reading.offset = end
        if line.strip():
            yield RawMessage(reading.source_id, start, offset, end, line)
            start = end
