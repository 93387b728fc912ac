"""The realm's public keys, kept so that checking a token needs no network."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import jwt

log = logging.getLogger(__name__)

KEYS_SECONDS = 600
# A key that we do not know is asked for at once, because the realm may have a new one; forged
# tokens must not drive the identity server, so only so often.
MOST_QUESTIONS = 10
QUESTIONS_SECONDS = 60
PAUSE_AFTER_FAILURE_SECONDS = 5


class KeysUnavailable(Exception):
    """The keys are needed now and cannot be had."""


class KeyRing:
    """One instance serves all threads. Known keys outlive an identity server that is down."""

    def __init__(self, fetch: Callable[[], dict[str, Any]]) -> None:
        """`fetch` returns a JWKS document, or raises `KeysUnavailable`."""
        self._fetch = fetch
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = 0.0
        self._failed_at = -PAUSE_AFTER_FAILURE_SECONDS * 1.0
        self._questions: deque[float] = deque(maxlen=MOST_QUESTIONS)
        self._lock = threading.Lock()

    def key(self, kid: str) -> jwt.PyJWK | None:
        """None when the realm has no such key.

        :raises KeysUnavailable: the key is not known and cannot be asked for now
        """
        known = self._keys.get(kid)
        if known is None:
            return self._ask_for(kid)
        # One thread asks again; the others go on with what there is.
        if self._is_stale() and self._lock.acquire(blocking=False):
            try:
                self._refresh()
            except KeysUnavailable as error:
                log.warning("going on with known keys: %s", error)
            finally:
                self._lock.release()
        return self._keys.get(kid)

    def _ask_for(self, kid: str) -> jwt.PyJWK | None:
        with self._lock:
            if kid not in self._keys and self._may_ask():
                self._refresh()
            return self._keys.get(kid)

    def _is_stale(self) -> bool:
        now = time.monotonic()
        paused = now - self._failed_at < PAUSE_AFTER_FAILURE_SECONDS
        return now - self._fetched_at > KEYS_SECONDS and not paused

    def _may_ask(self) -> bool:
        now = time.monotonic()
        if now - self._failed_at < PAUSE_AFTER_FAILURE_SECONDS:
            raise KeysUnavailable("The identity server did not answer a moment ago.")
        full = len(self._questions) == MOST_QUESTIONS
        if self._keys and full and now - self._questions[0] < QUESTIONS_SECONDS:
            return False
        self._questions.append(now)
        return True

    def _refresh(self) -> None:
        try:
            self._keys = _signing_keys(self._fetch())
        except KeysUnavailable:
            self._failed_at = time.monotonic()
            raise
        self._fetched_at = time.monotonic()


def _signing_keys(jwks: dict[str, Any]) -> dict[str, jwt.PyJWK]:
    return {
        key["kid"]: jwt.PyJWK(key, algorithm="RS256")
        for key in jwks.get("keys", [])
        if key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and key.get("kid")
    }
