"""`manage.py backup FILE`: all that Studio keeps, in one file."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.template.defaultfilters import filesizeformat

from studio.backups.backup import Contents, make_backup
from studio.backups.command import ArchiveCommand
from studio.common.command import as_json


class Command(ArchiveCommand):
    help = (
        "Write database, models, keys and event files into one archive. Studio may run meanwhile. "
        "Whoever has the file has everything: keep it as you keep the keys."
    )
    examples = (
        "manage.py backup /backups/studio-monday.tar.gz",
        "manage.py backup studio.tar.gz --json",
    )

    def act(self, path: Path, options: dict[str, Any]) -> None:
        contents = make_backup(path)
        size = path.stat().st_size
        if options["json"]:
            self.stdout.write(as_json({**asdict(contents), "bytes": size}))
            return
        self.stdout.write(f"{path}: {_told(contents)}, {filesizeformat(size)}.")
        for name in contents.missing_models:
            self.stderr.write(f"The model {name} is gone; its version has to be trained again.")


def _told(contents: Contents) -> str:
    if contents.models is None:
        return "database and keys (models are in cloud storage, which has its own backup)"
    count = len(contents.models)
    return f"database, keys and {count} {'model' if count == 1 else 'models'}"
