"""The realm that issues our tokens: Keycloak, or the embedded identity in its shape.

`django-keycloak-auth` gives the realm's addresses; its transport and its decoding are replaced,
because they have no time-out, check no issuer, and write the token into the log on failure.
"""

import json
from pathlib import Path
from typing import Any, cast

import httpx2
import jwt
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django_keycloak_auth.keycloak import KeycloakConnect

from modelservice.common.key_ring import KeyRing, KeysUnavailable
from studio.common.errors import DomainError

# How far the clocks of the identity server and ours may be apart, either way; a token lives so much
# longer than it says.
LEEWAY_SECONDS = 60


class IdentityUnavailable(DomainError):
    """It is needed now and does not answer."""

    code = "identity_unavailable"
    status = 503
    title = "The identity server does not answer"
    anywhere = True
    when = "The identity server does not answer, so nobody can be recognised."
    remedy = "Try again; if it lasts, tell who runs Studio."


class InvalidToken(Exception):
    """The token is not one of ours, or is over. The text is for the caller, without the token."""


class Realm(KeycloakConnect):  # type: ignore[misc]  # the library has no types
    """Checks access tokens by signature, issuer, audience, client and expiry, without a network
    call in the steady state. One instance serves all threads."""

    def __init__(self) -> None:
        super().__init__(
            settings.KEYCLOAK_URL, settings.KEYCLOAK_REALM, settings.KEYCLOAK_CLIENT_ID
        )
        self._keys = KeyRing(self.jwks)

    def jwks(self, raise_exception: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002  library's signature
        if settings.STUDIO_IDENTITY == "local":
            path = Path(settings.IDENTITY_DIR) / "jwks.json"
            try:
                return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
            except OSError as error:
                message = f"no keys at {path}: run `manage.py migrate` or `make up` first"
                raise ImproperlyConfigured(message) from error
        return self._send_request("GET", self.jwks_endpoint)

    @staticmethod
    def _send_request(method: str, url: str, **kwargs: Any) -> dict[str, Any]:
        try:
            response = httpx2.request(
                method, url, timeout=httpx2.Timeout(5.0, connect=2.0), **kwargs
            )
            response.raise_for_status()
            return cast("dict[str, Any]", response.json())
        except (httpx2.HTTPError, ValueError) as error:
            message = f"identity server does not answer at {url}: {type(error).__name__}"
            raise KeysUnavailable(message) from None

    def claims(self, token: str) -> dict[str, Any]:
        """Claims of a valid access token.

        :raises InvalidToken: forged, expired, foreign, or not an access token
        :raises IdentityUnavailable: the keys are not known and cannot be had
        """
        try:
            key = self._key(str(jwt.get_unverified_header(token).get("kid", "")))
            claims = jwt.decode(
                token,
                key=key,
                algorithms=["RS256"],
                issuer=settings.TOKEN_ISSUER,
                audience=["account", settings.KEYCLOAK_CLIENT_ID],
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "sub", "aud"]},
            )
        except jwt.ExpiredSignatureError:
            raise InvalidToken("The token has expired. Sign in again.") from None
        except jwt.ImmatureSignatureError:
            raise InvalidToken(
                "The token is not valid yet: the clocks of Studio and of its identity server are "
                "more than a minute apart."
            ) from None
        except jwt.PyJWTError:
            raise InvalidToken("The token is not valid here. Sign in again.") from None
        allowed = {
            settings.KEYCLOAK_CLIENT_ID,
            settings.KEYCLOAK_API_CLIENT_ID,
            settings.KEYCLOAK_EXTERNAL_CLIENT_ID,
        }
        if claims.get("typ") != "Bearer" or claims.get("azp") not in allowed:
            raise InvalidToken("This is not an access token of Studio.")
        return claims

    def _key(self, kid: str) -> jwt.PyJWK:
        try:
            key = self._keys.key(kid)
        except KeysUnavailable as error:
            raise IdentityUnavailable(str(error)) from None
        if key is None:
            raise InvalidToken("The token is signed with a key that this realm does not have.")
        return key
