"""Bring the database up to date; several starters at once do it one after the other."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import InterfaceError, OperationalError, connections

from studio.common.command import CommandWithExamples
from studio.common.database_unavailable import sentence_of
from studio.common.migrations import REMEDY_OF_NEWER, sentence_of_newer, unknown_migrations

_LOCK = 7_404_002  # any number that nobody else uses as an advisory lock
# Who waits for a table lets everybody behind it wait; better to give up and try again.
_LOCK_TIMEOUT_MS = 3000
_TRIES = 10
_ASK_AGAIN_SECONDS = 0.2


class Command(CommandWithExamples, migrate.Command):
    examples = ("manage.py migrate", "manage.py migrate --plan")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        try:
            with _alone(connection):
                if newer := unknown_migrations(connection):
                    raise CommandError(f"{sentence_of_newer(newer)} {REMEDY_OF_NEWER}")
                self._migrate(*args, **options)
        except OperationalError as error:
            raise CommandError(sentence_of(error)) from error

    def _migrate(self, *args: Any, **options: Any) -> None:
        for attempt in range(1, _TRIES + 1):
            try:
                super().handle(*args, **options)
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != "55P03" or attempt == _TRIES:
                    raise
                self.stderr.write("A table is in use; trying again …")
            else:
                return


@contextmanager
def _alone(connection: Any) -> Iterator[None]:
    """Without a time-out for statements: an index of a large table takes as long as it takes."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"SET lock_timeout = {_LOCK_TIMEOUT_MS}")
        # Asked again and again: one that waits in the database would be in the way of indexes that
        # are built beside the running system, and these of it.
        while not _is_granted(cursor):
            time.sleep(_ASK_AGAIN_SECONDS)
    try:
        yield
    finally:
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
            cursor.execute("RESET statement_timeout")
            cursor.execute("RESET lock_timeout")


def _is_granted(cursor: Any) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
    return bool(cursor.fetchone()[0])
