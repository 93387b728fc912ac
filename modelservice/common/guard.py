"""Keeps one failure from stopping what stands beside it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def errors_logged(log: logging.Logger, what: str) -> Iterator[None]:
    """Log any exception of the block, with its traceback, and go on behind it. `what` names the
    work that was not done."""
    try:
        yield
    except Exception:
        log.exception("failed: %s", what)
