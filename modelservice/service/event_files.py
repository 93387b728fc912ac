"""Event files: the one thing outside its directory that a bot may write."""

import logging
from pathlib import Path

from modelservice import settings
from modelservice.project.config_text import read_map
from modelservice.project.errors import ProjectError

log = logging.getLogger(__name__)


def event_file(endpoints: Path) -> Path | None:
    """The file that `event_broker` of an endpoints.yml names, made if it is missing; None when
    there is none, or when it lies where bots may not write."""
    try:
        content = read_map(endpoints.read_text(encoding="utf-8"), endpoints.name)
    except (OSError, ProjectError, UnicodeDecodeError):
        return None
    broker = content.get("event_broker")
    name = broker.get("path") if isinstance(broker, dict) else None
    if not isinstance(name, str) or "\0" in name:
        return None
    file = Path(name)
    if not file.is_absolute():  # in its own directory
        return None
    place = file.parent.resolve()
    if not any(place.is_relative_to(allowed) for allowed in settings.EVENT_DIRECTORIES):
        log.warning("%s is outside MODEL_SERVICE_EVENT_DIRECTORIES; bots cannot write it", file)
        return None
    target = place / file.name
    if target.is_symlink():
        return None
    target.touch(exist_ok=True)
    return target
