"""Projects over what is there: import with preview, export after an edit, deletion and purge."""

import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from studio.assistants.models import Assistant
from studio.content.models import Blob, Branch, Commit, Entry
from studio.conversations.models import Conversation
from studio.home.deletion import assistants_purge
from tests.conftest import AsUser
from tests.project.example import FILES, with_file, zip_of
from tests.project.test_layout import COMMENTED
from tests.studio.conftest import Import
from tests.studio.content.test_commits import read, save

MORE = with_file(
    "data/flows/help.yml",
    b"flows:\n  help:\n    description: other words\n    steps:\n    - action: utter_help\n",
)
LESS = {path: content for path, content in MORE.items() if path != "data/nlu.yml"}


def exported(client: APIClient, base: str, choice: str = "") -> dict[str, bytes]:
    answer = client.get(f"{base}export/{choice}")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def import_into(client: APIClient, base: str, files: Mapping[str, bytes], **data: Any) -> Any:
    upload = SimpleUploadedFile("p.zip", zip_of(files), "application/zip")
    return client.post(f"{base}import/", {"file": upload, **data}, format="multipart")


def test_an_edit_changes_its_lines_in_the_export(
    api_client: APIClient, import_project: Import
) -> None:
    files = {**FILES, "domain/more.yml": COMMENTED.replace("transfer_money", "send").encode()}
    files.pop("data/flows/help.yml")
    files["domain/responses.yml"] = b"actions:\n- action_audit\n- action_transfer\n"
    base = f"/api/v1/assistants/{import_project(files)['assistant']['id']}/"
    assert exported(api_client, base) == {**exported(api_client, base), **files}
    url = f"{base}flows/send/"
    flow = read(api_client, url)
    save(api_client, url, flow["revision"], {**flow["body"], "description": "move money"})
    after = exported(api_client, base)
    wanted = files["domain/more.yml"].replace(b"send money   #", b"move money   #")
    assert after == {**after, **files, "domain/more.yml": wanted}
    # Once more, and after a rename: the comments are there still.
    flow = read(api_client, url)
    save(api_client, url, flow["revision"], {**flow["body"], "description": "send money"})
    assert exported(api_client, base)["domain/more.yml"] == files["domain/more.yml"]
    data = {"id": "pay", "revision": read(api_client, url)["revision"]}
    assert api_client.post(f"{url}rename/", data, format="json").status_code == 200
    wanted = files["domain/more.yml"].replace(b"  send:", b"  pay:")
    assert exported(api_client, base)["domain/more.yml"] == wanted


def test_an_empty_file_comes_back_and_none_is_made(
    api_client: APIClient, import_project: Import
) -> None:
    for endpoints in ({"endpoints.yml": b""}, {}):
        files = {**FILES, **endpoints}
        if not endpoints:
            del files["endpoints.yml"]
        made = import_project(files, name=f"E{len(endpoints)}")["assistant"]["id"]
        assert exported(api_client, f"/api/v1/assistants/{made}/") == files


def test_a_call_of_an_agent_is_known_by_its_file(
    api_client: APIClient, import_project: Import
) -> None:
    text = "flows:\n  find:\n    description: x\n    steps:\n    - call: car_finder\n"
    agent = {"sub_agents/car_finder/config.yml": b"agent: {name: car_finder}\n"}

    def codes(files: Mapping[str, bytes], name: str) -> list[str]:
        made = import_project({**with_file("data/find.yml", text), **files}, name=name)
        url = f"/api/v1/assistants/{made['assistant']['id']}/flows/find/"
        return [one["code"] for one in read(api_client, url)["problems"]]

    assert codes(agent, "With") == ["call_of_agent"]
    assert codes({}, "Without") == ["call_target_missing"]


def test_a_copy_has_the_same_files(api_client: APIClient, base: str) -> None:
    flow = read(api_client, f"{base}flows/help/")
    save(api_client, f"{base}flows/help/", flow["revision"], {**flow["body"], "name": "x"})
    copy = api_client.post(f"{base}duplicate/", {"name": "Copy"}, format="json").json()
    assert exported(api_client, f"/api/v1/assistants/{copy['id']}/") == exported(api_client, base)


def test_a_preview_tells_and_changes_nothing(api_client: APIClient, base: str) -> None:
    before = exported(api_client, base)
    answer = import_into(api_client, base, LESS, mode="replace", preview="true").json()
    assert answer["commit"] is None
    told = {(one["kind"], one["key"], one["action"]) for one in answer["diff"]}
    assert told == {
        ("flow", "help", "changed"),
        ("nlu", "intent:greet", "removed"),
        ("nlu", "synonym:Anna", "removed"),
    }
    [change] = [one for one in answer["diff"] if one["key"] == "help"]
    assert [one["sentence"] for one in change["changes"]] == ["the description was changed"]
    assert exported(api_client, base) == before


@pytest.mark.parametrize("mode", ["merge", "replace"])
def test_an_import_is_one_commit(api_client: APIClient, base: str, mode: str) -> None:
    answer = import_into(api_client, base, LESS, mode=mode)
    assert (answer.status_code, answer.json()["commit"]["door"]) == (200, "import")
    assert answer.json()["commit"]["number"] == 2
    assert read(api_client, f"{base}flows/help/")["body"]["description"] == "other words"
    files = exported(api_client, base)
    assert ("data/nlu.yml" in files) == (mode == "merge")
    if mode == "replace":
        assert files == LESS
    again = import_into(api_client, base, LESS, mode=mode).json()
    assert (again["commit"], again["diff"]) == (None, [])
    api_client.post(f"{base}restore/", {"commit": 1}, format="json")
    assert exported(api_client, base) == FILES


def test_an_import_that_is_refused_changes_nothing(
    api_client: APIClient, base: str, as_user: AsUser
) -> None:
    bad = import_into(api_client, base, with_file("data/x.yml", "flows: ["), mode="merge")
    assert (bad.status_code, bad.json()["code"]) == (400, "import_failed")
    other = with_file("config.yml", b"recipe: default.v1\nlanguage: de\n")
    builder = as_user("Flow Builder")
    refused = import_into(builder, base, other, mode="merge")
    assert (refused.status_code, refused.json()["permission"]) == (403, "settings.edit")
    assert import_into(builder, base, MORE, mode="merge").status_code == 200
    assert import_into(as_user("Business User"), base, MORE, mode="merge").status_code == 403
    assert import_into(api_client, base, MORE, mode="other").status_code == 400
    assert Commit.objects.count() == 2


def test_deleted_assistants_are_listed_restored_and_purged(
    api_client: APIClient, base: str, import_project: Import, capsys: Any
) -> None:
    kept = import_project(name="Kept")["assistant"]["id"]
    blobs = Blob.objects.filter(assistant=kept).count()
    assistant = Assistant.objects.get(name="Bank")
    now = timezone.now()
    Conversation.objects.create(
        assistant=assistant, sender_id="s", started_at=now, last_event_at=now
    )
    api_client.post(f"{base}branches/", {"name": "draft"}, format="json")
    api_client.delete(base)
    call_command("assistants", "deleted")
    assert str(assistant.pk) in capsys.readouterr().out
    call_command("assistants", "undelete", str(assistant.pk))
    assert api_client.get(base).status_code == 200
    with pytest.raises(CommandError, match="no deleted assistant"):
        call_command("assistants", "purge", "--id", str(assistant.pk))
    api_client.delete(base)
    call_command("assistants", "purge", "--older-than-days", "1")
    assert Assistant.objects.filter(pk=assistant.pk).exists()
    Assistant.objects.filter(pk=assistant.pk).update(deleted_at=now - timedelta(days=31))
    assert assistants_purge(deleted_before=now - timedelta(days=30)) == ["Bank"]
    assert not Assistant.objects.filter(pk=assistant.pk).exists()
    assert not Conversation.objects.exists()
    assert set(Branch.objects.values_list("assistant", flat=True)) == {Assistant.objects.get().pk}
    assert Blob.objects.count() == blobs
    assert not Entry.objects.exclude(branch__assistant=kept).exists()
    assert api_client.post(f"{base}undelete/").status_code == 404
