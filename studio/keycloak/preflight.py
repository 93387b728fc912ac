"""Whether Keycloak answers, has our realm, and lets Studio look people up."""

from collections.abc import Iterator

import httpx2
from django.conf import settings
from django.core.checks import CheckMessage, Error, Info

from studio.common.errors import DomainError
from studio.common.preflight import preflight_check
from studio.keycloak.admin import KeycloakAdmin

_PART = "Keycloak"
_SECONDS = 10


@preflight_check
def look_at_keycloak() -> Iterator[CheckMessage]:
    if settings.STUDIO_IDENTITY != "keycloak":
        yield Info("There is none: Studio keeps its people itself.", obj=_PART)
        return
    realm = f"{settings.KEYCLOAK_URL}/realms/{settings.KEYCLOAK_REALM}"
    try:
        answer = httpx2.get(f"{realm}/.well-known/openid-configuration", timeout=_SECONDS)
    except httpx2.HTTPError as error:
        yield Error(f"{realm} does not answer: {error}.", hint="Check KEYCLOAK_URL.", obj=_PART)
        return
    if not answer.is_success:
        yield Error(
            f"{realm} answers with {answer.status_code}.",
            hint="Check KEYCLOAK_REALM; `manage.py keycloak_setup` makes the realm.",
            obj=_PART,
        )
        return
    yield from _issuer(str(answer.json()["issuer"]))
    if settings.KEYCLOAK_API_PASSWORD:
        yield from _account()


def _issuer(issuer: str) -> Iterator[CheckMessage]:
    if issuer == settings.TOKEN_ISSUER:
        yield Info(f"The realm answers as {issuer}.", obj=_PART)
        return
    yield Error(
        f"Its tokens are of {issuer}, and Studio takes those of {settings.TOKEN_ISSUER} alone.",
        hint="Set KEYCLOAK_ISSUER, or Keycloak's hostname.",
        obj=_PART,
    )


def _account() -> Iterator[CheckMessage]:
    username = settings.KEYCLOAK_API_USERNAME
    try:
        with KeycloakAdmin(
            settings.KEYCLOAK_URL,
            realm=settings.KEYCLOAK_REALM,
            username=username,
            password=settings.KEYCLOAK_API_PASSWORD,
        ) as admin:
            admin.get(f"/{settings.KEYCLOAK_REALM}/users", max=1)
    except DomainError as problem:
        yield Error(
            f"Studio's account {username}: {problem.detail}",
            hint="Check KEYCLOAK_API_USERNAME and KEYCLOAK_API_PASSWORD; `manage.py "
            "keycloak_setup` makes the account.",
            obj=_PART,
        )
    else:
        yield Info(f"Studio's account {username} may look people up.", obj=_PART)
