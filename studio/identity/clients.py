"""The three clients of the realm, as Keycloak has them; fixed, so in code and not in a table."""

import hmac
import secrets
from dataclasses import dataclass

from authlib.oauth2.rfc6749 import ClientMixin
from django.conf import settings


@dataclass(frozen=True)
class Client(ClientMixin):  # type: ignore[misc]  # authlib has no types
    """What Authlib asks of a client."""

    client_id: str
    grant_types: tuple[str, ...]
    secret: str = ""

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str | None) -> str:
        known = ("openid", "profile", "email", "offline_access")
        return " ".join(word for word in (scope or "").split() if word in known)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Only addresses below the public one, and below that of a development server if set.

        Compared as text: what comes before the first slash is the whole of the origin, so no
        parser can read another host out of it.
        """
        allowed = (settings.PUBLIC_URL, settings.WEB_CLIENT_DEVELOPMENT_URL)
        return "#" not in redirect_uri and any(
            redirect_uri.startswith(f"{address}/") for address in allowed if address
        )

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.secret) and hmac.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        if self.secret:
            return method in {"client_secret_post", "client_secret_basic"}
        return method == "none"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and "authorization_code" in self.grant_types

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in self.grant_types


def find_client(client_id: str) -> Client | None:
    if client_id == settings.KEYCLOAK_CLIENT_ID:
        return Client(client_id, ("authorization_code", "refresh_token"))
    if client_id == settings.KEYCLOAK_API_CLIENT_ID:
        return Client(client_id, ("password", "refresh_token"))
    if client_id == settings.KEYCLOAK_EXTERNAL_CLIENT_ID:
        return Client(client_id, ("client_credentials",), external_secret())
    return None


def external_secret() -> str:
    """From the environment, else made once and kept in the data folder."""
    if settings.EXTERNAL_CLIENT_SECRET:
        return str(settings.EXTERNAL_CLIENT_SECRET)
    path = settings.IDENTITY_DIR / f"{settings.KEYCLOAK_EXTERNAL_CLIENT_ID}.secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(32), encoding="ascii")
    return str(path.read_text(encoding="ascii"))
