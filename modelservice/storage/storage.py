"""What every use of a bucket has in common: persistence, and uploads that are looked at."""

from collections.abc import Callable
from threading import Event
from typing import BinaryIO, TypeVar

from modelservice.storage.bucket import Bucket, LocalFile
from modelservice.storage.errors import StorageProblem
from modelservice.storage.retries import persistently

PATIENCE_SECONDS = 30.0

Result = TypeVar("Result")


class Storage:
    """Every method raises `StorageProblem`: at once where only a person can help (denied, no such
    bucket, damaged), after `patience_seconds` of trying again where the storage or the network may
    come back. One attempt waits up to 5 seconds for a connection and up to 30 for its next byte,
    so a silent server holds a call that much longer.
    """

    def __init__(self, bucket: Bucket, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._bucket = bucket
        self._patience_seconds = patience_seconds
        self._stopped = Event()

    @property
    def name(self) -> str:
        """`aws`, `gcs` or `azure`: the value of `RASA_REMOTE_STORAGE`."""
        return self._bucket.name

    def stop(self) -> None:
        """For the end of the process: calls under way fail with their next problem.

        A pause between two attempts ends at once, an attempt that the server still answers goes
        on. May be called from any thread.
        """
        self._stopped.set()

    def _put(self, key: str, opened: Callable[[], BinaryIO], local: LocalFile) -> None:
        """Store what `opened` gives, which is `local`; verified before it returns."""

        def attempt() -> None:
            with opened() as content:
                self._bucket.put(key, content, local)
            stored = self._bucket.find(key)
            if stored is None or not local.is_whole_in(stored):
                sentence = f"{key} did not arrive whole in cloud storage: upload it again."
                raise StorageProblem(sentence, is_transient=True)

        self._persist("write", attempt)

    def _remove(self, key: str) -> None:
        self._persist("delete", lambda: self._bucket.remove(key))

    def _persist(self, doing: str, attempt: Callable[[], Result]) -> Result:
        return persistently(
            attempt,
            patience_seconds=self._patience_seconds,
            problem_of=lambda error: self._bucket.problem(error, doing),
            stopped=self._stopped,
        )
