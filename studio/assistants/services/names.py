"""Names of assistants."""

from studio.assistants.errors import NameTaken
from studio.common.errors import Invalid

_MAX_LENGTH = 128


def check_name(name: str) -> str:
    name = name.strip()
    if not name or len(name) > _MAX_LENGTH or not name.isprintable():
        detail = f"A name has 1 to {_MAX_LENGTH} characters."
        raise Invalid(detail, errors=[{"field": "name", "message": detail}])
    return name


def name_taken(name: str) -> NameTaken:
    return NameTaken(f"There is already an assistant “{name}”.")
