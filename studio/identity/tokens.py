"""Tokens in Keycloak's shape (`cli_graphql.md` §2 names what the command line reads of them)."""

import time
import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError

from studio.accounts.models import User
from studio.accounts.roles import ClientRole
from studio.identity.keys import signing_key
from studio.identity.models import SignIn


def issue(
    *, user: User, client_id: str, scope: str, sign_in: SignIn | None, nonce: str = ""
) -> dict[str, Any]:
    """The token endpoint's answer. Without `sign_in` (service account) no refresh token."""
    now = int(time.time())
    session = {"sid": str(sign_in.id), "session_state": str(sign_in.id)} if sign_in else {}
    common = {"iss": settings.TOKEN_ISSUER, "sub": str(user.pk), "iat": now, "azp": client_id}
    access = _access_claims(user, client_id, scope)
    lifetime = settings.ACCESS_TOKEN_SECONDS
    answer: dict[str, Any] = {
        "access_token": _signed({**common, **session, **access, "exp": now + lifetime}),
        "expires_in": lifetime,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": scope,
    }
    if sign_in is None:
        return answer
    refresh_id = uuid.uuid4()
    expires_at = timezone.now() + timedelta(seconds=settings.REFRESH_TOKEN_SECONDS)
    # Where it has just been ended there is no row; then no door takes these tokens.
    SignIn.objects.filter(pk=sign_in.pk).update(refresh_id=refresh_id, expires_at=expires_at)
    refresh = {
        "typ": "Refresh",
        "aud": settings.TOKEN_ISSUER,
        "jti": str(refresh_id),
        "exp": now + settings.REFRESH_TOKEN_SECONDS,
    }
    answer["refresh_token"] = _signed({**common, **session, **refresh})
    answer["refresh_expires_in"] = settings.REFRESH_TOKEN_SECONDS
    answer["session_state"] = str(sign_in.id)
    if "openid" in scope.split():
        identity = {**_profile(user), "typ": "ID", "aud": client_id, "exp": now + lifetime}
        if nonce:
            identity["nonce"] = nonce
        identity["auth_time"] = int(sign_in.signed_in_at.timestamp())
        answer["id_token"] = _signed({**common, **session, **identity})
    return answer


def read(token: str, kind: str) -> dict[str, Any] | None:
    """Claims of a token that this provider signed and that is of `kind` (`Refresh` or `ID`).

    An ID token may be over: it is only a hint of whose session is to end.
    """
    try:
        claims = jwt.decode(token, _key(), algorithms=["RS256"]).claims
    except (JoseError, ValueError):
        return None
    if claims.get("typ") != kind or claims.get("iss") != settings.TOKEN_ISSUER:
        return None
    if kind == "Refresh" and claims.get("exp", 0) < time.time():
        return None
    return dict(claims)


def _access_claims(user: User, client_id: str, scope: str) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "jti": str(uuid.uuid4()),
        "typ": "Bearer",
        "aud": "account",
        "scope": scope,
        **_profile(user),
    }
    if user.is_service:
        roles = [role for role in user.roles if role in set(ClientRole)]
        claims["resource_access"] = {client_id: {"roles": roles}}
        claims["client_id"] = client_id
    else:
        claims["groups"] = user.roles
        claims["realm_access"] = {"roles": ["offline_access"]}
    return claims


def _profile(user: User) -> dict[str, Any]:
    return {"name": str(user), "preferred_username": user.username, "email": user.email}


def _signed(claims: dict[str, Any]) -> str:
    key = _key()
    return jwt.encode({"alg": "RS256", "typ": "JWT", "kid": key.kid}, claims, key)


def _key() -> Any:
    return signing_key(settings.IDENTITY_DIR / "signing-key.json")
