"""What `manage.py preflight` looks at: Django's checks with the tag `preflight`.

Each app has its own in a module `preflight`, registered with `preflight_check`. A check tells what
is good as `Info`, what will be done or may surprise as `Warning`, what will fail as `Error` with a
hint what to do; `obj` is the part. Nothing is changed, but for a small object that cloud storage is
tried with.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Warning, register
from django.db import InterfaceError, OperationalError, connection

from modelservice.storage import StorageProblem
from studio.common.cloud_storage import model_storage
from studio.common.database_unavailable import sentence_of
from studio.common.migrations import (
    REMEDY_OF_NEWER,
    pending_migrations,
    sentence_of_newer,
    unknown_migrations,
)
from studio.common.redis_failures import redis_failures

TAG = "preflight"
_OLDEST_POSTGRES = 140_000

Look = Callable[[], Iterator[CheckMessage]]


def preflight_check(look: Look) -> Look:
    """Register `look`; only the command runs it, as it asks other systems."""

    def check(app_configs: Sequence[Any] | None, **_options: Any) -> list[CheckMessage]:
        return list(look())

    register(check, TAG, deploy=True)
    return look


@preflight_check
def look_at_database() -> Iterator[CheckMessage]:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                yield from _postgres(cursor)
            yield from _migrations()
    except (OperationalError, InterfaceError) as error:
        yield Error(
            sentence_of(error),
            hint="Check DB_HOST, DB_PORT, DB_NAME, DB_USER, DB_PASS and DB_SSL.",
            obj="database",
        )


def _postgres(cursor: Any) -> Iterator[CheckMessage]:
    version = connection.pg_version  # type: ignore[attr-defined]  # of PostgreSQL's connection
    text = f"PostgreSQL {version // 10_000}.{version % 10_000}"
    if version < _OLDEST_POSTGRES:
        yield Error(f"{text} is too old.", hint="Upgrade it to 14 or newer.", obj="database")
    else:
        yield Info(f"{text} answers.", obj="database")
    cursor.execute(
        "SELECT current_user, current_schema(), "
        "has_schema_privilege(current_user, current_schema(), 'CREATE')"
    )
    user, schema, may_create = cursor.fetchone()
    if not may_create:
        yield Error(
            f"The account {user} may not make tables in the schema {schema or 'that is set'}.",
            hint=f"GRANT ALL ON SCHEMA {schema or 'public'} TO {user};",
            obj="database",
        )


def _migrations() -> Iterator[CheckMessage]:
    if newer := unknown_migrations(connection):
        yield Error(sentence_of_newer(newer), hint=REMEDY_OF_NEWER, obj="migrations")
        return
    pending = pending_migrations(connection)
    if not pending:
        yield Info("The database is up to date.", obj="migrations")
    elif settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield from _room_for_sqlite(len(pending))
    else:
        names = ", ".join(pending)
        yield Warning(f"`manage.py migrate` will run {len(pending)}: {names}.", obj="migrations")


def _room_for_sqlite(pending: int) -> Iterator[CheckMessage]:
    """Changing a table of SQLite may write it anew."""
    file = Path(settings.DATABASES["default"]["NAME"])
    needed, free = file.stat().st_size * 2, shutil.disk_usage(file.parent).free
    if needed > free:
        yield Error(
            f"{file} needs {needed:,} bytes of free disk to be migrated; there are {free:,}.",
            hint="Make room on its disk.",
            obj="migrations",
        )
    else:
        yield Warning(f"`manage.py migrate` will run {pending}.", obj="migrations")


@preflight_check
def look_at_data_folder() -> Iterator[CheckMessage]:
    folder = settings.STUDIO_DATA_DIR
    probe = folder / ".preflight"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield Error(
            f"{folder} cannot be written: {error.strerror}.",
            hint="Give the account of this process the right to, or name another STUDIO_DATA_DIR.",
            obj="data folder",
        )
    else:
        yield Info(f"{folder} can be written.", obj="data folder")


@preflight_check
def look_at_redis() -> Iterator[CheckMessage]:
    if not settings.REDIS_URL:
        yield Info("There is none: right for one backend only (REDIS_URL).", obj="Redis")
        return
    if settings.IS_SECRET_KEY_MADE:
        yield Error(
            "Each backend would make a secret key of its own, and refuse the cookies of others.",
            hint="Set STUDIO_SECRET_KEY to the same for all.",
            obj="secret key",
        )
    import redis  # takes long, and may not be needed

    try:
        redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=5, socket_timeout=5).ping()
    except redis_failures() as error:
        yield Error(f"Redis does not answer: {error}.", hint="Check REDIS_URL.", obj="Redis")
    else:
        yield Info("Redis answers.", obj="Redis")


@preflight_check
def look_at_cloud_storage() -> Iterator[CheckMessage]:
    try:
        storage = model_storage()
        if storage is None:
            yield Info("There is none: models stay with the model service.", obj="cloud storage")
            return
        storage.check()
    except StorageProblem as problem:
        yield Error(
            str(problem),
            hint="Check RASA_REMOTE_STORAGE, BUCKET_NAME and the keys.",
            obj="cloud storage",
        )
    else:
        yield Info("The bucket can be read and written.", obj="cloud storage")
