"""The database that the `DB_*` variables ask for: a PostgreSQL, or a file of SQLite."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import ImproperlyConfigured

from studio.settings import env

# Of `DB_QUERY`: what is handed on to PostgreSQL's client as it is.
_OF_CLIENT = frozenset(
    {"application_name", "connect_timeout", "sslmode", "sslrootcert", "sslcert", "sslkey"}
)
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
        # Whoever waits for a lock gives up before its statement does, with an error that says so.
        "lock_timeout": timeout // 2,
        "idle_in_transaction_session_timeout": timeout,
    }
    if "schema" in query:
        settings["search_path"] = query["schema"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": env.text("DB_HOST"),
        "PORT": env.integer("DB_PORT", 5432, minimum=1, maximum=65535),
        "NAME": env.text("DB_NAME", "studio"),
        "USER": env.text("DB_USER", "studio"),
        "PASSWORD": env.text("DB_PASS"),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a connection of the pool may be older than the server
        "OPTIONS": {
            "pool": {
                "min_size": 1,
                "max_size": _number(query, "connection_limit", 10),
                "timeout": _number(query, "pool_timeout", 5),
            },
            "connect_timeout": 5,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            **_encryption(),
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


def _encryption() -> dict[str, str]:
    """An own authority is named by `DB_QUERY=sslrootcert=/path`."""
    if not env.boolean("DB_SSL", default=False):
        return {}
    if not env.boolean("DB_REJECT_UNAUTHORIZED", default=True):
        return {"sslmode": "require"}
    return {"sslmode": "verify-full", "sslrootcert": "system"}
