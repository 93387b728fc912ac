"""`Idempotency-Key`: a POST that is sent again with its key is answered as before, not done again.

The header of draft-ietf-httpapi-idempotency-key-header, with or without its quotes.
"""

import hmac
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.views import APIView

from studio.accounts.idempotency import (
    MAX_KEY_LENGTH,
    AnswerNotKept,
    KeyUsedForOther,
    OutcomeUnknown,
    StillRunning,
    TooManyKeys,
    begin,
    finish,
    forget,
)
from studio.accounts.models import IdempotentCall
from studio.accounts.permissions import signed_in_user
from studio.common.errors import DomainError, Invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
_KEPT_HEADERS = ("Content-Type", "Location", "ETag")
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class _AnsweredBefore(Exception):
    def __init__(self, call: IdempotentCall) -> None:
        super().__init__()
        self.call = call


class IdempotentPosts(APIView):
    """Every POST takes the header, unless its answer holds a secret that must not be kept."""

    takes_idempotency_key = True
    failures_with_key: tuple[type[DomainError], ...] = (
        KeyUsedForOther,
        StillRunning,
        OutcomeUnknown,
        AnswerNotKept,
        TooManyKeys,
    )
    _call: IdempotentCall | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # who may not do it learns nothing of keys
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST":
            return
        if not self.takes_idempotency_key:
            raise Invalid(f"This takes no {HEADER}: its answer is not kept anywhere.")
        call = begin(
            user=signed_in_user(request),
            key=_checked(key),
            path=request.path[:500],
            fingerprint=_fingerprint(request),
        )
        if call.status is not None:
            raise _AnsweredBefore(call)
        self._call = call

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, _AnsweredBefore):
            return _replayed(exc.call)
        return super().handle_exception(exc)

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except BaseException:
            if self._call is not None:
                forget(self._call)
            raise
        if self._call is not None:
            _keep(self._call, response)
        return response


def _keep(call: IdempotentCall, response: HttpResponseBase) -> None:
    render = getattr(response, "render", None)
    if render is not None:
        render()
    if not isinstance(response, HttpResponse):  # a stream has no answer that could be kept
        forget(call)
        return
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    finish(call, status=response.status_code, headers=headers, body=response.content.decode())


def _replayed(call: IdempotentCall) -> HttpResponse:
    headers = {**call.headers, REPLAYED: "true"}
    return HttpResponse(call.body, status=call.status, headers=headers)


def _checked(given: str) -> str:
    key = given.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not 0 < len(key) <= MAX_KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise Invalid(f"An {HEADER} has 1 to {MAX_KEY_LENGTH} printable characters of ASCII.")
    return key


def _fingerprint(request: Request) -> str:
    """Keyed: bodies hold passwords of new people, which could be guessed from a plain hash."""
    digest = hmac.new(settings.SECRET_KEY.encode(), digestmod=sha256)

    def add(part: bytes) -> None:
        digest.update(b"%d:" % len(part))
        digest.update(part)

    add(request.META.get("QUERY_STRING", "").encode())
    if not (request.content_type or "").lower().startswith(_FORMS):
        add(request._request.body)
        return digest.hexdigest()
    fields: Any = request.data
    for name, values in sorted(fields.lists()):
        for value in values:
            add(name.encode())
            if isinstance(value, str):
                add(value.encode())
                continue
            add(str(value.size).encode())
            for chunk in value.chunks():
                digest.update(chunk)
            value.seek(0)
    return digest.hexdigest()
