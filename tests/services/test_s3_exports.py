"""Assistants out of a real bucket, by signed links, and what becomes of them there."""

import os
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from rest_framework.test import APIClient

from studio.accounts.roles import Role
from studio.audit.models import Action, Entry
from studio.common import cloud_storage
from studio.content import export_expiry
from tests.conftest import AsUser
from tests.modelservice.storage_servers import BUCKET, STORAGE_VARIABLES, S3Server
from tests.running_studio import RunningStudio

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A server of our own: everything under `exports/` is ours, and we may make it old."""
    started = S3Server(tmp_path_factory.mktemp("s3"))
    yield started
    started.stop()


@pytest.fixture(autouse=True)
def empty_bucket(s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Configured in this process."""
    shutil.rmtree(s3.data / BUCKET / "exports", ignore_errors=True)
    for name in STORAGE_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    configure(monkeypatch, s3.variables)
    yield
    forget_storage()


def configure(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    forget_storage()


def forget_storage() -> None:
    cloud_storage.export_storage.cache_clear()
    cloud_storage.model_storage.cache_clear()


@pytest.fixture
def base(api_client: APIClient) -> str:
    return made(api_client, "Bank of Tea")


def made(client: APIClient, name: str) -> str:
    answer = client.post("/api/v1/assistants/", {"name": name, "sample": "bank"}, format="json")
    assert answer.status_code == 201, answer.json()
    return f"/api/v1/assistants/{answer.json()['id']}/"


def stored(s3: S3Server) -> dict[str, datetime]:
    """Key and time of everything in the bucket."""
    found = s3.client().list_objects_v2(Bucket=BUCKET).get("Contents", ())
    return {row["Key"]: row["LastModified"] for row in found}


def make_older(s3: S3Server, key: str, age: timedelta) -> None:
    at = (datetime.now(UTC) - age).timestamp()
    os.utime(s3.data / BUCKET / key, (at, at))


def link_of(client: APIClient, base: str, query: str = "") -> str:
    answer = client.get(f"{base}export/link/{query}")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store"), answer.json()
    return str(answer.json()["url"])


def test_who_may_see_an_assistant_is_given_a_link_and_nobody_else(
    s3: S3Server, base: str, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    annotator, viewer = as_user(Role.ANNOTATOR), as_user(Role.CONVERSATION_VIEWER)
    for way in ("export/", "export/link/"):
        assert annotator.get(base + way).status_code == 403
        assert APIClient().get(base + way).status_code == 401
    assert stored(s3) == {}
    assert not Entry.objects.filter(action=Action.ASSISTANT_EXPORTED).exists()

    redirect = viewer.get(f"{base}export/")
    assert (redirect.status_code, redirect["Cache-Control"]) == (302, "no-store")
    links = [redirect["Location"], link_of(viewer, base)]
    entries = Entry.objects.filter(action=Action.ASSISTANT_EXPORTED)
    assert [(entry.target, entry.actor) for entry in entries] == [
        ("Bank of Tea", viewer.user.username)  # type: ignore[attr-defined]  # of the fixture
    ] * 2

    monkeypatch.delenv("RASA_REMOTE_STORAGE")
    forget_storage()
    assert viewer.get(f"{base}export/link/").json() == {"url": None}
    from_studio = viewer.get(f"{base}export/")
    assert from_studio.status_code == 200
    for link in links:
        got = httpx2.get(link)
        assert got.content == from_studio.content
        assert got.headers["content-type"] == "application/zip"
        assert got.headers["content-disposition"] == 'attachment; filename="bank-of-tea.zip"'


def test_a_link_ends_and_opens_nothing_else(s3: S3Server, base: str, api_client: APIClient) -> None:
    link = link_of(api_client, base)
    [key] = stored(s3)
    assert link.startswith(f"{s3.url}/{BUCKET}/{key}?")
    assert "X-Amz-Expires=300" in link
    assert s3.variables["AWS_SECRET_ACCESS_KEY"] not in link
    assert httpx2.get(link).status_code == 200
    assert httpx2.get(link.split("?", maxsplit=1)[0]).status_code == 403
    assert httpx2.get(link.replace("X-Amz-Expires=300", "X-Amz-Expires=3000")).status_code == 403
    assert httpx2.get(link.replace("bank-of-tea.zip", "other.zip")).status_code == 403


def test_the_same_content_is_stored_once(s3: S3Server, base: str, api_client: APIClient) -> None:
    first = link_of(api_client, base)
    before = stored(s3)
    time.sleep(1.1)  # times of objects are in seconds
    api_client.patch(base, {"name": "Renamed"}, format="json")
    again = link_of(api_client, base)
    assert stored(s3) == before
    assert "renamed.zip" in again
    assert httpx2.get(again).content == httpx2.get(first).content

    flow = api_client.get(f"{base}flows/").json()["results"][0]["id"]
    part = link_of(api_client, base, f"?flows={flow}")
    assert len(stored(s3)) == 2
    assert len(httpx2.get(part).content) < len(httpx2.get(first).content)
    copy = made(api_client, "Copy")
    link_of(api_client, copy)
    assert len(stored(s3)) == 3, "one assistant's exports are never another's"


def test_what_is_old_is_stored_anew_before_it_is_given_away(
    s3: S3Server, base: str, api_client: APIClient
) -> None:
    link_of(api_client, base)
    [key] = stored(s3)
    for age, is_anew in ((timedelta(hours=22), False), (timedelta(hours=23, minutes=1), True)):
        make_older(s3, key, age)
        old = stored(s3)[key]
        assert httpx2.get(link_of(api_client, base)).status_code == 200
        assert (stored(s3)[key] > old) is is_anew


async def test_exports_go_when_they_are_a_day_old(s3: S3Server) -> None:
    old, young, model = "exports/one/old.zip", "exports/two/young.zip", "m-1.tar.gz"
    for key, age in ((old, DAY), (young, DAY - timedelta(minutes=5)), (model, 9 * DAY)):
        s3.put_plainly(key, b"anything")
        make_older(s3, key, age)
    try:
        await export_expiry.run_once()
        assert set(stored(s3)) == {young, model}
    finally:
        s3.client().delete_object(Bucket=BUCKET, Key=model)


async def test_a_clearing_that_fails_is_said_and_is_not_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    configure(monkeypatch, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    await export_expiry.run_once()
    assert "http://127.0.0.1:1 cannot be reached" in caplog.text
    assert "Traceback" not in caplog.text


def test_a_deleted_assistant_takes_its_exports_along(
    s3: S3Server, base: str, api_client: APIClient
) -> None:
    other = made(api_client, "Other")
    for each in (base, other):
        link_of(api_client, each)
    link_of(api_client, base, "?flows=none")
    [kept] = [key for key in stored(s3) if key.split("/")[1] in other]
    assert len(stored(s3)) == 3
    assert api_client.delete(base).status_code == 204
    assert list(stored(s3)) == [kept]
    assert api_client.get(f"{base}export/link/").status_code == 404


def test_an_assistant_can_be_deleted_while_the_storage_is_away(
    base: str,
    api_client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    configure(monkeypatch, {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert api_client.delete(base).status_code == 204
    assert api_client.get(base).status_code == 404
    assert "exports of a deleted assistant stay for a day" in caplog.text


@pytest.mark.parametrize("way", ["export/", "export/link/"])
@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "check AWS_ENDPOINT_URL"),
        ({"AWS_SECRET_ACCESS_KEY": "wrong-secret"}, "Check AWS_ACCESS_KEY_ID"),
        ({"BUCKET_NAME": "not-there"}, "correct BUCKET_NAME"),
    ],
)
def test_a_storage_that_cannot_be_used_is_said_and_nothing_is_stored(
    s3: S3Server,
    base: str,
    api_client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    named: str,
    way: str,
) -> None:
    configure(monkeypatch, variables)
    answer: Any = api_client.get(base + way)
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "storage_unavailable"
    assert named in answer.json()["detail"]
    assert "secret" not in answer.content.decode()
    assert stored(s3) == {}
    assert not Entry.objects.filter(action=Action.ASSISTANT_EXPORTED).exists()


@pytest.mark.parametrize("provider", [{"RASA_REMOTE_STORAGE": "gcs"}, {"RASA_REMOTE_STORAGE": ""}])
def test_where_links_are_not_signed_studio_gives_the_zip_itself(
    s3: S3Server,
    base: str,
    api_client: APIClient,
    monkeypatch: pytest.MonkeyPatch,
    provider: dict[str, str],
) -> None:
    configure(monkeypatch, provider)
    assert api_client.get(f"{base}export/link/").json() == {"url": None}
    assert not Entry.objects.filter(action=Action.ASSISTANT_EXPORTED).exists()
    answer = api_client.get(f"{base}export/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert Entry.objects.filter(action=Action.ASSISTANT_EXPORTED).count() == 1
    assert stored(s3) == {}


def test_programs_follow_to_the_bucket_and_the_server_clears_it(
    s3: S3Server, tmp_path: Path
) -> None:
    """Their token stays behind: Amazon refuses requests that prove twice who they are."""
    old = "exports/nobody/old.zip"
    s3.put_plainly(old, b"of yesterday")
    make_older(s3, old, DAY)
    alone = {"DB_HOST": "", "KEYCLOAK_URL": "", "REDIS_URL": "", "KAFKA_BROKER_ADDRESS": ""}
    with RunningStudio(tmp_path, **alone, **s3.variables) as studio, studio.api() as api:
        assistant = api.post("assistants/", json={"name": "Bank", "sample": "bank"}).json()
        path = f"assistants/{assistant['id']}/export/"
        got = api.get(path, follow_redirects=True)
        assert got.content[:2] == b"PK"
        assert (got.url.host, got.url.port) == ("127.0.0.1", s3.port)
        assert "Authorization" not in got.request.headers

        until = time.monotonic() + 30
        while old in stored(s3):
            assert time.monotonic() < until, "the server does not remove old exports"
            time.sleep(0.1)
