"""Content as commits over HTTP: autosaves, merge on save, history, compare, restore."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F, Sum
from django.db.models.functions import Length
from rest_framework.test import APIClient

from studio.content.models import Blob, Branch, Commit, Draft, Entry, Item, Reference
from studio.content.services.write import SQUASH_FOR
from tests.conftest import AsUser
from tests.studio.conftest import Import


def read(client: APIClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def save(client: APIClient, url: str, revision: int, body: Any) -> Any:
    return client.put(url, {"revision": revision, "body": body}, format="json")


def transfer(client: APIClient, base: str) -> tuple[str, dict[str, Any]]:
    url = f"{base}flows/transfer_money/"
    return url, read(client, url)


def commits(client: APIClient, base: str, **filters: Any) -> list[dict[str, Any]]:
    answer = client.get(f"{base}commits/", filters)
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def test_autosaves_of_one_sitting_are_one_commit(api_client: APIClient, base: str) -> None:
    url, flow = transfer(api_client, base)
    revision = flow["revision"]
    for number in range(5):
        answer = save(api_client, url, revision, {**flow["body"], "name": f"n{number}"})
        assert answer.json()["revision"] > revision
        revision = answer.json()["revision"]
    assert [one["number"] for one in commits(api_client, base)] == [revision, 1]
    # The sitting began a while ago.
    Commit.objects.update(began_at=F("began_at") - SQUASH_FOR)
    save(api_client, url, revision, {**flow["body"], "name": "later"})
    assert len(commits(api_client, base)) == 3


def test_what_stands_between_ends_a_commit(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    url, _flow = transfer(api_client, base)

    def saved(client: APIClient, name: str) -> int:
        stored = read(client, url)
        answer = save(client, url, stored["revision"], {**stored["body"], "name": name})
        return int(answer.json()["revision"])

    saved(api_client, "a")
    other = as_user("Flow Builder")
    saved(other, "b")
    saved(api_client, "c")
    assert len(commits(api_client, base)) == 4
    # A branch that begins there, or a version trained from there, refers to it.
    api_client.post(f"{base}branches/", {"name": "try"}, format="json")
    saved(api_client, "d")
    assert len(commits(api_client, base)) == 5
    help_url = f"{base}flows/help/"
    helping = read(api_client, help_url)
    save(api_client, help_url, helping["revision"], {**helping["body"], "name": "h"})
    saved(api_client, "e")
    assert len(commits(api_client, base)) == 7


def test_a_hundred_autosaves_cost_little(api_client: APIClient, base: str) -> None:
    steps = [{"id": f"s{n}", "action": "utter_help", "note": "x" * 100} for n in range(150)]
    body = {"description": "long", "steps": steps}
    made = api_client.post(f"{base}flows/", {"id": "long", "body": body}, format="json").json()
    before = stored_bytes()
    revision = made["revision"]
    for number in range(100):
        steps[number] = {**steps[number], "action": f"utter_{number}"}
        answer = save(api_client, f"{base}flows/long/", revision, {**body, "steps": steps})
        assert answer.status_code == 200
        revision = answer.json()["revision"]
    assert stored_bytes() - before < 100_000
    assert len(commits(api_client, base, kind="flow", key="long")) == 2


def stored_bytes() -> int:
    bodies = Blob.objects.aggregate(total=Sum(Length("body")))["total"] or 0
    deltas = Draft.objects.aggregate(total=Sum(Length("delta")))["total"] or 0
    return int(bodies + deltas)


def test_a_save_at_an_older_revision_is_merged(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    """Two people in one flow, different steps: both changes are kept."""
    url, flow = transfer(api_client, base)
    other = as_user("Flow Builder")
    theirs = {**flow["body"], "description": "theirs"}
    assert save(other, url, flow["revision"], theirs).status_code == 200
    mine = {**flow["body"], "name": "mine"}
    answer = save(api_client, url, flow["revision"], mine).json()
    assert (answer["body"]["name"], answer["body"]["description"]) == ("mine", "theirs")


def test_a_save_read_at_an_autosave_that_is_gone_is_merged_too(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    url, flow = transfer(api_client, base)
    first = save(api_client, url, flow["revision"], {**flow["body"], "name": "one"}).json()
    second = save(api_client, url, first["revision"], {**flow["body"], "name": "two"}).json()
    save(api_client, url, second["revision"], {**flow["body"], "name": "three"})
    # They read "one", which two autosaves have replaced since.
    late = {**first["body"], "description": "theirs"}
    answer = save(as_user("Flow Builder"), url, first["revision"], late).json()
    assert (answer["body"]["name"], answer["body"]["description"]) == ("three", "theirs")


def test_the_same_field_is_asked_about_with_all_three_sides(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    url, flow = transfer(api_client, base)
    save(as_user("Flow Builder"), url, flow["revision"], {**flow["body"], "name": "theirs"})
    answer = save(api_client, url, flow["revision"], {**flow["body"], "name": "mine"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "revision_conflict")
    assert problem["conflicts"] == [
        {"pointer": ["name"], "base": "transfer money", "mine": "mine", "theirs": "theirs"}
    ]
    assert problem["current"] == read(api_client, url)


def test_saving_what_somebody_deleted(api_client: APIClient, base: str, as_user: AsUser) -> None:
    url, flow = transfer(api_client, base)
    assert as_user("Flow Builder").delete(url).status_code == 204
    answer = save(api_client, url, flow["revision"], {**flow["body"], "name": "mine"})
    assert (answer.status_code, answer.json()["code"]) == (409, "revision_conflict")
    assert "theirs" not in answer.json()["conflicts"][0]
    assert save(api_client, url, flow["revision"], flow["body"]).status_code == 404


def test_commits_are_found_by_what_they_did(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    builder = as_user("Flow Builder", username="ana")
    builder.post(f"{base}flows/help/rename/", {"id": "support", "revision": 1}, format="json")
    [renamed] = commits(api_client, base, author=str(builder.user.pk))  # type: ignore[attr-defined]  # fixture
    assert renamed["message"] == "“help” is now called “support”"
    assert renamed["door"] == "browser"
    assert [(one["key"], one["removed"]) for one in renamed["items"][:2]] == [
        ("help", True),
        ("support", False),
    ]
    assert commits(api_client, base, q="is now") == [renamed]
    assert commits(api_client, base, kind="flow", key="support") == [renamed]
    assert commits(api_client, base, door="cli") == []
    assert commits(api_client, base, until="2020-01-01T00:00:00Z") == []
    for name, value in (("author", "nobody"), ("since", "yesterday")):
        refused = api_client.get(f"{base}commits/", {name: value})
        assert (refused.status_code, name in refused.json()["detail"]) == (400, True)


def test_a_commit_tells_what_it_changed(api_client: APIClient, base: str) -> None:
    url, flow = transfer(api_client, base)
    body = {**flow["body"], "steps": [*flow["body"]["steps"][:-1]]}
    number = save(api_client, url, flow["revision"], body).json()["revision"]
    [item] = read(api_client, f"{base}commits/{number}/")["diff"]
    assert (item["kind"], item["key"], item["action"]) == ("flow", "transfer_money", "changed")
    assert [one["sentence"] for one in item["changes"]] == ["step *link help*: a step was removed"]
    assert api_client.get(f"{base}commits/999/").status_code == 404


def test_a_rename_is_told_as_one(api_client: APIClient, base: str) -> None:
    data = {"id": "support", "revision": 1}
    number = api_client.post(f"{base}flows/help/rename/", data, format="json").json()["revision"]
    diff = {one["key"]: one for one in read(api_client, f"{base}commits/{number}/")["diff"]}
    assert diff.keys() == {"support", "transfer_money"}
    assert (diff["support"]["action"], diff["support"]["before_key"]) == ("renamed", "help")


def test_compare_is_what_happened_between(api_client: APIClient, base: str) -> None:
    url, flow = transfer(api_client, base)
    save(api_client, url, flow["revision"], {**flow["body"], "name": "x"})
    api_client.delete(f"{base}slots/tier/")
    answer = api_client.get(f"{base}compare/", {"from": "main@1", "to": "main"}).json()
    assert {(one["key"], one["action"]) for one in answer} == {
        ("transfer_money", "changed"),
        ("tier", "removed"),
    }
    back = api_client.get(f"{base}compare/", {"from": "main", "to": "main@1"}).json()
    assert ("tier", "added") in {(one["key"], one["action"]) for one in back}
    for query in ({"from": "main@99", "to": "main"}, {"from": "no", "to": "main"}, {"from": "@"}):
        assert api_client.get(f"{base}compare/", query).status_code in {400, 404}


def test_restore_adds_a_commit(api_client: APIClient, base: str) -> None:
    url, flow = transfer(api_client, base)
    save(api_client, url, flow["revision"], {**flow["body"], "name": "x"})
    api_client.delete(f"{base}slots/tier/")
    one = {"commit": 1, "items": [{"kind": "flow", "key": "transfer_money"}]}
    answer = api_client.post(f"{base}restore/", one, format="json").json()
    assert (answer["commit"]["door"], answer["problems"]) == ("restore", [])
    assert read(api_client, url)["body"] == flow["body"]
    assert api_client.get(f"{base}slots/tier/").status_code == 404
    api_client.post(f"{base}restore/", {"commit": 1}, format="json")
    assert api_client.get(f"{base}slots/tier/").status_code == 200
    differs = api_client.get(f"{base}compare/", {"from": "main@1", "to": "main"}).json()
    assert differs == []
    assert [each["door"] for each in commits(api_client, base)][:2] == ["restore", "restore"]
    for data, status in (
        ({"commit": 99}, 404),
        ({"commit": 1, "items": [{"kind": "flow", "key": "no"}]}, 400),
    ):
        assert api_client.post(f"{base}restore/", data, format="json").status_code == status


def test_a_restore_tells_what_its_references_lack(api_client: APIClient, base: str) -> None:
    url, flow = transfer(api_client, base)
    body = {"description": "short", "steps": [{"action": "utter_help"}]}
    save(api_client, url, flow["revision"], body)
    assert api_client.delete(f"{base}slots/recipient/").status_code == 204
    one = {"commit": 1, "items": [{"kind": "flow", "key": "transfer_money"}]}
    answer = api_client.post(f"{base}restore/", one, format="json").json()
    assert "slot_missing" in {problem["code"] for problem in answer["problems"]}


def test_settings_come_back_only_for_who_may_edit_them(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    text = read(api_client, f"{base}config/")["text"].replace("language: en", "language: de")
    api_client.put(f"{base}config/", {"text": text, "revision": 1}, format="json")
    refused = as_user("Flow Builder").post(f"{base}restore/", {"commit": 1}, format="json")
    assert (refused.status_code, refused.json()["permission"]) == (403, "settings.edit")
    api_client.post(f"{base}restore/", {"commit": 1}, format="json")
    assert read(api_client, base)["language"] == "en"


def test_secrets_are_shown_to_who_may_edit_settings(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    text = (
        "action_endpoint:\n  url: http://user:hunter2@host/\n  token: s3cret  # mine\n"
        "tracker_store:\n  password: ${DB_PASSWORD}\n  username: ana\n"
    )
    api_client.put(f"{base}endpoints/", {"text": text, "revision": 1}, format="json")
    developer, viewer = as_user("Developer"), as_user("Business User")
    assert read(developer, f"{base}endpoints/")["text"] == text
    shown = read(viewer, f"{base}endpoints/")["text"]
    assert "s3cret" not in shown
    assert "hunter2" not in shown
    assert "${DB_PASSWORD}" in shown
    assert "username: ana" in shown
    for path in ("history/", "commits/2/", "export/"):
        assert b"s3cret" not in viewer.get(f"{base}{path}").content
        assert b"hunter2" not in viewer.get(f"{base}{path}").content
    compared = {"from": "main@1", "to": "main"}
    assert b"s3cret" not in viewer.get(f"{base}compare/", compared).content
    assert b"s3cret" in developer.get(f"{base}history/").content


def test_one_item_that_cannot_be_checked_closes_no_page(
    api_client: APIClient, base: str, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from studio.content import derive

    def fail(*_args: Any) -> Any:
        raise AttributeError("'float' object has no attribute 'strip'")

    url, flow = transfer(api_client, base)
    monkeypatch.setattr(derive, "check_item", fail)
    stored = save(api_client, url, flow["revision"], {**flow["body"], "name": "odd"})
    assert stored.status_code == 200
    assert [one["code"] for one in stored.json()["problems"]] == ["not_checked"]
    assert "strip" in caplog.text
    for path in ("", "flows/", "validation/", "flows/transfer_money/"):
        assert api_client.get(f"{base}{path}").status_code == 200
    assert api_client.get("/api/v1/assistants/").status_code == 200


def test_problems_follow_what_an_item_refers_to(api_client: APIClient, base: str) -> None:
    def errors(flow: str) -> list[str]:
        found = read(api_client, f"{base}flows/{flow}/")["problems"]
        return [one["code"] for one in found if one["severity"] == "error"]

    def counted() -> int:
        return int(read(api_client, base)["problems"]["errors"])

    assert (errors("transfer_money"), counted()) == ([], 0)
    api_client.delete(f"{base}flows/help/")
    assert (errors("transfer_money"), counted()) == (["link_target_missing"], 1)
    api_client.post(f"{base}flows/help/restore/")
    assert (errors("transfer_money"), counted()) == ([], 0)
    twin = {"description": "say what the assistant can do", "steps": [{"action": "utter_help"}]}
    api_client.post(f"{base}flows/", {"id": "twin", "body": twin}, format="json")
    assert errors("help") == errors("twin") == ["duplicate_description"]
    api_client.delete(f"{base}flows/twin/")
    assert (errors("help"), counted()) == ([], 0)


def test_the_head_is_what_the_entries_say(
    api_client: APIClient, base: str, import_project: Import, capsys: Any
) -> None:
    url, flow = transfer(api_client, base)
    save(api_client, url, flow["revision"], {**flow["body"], "name": "x"})
    api_client.delete(f"{base}slots/tier/")
    api_client.post(f"{base}flows/help/rename/", {"id": "support", "revision": 1}, format="json")
    api_client.post(f"{base}branches/", {"name": "old", "from": "main@1"}, format="json")
    call_command("content", "check")
    assert "2 branches are what their commits say" in capsys.readouterr().out
    before = head()
    Item.objects.filter(key="support").update(error_count=7)
    Item.objects.filter(key="amount").delete()
    with pytest.raises(SystemExit):
        call_command("content", "check")
    assert "slot amount" in capsys.readouterr().err
    call_command("content", "rebuild")
    assert head() == before


def head() -> list[Any]:
    items = Item.objects.order_by("branch", "kind", "key").values_list(
        "branch", "kind", "key", "blob", "revision", "path", "position", "summary", "problems"
    )
    counts = Branch.objects.order_by("pk").values_list("flow_count", "error_count", "warning_count")
    references = Reference.objects.values_list("branch", "item__key", "relation", "name", "step")
    return [*map(repr, items), *map(repr, counts), *sorted(map(repr, references))]


def test_an_assistants_history_is_its_own(
    api_client: APIClient, base: str, import_project: Import
) -> None:
    other = f"/api/v1/assistants/{import_project(name='Other')['assistant']['id']}/"
    url, flow = transfer(api_client, base)
    save(api_client, url, flow["revision"], {**flow["body"], "name": "x"})
    assert len(commits(api_client, other)) == 1
    assert Commit.objects.count() == 3
    assert not Entry.objects.exclude(branch__in=Branch.objects.all()).exists()
