"""Which items are settings: they change what runs on the server, and need a right of their own."""

from modelservice.project.file_roles import is_code
from modelservice.project.model import Kind

SETTINGS = {
    *(Kind.CONFIG.value, Kind.ENDPOINTS.value, Kind.CREDENTIALS.value),
    Kind.PROMPT.value,
}


def is_setting(kind: str, key: str) -> bool:
    """Code is one, too: the model service runs it."""
    return kind in SETTINGS or (kind == Kind.FILE and is_code(key))
