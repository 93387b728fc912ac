"""The realm's public keys for the bridge, kept so that chats go on without the identity server."""

import logging
import threading
import time
from typing import Any

import jwt
from jwt import PyJWKClient, PyJWKClientConnectionError

log = logging.getLogger(__name__)

KEYS_SECONDS = 600
# Forged tokens name keys that nobody has; they must not drive the identity server.
QUESTION_SECONDS = 2


class KeyRing:
    def __init__(self, url: str) -> None:
        self._client = PyJWKClient(url, cache_jwk_set=False, timeout=5)
        self._keys: dict[str, Any] = {}
        self._fetched_at = 0.0
        self._asked_at = -QUESTION_SECONDS * 1.0
        self._lock = threading.Lock()

    def key(self, kid: str) -> Any:
        """
        :raises jwt.PyJWTError: the key is not known, or cannot be had now
        """
        known = self._keys.get(kid)
        stale = time.monotonic() - self._fetched_at > KEYS_SECONDS
        if known is not None and not stale:
            return known
        with self._lock:
            try:
                self._refresh(kid)
            except PyJWKClientConnectionError as error:
                if known is None:
                    raise
                log.warning("going on with known keys: %s", type(error).__name__)
            if kid not in self._keys:
                raise jwt.InvalidKeyError("unknown key")
            return self._keys[kid]

    def _refresh(self, kid: str) -> None:
        now = time.monotonic()
        fresh = kid in self._keys and now - self._fetched_at < KEYS_SECONDS
        if fresh or now - self._asked_at < QUESTION_SECONDS:
            return
        self._asked_at = now
        keys = self._client.get_signing_keys()
        self._keys = {str(key.key_id): key.key for key in keys}
        self._fetched_at = time.monotonic()
