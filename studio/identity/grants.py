"""The four grants of the token endpoint, on Authlib."""

import os
from datetime import timedelta
from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from django.utils import timezone

from studio.accounts.models import User
from studio.audit.context import client_address
from studio.common.errors import DomainError
from studio.identity import services, tokens
from studio.identity.clients import Client, find_client
from studio.identity.models import AuthorizationCode, SignIn

CODE_SECONDS = 60


class WrongCredentialsAnswer(OAuth2Error):  # type: ignore[misc]  # authlib has no types
    """Keycloak answers 401 `invalid_grant` to a wrong password; the command line relies on it."""

    error = "invalid_grant"

    def __init__(self, failure: DomainError) -> None:
        super().__init__(description=failure.detail, status_code=failure.status)
        self.wait = failure.extras.get("retry_after")

    def get_headers(self) -> list[tuple[str, str]]:
        headers: list[tuple[str, str]] = super().get_headers()
        return [*headers, ("Retry-After", str(self.wait))] if self.wait else headers


class SessionTokens:
    """Tokens of a sign-in: what the three grants for people have in common."""

    request: Any
    TOKEN_ENDPOINT_AUTH_METHODS = ["none"]
    nonce = ""

    def sign_in(self, user: User, scope: str) -> SignIn:
        return services.sign_in_start(
            user=user, client_id=self.request.client.client_id, scope=scope
        )

    def generate_token(self, user: User, scope: str | None = None, **_: Any) -> dict[str, Any]:
        sign_in = self.sign_in(user, scope or "")
        return tokens.issue(
            user=user,
            client_id=self.request.client.client_id,
            scope=sign_in.scope,
            sign_in=sign_in,
            nonce=self.nonce,
        )


class CodeGrant(SessionTokens, grants.AuthorizationCodeGrant):  # type: ignore[misc]
    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        AuthorizationCode.objects.create(
            code=code,
            user=request.user,
            client_id=request.client.client_id,
            redirect_uri=request.payload.redirect_uri,
            scope=request.client.get_allowed_scope(request.payload.scope),
            nonce=data.get("nonce", ""),
            browser_session=request._request.session.session_key or "",
            code_challenge=data["code_challenge"],
            code_challenge_method=data["code_challenge_method"],
            expires_at=timezone.now() + timedelta(seconds=CODE_SECONDS),
        )

    def query_authorization_code(self, code: str, client: Client) -> AuthorizationCode | None:
        return AuthorizationCode.objects.filter(
            code=code, client_id=client.client_id, expires_at__gt=timezone.now()
        ).first()

    def delete_authorization_code(self, authorization_code: AuthorizationCode) -> None:
        authorization_code.delete()

    def authenticate_user(self, authorization_code: AuthorizationCode) -> User | None:
        user: User = authorization_code.user
        return user if user.is_active else None

    def sign_in(self, user: User, scope: str) -> SignIn:
        code: AuthorizationCode = self.request.authorization_code
        self.nonce = code.nonce
        return services.sign_in_start(
            user=user,
            client_id=code.client_id,
            scope=scope,
            browser_session=code.browser_session,
        )


class S256Challenge(CodeChallenge):  # type: ignore[misc]
    """PKCE is not optional here, and `plain` is no protection."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or not data.get("code_challenge_method"):
            raise InvalidRequestError("Missing 'code_challenge' or 'code_challenge_method'")
        super().validate_code_challenge(grant, redirect_uri)


class PasswordGrant(SessionTokens, grants.ResourceOwnerPasswordCredentialsGrant):  # type: ignore[misc]
    def authenticate_user(self, username: str, password: str) -> User:
        address = client_address(self.request._request)
        try:
            return services.authenticate(username=username, password=password, address=address)
        except DomainError as failure:
            raise WrongCredentialsAnswer(failure) from failure


class RefreshGrant(SessionTokens, grants.RefreshTokenGrant):  # type: ignore[misc]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> "RefreshCredential | None":
        claims = tokens.read(refresh_token, "Refresh")
        if claims is None:
            return None
        sign_in = services.sign_in_renew(
            sign_in_id=claims["sid"],
            refresh_id=claims["jti"],
            client_id=self.request.client.client_id,
        )
        return RefreshCredential(sign_in) if sign_in else None

    def authenticate_user(self, credential: "RefreshCredential") -> User:
        return credential.sign_in.user

    def revoke_old_credential(self, credential: "RefreshCredential") -> None:
        """Nothing to do: issuing the new refresh token made the old one worthless."""

    def sign_in(self, user: User, scope: str) -> SignIn:
        sign_in: SignIn = self.request.refresh_token.sign_in
        return sign_in


class RefreshCredential:
    """A sign-in under the names that Authlib asks for."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in

    def check_client(self, client: Client) -> bool:
        return self.sign_in.client_id == client.client_id

    def get_scope(self) -> str:
        return self.sign_in.scope


class ClientCredentialsGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_post", "client_secret_basic"]

    def generate_token(self, scope: str | None = None, **_: Any) -> dict[str, Any]:
        client_id = self.request.client.client_id
        user = services.service_account(client_id)
        return tokens.issue(user=user, client_id=client_id, scope=scope or "", sign_in=None)


# TLS ends before us (ingress) or is not needed (loopback); Authlib sees plain http in both cases.
os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(client_model=None, token_model=None)
        self.register_grant(CodeGrant, [S256Challenge(required=True)])
        self.register_grant(PasswordGrant)
        self.register_grant(RefreshGrant)
        self.register_grant(ClientCredentialsGrant)

    def query_client(self, client_id: str) -> Client | None:
        return find_client(client_id)

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Nothing to keep: access tokens are checked by signature, refresh tokens by sign-in."""


server = Server()
