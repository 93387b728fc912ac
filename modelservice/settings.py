"""Settings of the model service: its own, small, without a database.

Names and defaults are those of Rasa's model service. A bad value stops the process and is named.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _whole_number(name: str, default: int) -> int:
    raw = os.environ.get(name) or str(default)
    if not raw.isdecimal():
        message = f"{name} must be a whole number; it is {raw!r}"
        raise ImproperlyConfigured(message)
    return int(raw)


ROOT = Path(__file__).resolve().parent.parent
BASE_DIRECTORY = Path(
    os.environ.get("RASA_MODEL_SERVER_BASE_DIRECTORY") or "working-data"
).resolve()
# Public address; its path is where the chat bridge lives.
BASE_URL = (os.environ.get("RASA_MODEL_SERVER_BASE_URL") or "").rstrip("/")
MAX_PARALLEL_TRAININGS = _whole_number("MAX_PARALLEL_TRAININGS", 10)
MAX_PARALLEL_BOT_RUNS = _whole_number("MAX_PARALLEL_BOT_RUNS", 10)
MIN_REQUIRED_DISCSPACE_MB = _whole_number("MIN_REQUIRED_DISCSPACE_MB", 1)
MODEL_INACTIVE_AFTER_SECONDS = _whole_number("MODEL_INACTIVE_AFTER_MS", 3_600_000) / 1000
# How long a child may take to end after TERM, and a bot to become ready.
STOP_SECONDS = _whole_number("MODEL_SERVICE_STOP_MS", 5000) / 1000
READY_SECONDS = _whole_number("MODEL_SERVICE_READY_MS", 60_000) / 1000
# How long the end-to-end tests of one run may take together.
TEST_SECONDS = _whole_number("MODEL_SERVICE_TEST_MS", 600_000) / 1000
# Further variables that children may see, besides the fixed list in `service.processes`.
CHILD_VARIABLES = [
    name for name in (os.environ.get("MODEL_SERVICE_CHILD_VARIABLES") or "").split(",") if name
]

KEYCLOAK_URL = (os.environ.get("KEYCLOAK_URL") or "http://localhost:8081/auth").rstrip("/")
KEYCLOAK_REALM = os.environ.get("KEYCLOAK_REALM") or "rasa-studio"
TOKEN_ISSUER = os.environ.get("KEYCLOAK_ISSUER") or f"{KEYCLOAK_URL}/realms/{KEYCLOAK_REALM}"

SECRET_KEY = secrets.token_urlsafe(32)  # nothing is signed here; Django wants one
DEBUG = False
ALLOWED_HOSTS = ["*"]  # reached by service name inside the cluster, never from a browser
INSTALLED_APPS = ["channels"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "modelservice.urls"
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 200 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL") or "INFO"},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
