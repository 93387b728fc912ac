"""Brings a backup into an empty installation."""

import gzip
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from studio.backups import databases
from studio.backups.backup import (
    CONTENTS,
    DATABASE,
    EVENTS,
    KEYS,
    MODELS,
    Contents,
)
from studio.backups.errors import CannotRestore
from studio.backups.shelf import SUFFIX, shelf, whole_file
from studio.common.migrations import REMEDY_OF_NEWER

_PIECE_BYTES = 1024 * 1024
_UNREADABLE = (tarfile.TarError, EOFError, zlib.error, OSError)


def restore_backup(path: Path) -> Contents:
    """Everything of the archive, then the migrations that came since. The database is the last to
    be changed: what fails before leaves the installation empty, and may be repeated.

    :raises CannotRestore: nothing was changed in the database
    """
    if not databases.is_empty():
        raise CannotRestore(
            "The database has tables already. Restore into an empty one: another DB_NAME, or "
            "another STUDIO_DATA_DIR."
        )
    settings.STUDIO_DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.STUDIO_DATA_DIR, prefix=".restore-") as name:
        folder = Path(name)
        contents = _unpack(path, folder)
        _put_models(contents, folder / MODELS)
        _put_files(folder / KEYS, settings.STUDIO_DATA_DIR)
        _put_files(folder / EVENTS, settings.EVENTS_DIR)
        databases.load(folder / DATABASE)
    call_command("migrate", verbosity=0, interactive=False)
    return contents


def _unpack(path: Path, folder: Path) -> Contents:
    """All of it, so that a damaged archive is noticed before anything is done."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            first = archive.next()
            file = archive.extractfile(first) if first and first.name == CONTENTS else None
            if file is None:
                raise CannotRestore(f"{path} is no backup of Studio.")
            contents = Contents.read(file.read())
            _check(contents)
            archive.extractall(folder, filter="data")
        _read_to_end(path)
    except _UNREADABLE as error:
        raise CannotRestore(f"{path} cannot be read: {error}.") from error
    return contents


def _read_to_end(path: Path) -> None:
    """Only there is the sum of the whole, which tells of a bit that was changed."""
    with gzip.open(path) as content:
        while content.read(_PIECE_BYTES):
            pass


def _check(contents: Contents) -> None:
    if contents.database != connection.vendor:
        raise CannotRestore(
            f"The backup is of {contents.database}, and this installation has {connection.vendor}."
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if newer := sorted({*contents.migrations} - known):
        raise CannotRestore(
            f"Studio {contents.studio} made this backup, and this one ({settings.VERSION}) does "
            f"not know its migrations {', '.join(newer)}. {REMEDY_OF_NEWER}"
        )


def _put_models(contents: Contents, folder: Path) -> None:
    place = shelf()
    if place is None or contents.models is None:
        return
    for name in contents.models:
        with (folder / f"{name}{SUFFIX}").open("rb") as source:
            place.put(name, source)


def _put_files(folder: Path, target: Path) -> None:
    for source in sorted(folder.rglob("*")):
        if source.is_file():
            path = target / source.relative_to(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            with source.open("rb") as content, whole_file(path) as file:
                shutil.copyfileobj(content, file)
