"""Databases of earlier states are brought up to today's, and show what they showed."""

import json
import lzma
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.upgrade.databases import FOLDER, process

STATES = sorted(path.stem for path in FOLDER.glob("*.json"))
on_postgres = pytest.mark.skipif(not os.environ.get("DB_HOST"), reason="`make test-postgres`")
on_sqlite = pytest.mark.skipif(bool(os.environ.get("DB_HOST")), reason="`make test-python`")


def check(state: str, **settings: str) -> None:
    process("manage.py", "migrate", "--verbosity", "0", **settings)
    assert "are what their commits say" in process("manage.py", "content", "check", **settings)
    shown = json.loads(process("-m", "tests.upgrade.pages", **settings))
    assert shown == json.loads((FOLDER / f"{state}.json").read_text(encoding="utf-8"))


@on_sqlite
@pytest.mark.parametrize("state", STATES)
def test_a_file_of_sqlite(state: str, tmp_path: Path) -> None:
    content = lzma.decompress((FOLDER / f"{state}.sqlite3.xz").read_bytes())
    (tmp_path / "studio.sqlite3").write_bytes(content)
    check(state, STUDIO_DATA_DIR=str(tmp_path))


@pytest.fixture
def database() -> Iterator[str]:
    name = f"upgrade_{uuid.uuid4().hex[:10]}"
    where = {
        "host": os.environ["DB_HOST"],
        "port": os.environ["DB_PORT"],
        "user": os.environ["DB_USER"],
        "dbname": "postgres",
    }
    with psycopg.connect(autocommit=True, **where) as connection:  # type: ignore[arg-type]  # texts are taken
        connection.execute(f"CREATE DATABASE {name}")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@on_postgres
@pytest.mark.parametrize("state", STATES)
def test_a_dump_of_postgresql(state: str, tmp_path: Path, database: str) -> None:
    dump = lzma.decompress((FOLDER / f"{state}.sql.xz").read_bytes())
    where = ["-h", os.environ["DB_HOST"], "-p", os.environ["DB_PORT"], "-U", os.environ["DB_USER"]]
    subprocess.run(
        ["psql", "-q", "-v", "ON_ERROR_STOP=1", *where, "-d", database],
        input=dump,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    check(state, STUDIO_DATA_DIR=str(tmp_path), DB_NAME=database)


def test_there_is_a_state_to_begin_with() -> None:
    assert "first" in STATES
