"""Trying again what may pass."""

import logging
import random
import time
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from modelservice.storage.errors import StorageProblem

log = logging.getLogger(__name__)
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0

Result = TypeVar("Result")


def persistently(
    attempt: Callable[[], Result],
    *,
    patience_seconds: float,
    problem_of: Callable[[Exception], StorageProblem],
    stopped: Event,
) -> Result:
    """The result of `attempt`, tried again while its problem is transient.

    Pauses double up to a limit and vary by chance, so that many clients of an outage do not come
    back together. Patience begins with the first failure: a long upload that breaks near its end
    gets another chance. Once `stopped` is set, nothing is tried again.
    """
    ceiling = FIRST_PAUSE_SECONDS
    ends_at: float | None = None
    while True:
        try:
            return attempt()
        except Exception as error:
            problem = error if isinstance(error, StorageProblem) else problem_of(error)
            now = time.monotonic()
            ends_at = now + patience_seconds if ends_at is None else ends_at
            if not problem.is_transient or now >= ends_at or stopped.is_set():
                raise problem from None  # a provider's own text may quote what was signed
        pause = min(random.uniform(ceiling / 2, ceiling), ends_at - now)  # noqa: S311 - no secret
        log.warning("Trying again in %.1f s: %s", pause, problem)
        stopped.wait(pause)
        ceiling = min(ceiling * 2, LONGEST_PAUSE_SECONDS)
