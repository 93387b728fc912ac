"""Members of an assistant over HTTP, and what each person is told that they may do."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from studio.accounts.roles import OF_STUDIO, PERMISSIONS, Permission, Role
from tests.conftest import AsUser

URL = "/api/v1/assistants/"


def close(client: APIClient, base: str) -> None:
    assert client.patch(base, {"members_only": True}, format="json").status_code == 200


def test_an_assistant_says_what_one_may_do_in_it(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    dora = as_user(Role.DEVELOPER, username="dora")
    eve = as_user(Role.FLOW_BUILDER, username="eve")
    assert dora.get(base).json()["permissions"] == sorted(PERMISSIONS[Role.DEVELOPER])
    close(api_client, base)
    for username, role in (("dora", "Business User"), ("eve", "Developer")):
        data = {"username": username, "role": role}
        assert api_client.post(f"{base}members/", data, format="json").status_code == 201
    # Less than elsewhere, and more; what is of Studio as a whole stays.
    for client, role in ((dora, Role.BUSINESS_USER), (eve, Role.DEVELOPER)):
        held = sorted((PERMISSIONS[role] - OF_STUDIO) | {Permission.ASSISTANT_CREATE})
        assert client.get(base).json()["permissions"] == held
        [row] = client.get(URL).json()["results"]
        assert row["permissions"] == held
    assert api_client.get(base).json()["permissions"] == sorted(Permission)


def test_who_closes_it_to_oneself_is_told(base: str, as_user: AsUser) -> None:
    dora = as_user(Role.DEVELOPER, username="dora")
    closed = dora.patch(base, {"members_only": True}, format="json")
    assert (closed.status_code, closed.json()["permissions"]) == (200, [])
    assert dora.get(base).status_code == 404


def test_a_list_of_closed_assistants_asks_once_for_roles(
    api_client: APIClient, as_user: AsUser, django_assert_max_num_queries: Any
) -> None:
    dora = as_user(Role.DEVELOPER, username="dora")
    counts = []
    for number in range(6):
        made = api_client.post(URL, {"name": f"A {number}"}, format="json").json()
        base = f"{URL}{made['id']}/"
        data = {"username": "dora", "role": "Developer"}
        assert api_client.post(f"{base}members/", data, format="json").status_code == 201
        close(api_client, base)
        with django_assert_max_num_queries(20) as seen:
            assert dora.get(URL).json()["count"] == number + 1
        assert isinstance(seen, CaptureQueriesContext)
        counts.append(len(seen))
    assert counts[1] == counts[-1]


def test_a_member_is_added_changed_and_removed(api_client: APIClient, base: str) -> None:
    me = api_client.get("/api/v1/me/").json()
    person = {"username": me["username"].upper(), "role": "Developer"}
    made = api_client.post(f"{base}members/", person, format="json").json()
    assert made["user"]["id"] == me["id"]
    assert (made["username"], made["group"]) == (me["username"], None)
    again = api_client.post(f"{base}members/", person, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "member_exists")
    group = {"group": "Annotator", "role": "NLU Editor"}
    of_group = api_client.post(f"{base}members/", group, format="json").json()
    assert (of_group["user"], of_group["username"], of_group["group"]) == (None, None, "Annotator")
    one = f"{base}members/{made['id']}/"
    changed = api_client.patch(one, {"role": "NLU Editor"}, format="json").json()
    assert changed == {**made, "role": "NLU Editor"}
    assert api_client.delete(one).status_code == 204
    assert api_client.get(f"{base}members/").json()["results"] == [of_group]


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"username": "nobody here", "role": "Developer"}, "username"),
        ({"group": "Cooks", "role": "Developer"}, "group"),
        ({"group": "Annotator", "role": "Cook"}, "role"),
    ],
)
def test_what_cannot_be_a_member_is_said_at_its_field(
    api_client: APIClient, base: str, data: dict[str, str], field: str
) -> None:
    refused = api_client.post(f"{base}members/", data, format="json")
    assert refused.status_code == 400
    assert [each["field"] for each in refused.json()["errors"]] == [field]
    assert api_client.get(f"{base}members/").json()["count"] == 0


@pytest.mark.parametrize("days", [30, 0])
def test_a_deleted_assistant_says_when_it_goes_for_good(
    api_client: APIClient, base: str, settings: Any, days: int
) -> None:
    settings.STUDIO_PURGE_DELETED_AFTER_DAYS = days
    assert api_client.get(base).json()["purge_at"] is None
    assert api_client.delete(base).status_code == 204
    [row] = api_client.get(f"{URL}?deleted=true").json()["results"]
    if days:
        kept = datetime.fromisoformat(row["purge_at"]) - datetime.fromisoformat(row["deleted_at"])
        assert kept == timedelta(days=days)
    else:
        assert row["purge_at"] is None
    assert api_client.post(f"{base}undelete/").json()["purge_at"] is None
