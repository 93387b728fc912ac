"""Bearer tokens on REST requests."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from studio.accounts.models import User
from studio.accounts.realm import InvalidToken
from studio.accounts.tokens import verify_access_token
from studio.audit.context import note_user


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
        note_user(user.pk, user.username)
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # library
    target_class = TokenAuthentication
    name = "access_token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
