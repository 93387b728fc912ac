"""Branches over HTTP: begun, written to, protected, merged, deleted."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.content.models import Blob, Branch
from tests.conftest import AsUser
from tests.studio.content.test_commits import read, save


@pytest.fixture
def draft(api_client: APIClient, base: str) -> str:
    answer = api_client.post(f"{base}branches/", {"name": "draft"}, format="json")
    assert answer.status_code == 201, answer.content
    return "?branch=draft"


def change(client: APIClient, url: str, branch: str = "", **fields: Any) -> dict[str, Any]:
    stored = read(client, f"{url}{branch}")
    answer = save(client, f"{url}{branch}", stored["revision"], {**stored["body"], **fields})
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def merge(client: APIClient, base: str, source: str, into: str, **more: Any) -> Any:
    return client.post(f"{base}branches/{source}/merge/", {"into": into, **more}, format="json")


def test_a_branch_begins_where_it_is_told(api_client: APIClient, base: str, draft: str) -> None:
    url = f"{base}flows/transfer_money/"
    change(api_client, url, name="on main")
    change(api_client, url, draft, name="on draft")
    assert read(api_client, url)["body"]["name"] == "on main"
    assert read(api_client, f"{url}{draft}")["body"]["name"] == "on draft"
    old = api_client.post(f"{base}branches/", {"name": "old", "from": "main@1"}, format="json")
    assert (old.status_code, old.json()["start"]) == (201, 1)
    assert read(api_client, f"{url}?branch=old")["body"]["name"] == "transfer money"
    names = [one["name"] for one in api_client.get(f"{base}branches/").json()]
    assert names == ["main", "draft", "old"]
    history = api_client.get(f"{base}commits/{draft}").json()["results"]
    assert [(one["branch"], one["number"]) for one in history] == [("draft", 2), ("main", 1)]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"name": "draft"}, 409),
        ({"name": "a b"}, 400),
        ({"name": "../x"}, 400),
        ({"name": "x", "from": "nowhere"}, 404),
        ({"name": "x", "from": "main@99"}, 400),
        ({"name": "x", "from": "main@a"}, 400),
    ],
)
def test_names_and_beginnings_that_are_refused(
    api_client: APIClient, base: str, draft: str, data: dict[str, Any], status: int
) -> None:
    assert api_client.post(f"{base}branches/", data, format="json").status_code == status
    assert api_client.get(f"{base}flows/?branch=nowhere").status_code == 404


def waiting(client: APIClient, base: str) -> list[str]:
    """Branches with something that was not merged."""
    found = client.get(f"{base}branches/").json()
    return [branch["name"] for branch in found if branch["waits"]]


def test_a_merge_brings_what_the_branch_changed(
    api_client: APIClient, base: str, draft: str
) -> None:
    url = f"{base}flows/transfer_money/"
    change(api_client, url, name="on main")
    change(api_client, url, draft, description="on draft")
    api_client.delete(f"{base}slots/tier/{draft}")
    body = {"description": "new", "steps": [{"action": "utter_help"}]}
    api_client.post(f"{base}flows/{draft}", {"id": "fresh", "body": body}, format="json")
    assert waiting(api_client, base) == ["draft"]
    merged = merge(api_client, base, "draft", "main")
    assert (merged.status_code, merged.json()["merged"]) == (200, "draft@4")
    assert waiting(api_client, base) == []
    stored = read(api_client, url)["body"]
    assert (stored["name"], stored["description"]) == ("on main", "on draft")
    assert api_client.get(f"{base}slots/tier/").status_code == 404
    assert read(api_client, f"{base}flows/fresh/")["body"] == body
    # Again: nothing is left to bring; and what comes later is compared with that state.
    change(api_client, url, draft, description="again")
    assert waiting(api_client, base) == ["draft"]
    assert merge(api_client, base, "draft", "main").status_code == 200
    assert read(api_client, url)["body"]["description"] == "again"


def test_fields_that_both_changed_are_asked_about(
    api_client: APIClient, base: str, draft: str
) -> None:
    url = f"{base}flows/transfer_money/"
    change(api_client, url, name="on main")
    change(api_client, url, draft, name="on draft", description="d")
    before = read(api_client, f"{base}branches/main/")["head"]
    asked = merge(api_client, base, "draft", "main")
    assert (asked.status_code, asked.json()["code"]) == (409, "merge_conflict")
    [conflict] = asked.json()["conflicts"]
    assert (conflict["kind"], conflict["key"], conflict["pointer"]) == (
        *("flow", "transfer_money"),
        ["name"],
    )
    assert (conflict["mine"], conflict["theirs"]) == ("on main", "on draft")
    assert read(api_client, f"{base}branches/main/")["head"] == before
    decided = {name: conflict[name] for name in ("kind", "key", "pointer")} | {"side": "theirs"}
    assert merge(api_client, base, "draft", "main", resolutions=[decided]).status_code == 200
    assert read(api_client, url)["body"]["name"] == "on draft"


@pytest.mark.parametrize(
    ("decision", "stands"),
    [
        ({"side": "before"}, "transfer money"),
        ({"side": "mine"}, "on main"),
        ({"side": "theirs"}, "on draft"),
        ({"side": "edited", "value": "on both"}, "on both"),
        ({"side": "edited", "value": 7}, "name"),
        ({"side": "edited"}, "`edited`"),
        ({"side": "mine", "value": "other"}, "`edited`"),
    ],
)
def test_what_may_be_decided(
    api_client: APIClient, base: str, draft: str, decision: dict[str, Any], stands: str
) -> None:
    """What it was, either side, or words of one's own that a flow can hold."""
    url = f"{base}flows/transfer_money/"
    change(api_client, url, name="on main")
    change(api_client, url, draft, name="on draft", description="d")
    place = {"kind": "flow", "key": "transfer_money", "pointer": ["name"]}
    answer = merge(api_client, base, "draft", "main", resolutions=[place | decision])
    body = read(api_client, url)["body"]
    if answer.status_code == 200:
        assert (body["name"], body["description"]) == (stands, "d")
    else:
        assert (answer.status_code, body["name"]) == (400, "on main")
        assert stands in str(answer.json()["errors"])


@pytest.mark.parametrize("side", ["mine", "theirs"])
def test_deleted_here_and_edited_there(
    api_client: APIClient, base: str, draft: str, side: str
) -> None:
    url = f"{base}flows/transfer_money/"
    api_client.delete(url)
    change(api_client, url, draft, name="on draft")
    [conflict] = merge(api_client, base, "draft", "main").json()["conflicts"]
    assert (conflict["pointer"], "mine" in conflict) == ([], False)
    decided = {name: conflict[name] for name in ("kind", "key", "pointer")} | {"side": side}
    assert merge(api_client, base, "draft", "main", resolutions=[decided]).status_code == 200
    assert api_client.get(url).status_code == (404 if side == "mine" else 200)


def test_two_branches_that_rename_to_one_name(api_client: APIClient, base: str, draft: str) -> None:
    for branch, old in (("", "help"), (draft, "transfer_money")):
        data = {"id": "support", "revision": 1}
        answer = api_client.post(f"{base}flows/{old}/rename/{branch}", data, format="json")
        assert answer.status_code == 200
    asked = merge(api_client, base, "draft", "main")
    assert asked.status_code == 409
    # Both made it; and one renamed the flow in which the other's link followed.
    assert {one["key"] for one in asked.json()["conflicts"]} == {"support", "transfer_money"}


def test_a_protected_branch_takes_merges_only(
    api_client: APIClient, base: str, draft: str, as_user: AsUser
) -> None:
    builder = as_user("Flow Builder")
    refused = builder.patch(f"{base}branches/main/", {"protected": True}, format="json")
    assert refused.status_code == 403
    api_client.patch(f"{base}branches/main/", {"protected": True}, format="json")
    url = f"{base}flows/transfer_money/"
    stored = read(api_client, url)
    answer = save(api_client, url, stored["revision"], {**stored["body"], "name": "x"})
    assert (answer.status_code, answer.json()["code"]) == (409, "branch_protected")
    change(builder, url, draft, name="by merge")
    assert merge(builder, base, "draft", "main").status_code == 200
    assert read(api_client, url)["body"]["name"] == "by merge"


def test_branches_are_renamed_and_deleted(api_client: APIClient, base: str, draft: str) -> None:
    one = f"{base}branches/draft/"
    assert api_client.patch(one, {"name": "work/ana"}, format="json").status_code == 200
    one = f"{base}branches/work/ana/"
    api_client.post(f"{base}branches/", {"name": "child", "from": "work/ana"}, format="json")
    change(api_client, f"{base}flows/help/", "?branch=work/ana", name="gone with its branch")
    blobs = Blob.objects.count()
    used = api_client.delete(one)
    assert (used.status_code, used.json()["code"]) == (409, "in_use")
    assert api_client.delete(f"{base}branches/child/").status_code == 204
    assert api_client.delete(one).status_code == 204
    assert Blob.objects.count() == blobs - 1
    assert list(Branch.objects.values_list("name", flat=True)) == ["main"]
    for path, data in (("main/", None), ("main/", {"name": "trunk"})):
        answer = (
            api_client.delete(f"{base}branches/{path}")
            if data is None
            else api_client.patch(f"{base}branches/{path}", data, format="json")
        )
        assert answer.status_code in {400, 409}


def test_an_export_is_of_the_branch(api_client: APIClient, base: str, draft: str) -> None:
    change(api_client, f"{base}flows/help/", draft, name="on draft")
    assert (
        api_client.get(f"{base}export/").content != api_client.get(f"{base}export/{draft}").content
    )
