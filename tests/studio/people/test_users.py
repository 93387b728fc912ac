"""People of the embedded identity, as an administrator keeps them over HTTP."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.accounts.models import User
from studio.accounts.roles import Role
from studio.audit.models import Entry
from studio.identity.models import SignIn
from tests.conftest import AsUser

pytestmark = pytest.mark.django_db
URL = "/api/v1/users/"
PASSWORD = "correct horse battery"
TOKEN_URL = "/auth/realms/rasa-studio/protocol/openid-connect/token"


def signed_in(username: str, password: str = PASSWORD) -> Any:
    data = {"grant_type": "password", "client_id": "admin-cli", "scope": "openid"}
    return APIClient().post(TOKEN_URL, {**data, "username": username, "password": password})


@pytest.fixture
def omar(api_client: APIClient) -> dict[str, Any]:
    body = {
        "username": "omar",
        "name": "Omar Haddad",
        "email": "omar@shop.example",
        "password": PASSWORD,
        "roles": ["Developer"],
    }
    answer = api_client.post(URL, body, "json")
    assert answer.status_code == 201, answer.json()
    return dict(answer.json())


def test_list_and_search(api_client: APIClient, omar: dict[str, Any], as_user: AsUser) -> None:
    as_user(Role.ANNOTATOR, username="ana")
    User.objects.create(username="service-account-x", is_service=True)
    page = api_client.get(URL).json()
    assert page["count"] == 3
    assert [person["username"] for person in page["results"]] == ["ana", "omar", "super"]
    [found] = api_client.get(URL, {"search": "HADD shop"}).json()["results"]
    assert found == omar
    assert (omar["roles"], omar["is_active"]) == (["Developer"], True)
    assert "password" not in omar
    assert len(api_client.get(URL, {"page_size": 2, "page": 2}).json()["results"]) == 1


def test_about(api_client: APIClient) -> None:
    about = api_client.get(f"{URL}directory/").json()
    assert about == {
        "provider": "local",
        "console_url": "",
        "sends_mail": False,
        "roles": [role.value for role in Role],
    }


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"username": "Omar"}, "already a user"),
        ({"username": "two words"}, "letters, digits"),
        ({"password": "short"}, "too short"),
        ({"roles": ["King"]}, "King"),
        ({"email": "nowhere"}, "valid email"),
    ],
)
def test_bad_people_are_refused(
    api_client: APIClient, omar: dict[str, Any], change: dict[str, Any], where: str
) -> None:
    body = {"username": "ana", "password": PASSWORD, "roles": [], **change}
    answer = api_client.post(URL, body, "json")
    assert answer.status_code in (400, 409)
    assert where in answer.json()["detail"]
    assert User.objects.count() == 2


def test_roles_hold_at_once_and_are_in_the_record(
    api_client: APIClient, omar: dict[str, Any]
) -> None:
    token = signed_in("omar").json()["access_token"]
    client = APIClient(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert client.post("/api/v1/assistants/", {"name": "A"}, "json").status_code == 201
    changed = api_client.patch(f"{URL}{omar['id']}/", {"roles": ["Business User"]}, "json")
    assert changed.json()["roles"] == ["Business User"]
    assert client.post("/api/v1/assistants/", {"name": "B"}, "json").status_code == 403
    entry = Entry.objects.get(action="user.roles")
    assert (entry.actor, entry.target) == ("super", "omar")
    assert entry.detail == {"before": ["Developer"], "after": ["Business User"]}


def test_switched_off_ends_every_session(api_client: APIClient, omar: dict[str, Any]) -> None:
    tokens = signed_in("omar").json()
    api_client.patch(f"{URL}{omar['id']}/", {"is_active": False}, "json")
    me = APIClient(HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}").get("/api/v1/me/")
    assert me.status_code == 401
    assert signed_in("omar").status_code == 401
    api_client.patch(f"{URL}{omar['id']}/", {"is_active": True}, "json")
    renewed = APIClient().post(
        TOKEN_URL,
        {
            "grant_type": "refresh_token",
            "client_id": "admin-cli",
            "refresh_token": tokens["refresh_token"],
        },
    )
    assert renewed.status_code == 400, "the old session stays ended"


def test_a_new_password_signs_out_and_the_old_one_is_over(
    api_client: APIClient, omar: dict[str, Any]
) -> None:
    signed_in("omar")
    api_client.patch(f"{URL}{omar['id']}/", {"password": "another good one"}, "json")
    assert not SignIn.objects.filter(user_id=omar["id"]).exists()
    assert signed_in("omar").status_code == 401
    assert signed_in("omar", "another good one").status_code == 200
    weak = api_client.patch(f"{URL}{omar['id']}/", {"password": "x", "roles": []}, "json")
    assert weak.status_code == 400
    assert User.objects.get(username="omar").roles == ["Developer"], "nothing is half saved"


def test_sign_out_everywhere(api_client: APIClient, omar: dict[str, Any]) -> None:
    signed_in("omar")
    assert api_client.post(f"{URL}{omar['id']}/sign-out/").status_code == 204
    assert not SignIn.objects.filter(user_id=omar["id"]).exists()
    assert Entry.objects.filter(action="user.signed_out", target="omar").count() == 1


def test_somebody_must_be_able_to_manage_users(api_client: APIClient, omar: dict[str, Any]) -> None:
    own = f"{URL}{api_client.user.pk}/"  # type: ignore[attr-defined]  # see the fixture
    changes: list[dict[str, Any]] = [{"roles": []}, {"is_active": False}]
    for change in changes:
        refused = api_client.patch(own, change, "json")
        assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")
    api_client.patch(f"{URL}{omar['id']}/", {"roles": ["SuperUser"]}, "json")
    assert api_client.patch(own, {"roles": ["Developer"]}, "json").status_code == 200


def test_who_is_not_there(api_client: APIClient) -> None:
    absent = f"{URL}00000000-0000-0000-0000-000000000000/"
    assert api_client.get(absent).status_code == 404
    assert api_client.post(f"{absent}sign-out/").status_code == 404
    service = User.objects.create(username="service-account-x", is_service=True)
    assert api_client.get(f"{URL}{service.pk}/").status_code == 404


def test_an_invitation_needs_keycloak(api_client: APIClient, omar: dict[str, Any]) -> None:
    answer = api_client.post(f"{URL}{omar['id']}/invite/")
    assert (answer.status_code, answer.json()["code"]) == (409, "kept_elsewhere")
    assert api_client.patch(f"{URL}{omar['id']}/", {}, "json").status_code == 400
