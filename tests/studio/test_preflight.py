"""`manage.py preflight` and `manage.py migrate` tell what would fail before anything is touched."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from modelservice.service.ports import free_port
from tests.running_studio import ROOT, RunningStudio, studio_alone


def manage(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def looked(environment: dict[str, str]) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The exit code, and what was found by part."""
    ended = manage(environment, "preflight", "--json")
    found: dict[str, list[dict[str, Any]]] = {}
    for row in json.loads(ended.stdout):
        found.setdefault(row["part"], []).append(row)
    assert "Traceback" not in ended.stderr
    return ended.returncode, found


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStudio]:
    with studio_alone(tmp_path_factory.mktemp("preflight")) as running:
        yield running


def test_a_studio_that_runs_has_no_problem(studio: RunningStudio) -> None:
    code, found = looked(studio.variables)
    assert code == 0
    assert {row["state"] for rows in found.values() for row in rows} == {"ok"}
    assert set(found) >= {"migrations", "data folder", "Redis", "cloud storage", "Kafka"}
    assert "answers" in found["model service"][0]["text"]


def test_everything_that_is_away_is_named_at_once(studio: RunningStudio) -> None:
    away = f"127.0.0.1:{free_port()}"
    code, found = looked(
        {
            **studio.variables,
            "MS_API_URL": f"http://{away}",
            "KEYCLOAK_URL": f"http://{away}/auth",
            "REDIS_URL": f"redis://{away}/0",
            "STUDIO_SECRET_KEY": "the same for all of them",
            "KAFKA_BROKER_ADDRESS": away,
            "RASA_REMOTE_STORAGE": "aws",
            "BUCKET_NAME": "models",
            "AWS_ENDPOINT_URL": f"http://{away}",
            "AWS_ACCESS_KEY_ID": "a key",
            "AWS_SECRET_ACCESS_KEY": "hush",
            "AWS_REGION": "eu-central-1",
        }
    )
    assert code == 1
    parts = {"model service", "Keycloak", "Redis", "Kafka", "cloud storage"}
    assert {part for part, rows in found.items() if rows[0]["state"] == "problem"} == parts
    for part in parts - {"cloud storage"}:
        assert away in json.dumps(found[part]), part
    assert all(found[part][0]["remedy"] for part in parts)
    assert "hush" not in json.dumps(found)


def test_a_wrong_secret_and_several_backends_without_a_key(studio: RunningStudio) -> None:
    code, found = looked({**studio.variables, "MODEL_SERVICE_SECRET": "another"})
    assert code == 1
    assert "refuses this Studio" in found["model service"][0]["text"]
    code, found = looked({**studio.variables, "REDIS_URL": "redis://127.0.0.1:1/0"})
    assert code == 1
    assert "STUDIO_SECRET_KEY" in found["secret key"][0]["remedy"]


def test_what_a_migration_would_do_and_that_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    environment = {
        "STUDIO_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "studio.settings.base",
        "DB_HOST": "",
    }
    _code, found = looked(environment)
    assert found["migrations"][0]["state"] == "note"
    assert "will run" in found["migrations"][0]["text"]
    assert manage(environment, "migrate", "-v", "0").returncode == 0
    newer = (
        "from django.db import connection\n"
        "from django.db.migrations.recorder import MigrationRecorder\n"
        "MigrationRecorder(connection).record_applied('versions', '9999_of_tomorrow')\n"
    )
    assert manage(environment, "shell", "-v", "0", "-c", newer).returncode == 0
    _code, found = looked(environment)
    assert found["migrations"][0]["state"] == "problem"
    assert "versions.9999_of_tomorrow" in found["migrations"][0]["text"]
    refused = manage(environment, "migrate")
    assert refused.returncode == 1
    assert "The database is newer than this Studio" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.django_db
def test_a_migration_that_another_one_replaces_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.migrations.loader import MigrationLoader

    from studio.common.migrations import unknown_migrations

    assert unknown_migrations(connection) == []
    MigrationRecorder(connection).record_applied("versions", "0000_squashed")
    assert unknown_migrations(connection) == ["versions.0000_squashed"]
    load = MigrationLoader.build_graph

    def with_replacement(self: MigrationLoader) -> None:
        load(self)
        first = min(key for key in self.disk_migrations if key[0] == "versions")
        monkeypatch.setattr(
            self.disk_migrations[first], "replaces", [("versions", "0000_squashed")]
        )

    monkeypatch.setattr(MigrationLoader, "build_graph", with_replacement)
    assert unknown_migrations(connection) == []
