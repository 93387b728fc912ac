"""Sender ids of chats, each bound to the person who began the chat.

An id is a random part and a keyed digest of that part and the person. It is checked without any
record, also after a restart: the key lies in the working directory, which children cannot read.
"""

import hashlib
import hmac
import logging
import os
import secrets
from functools import cache
from pathlib import Path

from modelservice import settings

log = logging.getLogger(__name__)

_KEY_FILE = "chat-key"
_KEY_BYTES = 32
_PART = 24


class SenderIds:
    def __init__(self, key: bytes) -> None:
        self._key = key

    def new(self, subject: str) -> str:
        """An id for a new chat of this person."""
        return self._bound(secrets.token_hex(_PART // 2), subject)

    def belongs(self, sender_id: str, subject: str) -> bool:
        """Whether this person began the chat."""
        expected = self._bound(sender_id[:_PART], subject)
        return hmac.compare_digest(sender_id.encode(), expected.encode())

    def of_client(self, chosen: str, subject: str) -> str:
        """The id for a client that chooses names itself: no two people share one."""
        if self.belongs(chosen, subject):
            return chosen
        return self._bound(hashlib.sha256(chosen.encode()).hexdigest()[:_PART], subject)

    def _bound(self, part: str, subject: str) -> str:
        message = f"{part}\n{subject}".encode(errors="surrogatepass")
        return part + hmac.new(self._key, message, hashlib.sha256).hexdigest()[:_PART]


@cache
def sender_ids() -> SenderIds:
    return SenderIds(_kept_key(settings.BASE_DIRECTORY / _KEY_FILE))


def _kept_key(path: Path) -> bytes:
    """The key of this working directory, made at the first chat.

    A directory that cannot be written gives a key for this process alone: after a restart chats
    begin anew.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            fresh.replace(path)
        key = path.read_bytes()
    except OSError as error:
        log.warning("the key of chats cannot be kept in %s: %s", path, error)
        key = b""
    return key if len(key) == _KEY_BYTES else secrets.token_bytes(_KEY_BYTES)
