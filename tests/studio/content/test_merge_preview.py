"""What a merge would do, over HTTP, before it is done."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from studio.content.models import Commit
from tests.conftest import AsUser
from tests.studio.content.test_branches import change, draft, merge

__all__ = ["draft"]


def preview(client: APIClient, base: str, query: str = "") -> Any:
    return client.get(f"{base}branches/draft/merge/{query}")


def test_both_sides_of_a_field_and_what_comes_along(
    api_client: APIClient, base: str, draft: str
) -> None:
    url = f"{base}flows/transfer_money/"
    change(api_client, url, name="on main")
    change(api_client, url, draft, name="on draft", description="sends money")
    change(api_client, f"{base}flows/help/", draft, description="tells what is possible")
    commits = Commit.objects.count()
    answer = preview(api_client, base, "?into=main")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["source"]["name"], found["into"]["name"]) == ("draft", "main")
    [conflict] = found["conflicts"]
    assert (conflict["kind"], conflict["key"]) == ("flow", "transfer_money")
    assert (conflict["pointer"], conflict["field"], conflict["step"]) == (["name"], "name", None)
    assert (conflict["base"], conflict["mine"], conflict["theirs"]) == (
        *("transfer money", "on main", "on draft"),
    )
    assert conflict["mine_by"]["author"]["name"] == "Super"
    [flow] = found["flows"]
    assert (flow["body"]["name"], flow["body"]["description"]) == ("on main", "sends money")
    [along] = found["changes"]
    assert (along["key"], along["action"]) == ("help", "changed")
    assert along["changes"][0]["sentence"] == "the description was changed"
    assert Commit.objects.count() == commits, "nothing is written"

    side = {"kind": "flow", "key": "transfer_money", "pointer": ["name"], "side": "theirs"}
    assert merge(api_client, base, "draft", "main", resolutions=[side]).status_code == 200
    assert preview(api_client, base).json()["conflicts"] == []


@pytest.mark.parametrize(
    ("role", "status"), [("Business User", 200), ("Annotator", 403), ("Conversation Analyst", 200)]
)
def test_who_may_look(as_user: AsUser, base: str, draft: str, role: str, status: int) -> None:
    assert preview(as_user(role), base).status_code == status


def test_secrets_stay_with_those_who_may_edit_settings(
    api_client: APIClient, as_user: AsUser, base: str, draft: str
) -> None:
    for branch, secret in (("", "secret-1"), (draft, "secret-2")):
        url = f"{base}endpoints/{branch}"
        stored = api_client.get(url).json()
        text = f"nlg:\n  token: {secret}\n"
        body = {"text": text, "revision": stored["revision"]}
        assert api_client.put(url, body, format="json").status_code == 200
    shown = preview(api_client, base).content.decode()
    assert "secret-1" in shown
    assert "secret-2" in shown
    hidden = preview(as_user("Business User"), base).content.decode()
    assert "secret" not in hidden
    assert "nlg" in hidden


def test_what_is_not_there(api_client: APIClient, base: str, draft: str) -> None:
    assert api_client.get(f"{base}branches/gone/merge/").status_code == 404
    assert preview(api_client, base, "?into=gone").status_code == 404
