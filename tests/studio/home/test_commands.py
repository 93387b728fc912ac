"""`manage.py assistants`, for people and for programs, as everybody and as one person."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from studio.audit.models import Action, Entry
from studio.content.models import Commit
from tests.conftest import AsUser
from tests.studio.content.test_branches import change, draft

__all__ = ["draft"]


def run(*words: str) -> str:
    output = io.StringIO()
    call_command("assistants", *words, stdout=output, stderr=io.StringIO())
    return output.getvalue()


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def test_list_and_show(assistant: dict[str, Any]) -> None:
    head, row = run("list").splitlines()
    assert head.split() == ["name", "flow", "count", "updated", "at", "updated", "by", "id"]
    assert assistant["name"] in row
    assert assistant["id"] in row
    [document] = told("list", "--search", assistant["name"][:4])
    assert (document["id"], document["flow_count"]) == (assistant["id"], assistant["flow_count"])
    assert told("list", "--search", "nothing like it") == []
    assert told("show", assistant["name"])["name"] == assistant["name"]
    assert f"id: {assistant['id']}" in run("show", assistant["name"])
    with pytest.raises(CommandError, match="There is no assistant “none”"):
        run("show", "none")


def test_out_and_in_again(assistant: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "bank.zip"
    assert told("export", assistant["name"], "--output", str(path)) == {"path": str(path)}
    names = zipfile.ZipFile(path).namelist()
    assert "config.yml" in names
    made = told("import", str(path))
    assert made["name"] == "bank"
    assert told("diff", "bank", "main", "main@1") == []
    commits = Commit.objects.count()
    assert told("import", str(path), "--into", "bank") == {"commit": None}
    assert Commit.objects.count() == commits
    with pytest.raises(CommandError, match="There is already an assistant “bank”"):
        run("import", str(path))
    with pytest.raises(CommandError, match="No such file"):
        run("import", str(tmp_path / "gone.zip"))
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"no zip")
    with pytest.raises(CommandError, match="zip"):
        run("import", str(broken))


def test_history_and_the_way_back(
    api_client: APIClient, base: str, assistant: dict[str, Any]
) -> None:
    change(api_client, f"{base}flows/help/", description="tells what is possible")
    name = assistant["name"]
    newest, first = told("history", name)
    assert (newest["number"], first["number"]) == (2, 1)
    assert [row["number"] for row in told("history", name, "--limit", "1")] == [2]
    assert run("diff", name, "main@1", "main") == (
        "flow help: changed\n  the description was changed\n"
    )
    assert told("restore", name, "1")["commit"] == 3
    assert run("diff", name, "main@1", "main") == "Nothing differs.\n"
    assert run("restore", name, "3") == "It is as it was then.\n"
    for wrong, said in (("main@x", "write BRANCH@COMMIT"), ("gone", "There is no branch “gone”")):
        with pytest.raises(CommandError, match=said):
            run("diff", name, "main", wrong)


def test_a_branch_is_begun_and_merged(
    api_client: APIClient, base: str, assistant: dict[str, Any]
) -> None:
    name, url = assistant["name"], f"{base}flows/help/"
    assert told("branch", name, "work")["start"] == 1
    change(api_client, url, "?branch=work", description="of the branch")
    change(api_client, url, description="of main")
    assert [row["name"] for row in told("branches", name)] == ["main", "work"]
    with pytest.raises(CommandError, match=r"--take:\n  flow help description"):
        run("merge", name, "work")
    assert told("merge", name, "work", "--take", "theirs")["commit"] == 3
    assert api_client.get(url).json()["body"]["description"] == "of the branch"


def test_deleted_ones(assistant: dict[str, Any]) -> None:
    name, own = assistant["name"], assistant["id"]
    run("delete", name)
    assert [row["id"] for row in told("deleted")] == [own]
    run("undelete", own)
    assert told("deleted") == []
    for words in (("undelete", "5"), ("undelete", own), ("purge", "--id", own)):
        with pytest.raises(CommandError, match="There is no deleted assistant with the id"):
            run(*words)
    run("delete", name)
    assert told("purge", "--older-than-days", "1") == {"purged": []}
    assert told("purge", "--id", own) == {"purged": [name]}
    assert told("list") == []


def test_as_somebody(as_user: AsUser, assistant: dict[str, Any], tmp_path: Path) -> None:
    as_user("Business User", username="bea")
    as_user("Flow Builder", username="fay")
    name, path = assistant["name"], str(tmp_path / "x.zip")
    assert told("list", "--as", "bea")[0]["name"] == name
    run("export", name, "--output", path, "--as", "bea")
    for words in (
        ("import", path, "--name", "y"),
        ("import", path, "--into", name),
        ("delete", name),
        ("restore", name, "1"),
        ("branch", name, "work"),
        ("purge", "--older-than-days", "1"),
    ):
        with pytest.raises(CommandError, match="needs one of the roles"):
            run(*words, "--as", "bea")
    told("import", path, "--name", "y", "--as", "fay")
    assert told("history", "y")[0]["author"]["name"] == "Fay"
    with pytest.raises(CommandError, match="Nobody here is called 'zoe'"):
        run("list", "--as", "zoe")


def test_who_did_it_is_on_record(as_user: AsUser, assistant: dict[str, Any]) -> None:
    dev = as_user("Developer", username="dev").user  # type: ignore[attr-defined]
    run("delete", assistant["name"], "--as", "dev")
    entry = Entry.objects.get(action=Action.ASSISTANT_DELETED)
    assert (entry.actor, entry.actor_id) == ("dev", dev.pk)
    run("undelete", assistant["id"])
    entry = Entry.objects.get(action=Action.ASSISTANT_RESTORED)
    assert entry.actor.endswith(" on the server"), "the next command is nobody's"


def test_who_is_a_member(api_client: APIClient, base: str, assistant: dict[str, Any]) -> None:
    member = {"group": "Developer", "role": "Flow Builder"}
    assert api_client.post(f"{base}members/", member, format="json").status_code == 201
    [row] = told("members", assistant["name"])
    assert (row["group"], row["role"]) == ("Developer", "Flow Builder")
    assert "Developer" in run("members", assistant["name"])


def test_a_push_of_a_folder_with_and_without_force(
    api_client: APIClient, as_user: AsUser, base: str, assistant: dict[str, Any], tmp_path: Path
) -> None:
    name, url = assistant["name"], f"{base}flows/help/"
    as_user("Developer", username="ana")
    as_user("Business User", username="bea")
    path = tmp_path / "bank.zip"
    run("export", name, "--output", str(path))
    folder = tmp_path / "bank"
    zipfile.ZipFile(path).extractall(folder)
    push = ("push", str(folder), name)
    assert told(*push, "--as", "ana") == {"commit": None, "overridden": []}

    flows = folder / "data/flows/help.yml"
    described = api_client.get(url).json()["body"]["description"]
    flows.write_text(flows.read_text().replace(described, "of the folder"))
    change(api_client, url, description="of the page")
    other = f"{base}flows/transfer_money/"
    change(api_client, other, description="also of the page")
    with pytest.raises(CommandError) as refusal:
        run(*push, "--as", "ana")
    assert "flow *help*: the description was changed by Super at" in str(refusal.value)
    assert "/branches/push-of-ana/merge" in str(refusal.value)
    assert api_client.get(url).json()["body"]["description"] == "of the page"

    done = told(*push, "--as", "ana", "--force")
    [sentence] = done["overridden"]
    assert sentence.startswith("flow *help*: the description was changed by Super at")
    assert api_client.get(url).json()["body"]["description"] == "of the folder"
    stays = api_client.get(other).json()["body"]["description"]
    assert stays == "also of the page", "what only others changed"
    newest = told("history", name)[0]
    assert (newest["number"], newest["author"]["name"], newest["door"]) == (
        done["commit"],
        "Ana",
        "cli",
    )
    assert told(*push, "--as", "ana")["commit"] is None

    for words, said in (
        ((*push,), "Say by --as whose push it is"),
        ((*push, "--as", "bea"), "needs one of the roles"),
        (("push", str(folder), f"{name}@gone", "--as", "ana"), "There is no"),
        (("push", str(tmp_path / "none"), name, "--as", "ana"), "No such file"),
    ):
        with pytest.raises(CommandError, match=said):
            run(*words)
    flows.write_text("flows: [")
    with pytest.raises(CommandError, match=r"^data/flows/help.yml:\d+: "):
        run(*push, "--as", "ana")
