"""A backup of a Studio that runs, restored into an empty installation, shows the same."""

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from tests.ingestion.events import NOW, turn
from tests.modelservice.conftest import wait_until
from tests.running_studio import (
    ROOT,
    RunningStudio,
    dsn_of_server,
    own_database,
    studio_alone,
)
from tests.studio.live.tea import import_tea


def manage(
    variables: dict[str, str], *words: str, given: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "studio.settings.base", **variables},
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    """With an assistant, a version of it that is trained, a conversation and another person."""
    with studio_alone(tmp_path_factory.mktemp("backup"), MODEL_POLLING_INTERVAL_MS="200") as made:
        assistant = import_tea(made, "Tea")
        with made.api() as api:
            made.trained(api, assistant)
            made.write(turn("Tea", "anna", NOW))
            wait_until(lambda: api.get("conversations/").json()["results"], 30)
        created = manage(
            made.variables, "users", "create", "ana", "--role", "Developer", given="tea for two!\n"
        )
        assert created.returncode == 0, created.stderr
        yield made


@pytest.fixture(scope="module")
def backup(studio: RunningStudio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("kept") / "studio.tar.gz"
    made = manage(studio.variables, "backup", str(file))
    assert made.returncode == 0, made.stderr
    assert "database, keys and 1 model" in made.stdout
    assert file.stat().st_mode & 0o077 == 0, "others may not read it"
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    return file


def shown(api: httpx2.Client) -> dict[str, Any]:
    """What people see; without what goes on, such as whether an assistant runs."""
    [assistant] = api.get("assistants/").json()["results"]
    base = f"assistants/{assistant['id']}/"
    with zipfile.ZipFile(BytesIO(api.get(f"{base}export/").content)) as project:
        files = {name: project.read(name) for name in project.namelist()}
    conversations = api.get("conversations/").json()["results"]
    versions = api.get(f"{base}versions/").json()["results"]
    kept = ("id", "number", "flows", "model_name", "created_at", "finished_at")
    return {
        "assistant": assistant["id"],
        "files": files,
        "versions": [{name: version[name] for name in kept} for version in versions],
        "model": api.get(f"{base}versions/{versions[0]['id']}/model/").content,
        "history": api.get(f"{base}history/").json()["results"],
        "conversations": conversations,
        "events": api.get(f"conversations/{conversations[0]['id']}/events/").json()["results"],
        "people": [user["username"] for user in api.get("users/").json()["results"]],
    }


def views_of_analysts(variables: dict[str, str]) -> list[Any]:
    """Where there are any: on PostgreSQL."""
    if not os.environ.get("DB_HOST"):
        return []
    database = f"dbname={variables['DB_NAME']}"
    with psycopg.connect(f"{dsn_of_server()} {database}") as connection:
        query = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'analytics'"
        found = connection.execute(query).fetchall()
    assert found
    return sorted(found)


def test_everything_is_there_again(studio: RunningStudio, backup: Path, tmp_path: Path) -> None:
    with studio.api() as api:
        before = shown(api)
    assert before["people"] == ["admin", "ana"]
    with own_database() as own:
        empty = {"STUDIO_DATA_DIR": str(tmp_path), **own}
        restored = manage(empty, "restore", str(backup))
        assert restored.returncode == 0, restored.stderr
        assert "Restored what Studio" in restored.stdout
        again = manage(empty, "restore", str(backup))
        assert (again.returncode, "has tables already" in again.stderr) == (1, True)
        assert "are what their commits say" in manage(empty, "content", "check").stdout
        with (
            RunningStudio(tmp_path, MODEL_POLLING_INTERVAL_MS="200", **own) as follower,
            follower.api() as api,
        ):
            assert shown(api) == before
            [newest] = before["versions"]
            version = f"assistants/{before['assistant']}/versions/{newest['id']}/"
            wait_until(lambda: api.get(version).json()["status"] == "inactive", 30)
            assert api.post(f"{version}activate/").status_code == 200
            wait_until(lambda: api.get(version).json()["status"] == "ready", 30)
        assert views_of_analysts(own) == views_of_analysts(studio.variables)
        # So whoever was signed in still is.
        for key in ("secret-key", "identity/jwks.json", "identity/signing-key.json"):
            assert (tmp_path / key).read_bytes() == (studio.directory / key).read_bytes()


def test_models_go_through_a_model_service_with_a_disk_of_its_own(
    studio: RunningStudio, tmp_path: Path
) -> None:
    service = {
        "MS_API_URL": (studio.directory / "model-service-url").read_text(),
        "MODEL_SERVICE_SECRET_FILE": str(studio.directory / "model-service-secret"),
    }
    file = tmp_path / "studio.tar.gz"
    made = manage({**studio.variables, **service}, "backup", str(file))
    assert made.returncode == 0, made.stderr
    [model] = (studio.directory / "model-service" / "models").glob("*.tar.gz")
    content = model.read_bytes()
    model.unlink()
    with own_database() as own:
        empty = {"STUDIO_DATA_DIR": str(tmp_path / "new"), **own}
        stranger = {"MS_API_URL": service["MS_API_URL"], "MODEL_SERVICE_SECRET": "x"}
        wrong = manage({**empty, **stranger}, "restore", str(file))
        assert (wrong.returncode, "refuses" in wrong.stderr) == (1, True), wrong.stderr
        assert not model.exists()
        # What failed has left the database empty, so it is tried again.
        restored = manage({**empty, **service}, "restore", str(file))
        assert restored.returncode == 0, restored.stderr
    assert model.read_bytes() == content


def cut(archive: bytes) -> bytes:
    return archive[: len(archive) // 2]


def flipped(archive: bytes) -> bytes:
    """Some bytes in the middle; one bit alone may say the same in another way."""
    begin = len(archive) // 2
    end = begin + 16
    return archive[:begin] + bytes(each ^ 255 for each in archive[begin:end]) + archive[end:]


def newer(archive: bytes) -> bytes:
    """As another Studio would have made it, with a migration more."""
    made = BytesIO()
    with (
        tarfile.open(fileobj=BytesIO(archive)) as source,
        tarfile.open(fileobj=made, mode="w:gz") as target,
    ):
        for member in source:
            content = (source.extractfile(member) or BytesIO()).read() if member.isfile() else b""
            if member.name == "backup.json":
                old = b'"migrations": ['
                content = content.replace(old, old + b'"versions.9999_of_tomorrow", ')
                member.size = len(content)
            target.addfile(member, BytesIO(content))
    return made.getvalue()


def no_archive(_archive: bytes) -> bytes:
    return b"no archive"


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (cut, "cannot be read"),
        (flipped, "cannot be read"),
        (newer, "versions.9999_of_tomorrow"),
        (no_archive, "cannot be read"),
    ],
)
def test_a_backup_that_cannot_be_used_is_named_and_nothing_is_done(
    backup: Path, tmp_path: Path, spoiled: Any, words: str
) -> None:
    file = tmp_path / "spoiled.tar.gz"
    file.write_bytes(spoiled(backup.read_bytes()))
    with own_database() as own:
        empty = {"STUDIO_DATA_DIR": str(tmp_path / "new"), **own}
        refused = manage(empty, "restore", str(file))
        assert (refused.returncode, "Traceback" in refused.stderr) == (1, False), refused.stderr
        assert words in refused.stderr
        good = manage(empty, "restore", str(backup))
        assert good.returncode == 0, good.stderr


def test_a_place_that_cannot_be_written_is_named(studio: RunningStudio, tmp_path: Path) -> None:
    refused = manage(studio.variables, "backup", str(tmp_path / "no folder" / "studio.tar.gz"))
    assert refused.returncode == 1
    assert "no folder" in refused.stderr
    assert "Traceback" not in refused.stderr
