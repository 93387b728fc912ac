"""Bearer tokens on requests."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from studio.accounts.models import User
from studio.accounts.realm import InvalidToken
from studio.accounts.tokens import verify_access_token
from studio.audit.context import note_user


def note_request_of(user: User) -> None:
    """For the record of what was done."""
    token = user.personal_token
    note_user(user.pk, user.username, token.name if token else "")


class TokenAuthentication(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, str] | None:
        scheme, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not token.strip():
            raise AuthenticationFailed("Send the access token as `Authorization: Bearer …`.")
        try:
            user = verify_access_token(token.strip())
        except InvalidToken as error:
            raise AuthenticationFailed(str(error)) from None
        note_request_of(user)
        return user, token

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
