"""Projects as people have them, over HTTP: what comes in goes out, and what is wrong is told."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from modelservice.project.archive import read_archive
from tests.project.test_cases import CASES, files_of
from tests.studio.conftest import Import


def exported(client: APIClient, assistant: dict[str, Any]) -> dict[str, bytes]:
    content = client.get(f"/api/v1/assistants/{assistant['id']}/export/").getvalue()
    packed = zipfile.ZipFile(io.BytesIO(content))
    return {name: packed.read(name) for name in packed.namelist()}


@pytest.mark.parametrize(
    "name",
    [
        "copy-of-flows-in-backup-folder",
        "yaml-of-other-programs-with-our-keys",
        "buttons-of-odd-kinds",
        "empty-endpoints-yml",
    ],
)
def test_every_file_comes_back_as_it_was(
    api_client: APIClient, import_project: Import, name: str
) -> None:
    files = files_of(CASES / name)
    assert exported(api_client, import_project(files)["assistant"]) == files


def test_a_zip_with_links(api_client: APIClient, db: None) -> None:
    path: Path = CASES / "links-in-the-zip" / "flows-through-a-link.zip"
    upload = SimpleUploadedFile("bot.zip", path.read_bytes(), "application/zip")
    answer = api_client.post(
        "/api/v1/assistants/import/", {"file": upload, "name": "Bot"}, format="multipart"
    )
    assert answer.status_code == 201, answer.content
    files = read_archive(path.read_bytes()).files
    assert exported(api_client, answer.json()["assistant"]) == files


def test_a_slot_with_an_error_stops_the_training_before_it_begins(
    api_client: APIClient, import_project: Import
) -> None:
    imported = import_project(files_of(CASES / "own-slot-named-language"))
    base = f"/api/v1/assistants/{imported['assistant']['id']}/"
    answer = api_client.post(f"{base}versions/", {}, format="json")
    assert answer.status_code == 409
    assert "slot language" in answer.json()["detail"]
    assert [problem["code"] for problem in answer.json()["problems"]] == ["slot_reserved"]


def test_one_edit_changes_the_lines_of_what_was_edited(
    api_client: APIClient, import_project: Import
) -> None:
    files = files_of(CASES / "comments-after-one-edit")
    assistant = import_project(files)["assistant"]
    base = f"/api/v1/assistants/{assistant['id']}/"
    for address, edit in (
        ("flows/order_pizza/", lambda body: {**body, "description": "order a large pizza"}),
        ("responses/utter_done/", lambda body: [{**body[0], "text": "It is on its way."}]),
    ):
        item = api_client.get(f"{base}{address}").json()
        change = {"revision": item["revision"], "body": edit(item["body"])}
        assert api_client.put(f"{base}{address}", change, format="json").status_code == 200
    expected = {
        **files,
        "data/flows.yml": files["data/flows.yml"].replace(
            b"description: order a pizza", b"description: order a large pizza"
        ),
        "domain.yml": files["domain.yml"].replace(b'"Done."', b'"It is on its way."'),
    }
    assert exported(api_client, assistant) == expected


def test_a_project_of_5000_files(api_client: APIClient, import_project: Import) -> None:
    files = {
        **files_of(CASES / "comments-after-one-edit"),
        **{f"docs/{number % 50}/{number}.md": b"# %d\n" % number for number in range(2500)},
        **{f"helm/{number % 50}/{number}.yml": b"a: %d\n" % number for number in range(2400)},
        **{
            f"data/more/{number}.yml": b"flows:\n  f%d:\n    description: number %d\n"
            b"    steps:\n    - action: utter_done\n" % (number, number)
            for number in range(97)
        },
    }
    assert len(files) == 5000
    imported = import_project(files)
    assert imported["report"]["flows"] == 99
    assert exported(api_client, imported["assistant"]) == files
