"""All that an installation keeps, in one archive: database, models, keys, event files.

A tar.gz with `backup.json` first (`Contents`), then the database as its own program writes it,
`keys/` and `events/` as they are in the data folder, and `models/`.
"""

import json
import tarfile
import tempfile
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from studio.backups import databases
from studio.backups.errors import CannotRestore
from studio.backups.shelf import SUFFIX, Shelf, shelf, whole_file
from studio.versions.selectors import model_names

FORM = 1
CONTENTS, DATABASE, MODELS, KEYS, EVENTS = "backup.json", "database", "models", "keys", "events"
# In the data folder. Those that are settings of this installation are kept where secrets are.
KEY_FILES = (
    "secret-key", "model-service-secret", "identity/jwks.json", "identity/signing-key.json",
)  # fmt: skip


@dataclass(frozen=True)
class Contents:
    """`database` is its kind, `migrations` those that it has; `missing_models` are named by a
    version, and the model service has them no more. `models` is None where cloud storage has
    them."""

    studio: str
    made_at: str
    database: str
    migrations: list[str]
    models: list[str] | None = None
    missing_models: list[str] = field(default_factory=list)
    form: int = FORM

    @classmethod
    def read(cls, text: bytes) -> Self:
        """:raises CannotRestore:"""
        try:
            found = json.loads(text)
            if found["form"] != FORM:
                raise CannotRestore("A newer Studio has made this backup. Restore it by that one.")
            return cls(**found)
        except (ValueError, KeyError, TypeError) as error:
            raise CannotRestore("This is no backup of Studio.") from error


def make_backup(path: Path) -> Contents:
    """Write the archive, whole or not at all. Studio may run meanwhile.

    :raises CannotBackUp:
    :raises DomainError: the model service does not give its models
    :raises OSError: it cannot be written
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as name:
        folder = Path(name)
        databases.dump(folder / DATABASE)
        place = shelf()
        names = sorted(set(model_names()))
        models = _copied(place, names, folder / MODELS) if place else None
        contents = Contents(
            studio=settings.VERSION,
            made_at=timezone.now().isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=sorted(
                ".".join(key) for key in MigrationRecorder(connection).applied_migrations()
            ),
            models=models,
            missing_models=[] if models is None else sorted({*names} - {*models}),
        )
        with whole_file(path) as file, tarfile.open(
            fileobj=file, mode="w:gz", compresslevel=1
        ) as archive:  # fmt: skip
            _add(archive, folder, contents)
    return contents


def _copied(place: Shelf, names: list[str], folder: Path) -> list[str]:
    """Which of them were there."""
    folder.mkdir()
    found = []
    for name in names:
        file = folder / f"{name}{SUFFIX}"
        with file.open("wb") as target:
            is_there = place.take(name, target)
        if is_there:
            found.append(name)
        else:
            file.unlink()
    return found


def _add(archive: tarfile.TarFile, folder: Path, contents: Contents) -> None:
    text = json.dumps(asdict(contents), indent=2).encode()
    member = tarfile.TarInfo(CONTENTS)
    member.size = len(text)
    archive.addfile(member, BytesIO(text))
    archive.add(folder / DATABASE, DATABASE)
    if contents.models is not None:
        archive.add(folder / MODELS, MODELS)
    for name in KEY_FILES:
        if (key := settings.STUDIO_DATA_DIR / name).exists():
            archive.add(key, f"{KEYS}/{name}")
    for events in sorted(settings.EVENTS_DIR.glob("*.jsonl")):
        archive.add(events, f"{EVENTS}/{events.name}")
