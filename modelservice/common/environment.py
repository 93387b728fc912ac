"""Typed readers of environment variables.

Each variable is read once, at import of the settings. A bad value stops the process with one
sentence that names the variable, so that a typing error never becomes a strange failure later.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from cronsim import CronSim, CronSimError


class BadSetting(ValueError):
    """A variable has a value that cannot be used; the text names it and says what would do."""


def text(name: str, default: str = "") -> str:
    """Value of `name`; `NAME_FILE` may hold the path of a file with the value (for secrets)."""
    file_name = os.environ.get(f"{name}_FILE", "")
    if file_name:
        try:
            return Path(file_name).read_text(encoding="utf-8").strip()
        except OSError as error:
            message = f"{name}_FILE: cannot read {file_name}: {error.strerror}"
            raise BadSetting(message) from error
    return os.environ.get(name, "") or default


def integer(name: str, default: int, *, minimum: int = 0, maximum: int | None = None) -> int:
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        value = minimum - 1
    if value < minimum or (maximum is not None and value > maximum):
        limits = f"{minimum} to {maximum}" if maximum is not None else f"{minimum} or more"
        message = f"{name} must be a whole number, {limits}; it is {raw!r}"
        raise BadSetting(message)
    return value


def boolean(name: str, *, default: bool) -> bool:
    raw = text(name).lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    message = f"{name} must be true or false; it is {raw!r}"
    raise BadSetting(message)


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    """One of the options, however its letters are written."""
    value = text(name, default)
    for option in options:
        if value.lower() == option.lower():
            return option
    if value not in options:
        message = f"{name} must be one of {', '.join(options)}; it is {value!r}"
        raise BadSetting(message)
    return value


def cron(name: str, default: str) -> str:
    """A cron expression of five fields."""
    value = text(name, default)
    try:
        CronSim(value, datetime.now(UTC))
    except CronSimError as error:
        message = f"{name} must be a cron expression such as {default!r}; it is {value!r}: {error}"
        raise BadSetting(message) from error
    return value


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str, default: str = "") -> str:
    """A http(s) URL without a trailing slash; empty when unset and without default."""
    value = text(name, default).rstrip("/")
    if value and not value.startswith(("http://", "https://")):
        message = f"{name} must start with http:// or https://; it is {value!r}"
        raise BadSetting(message)
    return value


def image_sources(name: str) -> list[str]:
    """Origins such as `https://images.example`, with commas; or `https:` for all of them."""
    found = [word.rstrip("/") for word in words(name)]
    for each in found:
        if each != "https:" and not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", each):
            message = f"{name} must hold origins such as https://images.example; it has {each!r}"
            raise BadSetting(message)
    return found


def ports(name: str, default: str) -> tuple[int, int]:
    """The first and the last of a range such as `19000-19999`."""
    raw = text(name, default)
    first, _, last = raw.partition("-")
    if not (first.isdecimal() and last.isdecimal() and 1024 <= int(first) <= int(last) < 65536):
        message = f"{name} must be two port numbers such as {default}; it is {raw!r}"
        raise BadSetting(message)
    return int(first), int(last)


def directory(name: str, default: Path) -> Path:
    return Path(text(name, str(default))).expanduser().resolve()
