"""One's own name and password, and passwords that are for the first sign-in only."""

import json
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.services import user_create
from studio.audit.models import Entry
from studio.identity.models import SignIn
from tests.studio.identity.test_sign_in import REALM, authorization_query
from tests.studio.people.test_users import PASSWORD, URL, signed_in

pytestmark = pytest.mark.django_db
OWN = "/api/v1/me/account/"
OWN_PASSWORD = "/api/v1/me/password/"
NEW = "another battery staple"


@pytest.fixture
def omar() -> User:
    return user_create(username="omar", password=PASSWORD, roles=["Business User"])


def client_of(username: str, password: str = PASSWORD) -> APIClient:
    token = signed_in(username, password).json()["access_token"]
    return APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")


def change(client: APIClient, old: str, new: str) -> Any:
    return client.post(OWN_PASSWORD, {"password": old, "new_password": new}, "json")


def form(password: str, new_password: str = "") -> Any:
    """What the sign-in page sends."""
    browser, query = Client(), authorization_query()
    body = {"username": "ana", "password": password, "new_password": new_password}
    browser.get(f"{REALM}/login-actions/authenticate", query)
    return browser.post(
        f"{REALM}/login-actions/authenticate",
        json.dumps(body),
        content_type="application/json",
        query_params=query,
    )


def test_a_name_of_ones_own(omar: User) -> None:
    client = client_of("omar")
    assert client.get(OWN).json() == {
        "username": "omar",
        "name": "",
        "email": "",
        "roles": ["Business User"],
        "account_url": "",
    }
    assert client.patch(OWN, {"name": "Omar Haddad"}, "json").json()["name"] == "Omar Haddad"
    assert client.get("/api/v1/me/").json()["name"] == "Omar Haddad"
    assert client.patch(OWN, {"name": "x" * 201}, "json").status_code == 400
    assert APIClient().get(OWN).status_code == 401
    assert Entry.objects.get(action="user.updated").detail == {"fields": ["name"]}


def test_a_new_password_ends_every_other_session(omar: User) -> None:
    here, there = client_of("omar"), signed_in("omar").json()
    sign_ins = SignIn.objects.filter(user=omar)
    assert sign_ins.count() == 2
    assert change(here, PASSWORD, NEW).status_code == 204
    assert sign_ins.count() == 1
    body = {
        "grant_type": "refresh_token",
        "client_id": "admin-cli",
        "refresh_token": there["refresh_token"],
    }
    assert APIClient().post(f"{REALM}/protocol/openid-connect/token", body).status_code == 400
    assert here.get(OWN).status_code == 200
    assert signed_in("omar").status_code == 401
    assert signed_in("omar", NEW).status_code == 200


def test_the_present_password_is_asked_for_and_guessing_it_is_slowed_down(omar: User) -> None:
    client = client_of("omar")
    wrong = change(client, "not it", NEW)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "password")
    assert change(client, PASSWORD, "short").status_code == 400
    for _try in range(6):
        last = change(client, "not it", NEW)
    assert (last.status_code, last.json()["code"]) == (429, "too_many_attempts")
    omar.refresh_from_db()
    assert omar.check_password(PASSWORD)


def test_a_first_password_opens_nothing_but_the_choice_of_an_own_one(api_client: APIClient) -> None:
    body = {"username": "ana", "password": PASSWORD, "temporary_password": True, "roles": []}
    assert api_client.post(URL, body, "json").status_code == 201
    by_program = signed_in("ana")
    assert (by_program.status_code, by_program.json()["error"]) == (409, "invalid_grant")
    assert "browser" in by_program.json()["message"]
    asked = form(PASSWORD)
    assert (asked.status_code, asked.json()["code"]) == (409, "password_is_temporary")
    assert form("not it", NEW).status_code == 401
    assert form(PASSWORD, PASSWORD).status_code == 400
    assert form(PASSWORD, "short").status_code == 400
    assert "code=" in form(PASSWORD, NEW).json()["redirect_to"]
    assert signed_in("ana", NEW).status_code == 200
    assert signed_in("ana", PASSWORD).status_code == 401
    assert "code=" in form(NEW, "ignored beside an own one").json()["redirect_to"]
    ana = User.objects.get(username="ana")
    again = {"password": PASSWORD, "temporary_password": True}
    assert api_client.patch(f"{URL}{ana.pk}/", again, "json").status_code == 200
    assert form(PASSWORD).status_code == 409
    assert (
        api_client.patch(f"{URL}{ana.pk}/", {"temporary_password": True}, "json").status_code == 400
    )


def test_a_deleted_person_is_gone_and_their_work_stays(api_client: APIClient, omar: User) -> None:
    omar.roles = ["Developer"]
    omar.save()
    client = client_of("omar")
    made = client.post("/api/v1/assistants/", {"name": "Shop"}, "json").json()
    assert client.delete(f"{URL}{omar.pk}/").status_code == 403
    assert api_client.delete(f"{URL}{omar.pk}/").status_code == 204
    assert client.get("/api/v1/me/").status_code == 401
    assert signed_in("omar").status_code == 401
    assert not User.objects.filter(username="omar").exists()
    assert api_client.get(f"/api/v1/assistants/{made['id']}/").status_code == 200
    entry = Entry.objects.get(action="user.deleted")
    assert (entry.actor, entry.target) == ("super", "omar")
    own = api_client.delete(f"{URL}{api_client.user.pk}/")  # type: ignore[attr-defined]  # see the fixture
    assert (own.status_code, own.json()["code"]) == (409, "last_administrator")
