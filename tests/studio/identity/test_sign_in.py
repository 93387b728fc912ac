"""The embedded identity, driven as the browser and the command line drive it."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.test import Client, override_settings
from rest_framework.test import APIClient

from studio.accounts import services
from studio.accounts.models import User
from studio.identity.models import SignIn

REALM = "/auth/realms/rasa-studio"
PROTOCOL = f"{REALM}/protocol/openid-connect"
PASSWORD = "a long enough one"
VERIFIER = "v" * 64
REDIRECT = "http://127.0.0.1:8000/somewhere?keep=1"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return services.user_create(
        username="ana", password=PASSWORD, roles=["Flow Builder"], name="Ana Ruiz"
    )


def authorization_query(**changes: str) -> dict[str, str]:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    return {
        "client_id": "rasa-studio-backend",
        "response_type": "code",
        "redirect_uri": REDIRECT,
        "scope": "openid profile",
        "state": "xyz",
        "nonce": "n-1",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        **changes,
    }


def sign_in(client: Client, *, password: str = PASSWORD, remember: bool = True) -> Any:
    """Open the page, take its CSRF cookie, send the form, as the sign-in page does."""
    query = authorization_query()
    client.get(f"{REALM}/login-actions/authenticate", query)
    return client.post(
        f"{REALM}/login-actions/authenticate",
        json.dumps({"username": "ana", "password": password, "remember": remember}),
        content_type="application/json",
        query_params=query,
    )


def code_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["code"][0]


def exchange(client: Client, code: str, verifier: str = VERIFIER) -> Any:
    return client.post(
        f"{PROTOCOL}/token",
        {
            "grant_type": "authorization_code",
            "client_id": "rasa-studio-backend",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": verifier,
        },
    )


def test_code_flow_gives_tokens_that_the_backend_takes(ana: User) -> None:
    browser = Client()
    answer = sign_in(browser)
    assert answer.status_code == 200, answer.content
    code = code_of(answer.json()["redirect_to"])

    assert exchange(browser, code, verifier="w" * 64).status_code == 400
    tokens = exchange(browser, code).json()
    assert exchange(browser, code).json()["error"] == "invalid_grant", "a code is good once"

    identity = jwt.decode(tokens["id_token"], options={"verify_signature": False})
    assert (identity["nonce"], identity["sub"]) == ("n-1", str(ana.pk))
    me = APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}").get("/api/v1/me/")
    assert me.json()["name"] == "Ana Ruiz"
    assert "content.edit" in me.json()["permissions"]
    for wrong in ("refresh_token", "id_token"):
        refused = APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens[wrong]}").get("/api/v1/me/")
        assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")


def test_second_visit_needs_no_password_and_silence_says_so(ana: User) -> None:
    browser = Client()
    silent = browser.get(f"{PROTOCOL}/auth", authorization_query(prompt="none"))
    assert silent["Location"].startswith(f"{REDIRECT}&error=login_required&state=xyz")
    sign_in(browser)
    again = browser.get(f"{PROTOCOL}/auth", authorization_query(prompt="none"))
    assert again["Location"].startswith("http://127.0.0.1:8000/somewhere?keep=1&code=")


def test_redirect_to_a_foreign_site_or_without_pkce_is_refused(ana: User) -> None:
    browser = Client()
    sign_in(browser)
    foreign = authorization_query(redirect_uri="https://elsewhere.example/cb")
    assert browser.get(f"{PROTOCOL}/auth", foreign).status_code == 400
    plain = authorization_query(code_challenge_method="plain")
    assert browser.get(f"{PROTOCOL}/auth", plain).status_code == 400
    unprotected = {k: v for k, v in authorization_query().items() if "challenge" not in k}
    assert browser.get(f"{PROTOCOL}/auth", unprotected).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9999/steal",
        "http://127.0.0.1/",
        "http://127.1.2.3:8000/",
        "http://localhost:8000/",
        "http://[::1]:8000/",
        "https://127.0.0.1:8000/",
        "http://127.0.0.1:8000@elsewhere.example/",
        "http://127.0.0.1:8000.elsewhere.example/",
        "http://somebody@127.0.0.1:8000/",
        "http://127.0.0.1:80001/",
        "http://127.0.0.1:8000\\@elsewhere.example/",
        "http://127.0.0.1:8000",
        "//127.0.0.1:8000/",
        " http://127.0.0.1:8000/",
        "http:/127.0.0.1:8000/",
        "http://127.0.0.1:8000/#token",
        "javascript:alert(1)//http://127.0.0.1:8000/",
        "http://localhost:5173/",
    ],
)
def test_no_other_address_gets_a_code(ana: User, address: str) -> None:
    """Not even of this machine: other ports belong to other programs and people."""
    browser = Client()
    sign_in(browser)
    asked = authorization_query(redirect_uri=address, prompt="none")
    refused = browser.get(f"{PROTOCOL}/auth", asked)
    assert refused.status_code == 400
    assert "Studio is at http://127.0.0.1:8000" in refused.json()["detail"]


@pytest.mark.parametrize("name", ["client_id", "response_type", "scope", "code_challenge_method"])
def test_odd_characters_are_refused_and_break_nothing(ana: User, name: str) -> None:
    browser = Client()
    sign_in(browser)
    for odd in ("\\", '"', "ä", "\x00", "\n"):
        link = authorization_query(**{name: odd})
        assert browser.get(f"{PROTOCOL}/auth", link).status_code in {302, 400}
        form = {"grant_type": odd, "client_id": odd, "username": odd, "password": odd}
        assert browser.post(f"{PROTOCOL}/token", form).status_code in {400, 401}
        form = {**form, "grant_type": "password", "client_id": "admin-cli"}
        assert browser.post(f"{PROTOCOL}/token", form).status_code in {400, 401}


@pytest.mark.parametrize("path", ["/", "/signed-in", "/silent.html", "/a/../b?next=1"])
def test_addresses_of_studio_itself_get_one(ana: User, path: str) -> None:
    browser = Client()
    sign_in(browser)
    for origin in ("http://127.0.0.1:8000", "http://localhost:5173"):
        with override_settings(WEB_CLIENT_DEVELOPMENT_URL="http://localhost:5173"):
            asked = authorization_query(redirect_uri=f"{origin}{path}", prompt="none")
            answer = browser.get(f"{PROTOCOL}/auth", asked)
        assert answer.status_code == 302
        assert answer["Location"].startswith(f"{origin}{path}")
        assert "code=" in answer["Location"]


def test_another_name_of_this_machine_leads_to_the_public_one() -> None:
    """Else a person who types `localhost` could not sign in."""
    for path in ("/", "/assistants/x/flows?tab=1"):
        there = Client(headers={"host": "localhost:8000"}).get(path)
        assert (there.status_code, there["Location"]) == (302, f"http://127.0.0.1:8000{path}")
    for host in ("127.0.0.1:8000", "localhost:5173", "studio.example:8000"):
        assert Client(headers={"host": host}).get("/").status_code != 302
    assert Client(headers={"host": "localhost:8000"}).get("/api/health").status_code == 200


def test_form_without_csrf_token_is_refused(ana: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert sign_in(Client()).status_code == 200


def test_session_ends_with_the_browser_unless_it_is_to_be_remembered(ana: User) -> None:
    for remember, age in ((True, 8 * 3600), (False, "")):
        browser = Client()
        sign_in(browser, remember=remember)
        assert browser.cookies["studio_sign_in"]["max-age"] == age


def test_guessing_is_slowed_down_and_the_right_password_waits_too(ana: User) -> None:
    browser = Client()
    for _ in range(5):
        wrong = sign_in(browser, password="not it")
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    for password in ("not it", PASSWORD):
        answer = sign_in(browser, password=password)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
        assert 1 <= answer.json()["retry_after"] <= 30


def password_grant(password: str) -> Any:
    """The exact form that the command line sends (empty `code` and `redirect_uri` included)."""
    return Client().post(
        f"{PROTOCOL}/token",
        {
            "username": "ana",
            "password": password,
            "client_id": "admin-cli",
            "grant_type": "password",
            "code": "",
            "redirect_uri": "",
            "scope": "openid",
        },
    )


def refresh(token: str) -> Any:
    return Client().post(
        f"{PROTOCOL}/token",
        {"client_id": "admin-cli", "grant_type": "refresh_token", "refresh_token": token},
    )


def test_password_grant_has_the_five_keys_of_the_command_line(ana: User) -> None:
    answer = password_grant(PASSWORD).json()
    assert answer["token_type"] == "Bearer"
    assert isinstance(answer["expires_in"], int)
    assert isinstance(answer["refresh_expires_in"], int)
    for name in ("access_token", "refresh_token"):
        header = jwt.get_unverified_header(answer[name])
        claims = jwt.decode(answer[name], options={"verify_signature": False})
        assert header["typ"] == "JWT"
        assert header["kid"]
        assert claims["exp"] > claims["iat"]
    wrong = password_grant("not it")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_grant")
    assert wrong.json()["message"]


def test_refresh_token_is_good_once_and_a_second_use_ends_the_session(ana: User) -> None:
    first = password_grant(PASSWORD).json()["refresh_token"]
    second = refresh(first).json()["refresh_token"]
    assert refresh(first).json()["error"] == "invalid_grant"
    assert refresh(second).json()["error"] == "invalid_grant"
    assert SignIn.objects.count() == 0


def test_client_credentials_need_the_secret_and_give_client_roles() -> None:
    from studio.identity.clients import external_secret

    form = {"grant_type": "client_credentials", "client_id": "studio-external"}
    refused = Client().post(f"{PROTOCOL}/token", {**form, "client_secret": "guess"})
    assert refused.status_code == 401
    answer = Client().post(f"{PROTOCOL}/token", {**form, "client_secret": external_secret()}).json()
    assert "refresh_token" not in answer
    me = APIClient(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}").get("/api/v1/me/").json()
    assert "conversation.view" in me["permissions"]
    assert "content.edit" not in me["permissions"]


def test_logout_ends_browser_session_and_refresh_tokens(ana: User) -> None:
    browser = Client()
    tokens = exchange(browser, code_of(sign_in(browser).json()["redirect_to"])).json()
    target = "http://127.0.0.1:8000/"
    out = browser.get(
        f"{PROTOCOL}/logout",
        {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": target},
    )
    assert out["Location"] == target
    assert SignIn.objects.count() == 0
    silent = browser.get(f"{PROTOCOL}/auth", authorization_query(prompt="none"))
    assert "error=login_required" in silent["Location"]


def test_userinfo_stands_by_a_token_until_its_session_ends(ana: User) -> None:
    tokens = password_grant(PASSWORD).json()
    asking = Client(headers={"Authorization": f"Bearer {tokens['access_token']}"})
    assert asking.get(f"{PROTOCOL}/userinfo").json()["groups"] == ["Flow Builder"]
    Client().post(f"{PROTOCOL}/logout", {"refresh_token": tokens["refresh_token"]})
    assert asking.get(f"{PROTOCOL}/userinfo").status_code == 401


def test_discovery_certs_and_realm_agree(ana: User) -> None:
    client = Client()
    found = client.get(f"{REALM}/.well-known/openid-configuration").json()
    keys = client.get(urlsplit(found["jwks_uri"]).path).json()["keys"]
    assert [key["kty"] for key in keys] == ["RSA"]
    assert "d" not in keys[0], "only the public half leaves the house"
    token = password_grant(PASSWORD).json()["access_token"]
    armoured = client.get(REALM).json()["public_key"]
    pem = f"-----BEGIN PUBLIC KEY-----\n{armoured}\n-----END PUBLIC KEY-----"
    claims = jwt.decode(token, pem, algorithms=["RS256"], audience="account")
    assert claims["iss"] == found["issuer"]
    assert claims["groups"] == ["Flow Builder"]
