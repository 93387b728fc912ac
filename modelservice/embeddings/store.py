"""Embeddings of the texts of trainings, on disk: a training after the first one, or after a start
of the process, embeds only what has changed."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

log = logging.getLogger(__name__)

# Some 350 MB with embeddings of 384 numbers; beyond that the oldest are deleted.
_MOST_KEPT = 200_000
# Messages wait meanwhile.
_PATIENCE_SECONDS = 0.5
_TABLE = """
CREATE TABLE IF NOT EXISTS embedding (
    number INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB UNIQUE NOT NULL, numbers BLOB NOT NULL
)
"""


class EmbeddingStore:
    """Kept by a digest of model and text. It is a cache: a file that is no database is made anew;
    what cannot be read or written is logged, and the store is empty from then on."""

    def __init__(self, file: Path, model: str) -> None:
        self._model = model.encode()
        self._database: sqlite3.Connection | None = None
        try:
            self._database = _opened(file)
        except sqlite3.OperationalError as error:
            log.warning("embeddings are not kept: %s: %s", file, error)
        except sqlite3.DatabaseError:
            log.warning("%s cannot be read and is made anew", file)
            file.unlink()
            self._database = _opened(file)

    def find(self, texts: Sequence[str]) -> dict[str, bytes]:
        """The embeddings that are kept, by text."""
        found: dict[str, bytes] = {}
        if self._database is None:
            return found
        query = "SELECT numbers FROM embedding WHERE digest = ?"
        try:
            for text in texts:
                row = self._database.execute(query, (self._digest(text),)).fetchone()
                if row is not None:
                    found[text] = row[0]
        except sqlite3.Error as error:
            self._give_up(error)
        return found

    def keep(self, embeddings: Mapping[str, bytes]) -> None:
        if self._database is None:
            return
        rows = [(self._digest(text), numbers) for text, numbers in embeddings.items()]
        insert = "INSERT OR IGNORE INTO embedding (digest, numbers) VALUES (?, ?)"
        oldest = "DELETE FROM embedding WHERE number <= (SELECT MAX(number) FROM embedding) - ?"
        try:
            with self._database:
                self._database.executemany(insert, rows)
                self._database.execute(oldest, (_MOST_KEPT,))
        except sqlite3.Error as error:
            self._give_up(error)

    def _digest(self, text: str) -> bytes:
        return hashlib.sha256(self._model + b"\0" + text.encode("utf-8", "surrogatepass")).digest()

    def _give_up(self, error: sqlite3.Error) -> None:
        log.warning("embeddings are not kept any more: %s", error)
        self._database = None


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_PATIENCE_SECONDS)
    # Nothing is lost that could not be made again.
    database.execute("PRAGMA synchronous = OFF")
    database.execute(_TABLE)
    return database
