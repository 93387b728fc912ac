"""Who may command the model service: decided by the head of a request, before its body is read.

Callers are programs that hold the secret. Browsers reach the chat bridge alone, which asks for a
token of the person.
"""

import hmac
from collections.abc import Iterable
from typing import NamedTuple

from django.http.request import split_domain_port, validate_host

from modelservice import settings
from modelservice.wire import SECRET_HEADER

# The chat bridge, for browsers: WebSockets, and Socket.IO, which may also come as plain HTTP.
CHAT = "/talk/"
# They answer everybody; strangers learn no more than that the service is alive.
PROBES = frozenset({"/", "/ready", "/talk/health"})

Headers = Iterable[tuple[bytes, bytes]]


class Refusal(NamedTuple):
    status: int
    message: str


def refusal(path: str, headers: Headers) -> Refusal | None:
    """Why this request is not answered; None when it is. Names of headers are in lower case."""
    return None if path in PROBES or path.startswith(CHAT) else stranger(headers)


def stranger(headers: Headers) -> Refusal | None:
    """Why a sender of these headers is no known caller; None if it is one."""
    given = dict(headers)
    host = given.get(b"host", b"").decode("latin-1")
    if not validate_host(split_domain_port(host)[0], settings.HOSTS):
        return Refusal(
            400, f"The host {host!r} is not one of MODEL_SERVICE_ALLOWED_HOSTS of the model service"
        )
    if b"origin" in given or given.get(b"sec-fetch-site", b"none") != b"none":
        return Refusal(403, "The model service takes no requests of web pages")
    if settings.SECRET and not hmac.compare_digest(
        given.get(SECRET_HEADER.lower().encode(), b""), settings.SECRET.encode()
    ):
        return Refusal(
            401,
            f"The header {SECRET_HEADER} does not hold the secret of this model service: set "
            "MODEL_SERVICE_SECRET to the same value here and at the backend",
        )
    return None
