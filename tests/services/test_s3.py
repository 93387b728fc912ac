"""Models out of a real bucket, by signed links."""

import os
from pathlib import Path
from typing import Any

import httpx2
import pytest

from modelservice.storage import storage_from_environment
from studio.accounts.roles import Role
from studio.assistants.models import Assistant
from studio.audit.models import Action, Entry
from studio.common import cloud_storage
from studio.content.models import MAIN, Branch, Commit, Door
from studio.versions.models import Version
from tests.conftest import AsUser
from tests.services.ingest_system import server

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(tmp_path: Path) -> str:
    """Of the model of a version that is in the bucket."""
    server("AWS_ENDPOINT_URL")
    cloud_storage.model_storage.cache_clear()
    assistant = Assistant.objects.create(name="Shop")
    branch = Branch.objects.create(assistant=assistant, name=MAIN)
    commit = Commit.objects.create(branch=branch, number=1, door=Door.REST)
    version = Version.objects.create(
        assistant=assistant, commit=commit, number=1, model_name="m-signed"
    )
    file = tmp_path / "model.tar.gz"
    file.write_bytes(b"a model" * 1000)
    storage = storage_from_environment()
    assert storage is not None
    storage.upload(file, "m-signed")
    return f"/api/v1/assistants/{assistant.pk}/versions/{version.pk}/model/"


def test_a_download_goes_to_the_bucket_by_a_link_that_ends(address: str, as_user: AsUser) -> None:
    assert as_user(Role.BUSINESS_USER).get(address).status_code == 403
    answer = as_user(Role.DEVELOPER).get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    assert Entry.objects.get().action == Action.MODEL_DOWNLOADED
    link = answer["Location"]
    assert link.startswith(os.environ["AWS_ENDPOINT_URL"])
    assert "X-Amz-Expires=300" in link
    assert os.environ["AWS_SECRET_ACCESS_KEY"] not in link
    got = httpx2.get(link)
    assert got.content == b"a model" * 1000
    assert got.headers["content-disposition"] == 'attachment; filename="m-signed.tar.gz"'
    assert httpx2.get(link.replace("m-signed", "m-other", 1)).status_code in {403, 404}
    assert httpx2.get(link.split("?", maxsplit=1)[0]).status_code == 403
    assert httpx2.get(link.replace("X-Amz-Expires=300", "X-Amz-Expires=3000")).status_code == 403


def test_a_browser_is_told_the_link_and_goes_there_itself(address: str, as_user: AsUser) -> None:
    assert as_user(Role.BUSINESS_USER).get(f"{address}link/").status_code == 403
    answer = as_user(Role.DEVELOPER).get(f"{address}link/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert httpx2.get(answer.json()["url"]).content == b"a model" * 1000


@pytest.mark.parametrize("way", ["", "link/"])
def test_who_was_given_a_link_is_on_record(address: str, way: str, as_user: AsUser) -> None:
    as_user(Role.DEVELOPER).get(address + way)
    [entry] = Entry.objects.filter(action=Action.MODEL_DOWNLOADED)
    assert entry.target == "Shop 1"


def test_a_storage_that_is_away_is_said(
    address: str, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    cloud_storage.model_storage.cache_clear()
    answer: Any = as_user(Role.DEVELOPER).get(address)
    cloud_storage.model_storage.cache_clear()
    assert answer.status_code == 503
    assert answer.json()["code"] == "storage_unavailable"
    assert "AWS_ENDPOINT_URL" in answer.json()["detail"]
