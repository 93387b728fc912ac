"""The database that the `DB_*` variables ask for: a PostgreSQL, or a file of SQLite."""

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ImproperlyConfigured

from modelservice.common import environment as env
from studio.settings.iam_token import conninfo

# Of `DB_QUERY`: what is handed on to PostgreSQL's client as it is.
_OF_CLIENT = frozenset(
    {"application_name", "connect_timeout", "sslmode", "sslrootcert", "sslcert", "sslkey"}
)
_ENCRYPTED = ("require", "verify-ca", "verify-full")
_KNOWN = _OF_CLIENT | {"schema", "connection_limit", "pool_timeout"}


def database(data_dir: Path) -> dict[str, Any]:
    return _postgres() if env.text("DB_HOST") else _sqlite(data_dir)


def _sqlite(data_dir: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / "studio.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }


def _postgres() -> dict[str, Any]:
    query = _query()
    timeout = env.integer("DB_TRANSACTION_TIMEOUT", 10_000, minimum=100)
    settings: dict[str, int | str] = {
        "statement_timeout": timeout,
        # Shorter than the statement's, so that the error names the lock.
        "lock_timeout": timeout // 2,
        "idle_in_transaction_session_timeout": timeout,
    }
    if "schema" in query:
        settings["search_path"] = query["schema"]
    host, port = env.text("DB_HOST"), env.integer("DB_PORT", 5432, minimum=1, maximum=65535)
    user = env.text("DB_USER", "studio")
    # Asked for each connection that the pool makes.
    by_token: dict[str, Any] = {}
    if has_tokens := env.boolean("USE_AWS_IAM_AUTH", default=False):
        user, region = _account(query)
        by_token["conninfo"] = partial(conninfo, host=host, port=port, user=user, region=region)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": host,
        "PORT": port,
        "NAME": env.text("DB_NAME", "studio"),
        "USER": user,
        "PASSWORD": env.text("DB_PASS"),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a connection of the pool may be older than the server
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": _number(query, "connection_limit", 10),
                "timeout": _number(query, "pool_timeout", 5),
                **by_token,
            },
            "connect_timeout": 5,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            **_encryption(needed=has_tokens),
            **{name: value for name, value in query.items() if name in _OF_CLIENT},
        },
    }


def _query() -> dict[str, str]:
    query = dict(parse_qsl(env.text("DB_QUERY").lstrip("?")))
    for name in sorted(query.keys() - _KNOWN):
        message = f"DB_QUERY: {name} is not known; known are {', '.join(sorted(_KNOWN))}"
        raise ImproperlyConfigured(message)
    if not query.get("schema", "public").replace("_", "").isalnum():
        raise ImproperlyConfigured(f"DB_QUERY: schema is not a name: {query['schema']!r}")
    return query


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal() or int(value) < 1:
        raise ImproperlyConfigured(f"DB_QUERY: {name} must be 1 or more; it is {value!r}")
    return int(value)


def _account(query: dict[str, str]) -> tuple[str, str]:
    """User and region, where AWS says who we are."""
    user, region = env.text("IAM_DB_USER"), env.text("AWS_REGION")
    for name, value in (("IAM_DB_USER", user), ("AWS_REGION", region)):
        if not value:
            raise ImproperlyConfigured(f"USE_AWS_IAM_AUTH is true, but {name} is not set")
    if env.text("DB_PASS"):
        message = "USE_AWS_IAM_AUTH is true, but DB_PASS is set: one of them must go"
        raise ImproperlyConfigured(message)
    mode = query.get("sslmode", "require")
    if not env.boolean("DB_SSL", default=True) or mode not in _ENCRYPTED:
        wrong = f"sslmode={mode}" if mode not in _ENCRYPTED else "DB_SSL=false"
        message = "USE_AWS_IAM_AUTH is true: its tokens go over encrypted connections only"
        raise ImproperlyConfigured(f"{message}; {wrong} must go")
    return user, region


def _encryption(*, needed: bool) -> dict[str, str]:
    """An own authority is named by `DB_QUERY=sslrootcert=/path`."""
    if not env.boolean("DB_SSL", default=needed):
        return {}
    if not env.boolean("DB_REJECT_UNAUTHORIZED", default=True):
        return {"sslmode": "require"}
    return {"sslmode": "verify-full", "sslrootcert": "system"}
