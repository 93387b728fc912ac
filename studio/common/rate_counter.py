"""Calls in a minute, counted in Django's cache `rates`: by this process, or by all in Redis.

The minute is that of the clock, the same for all callers: a count is one key that expires.
"""

import logging
import time
from dataclasses import dataclass

from django.core.cache import caches

from studio.common.metrics import REDIS_FAILURES
from studio.common.redis_failures import redis_failures

log = logging.getLogger(__name__)
WINDOW_SECONDS = 60
# After Redis did not answer, nobody waits for it for so long.
_PAUSE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Count:
    limit: int
    remaining: int
    seconds_left: int
    is_over: bool


class RateCounter:
    def __init__(self) -> None:
        self._paused_until = 0.0

    def count(self, who: str, limit: int) -> Count | None:
        """One more call of `who`; None while it cannot be counted. The limits protect the server,
        they do not decide who may do what: without Redis requests go on, and the log says so."""
        if time.monotonic() < self._paused_until:
            return None
        now = time.time()
        window, passed = divmod(now, WINDOW_SECONDS)
        try:
            calls = _increment(f"{who}:{int(window)}")
        except redis_failures() as error:
            self._paused_until = time.monotonic() + _PAUSE_SECONDS
            REDIS_FAILURES.labels("rates").inc()
            log.warning("calls are not counted: Redis does not answer: %s", type(error).__name__)
            return None
        left = max(1, round(WINDOW_SECONDS - passed))
        return Count(limit, max(0, limit - calls), left, calls > limit)


def _increment(key: str) -> int:
    rates = caches["rates"]
    try:
        return int(rates.incr(key))
    except ValueError:  # the first one
        if rates.add(key, 1):
            return 1
        return int(rates.incr(key))  # somebody else was


counter = RateCounter()
