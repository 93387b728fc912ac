"""Who may chat: access tokens of the realm, or personal ones that the backend knows, checked before
anything reaches a bot.

A signature says who somebody was when the token was made. That they have not signed out, been
locked or lost their role since then only the identity server knows: it is asked at the beginning,
and again while the chat goes on.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import aiohttp
import httpx2
import jwt

from modelservice import settings
from modelservice.bridge.bot_connection import http_session
from modelservice.common import request_ids
from modelservice.common.key_ring import KeyRing, KeysUnavailable
from modelservice.common.personal_tokens import is_personal

ANSWER_SECONDS = 5
# As the backend's: the clocks may be a minute apart.
LEEWAY_SECONDS = 60
# After so long a program has to show its personal access token again.
PERSONAL_TOKEN_SECONDS = 24 * 3600
# Tokens whose last answer is remembered, so that many chats of one page ask once.
_REMEMBERED = 10_000
# Groups of the realm that may try an assistant, where no backend is named that could be asked about
# the one in question: the `assistant.try` row of its table; a test holds the two together.
ROLES_THAT_MAY_TRY = frozenset({"SuperUser", "Flow Builder", "Business User", "Developer"})


class NotAuthenticated(Exception):
    """The token is not one of the realm's, or is over."""


class NotAllowed(Exception):
    """A good token of somebody who may not try this assistant."""


class IdentityAway(Exception):
    """The identity server does not answer; nobody can be let in."""


@dataclass(frozen=True)
class Visitor:
    subject: str
    expires_at: float
    token: str
    deployment_id: str


@cache
def verifier() -> "Verifier":
    return Verifier()


class Verifier:
    """Who a token speaks for, and whether that still holds."""

    def __init__(self) -> None:
        realm = f"{settings.KEYCLOAK_URL}/realms/{settings.KEYCLOAK_REALM}/protocol/openid-connect"
        self._certs = f"{realm}/certs"
        self._keys = KeyRing(self._fetch_keys)
        self._userinfo = f"{realm}/userinfo"
        # (token, deployment) to when it was confirmed last.
        self._confirmed: dict[tuple[str, str], float] = {}
        self.check_seconds = settings.TOKEN_CHECK_SECONDS

    async def visitor(self, token: str, deployment_id: str) -> Visitor:
        """Who this is, and that they may talk to this deployment.

        :raises NotAuthenticated:
        :raises NotAllowed:
        :raises IdentityAway:
        """
        if is_personal(token):
            return await self._program(token, deployment_id)
        claims = await asyncio.to_thread(self._claims, token)
        if not settings.STUDIO_URL:
            _require_role(claims.get("groups"))
        visitor = Visitor(str(claims["sub"]), float(claims["exp"]), token, deployment_id)
        await self.check(visitor)
        return visitor

    async def check(self, visitor: Visitor) -> None:
        """That whoever issued the token stands by it, and the backend lets its person try the
        assistant, as of half an interval ago at most.

        :raises NotAuthenticated:
        :raises NotAllowed:
        :raises IdentityAway:
        """
        now = time.monotonic()
        key = (visitor.token, visitor.deployment_id)
        if now - self._confirmed.get(key, -self.check_seconds) < self.check_seconds / 2:
            return
        if not is_personal(visitor.token):
            user = await self._ask(self._userinfo, visitor.token)
            if user.get("sub") != visitor.subject:
                raise NotAuthenticated("the identity server knows another by this token")
            if not settings.STUDIO_URL and "groups" in user:  # a realm need not put them there
                _require_role(user["groups"])
        if settings.STUDIO_URL:
            await self._enter(visitor)
        if len(self._confirmed) >= _REMEMBERED:
            self._confirmed.clear()
        self._confirmed[key] = now

    async def _program(self, token: str, deployment_id: str) -> Visitor:
        """The backend alone knows whose token it is, and is asked again while the chat goes on."""
        if not settings.STUDIO_URL:
            raise NotAuthenticated("no backend is named that could know this token")
        user = await self._ask(f"{settings.STUDIO_URL}/api/v1/me/", token)
        if not isinstance(user.get("id"), str):
            raise NotAuthenticated("the backend does not say whose token it is")
        expires_at = time.time() + PERSONAL_TOKEN_SECONDS
        visitor = Visitor(user["id"], expires_at, token, deployment_id)
        await self.check(visitor)
        return visitor

    async def _enter(self, visitor: Visitor) -> None:
        """The backend's door, which knows the members of assistants."""
        deployment = quote(visitor.deployment_id, safe="")
        url = f"{settings.STUDIO_URL}/api/v1/deployments/{deployment}/access/"
        headers = {"Authorization": f"Bearer {visitor.token}", **request_ids.passed_on()}
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with http_session().get(
                url, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                if answer.status == 401:
                    raise NotAuthenticated("the backend does not take the token")
                if answer.status in {403, 404}:
                    raise NotAllowed
                if answer.status != 204:
                    raise IdentityAway(f"The backend answers {answer.status}.")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise IdentityAway(f"The backend does not answer: {type(error).__name__}.") from None

    async def _ask(self, url: str, token: str) -> dict[str, Any]:
        """Who the token is of, by who issued it."""
        headers = {"Authorization": f"Bearer {token}"}
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        try:
            async with http_session().get(
                url, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                if answer.status == 401:
                    raise NotAuthenticated("who issued the token does not know it any more")
                if answer.status == 403:  # Keycloak's word for a token without the scope openid
                    raise NotAllowed
                if answer.status != 200:
                    raise IdentityAway(f"{url} answers {answer.status}.")
                user = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise IdentityAway(f"{url} does not answer: {type(error).__name__}.") from None
        return user if isinstance(user, dict) else {}

    def _fetch_keys(self) -> dict[str, Any]:
        try:
            response = httpx2.get(self._certs, timeout=ANSWER_SECONDS)
            response.raise_for_status()
            return dict(response.json())
        except (httpx2.HTTPError, ValueError, TypeError) as error:
            message = f"{self._certs} does not answer: {type(error).__name__}"
            raise KeysUnavailable(message) from None

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self._keys.key(str(jwt.get_unverified_header(token).get("kid", "")))
            if key is None:
                raise NotAuthenticated("the realm has no such key")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=settings.TOKEN_ISSUER,
                audience="account",
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "sub", "aud"]},
            )
        except KeysUnavailable:
            raise IdentityAway("The identity server does not give its keys.") from None
        except jwt.PyJWTError as error:
            raise NotAuthenticated(type(error).__name__) from None
        if claims.get("typ") != "Bearer":
            raise NotAuthenticated("not an access token")
        return claims


def _require_role(groups: Any) -> None:
    names = groups if isinstance(groups, Iterable) and not isinstance(groups, str) else ()
    if not {str(group).lstrip("/") for group in names} & ROLES_THAT_MAY_TRY:
        raise NotAllowed
