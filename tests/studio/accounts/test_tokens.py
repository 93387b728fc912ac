"""What the backend takes for a token, and what it does not."""

import json
import time
from typing import Any

import pytest
from django.conf import settings
from joserfc import jwt as jose
from joserfc.jwk import RSAKey
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.roles import PERMISSIONS, ClientRole, Permission, Role
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db


def own_key() -> RSAKey:
    path = settings.IDENTITY_DIR / "signing-key.json"
    return RSAKey.import_key(json.loads(path.read_text()))


def signed(user: User, key: RSAKey | None = None, kid: str | None = None, **changes: Any) -> str:
    now = int(time.time())
    claims = {
        "iss": settings.TOKEN_ISSUER,
        "sub": str(user.pk),
        "aud": "account",
        "azp": "rasa-studio-backend",
        "typ": "Bearer",
        "iat": now,
        "exp": now + 60,
        **changes,
    }
    signing = key or own_key()
    header = {"alg": "RS256", "kid": kid or own_key().kid}
    return jose.encode(header, {k: v for k, v in claims.items() if v is not None}, signing)


def me(token: str) -> Any:
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}").get("/api/v1/me/")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": int(time.time()) - 62}, id="expired"),
        pytest.param({"iat": int(time.time()) + 3600}, id="of the future"),
        pytest.param({"exp": None}, id="never expires"),
        pytest.param({"iss": "https://elsewhere.example/realms/rasa-studio"}, id="foreign issuer"),
        pytest.param({"aud": "another"}, id="other audience"),
        pytest.param({"azp": "another"}, id="other client"),
        pytest.param({"typ": "ID"}, id="identity token"),
        pytest.param({"sub": "nobody"}, id="no account"),
        pytest.param({"kid": "unknown"}, id="unknown key"),
        pytest.param({"key": "forged"}, id="forged signature"),
    ],
)
def test_bad_tokens_are_401(as_user: AsUser, changes: dict[str, Any]) -> None:
    user = as_user(Role.DEVELOPER).user  # type: ignore[attr-defined]  # see the fixture
    assert me(signed(user)).status_code == 200, "the same token without the change is good"
    if changes.get("key") == "forged":
        changes = {"key": RSAKey.generate_key(2048)}
    refused = me(signed(user, **changes))
    assert refused.status_code == 401
    assert refused["Content-Type"] == "application/problem+json"
    assert refused["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("seconds", [-58, 58])
def test_clocks_may_be_a_minute_apart(as_user: AsUser, seconds: int) -> None:
    user = as_user(Role.DEVELOPER).user  # type: ignore[attr-defined]  # see the fixture
    now = int(time.time()) + seconds
    assert me(signed(user, iat=now, exp=now + 1)).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic YTpi", "Bearer not-a-token", "Bearer a.b.c"]
)
def test_no_token_is_401(header: str) -> None:
    response = APIClient().get("/api/v1/me/", headers={"authorization": header} if header else {})
    assert (response.status_code, response.json()["code"]) == (401, "not_authenticated")


def test_switched_off_account_is_401(as_user: AsUser) -> None:
    client = as_user(Role.DEVELOPER)
    assert client.get("/api/v1/me/").status_code == 200
    User.objects.update(is_active=False)
    assert client.get("/api/v1/me/").status_code == 401


def test_every_role_has_a_row_and_super_user_has_all() -> None:
    assert set(PERMISSIONS) == {*Role, *ClientRole}
    assert PERMISSIONS[Role.SUPER_USER] == set(Permission)


def test_preferences_merge(as_user: AsUser) -> None:
    client = as_user(Role.BUSINESS_USER)
    client.patch("/api/v1/me/", {"preferences": {"theme": "dark", "guide": "hidden"}}, "json")
    answer = client.patch("/api/v1/me/", {"preferences": {"guide": None}}, "json")
    assert answer.json()["preferences"] == {"theme": "dark"}
    assert answer.json()["roles"] == ["Business User"]
