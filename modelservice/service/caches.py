"""What a training leaves for the next one of the same assistant: Rasa's cache of its steps."""

import logging
import shutil
import uuid
from pathlib import Path

log = logging.getLogger(__name__)

_FOLDER = ".rasa"


class Caches:
    """`<base>/<assistant id>/`, each a copy of the `.rasa` of that assistant's newest training.

    A cache is only ever replaced as a whole, so that two trainings of one assistant may use it.
    What goes wrong with one makes a training slower, never wrong.
    """

    def __init__(self, base: Path) -> None:
        self._base = base

    def seed(self, assistant_id: str, directory: Path) -> None:
        kept = self._base / assistant_id
        try:
            if kept.is_dir():
                shutil.copytree(kept, directory / _FOLDER, symlinks=True, dirs_exist_ok=True)
        except OSError as error:
            log.warning("the cache of %s cannot be used: %s", assistant_id, error)
            shutil.rmtree(directory / _FOLDER, ignore_errors=True)

    def keep(self, assistant_id: str, directory: Path) -> None:
        made = directory / _FOLDER
        if not made.is_dir():
            return
        kept, old = self._base / assistant_id, self._base / f".{uuid.uuid4().hex}"
        try:
            self._base.mkdir(exist_ok=True)
            if kept.is_dir():
                kept.replace(old)
            made.replace(kept)
        except OSError as error:
            log.warning("the cache of %s cannot be kept: %s", assistant_id, error)
        shutil.rmtree(old, ignore_errors=True)
