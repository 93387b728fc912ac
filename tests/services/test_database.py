"""PostgreSQL as the backend uses it: variables, encryption, an outage, two starters at once."""

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psycopg
import pytest

from deploy.services.postgres import Postgres
from modelservice.service.ports import free_port
from tests.modelservice.conftest import wait_until
from tests.running_studio import RunningStudio
from tests.services.certificates import self_signed
from tests.services.ingest_system import ROOT, server

_ALONE = {"KEYCLOAK_URL": "", "KAFKA_BROKER_ADDRESS": "", "RASA_REMOTE_STORAGE": ""}
_ASK = """
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute({query!r})
    print(cursor.fetchone()[0])
connection.close_pool()
"""


@pytest.fixture
def database() -> Iterator[str]:
    name = f"t{uuid.uuid4().hex[:10]}"
    dsn = f"host={server('DB_HOST')} port={server('DB_PORT')} user={server('DB_USER')}"
    with psycopg.connect(f"{dsn} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def folder() -> Iterator[Path]:
    """That PostgreSQL's own account can look into."""
    with tempfile.TemporaryDirectory(prefix="studio-services-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def start(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            **_ALONE,
            "STUDIO_DATA_DIR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "studio.settings.base",
            **variables,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ask(tmp_path: Path, query: str, **variables: str) -> tuple[int, str]:
    process = start(tmp_path, "-c", _ASK.format(query=query), **variables)
    said, _ = process.communicate(timeout=60)
    return process.returncode, said.strip()


def test_time_outs_and_schema_come_from_the_variables(tmp_path: Path, database: str) -> None:
    query = (
        "SELECT concat_ws(' ', current_setting('statement_timeout'), "
        "current_setting('lock_timeout'), current_setting('search_path'))"
    )
    assert ask(tmp_path, query, DB_NAME=database) == (0, '10s 5s "$user", public')
    own = {"DB_TRANSACTION_TIMEOUT": "2000", "DB_QUERY": "schema=studio_one&connection_limit=3"}
    assert ask(tmp_path, query, DB_NAME=database, **own) == (0, "2s 1s studio_one")
    code, said = ask(tmp_path, query, DB_NAME=database, DB_QUERY="pgbouncer=true")
    assert code != 0
    assert "DB_QUERY: pgbouncer is not known" in said


def test_two_starters_migrate_one_after_the_other(tmp_path: Path, database: str) -> None:
    starters = [start(tmp_path, "manage.py", "migrate", "-v1", DB_NAME=database) for _ in range(3)]
    told = [starter.communicate(timeout=110)[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0, 0, 0], told
    assert sum("Applying conversations.0001_initial" in each for each in told) == 1
    assert sum("No migrations to apply" in each for each in told) == 2


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    away = {"DB_HOST": "127.0.0.1", "DB_PORT": str(free_port())}
    process = start(tmp_path, "manage.py", "migrate", **away)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"The database “studio” at 127.0.0.1:{away['DB_PORT']} does not answer" in said
    assert "Traceback" not in said


def test_an_outage_is_a_503_that_names_it_and_ends_by_itself(tmp_path: Path, folder: Path) -> None:
    postgres = Postgres(folder / "pg", free_port())
    postgres.start()
    variables = {**_ALONE, **postgres.variables, "REDIS_URL": ""}
    try:
        with RunningStudio(tmp_path / "studio", **variables) as studio, studio.api() as api:
            assert api.get("assistants/").status_code == 200
            postgres.kill()
            answer = api.get("assistants/")
            assert answer.status_code == 503
            assert answer.json()["code"] == "database_unavailable"
            assert f"at 127.0.0.1:{postgres.port} does not answer" in answer.json()["detail"]
            assert httpx2.get(f"{studio.url}/api/health").status_code == 200
            postgres.start()
            # The pool tries again with pauses.
            wait_until(lambda: api.get("assistants/").status_code == 200, 30)
    finally:
        postgres.kill()


def test_encrypted_and_the_certificate_is_checked(tmp_path: Path, folder: Path) -> None:
    postgres = EncryptedPostgres(folder / "pg", free_port())
    postgres.start()
    query = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    authority = postgres.directory / "server.crt"
    try:
        variables = {**postgres.variables, "DB_SSL": "true"}
        checked = {**variables, "DB_QUERY": f"sslrootcert={authority}"}
        assert ask(tmp_path, query, **checked) == (0, "true")
        code, said = ask(tmp_path, query, **variables)
        assert code != 0
        assert "certificate verify failed" in said
        other_name = {**checked, "DB_HOST": "127.0.0.2"}
        assert ask(tmp_path, query, **other_name)[0] != 0
        unchecked = {**variables, "DB_REJECT_UNAUTHORIZED": "false"}
        assert ask(tmp_path, query, **unchecked) == (0, "true")
    finally:
        postgres.kill()


class EncryptedPostgres(Postgres):
    """Takes encrypted connections only; its certificate is of its own making."""

    def prepare(self) -> None:
        super().prepare()
        self_signed(self.directory)
        self.give(self.directory)

    def command(self) -> list[str]:
        files = ("ssl=on", "ssl_cert_file=../server.crt", "ssl_key_file=../server.key")
        more = ["listen_addresses=127.0.0.1,127.0.0.2", *files]
        return [*super().command(), *(part for each in more for part in ("-c", each))]
