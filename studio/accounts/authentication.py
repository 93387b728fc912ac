"""Bearer tokens on requests."""

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from studio.accounts.models import User
from studio.accounts.realm import IdentityUnavailable, InvalidToken
from studio.accounts.tokens import verify_access_token
from studio.audit.context import note_user

_KNOWN = "_bearer_of"
CANNOT_BE_KNOWN = (InvalidToken, IdentityUnavailable, OperationalError, InterfaceError)


def bearer_of(request: HttpRequest) -> User | None:
    """Whose token the request has; None without one. Verified once, however often it is asked for:
    a failure is raised again, so that nobody waits twice for a server that is away.

    :raises InvalidToken: it is not, or no longer, good
    :raises IdentityUnavailable:
    """
    if not hasattr(request, _KNOWN):
        try:
            known: User | Exception | None = _verified(request)
        except CANNOT_BE_KNOWN as error:
            known = error
        setattr(request, _KNOWN, known)
    known = getattr(request, _KNOWN)
    if isinstance(known, Exception):
        raise known
    return known


def _verified(request: HttpRequest) -> User | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return None
    if scheme.lower() != "bearer" or not token.strip():
        raise InvalidToken("Send the access token as `Authorization: Bearer …`.")
    user = verify_access_token(token.strip())
    of_program = user.personal_token
    note_user(user.pk, user.username, of_program.name if of_program else "")
    return user


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, str] | None:
        try:
            user = bearer_of(request._request)
        except InvalidToken as error:
            raise AuthenticationFailed(str(error)) from None
        if user is None:
            return None
        return user, request.headers["Authorization"].partition(" ")[2].strip()

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # library
    target_class = TokenAuthentication
    name = "access_token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal access token (`studio_pat_…`), or one that the sign-in gave",
        }
