"""`manage.py restore FILE`: a backup into an empty installation."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.backups.command import ArchiveCommand
from studio.backups.restore import restore_backup
from studio.common.command import as_json


class Command(ArchiveCommand):
    help = (
        "Bring a backup into an empty database and data folder, and up to date. Nothing else of "
        "Studio may run, but for a model service that has a disk of its own."
    )
    examples = ("manage.py restore /backups/studio-monday.tar.gz",)

    def act(self, path: Path, options: dict[str, Any]) -> None:
        contents = restore_backup(path)
        if options["json"]:
            self.stdout.write(as_json(asdict(contents)))
            return
        self.stdout.write(f"Restored what Studio {contents.studio} had at {contents.made_at}.")
        if contents.models is None:
            self.stdout.write("Models are in cloud storage, which has its own backup.")
