"""So many calls of the API a minute: of a person, a personal access token, or an unknown address.

The headers are those of draft-ietf-httpapi-ratelimit-headers up to its version 06
(`RateLimit-Limit`, `-Remaining`, `-Reset` in seconds), which clients know; later versions of the
draft have other ones, in one structured header, which hardly any client reads yet.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from studio.accounts.authentication import CANNOT_BE_KNOWN, bearer_of
from studio.accounts.models import User
from studio.audit.context import client_address
from studio.common.metrics import RATE_LIMITED
from studio.common.problems import problem_response
from studio.common.rate_counter import WINDOW_SECONDS, Count, counter

_API = "/api/"
# Probes have no account, and must not be refused because others are many.
_UNCOUNTED = frozenset({"/api/health", "/api/health/live", "/api/health/ready"})


class RateLimitMiddleware:
    """Around everything below `/api/`, so that no view can be forgotten."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(_API) or path in _UNCOUNTED:
            return self._get_response(request)
        count = _count(request)
        if count is None:
            return self._get_response(request)
        response = _refusal(count) if count.is_over else self._get_response(request)
        response["RateLimit-Limit"] = str(count.limit)
        response["RateLimit-Remaining"] = str(count.remaining)
        response["RateLimit-Reset"] = str(count.seconds_left)
        return response


def _count(request: HttpRequest) -> Count | None:
    user = _known_user(request)
    limit = settings.RATE_LIMIT if user else settings.RATE_LIMIT_OF_ADDRESS
    if not limit:
        return None
    name = _name_of(user) if user else f"address:{client_address(request)}"
    count = counter.count(name, limit)
    if count is not None and count.is_over:
        RATE_LIMITED.labels(name.partition(":")[0]).inc()
    return count


def _name_of(user: User) -> str:
    """A token counts for itself: a program that runs wild leaves its person the web client."""
    token = user.personal_token
    return f"token:{token.pk}" if token else f"user:{user.pk}"


def _known_user(request: HttpRequest) -> User | None:
    try:
        return bearer_of(request)
    except CANNOT_BE_KNOWN:
        return None  # the view is told the same, and says it


def _refusal(count: Count) -> HttpResponseBase:
    detail = (
        f"There were more than {count.limit} calls within {WINDOW_SECONDS} seconds."
        f" Go on in {count.seconds_left} seconds."
    )
    # The list is what clients of GraphQL look for.
    response = problem_response(429, "too_many_requests", detail, errors=[{"message": detail}])
    response["Retry-After"] = str(count.seconds_left)
    return response
