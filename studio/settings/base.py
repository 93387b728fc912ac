"""Settings of the backend, read from the environment. README lists the variables."""

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from modelservice.common import environment as env
from studio.settings.database import database

ROOT = Path(__file__).resolve().parent.parent.parent
VERSION = "0.1.0"

# --- where things are kept -------------------------------------------------------------------
STUDIO_DATA_DIR = env.directory("STUDIO_DATA_DIR", ROOT / ".data")
STUDIO_DATA_DIR.mkdir(parents=True, exist_ok=True)
STUDIO_HOST = env.text("STUDIO_HOST", "127.0.0.1")
STUDIO_PORT = env.integer("STUDIO_PORT", 8000, minimum=1, maximum=65535)
WEB_CLIENT_DIR = env.directory("WEB_CLIENT_DIR", ROOT / "frontend" / "dist")
SAMPLES_DIR = ROOT / "studio" / "samples"
STARTER_DIR = ROOT / "studio" / "starter"
# The public address. Empty means: the address that the request came to.
WEB_CLIENT_URL = env.url("WEB_CLIENT_URL")
# Where a developer's own server of the web client is, such as Vite's; sign-in returns there, too.
WEB_CLIENT_DEVELOPMENT_URL = env.url("WEB_CLIENT_DEVELOPMENT_URL")


def _secret_key() -> str:
    configured = env.text("STUDIO_SECRET_KEY")
    if configured:
        return configured
    path = STUDIO_DATA_DIR / "secret-key"
    try:
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(48), encoding="ascii")
        return path.read_text(encoding="ascii")
    except OSError as error:
        message = (
            f"STUDIO_DATA_DIR: cannot keep a key in {path}: {error.strerror}. "
            "Set STUDIO_SECRET_KEY, or give a folder that can be written."
        )
        raise env.BadSetting(message) from error


SECRET_KEY = _secret_key()
# In the data folder: good for one backend only.
IS_SECRET_KEY_MADE = not env.text("STUDIO_SECRET_KEY")
DEBUG = False
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")

# --- Django ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "studio.common",
    "studio.accounts",
    "studio.audit",
    "studio.activity",
    "studio.identity",
    "studio.keycloak",
    "studio.people",
    "studio.assistants",
    "studio.content",
    "studio.versions",
    "studio.conversations",
    "studio.home",
    "studio.live",
    "studio.graphql",
    "studio.backups",
    "ingestion",
]
MIDDLEWARE = [
    "studio.operations.requests.RouteMiddleware",
    "studio.common.database_unavailable.DatabaseUnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "studio.common.webclient.WebClientMiddleware",
    "studio.audit.context.OriginMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "studio.accounts.rate_limits.RateLimitMiddleware",
]
ROOT_URLCONF = "studio.urls"
ASGI_APPLICATION = "studio.asgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "/api/static/"
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
# So many days a deleted assistant can be restored; 0 keeps it until a command purges it.
STUDIO_PURGE_DELETED_AFTER_DAYS = env.integer("STUDIO_PURGE_DELETED_AFTER_DAYS", 30)
IMPORT_MAX_BYTES = env.integer("STUDIO_IMPORT_MAX_BYTES", 100 * 1024 * 1024, minimum=1024)
# Where projects may be fetched from by Git. What is written with its scheme, such as
# http://git.intern:3000, may have a private address.
STUDIO_GIT_HOSTS = env.words("STUDIO_GIT_HOSTS")

# --- database --------------------------------------------------------------------------------
DATABASES = {"default": database(STUDIO_DATA_DIR)}

# --- identity --------------------------------------------------------------------------------
KEYCLOAK_URL = env.url("KEYCLOAK_URL")
KEYCLOAK_REALM = env.text("KEYCLOAK_REALM", "rasa-studio")
KEYCLOAK_CLIENT_ID = env.text("KEYCLOAK_CLIENT_ID", "rasa-studio-backend")
KEYCLOAK_API_CLIENT_ID = env.text("KEYCLOAK_API_CLIENT_ID", "admin-cli")
KEYCLOAK_EXTERNAL_CLIENT_ID = env.text("KEYCLOAK_EXTERNAL_CLIENT_ID", "studio-external")
# By these the page Users looks people up: an account of our realm, made by `keycloak_setup`.
KEYCLOAK_API_USERNAME = env.text("KEYCLOAK_API_USERNAME", "realmadmin")
KEYCLOAK_API_PASSWORD = env.text("KEYCLOAK_API_PASSWORD")
# Keycloak's own administrator, whom only `keycloak_setup` needs.
KEYCLOAK_ADMIN_USERNAME = env.text("KEYCLOAK_ADMIN_USERNAME", env.text("KEYCLOAK_ADMIN", "kcadmin"))
KEYCLOAK_ADMIN_PASSWORD = env.text("KEYCLOAK_ADMIN_PASSWORD")
KEYCLOAK_DEFAULT_USER_CREATION = env.boolean("KEYCLOAK_DEFAULT_USER_CREATION", default=False)
KEYCLOAK_DEFAULT_USER_PASSWORD = env.text("KEYCLOAK_DEFAULT_USER_PASSWORD", "rasa")
STUDIO_IDENTITY = env.choice(
    "STUDIO_IDENTITY", "keycloak" if KEYCLOAK_URL else "local", ("local", "keycloak")
)
if STUDIO_IDENTITY == "local" and KEYCLOAK_URL:
    message = (
        "STUDIO_IDENTITY is local, but KEYCLOAK_URL is set: one of them must go. "
        "The embedded sign-in never stands beside a configured Keycloak."
    )
    raise ImproperlyConfigured(message)
if STUDIO_IDENTITY == "keycloak" and not KEYCLOAK_URL:
    message = "STUDIO_IDENTITY is keycloak, but KEYCLOAK_URL is not set"
    raise ImproperlyConfigured(message)
# `iss` of every token that we accept: the realm at its public address.
PUBLIC_URL = WEB_CLIENT_URL or f"http://127.0.0.1:{STUDIO_PORT}"
_issuer_base = f"{PUBLIC_URL}/auth" if WEB_CLIENT_URL or not KEYCLOAK_URL else KEYCLOAK_URL
TOKEN_ISSUER = env.url("KEYCLOAK_ISSUER", f"{_issuer_base}/realms/{KEYCLOAK_REALM}")
# Keycloak as browsers reach it; KEYCLOAK_URL is how the backend does.
KEYCLOAK_PUBLIC_URL = TOKEN_ISSUER.removesuffix(f"/realms/{KEYCLOAK_REALM}")
IDENTITY_DIR = STUDIO_DATA_DIR / "identity"
EXTERNAL_CLIENT_SECRET = env.text("STUDIO_EXTERNAL_CLIENT_SECRET")
ACCESS_TOKEN_SECONDS = env.integer("STUDIO_ACCESS_TOKEN_SECONDS", 300, minimum=30)
REFRESH_TOKEN_SECONDS = env.integer("STUDIO_REFRESH_TOKEN_SECONDS", 8 * 3600, minimum=60)
# The longest life of a personal access token; 0: any, also without an end.
PERSONAL_TOKEN_MAX_DAYS = env.integer("STUDIO_TOKEN_MAX_DAYS", 365)
PERSONAL_TOKENS_PER_PERSON = env.integer("STUDIO_TOKENS_PER_PERSON", 20)
# Where Keycloak cannot be asked about a person (no KEYCLOAK_API_PASSWORD), their personal access
# tokens hold so long after they have signed in last.
PERSONAL_TOKEN_SIGN_IN_DAYS = env.integer("STUDIO_TOKEN_SIGN_IN_DAYS", 7, minimum=1)
SESSION_COOKIE_NAME = "studio_sign_in"
SESSION_COOKIE_AGE = REFRESH_TOKEN_SECONDS
SESSION_COOKIE_PATH = "/auth/"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_PATH = "/auth/"
LOGIN_ATTEMPTS = 5
LOGIN_ATTEMPTS_OF_ADDRESS = 20
LOGIN_WAIT_SECONDS = env.integer("STUDIO_LOGIN_WAIT_SECONDS", 30, minimum=1)


# --- model service, events, live updates ------------------------------------------------------
def _of_make_up(name: str) -> str:
    """What `make up` says of its own model service, so that commands beside it reach the same."""
    path = STUDIO_DATA_DIR / name
    return path.read_text(encoding="ascii").strip() if path.is_file() else ""


_MS_API_URL_OF_MAKE_UP = _of_make_up("model-service-url")
# Else it is this machine's, with its models in our data folder.
MS_API_URL_IS_SET = bool(env.text("MS_API_URL"))
MS_API_URL = env.url("MS_API_URL", _MS_API_URL_OF_MAKE_UP or "http://127.0.0.1:8010")
MODEL_SERVICE_SECRET = env.text("MODEL_SERVICE_SECRET")
if not MODEL_SERVICE_SECRET and MS_API_URL == _MS_API_URL_OF_MAKE_UP:  # no other may learn it
    MODEL_SERVICE_SECRET = _of_make_up("model-service-secret")
TRAINING_POLLING_INTERVAL_MS = env.integer("TRAINING_POLLING_INTERVAL_MS", 1000, minimum=50)
MODEL_POLLING_INTERVAL_MS = env.integer("MODEL_POLLING_INTERVAL_MS", 2000, minimum=50)
EVENTS_DIR = env.directory("STUDIO_EVENTS_DIR", STUDIO_DATA_DIR / "events")
# Kafka, with the names and defaults of Rasa Studio's ingestion; unset: event files of this machine.
KAFKA_BROKER_ADDRESS = env.text("KAFKA_BROKER_ADDRESS")
KAFKA_TOPIC = env.text("KAFKA_TOPIC", "rasa-events")
KAFKA_DLQ_TOPIC = env.text("KAFKA_DLQ_TOPIC", "rasa-events-dlq")
KAFKA_GROUP_ID = env.text("KAFKA_GROUP_ID", "studio")
KAFKA_CLIENT_ID = env.text("KAFKA_CLIENT_ID", "kafka-python-rasa")
KAFKA_SASL_MECHANISM = env.choice(
    "KAFKA_SASL_MECHANISM", "", ("", "plain", "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")
)
KAFKA_SASL_USERNAME = env.text("KAFKA_SASL_USERNAME")
KAFKA_SASL_PASSWORD = env.text("KAFKA_SASL_PASSWORD")
# The files are of KAFKA_CUSTOM_SSL in Rasa Studio: an own authority, a certificate of the client.
KAFKA_ENABLE_SSL = env.boolean("KAFKA_ENABLE_SSL", default=False)
KAFKA_CUSTOM_SSL = env.boolean("KAFKA_CUSTOM_SSL", default=False)
KAFKA_CA_FILE = env.text("KAFKA_CA_FILE")
KAFKA_CERT_FILE = env.text("KAFKA_CERT_FILE")
KAFKA_KEY_FILE = env.text("KAFKA_KEY_FILE")
KAFKA_REJECT_UNAUTHORIZED = env.boolean("KAFKA_REJECT_UNAUTHORIZED", default=True)
KAFKA_SESSION_TIMEOUT_MS = env.integer("KAFKA_SESSION_TIMEOUT_MS", 45_000, minimum=1000)
INGEST_BATCH_SIZE = env.integer("INGEST_BATCH_SIZE", 10000, minimum=1)
# How long a batch that is not full waits for more.
INGEST_WAIT_SECONDS = env.integer("INGEST_WAIT_MS", 100, minimum=10) / 1000
# So many events in a row that cannot be read stop the consumer.
INGEST_MOST_INVALID = env.integer("INGEST_MOST_INVALID", 1000, minimum=1)
# `/metrics` and `/health` of the ingestion; 0: none.
INGEST_HTTP_HOST = env.text("INGEST_HTTP_HOST", "127.0.0.1")
INGEST_HTTP_PORT = env.integer("INGEST_HTTP_PORT", 0, maximum=65535)
# Conversations whose first event is older are deleted; 0: never.
DELETE_CONVERSATIONS_OLDER_THAN_HOURS = env.integer("DELETE_CONVERSATIONS_OLDER_THAN_HOURS", 0)
DELETE_CONVERSATIONS_CRON_EXPRESSION = env.cron("DELETE_CONVERSATIONS_CRON_EXPRESSION", "0 * * * *")
# `/metrics` of the backend, at a port of its own; 0: nowhere.
STUDIO_METRICS_HOST = env.text("STUDIO_METRICS_HOST", "127.0.0.1")
STUDIO_METRICS_PORT = env.integer("STUDIO_METRICS_PORT", 0, maximum=65535)
# Where `make up` writes what is wrong with the processes that it looks after.
STUDIO_PARTS_FILE = env.text("STUDIO_PARTS_FILE")
# `make up` puts the chat bridge on the same origin, as an ingress does in production.
TALK_UPSTREAM = env.url("STUDIO_TALK_UPSTREAM")
# Several backends pass live messages on through Redis; one needs none.
REDIS_URL = env.text("REDIS_URL")
CHANNEL_LAYERS: dict[str, dict[str, Any]]
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "rates": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "rates",
        "TIMEOUT": 120,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}
if REDIS_URL:
    CACHES["rates"] = {
        "BACKEND": "studio.common.redis_rates.RatesInRedis",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "studio-rates",
        "TIMEOUT": 120,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
# Calls of the API in a minute; 0: any number.
RATE_LIMIT = env.integer("STUDIO_RATE_LIMIT", 6000)
RATE_LIMIT_OF_ADDRESS = env.integer("STUDIO_RATE_LIMIT_OF_ADDRESS", 1200)

# --- REST ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["studio.accounts.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["studio.accounts.permissions.HasPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "studio.common.negotiation.WhatThereIs",
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "studio.common.pagination.ContentPagination",
    "DEFAULT_SCHEMA_CLASS": "studio.common.schema.StudioSchema",
    "EXCEPTION_HANDLER": "studio.common.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
}
# --- GraphQL ---------------------------------------------------------------------------------
GRAPHQL_INTROSPECTION = env.boolean("STUDIO_GRAPHQL_INTROSPECTION", default=True)
SPECTACULAR_SETTINGS = {
    "TITLE": "Open Studio",
    "DESCRIPTION": (
        "The API of Studio for programs. How to sign in, pages, failures, changes at the same time "
        "and recipes: `deploy/docs/api.md`; the codes of failures: `deploy/docs/problems.md`."
    ),
    "SERVERS": [{"url": "/", "description": "The address of the web client"}],
    "TAGS": [
        {"name": "Assistants", "description": "What is built here, and the samples to start from"},
        {"name": "Members", "description": "Who may do what in an assistant"},
        {"name": "Flows", "description": "Flows, system flows and the links between them"},
        {"name": "Responses", "description": "What an assistant says, and the buttons in it"},
        {"name": "Slots", "description": "What an assistant remembers"},
        {"name": "Domain", "description": "Custom actions, intents, entities and prompts"},
        {
            "name": "Files",
            "description": "config.yml, endpoints.yml and files that are carried along",
        },
        {"name": "Projects", "description": "Import and export as a Rasa project"},
        {"name": "Branches", "description": "Lines of content, and bringing them together"},
        {"name": "History", "description": "Commits, what they changed, and going back"},
        {"name": "Validation", "description": "Errors and warnings"},
        {"name": "Versions", "description": "Trainings, models, running assistants and tests"},
        {"name": "Conversations", "description": "What users said, and its review"},
        {"name": "Tags", "description": "Words that reviewers give conversations"},
        {"name": "People", "description": "Accounts, roles, and who you are"},
        {"name": "Access tokens", "description": "By which programs call the API as a person"},
        {"name": "Audit", "description": "What was done by whom"},
    ],
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    # What a PATCH requires is required: its documents are not those of PUT with all made optional.
    "COMPONENT_SPLIT_PATCH": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "studio.common.schema.add_problem_details",
        "studio.content.api.item_shapes.add_bodies",
        "studio.conversations.api.event_shapes.add_events",
        "studio.common.examples.add_examples",
    ],
    "ENUM_NAME_OVERRIDES": {
        "RoleEnum": "studio.assistants.api.serializers.ROLES",
        "ScopeEnum": "studio.accounts.api.serializers.SCOPES",
        "VersionStatusEnum": "studio.versions.lifecycle.Status",
        "ItemDifferenceActionEnum": "studio.content.api.history_serializers.ITEM_ACTIONS",
        "ItemKindEnum": "studio.content.api.item_serializers.EDITED_KINDS",
        "TextKindEnum": "modelservice.project.translatable.TRANSLATABLE_KINDS",
        "TextFieldEnum": "modelservice.project.translatable.TEXT_FIELDS",
        "ResponseUseHowEnum": "studio.content.api.response_serializers.WAYS",
        "SlotStepHowEnum": "studio.content.api.slot_views.STEP_WAYS",
        "SlotResponseHowEnum": "studio.content.api.slot_views.RESPONSE_WAYS",
    },
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
}

# --- security headers ------------------------------------------------------------------------
X_FRAME_OPTIONS = "SAMEORIGIN"  # the silent sign-in runs in a frame of the same origin
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# How many proxies in front append to X-Forwarded-For. With 0 the header is ignored.
TRUSTED_PROXIES = env.integer("STUDIO_TRUSTED_PROXIES", 0)
# As is X-Forwarded-Proto, by which a proxy says that the browser uses TLS.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_HTTPONLY = True
_secure = WEB_CLIENT_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _secure
CSRF_TRUSTED_ORIGINS = [WEB_CLIENT_URL] if WEB_CLIENT_URL else []
# The browser asks Keycloak for tokens, and signs in again in silence in a frame of its.
_keycloak = urlsplit(KEYCLOAK_PUBLIC_URL)
_identity = [f"{_keycloak.scheme}://{_keycloak.netloc}"] if STUDIO_IDENTITY == "keycloak" else []
# Where the chat shows images of assistants' messages from; those from elsewhere are links.
IMAGE_SOURCES = env.image_sources("STUDIO_IMAGE_SOURCES")
# Some browsers take no WebSocket for 'self'.
_sockets = PUBLIC_URL.replace("http", "ws", 1)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "connect-src": ["'self'", _sockets, *_identity],
        "frame-src": ["'self'", *_identity],
        "img-src": ["'self'", "data:", *IMAGE_SOURCES],
        # Mantine and the canvas set positions and colours through style attributes.
        "style-src": ["'self'", "'unsafe-inline'"],
        "frame-ancestors": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
    }
}

# --- logging ---------------------------------------------------------------------------------
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
        "httpx2": {"level": "WARNING"},
        "botocore": {"level": "INFO"},  # at DEBUG it tells what it signs, which is a password
    },
}
