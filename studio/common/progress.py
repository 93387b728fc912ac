"""What a command that takes long tells meanwhile."""

import threading
import time
from types import TracebackType
from typing import Self

from django.core.management.base import OutputWrapper

# Whoever waits no longer than this is told nothing.
PATIENCE = 1.0
_REWRITTEN = 0.5
_LINE = 5.0
_CLEARED = "\r\x1b[K"


class Progress:
    """What is being done (`text`, which may be set anew) and for how long already.

    On a terminal one line that is written over again and gone at the end; elsewhere, as in the log
    of a build, a line now and then.
    """

    def __init__(self, stream: OutputWrapper, text: str) -> None:
        self.text = text
        self._stream = stream
        self._is_terminal = stream.isatty()
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._told = threading.Thread(target=self._tell, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._told.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._told.join()

    def _tell(self) -> None:
        wait = PATIENCE
        written = False
        while not self._ended.wait(wait):
            self._write()
            written = True
            wait = _REWRITTEN if self._is_terminal else _LINE
        if written and self._is_terminal:
            self._put(_CLEARED)

    def _write(self) -> None:
        line = f"{self.text}, {time.monotonic() - self._began:.0f} s"
        self._put(f"{_CLEARED}{line}" if self._is_terminal else f"{line}\n")

    def _put(self, text: str) -> None:
        # It is no error, so it is not written in its colour.
        self._stream.write(text, style_func=str, ending="")
        self._stream.flush()
