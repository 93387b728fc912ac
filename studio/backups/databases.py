"""The whole database as a file and back, by its own means, while others go on using it."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from studio.backups.errors import CannotBackUp, CannotRestore

_TRIGRAMS = "pg_trgm"  # that searches use
_OF_ANALYSTS = "analytics"  # the schema of their views
# Its programs may be older than the library that we reach it by, and know fewer.
_VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
_SQLITE_BESIDE = ("-wal", "-shm")


def dump(path: Path) -> None:
    """One moment of the database.

    :raises CannotBackUp: with the reason in the program's own words
    """
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_file())) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return
    _run(
        CannotBackUp, "pg_dump", "--format=custom",
        f"--schema={_schema()}", f"--schema={_OF_ANALYSTS}", f"--extension={_TRIGRAMS}",
        f"--file={path}",
    )  # fmt: skip


def load(path: Path) -> None:
    """Into an empty database, whole or not at all.

    :raises CannotRestore: with the reason in the program's own words
    """
    if connection.vendor == "sqlite":
        connection.close()
        for ending in _SQLITE_BESIDE:
            _file().with_name(f"{_file().name}{ending}").unlink(missing_ok=True)
        shutil.copyfile(path, _file())
        return
    entries = _run(CannotRestore, "pg_restore", "--list", str(path)).splitlines()
    wanted = path.with_suffix(".list")
    # The schema is there already; schema and extension may be somebody else's.
    left_out = (f" SCHEMA - {_schema()} ", f" - SCHEMA {_schema()} ", " COMMENT - EXTENSION ")
    kept = (line for line in entries if not any(each in line for each in left_out))
    wanted.write_text("\n".join(kept))
    _run(
        CannotRestore, "pg_restore", "--single-transaction", "--exit-on-error",
        f"--use-list={wanted}", str(path),
    )  # fmt: skip


def is_empty() -> bool:
    """Whether it has no table at all."""
    with connection.cursor() as cursor:
        return not connection.introspection.table_names(cursor)


def _run(error: type[CannotBackUp | CannotRestore], program: str, *arguments: str) -> str:
    if shutil.which(program) is None:
        text = f"{program} is needed: install PostgreSQL's client programs, of the server's release"
        raise error(f"{text} or a newer one.")
    reached = _variables()
    place = ["--no-password", "--no-owner", "--no-privileges", f"--dbname={reached['PGDATABASE']}"]
    if "--list" in arguments:
        place = []
    ended = subprocess.run(
        [program, *place, *arguments],
        env={**os.environ, **reached},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise error(f"{program}: {ended.stderr.strip()}")
    return ended.stdout


def _schema() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])


def _variables() -> dict[str, str]:
    """How we reach the database, in the words of its programs; a password is never an argument,
    which others of this machine could read."""
    connection.ensure_connection()
    info: Any = connection.connection.info  # psycopg's
    reached = info.get_parameters()
    told = {_VARIABLES[name]: reached[name] for name in _VARIABLES if name in reached}
    # Where we sign in by AWS this is the token of the connection.
    return {**told, "PGPASSWORD": info.password}


def _file() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])
