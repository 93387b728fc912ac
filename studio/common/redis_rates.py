"""The cache `rates` in Redis."""

from typing import Any

from django.core.cache.backends.redis import RedisCache


class RatesInRedis(RedisCache):
    """Django asks whether a key is there before it counts. Redis makes it, so that a count is one
    request to it; a new key takes a second one, which says when it expires."""

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        name = self.make_and_validate_key(key, version=version)
        client = self._cache.get_client(name, write=True)
        value = int(client.incrby(name, delta))
        if value == delta:
            client.expire(name, int(self.get_backend_timeout() or 0))
        return value
