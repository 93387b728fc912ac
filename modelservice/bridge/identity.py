"""Who may chat: access tokens of the realm, checked before anything reaches a bot."""

import asyncio
import threading
import time
from dataclasses import dataclass
from typing import Any

import jwt
from jwt import PyJWKClient

from modelservice import settings

KEYS_SECONDS = 600
UNKNOWN_KEY_PAUSE_SECONDS = 30
# Groups of the realm that may try an assistant: the `assistant.try` row of the backend's table,
# which is not reachable from here; a test of the backend holds the two together.
ROLES_THAT_MAY_TRY = frozenset({"SuperUser", "Flow Builder", "Business User", "Developer"})


class NotAuthenticated(Exception):
    """The token is not one of the realm's, or is over."""


class NotAllowed(Exception):
    """A good token of somebody whose roles do not include trying assistants."""


@dataclass(frozen=True)
class Visitor:
    subject: str
    expires_at: float


class Verifier:
    """Keys are fetched when first needed, kept, and not asked for again by every forged token."""

    def __init__(self) -> None:
        realm = f"{settings.KEYCLOAK_URL}/realms/{settings.KEYCLOAK_REALM}"
        self._keys = PyJWKClient(
            f"{realm}/protocol/openid-connect/certs", lifespan=KEYS_SECONDS, timeout=5
        )
        self._lock = threading.Lock()
        self._last_miss = -UNKNOWN_KEY_PAUSE_SECONDS * 1.0

    async def visitor(self, token: str) -> Visitor:
        """
        :raises NotAuthenticated:
        :raises NotAllowed:
        """
        claims = await asyncio.to_thread(self._claims, token)
        groups = {str(group).lstrip("/") for group in claims.get("groups", [])}
        if not groups & ROLES_THAT_MAY_TRY:
            raise NotAllowed
        return Visitor(str(claims["sub"]), float(claims["exp"]))

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key(str(jwt.get_unverified_header(token).get("kid", ""))),
                algorithms=["RS256"],
                issuer=settings.TOKEN_ISSUER,
                audience="account",
                leeway=10,
                options={"require": ["exp", "iss", "sub", "aud"]},
            )
        except jwt.PyJWTError as error:
            raise NotAuthenticated(type(error).__name__) from None
        if claims.get("typ") != "Bearer":
            raise NotAuthenticated("not an access token")
        return claims

    def _key(self, kid: str) -> Any:
        with self._lock:
            known = self._keys.get_jwk_set(refresh=False).keys
            found = next((key for key in known if key.key_id == kid), None)
            if found is not None:
                return found.key
            if time.monotonic() - self._last_miss < UNKNOWN_KEY_PAUSE_SECONDS:
                raise jwt.InvalidKeyError("unknown key")
            self._last_miss = time.monotonic()
            return self._keys.get_signing_key(kid).key
