"""Who asks and from where, for as long as a request is answered; or who runs a command."""

import os
import pwd
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


@dataclass
class Origin:
    """Without `user_id`: no account of Studio, but one of the server, or Studio by itself."""

    address: str = ""
    user_id: UUID | None = None
    username: str = ""
    # Name of the personal access token that the request came with.
    personal_token: str = ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Outside of requests: of the account of the system that this process runs as."""
    return _origin.get() or Origin(username=f"{_system_account()} on the server")


def act_as(name: str) -> None:
    """What this task does is not done for anybody: it has a name of its own."""
    _origin.set(Origin(username=name))


@contextmanager
def on_behalf_of(user_id: UUID, username: str) -> Iterator[None]:
    """What is done in it, a user of Studio does from the server."""
    token = _origin.set(Origin(user_id=user_id, username=username))
    try:
        yield
    finally:
        _origin.reset(token)


def _system_account() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # containers may run as a number that has no name
        return str(os.getuid())


def note_user(user_id: UUID, username: str, personal_token: str = "") -> None:
    """The request is that of a signed-in user, or of a program with a token of theirs."""
    current = _origin.get()
    if current is not None:
        current.user_id, current.username = user_id, username
        current.personal_token = personal_token


def client_address(request: HttpRequest) -> str:
    """Of the browser or program, as the outermost of STUDIO_TRUSTED_PROXIES saw it."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    trusted = settings.TRUSTED_PROXIES
    passed_on = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    # Each proxy appends whom it talks to; what stands further left anybody may have written.
    if not trusted or len(passed_on) < trusted:
        return peer
    try:
        return str(ip_address(passed_on[-trusted]))
    except ValueError:
        return peer


class OriginMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        token = _origin.set(Origin(client_address(request)))
        try:
            return self._get_response(request)
        finally:
            _origin.reset(token)
