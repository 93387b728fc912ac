"""The realm as code: everything that Studio needs of Keycloak, in one place."""

from typing import Any

from django.conf import settings

from studio.accounts.roles import ClientRole, Role

THEME = "studio"
SCOPE = "studio"
# What the account of KEYCLOAK_API_USERNAME may do: look people up, and put them into groups.
API_ROLES = ("manage-users", "query-groups", "query-users", "view-realm", "view-users")
LIGHTWEIGHT = "client.use.lightweight.access.token.enabled"

# Good values to begin with, each beside Keycloak's own default. They are put in place once, and
# only over that default: what an administrator chose, before or after, stays.
PRESETS: dict[str, tuple[Any, Any]] = {
    "displayName": (None, "Studio"),
    "loginTheme": (None, THEME),
    "accessTokenLifespan": (300, 300),
    "ssoSessionIdleTimeout": (1800, 8 * 3600),
    "ssoSessionMaxLifespan": (36000, 12 * 3600),
    "passwordPolicy": (None, "length(10) and notUsername(undefined) and notEmail(undefined)"),
    "bruteForceProtected": (False, True),
    "failureFactor": (30, 5),
    "waitIncrementSeconds": (60, 60),
    "maxFailureWaitSeconds": (900, 900),
    "eventsEnabled": (False, True),
    "eventsExpiration": (None, 90 * 24 * 3600),
    "adminEventsEnabled": (False, True),
}


def groups() -> list[str]:
    return [role.value for role in Role]


def client_roles() -> list[str]:
    return [role.value for role in ClientRole]


def clients() -> dict[str, dict[str, Any]]:
    """By client id; lists are what must be in them, more may be."""
    here = settings.PUBLIC_URL
    return {
        settings.KEYCLOAK_CLIENT_ID: {
            "name": "Studio",
            "publicClient": True,
            "standardFlowEnabled": True,
            "implicitFlowEnabled": False,
            "directAccessGrantsEnabled": False,
            "serviceAccountsEnabled": False,
            "redirectUris": [f"{here}/signed-in", f"{here}/silent.html"],
            "webOrigins": [here],
            "attributes": {
                "pkce.code.challenge.method": "S256",
                "post.logout.redirect.uris": f"{here}/",
            },
        },
        settings.KEYCLOAK_API_CLIENT_ID: {
            "publicClient": True,
            "standardFlowEnabled": False,
            "directAccessGrantsEnabled": True,
            # Lightweight tokens carry no groups, and the command line's are used on our API.
            "attributes": {LIGHTWEIGHT: "false"},
        },
        settings.KEYCLOAK_EXTERNAL_CLIENT_ID: {
            "name": "Studio, for programs",
            "publicClient": False,
            "standardFlowEnabled": False,
            "directAccessGrantsEnabled": False,
            "serviceAccountsEnabled": True,
            "attributes": {},
        },
    }


def scope() -> dict[str, Any]:
    """What our tokens say beyond Keycloak's own: groups by name, and whom they are for."""
    everywhere = {"access.token.claim": "true", "introspection.token.claim": "true"}
    return {
        "name": SCOPE,
        "description": "Groups and audience of Studio",
        "protocol": "openid-connect",
        "attributes": {"include.in.token.scope": "false", "display.on.consent.screen": "false"},
        "protocolMappers": [
            {
                "name": "groups",
                "protocol": "openid-connect",
                "protocolMapper": "oidc-group-membership-mapper",
                "config": {
                    **everywhere,
                    "claim.name": "groups",
                    "full.path": "false",
                    "id.token.claim": "true",
                    "userinfo.token.claim": "true",
                },
            },
            {
                "name": "audience",
                "protocol": "openid-connect",
                "protocolMapper": "oidc-audience-mapper",
                "config": {
                    **everywhere,
                    "included.client.audience": settings.KEYCLOAK_CLIENT_ID,
                    "id.token.claim": "false",
                },
            },
        ],
    }


def default_users() -> list[dict[str, Any]]:
    """One person for each role, for trying out; where KEYCLOAK_DEFAULT_USER_CREATION is true."""
    return [
        {
            "username": role.lower().replace(" ", ""),
            "firstName": role,
            "lastName": "Example",
            "email": f"{role.lower().replace(' ', '')}@studio.example",
            "emailVerified": True,
            "enabled": True,
            "groups": [role],
        }
        for role in groups()
    ]


def api_user() -> dict[str, Any]:
    """The account by which the backend looks people up."""
    return {
        "username": settings.KEYCLOAK_API_USERNAME,
        "firstName": "Studio",
        "lastName": "Backend",
        "email": f"{settings.KEYCLOAK_API_USERNAME}@studio.example",
        "emailVerified": True,
        "enabled": True,
    }
