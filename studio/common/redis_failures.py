"""How a call to Redis fails."""

from functools import cache


@cache
def redis_failures() -> tuple[type[Exception], ...]:
    """For `except`, which asks for them when something has failed: importing redis takes as long as
    a tenth of a command's start, and most installations have none. A time-out is an OSError."""
    from redis.exceptions import RedisError

    return OSError, RedisError
